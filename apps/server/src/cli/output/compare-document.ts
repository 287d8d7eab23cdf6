import type { CompareAnswer, CompareDocument, CompareResultRow } from '@pegboard/contracts';
import { DateTime } from 'luxon';
import { csvLine } from '../../platform/csv.ts';
import { shownText } from './count.ts';
import { percentText, shortNumber } from './number.ts';
import { type Column, textTable } from './table.ts';

/** How a document is shown to people. */
export interface TableView {
  /** IANA name of the zone that periods are shown in. */
  readonly timeZone: string;
  /** Width of the terminal; null: no limit. */
  readonly columns: number | null;
}

/** Rows of a table for people; the others are counted. */
const TABLE_ROWS = 40;
const REPORT_ROWS = 100;

export function compareJson(document: CompareAnswer): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** All rows, one a series; columns are stable. */
export function compareCsv({ results }: CompareDocument): string {
  const header = [
    'id',
    'outcome',
    'peg_name',
    'family',
    'ne',
    'cell_id',
    'object',
    'polarity',
    'weight',
    'n_minus_1_avg',
    'n_minus_1_rsd',
    'n_minus_1_count',
    'n_avg',
    'n_rsd',
    'n_count',
    'change_absolute',
    'change_percent',
    'trend',
    'significance',
    'confidence',
    'data_quality',
    'flags',
    'reason',
    'unit',
    'granularity_s',
    'n_minus_1_completeness',
    'n_completeness',
  ];
  const lines = results.map((row) => {
    const { n1_period: n1, n_period: n, comparison, metadata, quality } = row;
    return csvLine([
      row.id,
      metadata.outcome,
      row.peg_name,
      row.family,
      row.ne,
      row.cell_id,
      row.object,
      metadata.polarity,
      row.weight,
      n1.avg,
      n1.rsd,
      n1.count,
      n.avg,
      n.rsd,
      n.count,
      comparison?.change_absolute,
      comparison?.change_percent,
      comparison?.trend,
      comparison?.significance,
      comparison?.confidence,
      metadata.data_quality,
      flagsOf(row).join(' '),
      row.reason,
      row.unit,
      quality.granularity_s,
      ...quality.completeness,
    ]);
  });
  return [csvLine(header), ...lines].join('');
}

const TABLE_COLUMNS: readonly Column[] = [
  { title: 'PEG', maxWidth: 44, minWidth: 16 },
  { title: 'NE', maxWidth: 32, minWidth: 8 },
  { title: 'cell', maxWidth: 16, minWidth: 6 },
  { title: 'N-1', align: 'right' },
  { title: 'N', align: 'right' },
  { title: 'change', align: 'right' },
  { title: 'outcome' },
  { title: 'weight', align: 'right', optional: true },
  { title: 'confidence', align: 'right', optional: true },
  { title: 'remarks', maxWidth: 40, optional: true },
];

/** The most severe rows and the summary, for a terminal. */
export function compareTable(document: CompareDocument, view: TableView): string {
  const { results } = document;
  const shown = results.slice(0, TABLE_ROWS);
  const rows = shown.map((row) => [
    row.peg_name,
    row.ne ?? 'all',
    placeOf(row),
    shortNumber(row.n1_period.avg),
    shortNumber(row.n_period.avg),
    percentText(row.comparison?.change_percent),
    row.metadata.outcome,
    `${row.weight}`,
    row.comparison ? row.comparison.confidence.toFixed(2) : '–',
    remarksOf(row),
  ]);
  const rest = results.length > shown.length ? ', the most severe first; --format csv, json or markdown has more' : '';
  const summary = summaryLines(document, view.timeZone).join('\n');
  if (rows.length === 0) return `${summary}\n`;
  return `${textTable(TABLE_COLUMNS, rows, view.columns)}${shownText(shown.length, results.length)}${rest}\n\n${summary}\n`;
}

