import type { JudgeDocument } from '@pegboard/contracts';
import { csvLine } from '../../platform/csv.ts';
import { localTime, markdownText, type TableView } from './compare-document.ts';
import { shownText } from './count.ts';
import { percentText, shortNumber } from './number.ts';
import { type Column, textTable } from './table.ts';

/** Rows for people; the others are counted. */
const TABLE_ROWS = 40;
const REPORT_ROWS = 100;

const COLUMNS: readonly Column[] = [
  { title: 'PEG', maxWidth: 44, minWidth: 16 },
  { title: 'NE', maxWidth: 32, minWidth: 8 },
  { title: 'cell', maxWidth: 16, minWidth: 6 },
  { title: 'N-1', align: 'right' },
  { title: 'N', align: 'right' },
  { title: 'shift', align: 'right' },
  { title: 'verdict' },
  { title: 'q', align: 'right', optional: true },
  { title: 'reason', maxWidth: 40, optional: true },
];

/** All rows, one a series; columns are stable. */
export function judgeCsv({ results }: JudgeDocument): string {
  const header =
    'id,verdict,peg_name,family,ne,cell_id,object,polarity,weight,n_minus_1_mean,n_minus_1_count,n_mean,n_count,shift_absolute,shift_percent,ci_percent_low,ci_percent_high,p,q,test,reason,findings,flags,unit,granularity_s';
  const lines = results.map((row) =>
    csvLine([
      ...[row.id, row.verdict, row.peg_name, row.family, row.ne, row.cell_id, row.object, row.polarity, row.weight],
      ...[row.n_minus_1.mean, row.n_minus_1.count, row.n.mean, row.n.count, row.shift?.absolute, row.shift?.percent],
      ...[row.shift?.ci_percent?.[0], row.shift?.ci_percent?.[1], row.p, row.q, row.test, row.reason],
      ...[row.findings.join(' '), row.quality.flags.join(' '), row.unit, row.quality.granularity_s],
    ]),
  );
  return [csvLine(header.split(',')), ...lines].join('');
}

/** The most severe rows and the summary, for a terminal. */
export function judgeTable(document: JudgeDocument, view: TableView): string {
  const { results } = document;
  const summary = `${summaryLines(document, view.timeZone).join('\n')}\n`;
  if (results.length === 0) return summary;
  const shown = results.slice(0, TABLE_ROWS);
  return `${textTable(COLUMNS, shown.map(cellsOf), view.columns)}${shownText(shown.length, results.length)}\n\n${summary}`;
}

/** A report that can be sent on as it is. */
export function judgeMarkdown(document: JudgeDocument, { timeZone }: TableView): string {
  const notable = document.results.filter(({ verdict }) => verdict !== 'unchanged');
  const shown = notable.slice(0, REPORT_ROWS);
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`;
  const separator = `| ${COLUMNS.map(() => '---').join(' | ')} |`;
  return [
    '# Comparison of two periods',
    '',
    ...summaryLines(document, timeZone).map((text) => `- ${markdownText(text)}`),
    ...document.warnings.map(({ message }) => `- Note: ${markdownText(message)}`),
    '',
    line(COLUMNS.map(({ title }) => title)),
    separator,
    ...shown.map((row) => line(cellsOf(row))),
    '',
    `${shown.length} of ${notable.length} series that are not unchanged are shown, the most severe first.`,
    '',
  ].join('\n');
}

function cellsOf(row: JudgeDocument['results'][number]): string[] {
  return [
    row.peg_name,
    row.ne ?? 'all',
    row.cell_id ?? row.object ?? 'all',
    shortNumber(row.n_minus_1.mean),
    shortNumber(row.n.mean),
    percentText(row.shift?.percent),
    row.verdict.replaceAll('_', ' '),
    row.q === null ? '–' : row.q.toPrecision(2),
    row.reason.replaceAll('_', ' '),
  ];
}

function summaryLines({ periods, summary, algorithm_version }: JudgeDocument, timeZone: string): string[] {
  const between = ({ start, end }: { start: string; end: string }) =>
    `${localTime(start, timeZone)} to ${localTime(end, timeZone)} ${timeZone}`;
  const score = summary.score === null ? 'no score' : `score ${Math.floor(summary.score * 10) / 10}`;
  return [
    `N-1: ${between(periods.n_minus_1)}`,
    `N: ${between(periods.n)}`,
    `${summary.series} series: ${summary.degraded} degraded, ${summary.improved} improved, ${summary.changed} changed, ${summary.unchanged} unchanged, ${summary.inconclusive} inconclusive, ${summary.insufficient_data} with insufficient data, ${summary.added} added, ${summary.removed} removed (algorithm ${algorithm_version})`,
    `${summary.verdict}, ${score}: ${summary.reasons.join('; ')}`,
  ];
}
