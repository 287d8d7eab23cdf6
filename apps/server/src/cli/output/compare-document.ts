import type { CompareDocument, CompareResultRow } from '@pegboard/contracts';
import { csvLine } from '../../platform/csv.ts';
import { percentText, shortNumber } from './number.ts';
import { textTable } from './table.ts';

/** Rows of a table for people; the others are counted. */
const TABLE_ROWS = 40;
const REPORT_ROWS = 100;

export function compareJson(document: CompareDocument): string {
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
  ];
  const lines = results.map((row) => {
    const { n1_period: n1, n_period: n, comparison, metadata } = row;
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
    ]);
  });
  return [csvLine(header), ...lines].join('');
}

/** The most severe rows and the summary, for a terminal. */
export function compareTable(document: CompareDocument): string {
  const { results } = document;
  const shown = results.slice(0, TABLE_ROWS);
  const table = textTable(
    [
      { title: 'PEG', maxWidth: 44 },
      { title: 'NE', maxWidth: 32 },
      { title: 'cell', maxWidth: 16 },
      { title: 'N-1', align: 'right' },
      { title: 'N', align: 'right' },
      { title: 'change', align: 'right' },
      { title: 'outcome' },
      { title: 'weight', align: 'right' },
      { title: 'confidence', align: 'right' },
      { title: 'remarks', maxWidth: 40 },
    ],
    shown.map((row) => [
      row.peg_name,
      row.ne ?? 'all',
      placeOf(row),
      shortNumber(row.n1_period.avg),
      shortNumber(row.n_period.avg),
      percentText(row.comparison?.change_percent),
      row.metadata.outcome,
      `${row.weight}`,
      row.comparison ? row.comparison.confidence.toFixed(2) : '–',
      [...flagsOf(row), ...(row.reason === undefined ? [] : [row.reason])].join(', '),
    ]),
  );
  return `${table}${shown.length} of ${results.length} rows shown\n\n${summaryLines(document).join('\n')}\n`;
}

/** A report that can be sent on as it is. */
export function compareMarkdown(document: CompareDocument): string {
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
      row.comparison?.significance ?? row.reason ?? '',
      flagsOf(row).join(', '),
    ];
    return `| ${cells.map(markdownText).join(' | ')} |`;
  });
  const lines = [
    '# Comparison of two periods',
    '',
    ...summaryLines(document).map((line) => `- ${markdownText(line)}`),
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

function summaryLines({ algorithm_version, periods, summary }: CompareDocument): string[] {
  const { n_minus_1, n } = periods;
  const score = summary.score === null ? 'no score' : `score ${shortNumber(summary.score)}`;
  return [
    `N-1 ${n_minus_1.start} to ${n_minus_1.end}, N ${n.start} to ${n.end} (${algorithm_version})`,
    `${summary.total_pegs} series: ${summary.declined} declined, ${summary.improved} improved, ${summary.stable} stable, ${summary.neutral} neutral, ${summary.incomplete} incomplete`,
    `weighted average change ${percentText(summary.weighted_avg_change)}, trend ${summary.overall_trend}`,
    `${summary.verdict}, ${score}: ${summary.reasons.join('; ')}`,
  ];
}

function placeOf(row: CompareResultRow): string {
  return row.cell_id ?? row.object ?? 'all';
}

function flagsOf(row: CompareResultRow): string[] {
  return [...(row.comparison?.flags ?? []), ...(row.metadata.flags ?? [])];
}

/** Text of the data must not become markup. */
function markdownText(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').replaceAll(/[\\`*_{}[\]<>|#]/g, '\\$&');
}