/** A report that can be sent on as it is. */
export function compareMarkdown(document: CompareDocument, { timeZone }: TableView): string {
  const { results, warnings } = document;
  const notable = results.filter(({ metadata }) => metadata.outcome !== 'stable');
  const shown = notable.slice(0, REPORT_ROWS);
  const rows = shown.map((row) => {
    const cells = [
      row.metadata.outcome,
      row.peg_name,
      row.ne ?? 'all',
      placeOf(row),
      shortNumber(row.n1_period.avg),
      shortNumber(row.n_period.avg),
      percentText(row.comparison?.change_percent),
      `${row.weight}`,
      row.comparison?.significance ?? '–',
      remarksOf(row),
    ];
    return `| ${cells.map(markdownText).join(' | ')} |`;
  });
  const lines = [
    '# Comparison of two periods',
    '',
    ...summaryLines(document, timeZone).map((line) => `- ${markdownText(line)}`),
    ...warnings.map(({ message }) => `- Note: ${markdownText(message)}`),
    '',
    '## What moved',
    '',
    ...(rows.length === 0
      ? ['Nothing moved by 5 % or more.']
      : [
          '| outcome | PEG | NE | cell | N-1 | N | change | weight | significance | remarks |',
          '| --- | --- | --- | --- | ---: | ---: | ---: | ---: | --- | --- |',
          ...rows,
          '',
          `${shown.length} of ${notable.length} series that moved are shown, the most severe first; ${results.length - notable.length} were stable.`,
        ]),
    '',
    `Means of the samples of each period, compared by algorithm ${document.algorithm_version}: a change of less than 5 % counts as stable.`,
    '',
  ];
  return lines.join('\n');
}

function summaryLines(document: CompareDocument, timeZone: string): string[] {
  const { algorithm_version, periods, summary, results } = document;
  const { n_minus_1, n } = periods;
  // Cut, not rounded, like the shares in the reasons: 94.96 is no 95.
  const score = summary.score === null ? 'no score' : `score ${Math.floor(summary.score * 10) / 10}`;
  return [
    `N-1: ${localTime(n_minus_1.start, timeZone)} to ${localTime(n_minus_1.end, timeZone)} ${timeZone}`,
    `N: ${localTime(n.start, timeZone)} to ${localTime(n.end, timeZone)} ${timeZone}`,
    `${summary.total_pegs} series: ${summary.declined} declined, ${summary.improved} improved, ${summary.stable} stable, ${summary.neutral} neutral, ${summary.incomplete} incomplete`,
    ...(results.length > 0 ? [granularityLine(results)] : []),
    `weighted average change ${percentText(summary.weighted_avg_change)}, trend ${summary.overall_trend} (algorithm ${algorithm_version})`,
    `${summary.verdict}, ${score}: ${summary.reasons.join('; ')}`,
  ];
}

/** So that a mean of counts of quarters does not read like a count of an hour. */
function granularityLine(results: CompareDocument['results']): string {
  const lengths = new Map<number, number>();
  for (const { quality } of results) {
    const length = quality.granularity_s;
    if (length !== null) lengths.set(length, (lengths.get(length) ?? 0) + 1);
  }
  const all = [...lengths].sort(([a], [b]) => a - b);
  const named = all.map(([length, series]) => `${length} s${all.length > 1 ? ` (${series} series)` : ''}`).join(', ');
  return `N-1 and N are means by granularity period: counts are counts of ${named === '' ? 'one period' : named}`;
}

export function localTime(utc: string, timeZone: string): string {
  const time = DateTime.fromISO(utc, { zone: timeZone });
  return time.toFormat(time.second === 0 ? 'yyyy-MM-dd HH:mm' : 'yyyy-MM-dd HH:mm:ss');
}

const REASON_TEXTS: Readonly<Record<string, string>> = {
  no_samples_in_n: 'no samples in N',
  no_samples_in_n_minus_1: 'no samples in N-1',
  no_common_cells: 'no cell has samples in both periods',
};

/** Flags and reason in words. */
function remarksOf(row: CompareResultRow): string {
  const codes = [...flagsOf(row), ...(row.reason === undefined ? [] : [row.reason])];
  return codes.map((code) => REASON_TEXTS[code] ?? code.replaceAll('_', ' ')).join(', ');
}

function placeOf(row: CompareResultRow): string {
  return row.cell_id ?? row.object ?? 'all';
}

function flagsOf(row: CompareResultRow): string[] {
  return [...(row.comparison?.flags ?? []), ...(row.metadata.flags ?? [])];
}

/** Text of the data must not become markup. */
export function markdownText(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').replaceAll(/[\\`*_{}[\]<>|#]/g, '\\$&');
}
