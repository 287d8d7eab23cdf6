import { type KpiQueryRequest, type KpiRecord, kpiQueryRequest } from '@pegboard/contracts';
import { type OpenServices, openServices } from '../../compose.ts';
import type { KpiRecordStream } from '../../features/kpi-query/kpi-query.service.ts';
import { toCsv } from '../../features/kpi-query/record-format.ts';
import { refuseProblems } from '../../features/selection/selection.ts';
import { PegboardError } from '../../platform/errors.ts';
import { utcText } from '../../platform/utc-text.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { inOptionNames, kpiOptions, parseInput, secondsOf } from '../input.ts';
import { open } from '../open.ts';
import { shownText } from '../output/count.ts';
import { shortNumber } from '../output/number.ts';
import { type Column, textTable } from '../output/table.ts';

export interface QueryCommandOptions {
  /** `--kpi`, each a list of names, or `name=formula`. */
  readonly kpi: readonly string[];
  readonly by?: string;
  readonly from: string;
  readonly to: string;
  readonly ne?: string;
  readonly cell?: string;
  readonly interval?: string;
  readonly format: 'table' | 'json' | 'csv';
}

const OPTION_NAMES = {
  start_date: '--from',
  end_date: '--to',
  kpi_types: '--kpi',
  ne: '--ne',
  cellid: '--cell',
  interval_minutes: '--interval',
  by: '--by',
  peg_definitions: '--kpi',
};
const COVERAGE_HINT = 'pegboard kpi coverage says which KPIs the counters at hand give.';
const EMPTY_HINT = 'Take PM files in with: pegboard ingest <folder>';
/** Rows of a table for people; the others are counted. */
const TABLE_ROWS = 2000;

type Print = CommandContext['print'];
type Batches = AsyncIterable<readonly KpiRecord[]>;

export const query: Command<QueryCommandOptions> = async (context, options) => {
  const { config, logger, signal, print } = context;
  const request = parseInput(kpiQueryRequest, requestOf(options, config.timeZone), OPTION_NAMES);
  await using services = await open(openServices(config, { logger }));
  const { records, about } = await recordsOf(services, request, signal).catch((error: unknown) => {
    throw inOptionNames(error, OPTION_NAMES);
  });
  const seen = { rows: 0 };
  const batches = counting(records, seen, signal);
  if (options.format === 'csv') for await (const text of toCsv(batches)) await print(text);
  else if (options.format === 'json') await printJson(batches, about, print);
  else await printTable(batches, print, context.terminalColumns);
  if (options.format !== 'json') for (const { message } of about().warnings) context.note(`warning: ${message}`);
  if (seen.rows === 0) context.note(await emptyText(services));
  return EXIT_CODES.ok;
};

function requestOf({ interval, ...options }: QueryCommandOptions, timeZone: string): Record<string, unknown> {
  const { names, definitions } = kpiOptions(options.kpi);
  return {
    start_date: options.from,
    end_date: options.to,
    kpi_types: names,
    peg_definitions: definitions,
    by: options.by,
    ne: options.ne,
    cellid: options.cell,
    interval_minutes: interval === undefined ? undefined : secondsOf('--interval', interval, 'm') / 60,
    timezone: timeZone,
  };
}

async function recordsOf(
  services: OpenServices,
  request: KpiQueryRequest,
  signal: AbortSignal,
): Promise<KpiRecordStream> {
  const catalogue = await services.catalogue.read();
  if (catalogue.pegs.length === 0) throw new PegboardError('NOT_FOUND', 'the store is empty', { hint: EMPTY_HINT });
  const stream = await services.queries.stream(request, signal);
  const { unknown } = stream;
  // A person who mistypes a name wants to be told, not to get less.
  const [first] = unknown.filter(({ reason }) => reason !== undefined);
  if (first) throw new PegboardError('UNPROCESSABLE', `${first.kpi_type}: ${first.reason}`, { hint: COVERAGE_HINT });
  refuseProblems(
    unknown.map(({ kpi_type: name, suggestions }) => ({ kind: 'unknown', field: 'kpi_types', name, suggestions })),
  );
  return stream;
}

async function* counting(
  batches: Batches,
  seen: { rows: number },
  signal: AbortSignal,
): AsyncGenerator<readonly KpiRecord[]> {
  for await (const records of batches) {
    signal.throwIfAborted();
    seen.rows += records.length;
    yield records;
  }
}

async function emptyText({ store }: OpenServices): Promise<string> {
  const extent = await store.extent();
  if (extent === null) return `the store has no samples; ${EMPTY_HINT}`;
  return `no samples of the selection in that time; the store has samples from ${utcText(extent.fromMs)} to ${utcText(extent.toMs)}`;
}

/** One JSON document `{records:[…], units, granularities, warnings}`, written as it comes. */
async function printJson(batches: Batches, about: KpiRecordStream['about'], print: Print): Promise<void> {
  let separator = '\n';
  await print('{"records":[');
  for await (const records of batches) {
    await print(records.map((record, at) => `${at === 0 ? separator : ',\n'}${JSON.stringify(record)}`).join(''));
    separator = ',\n';
  }
  await print(`\n],${JSON.stringify(about()).slice(1)}\n`);
}

async function printTable(batches: Batches, print: Print, terminalColumns: number | null): Promise<void> {
  const columns: Column[] = [
    { title: 'begin (UTC)' },
    { title: 'NE', maxWidth: 32, minWidth: 8 },
    { title: 'cell', maxWidth: 16 },
    { title: 'KPI', maxWidth: 44, minWidth: 16 },
    { title: 'value', align: 'right' },
    { title: 'seconds', align: 'right', optional: true },
    { title: 'remarks', optional: true },
  ];
  const rows: string[][] = [];
  let total = 0;
  for await (const records of batches) {
    total += records.length;
    for (const record of records.slice(0, TABLE_ROWS - rows.length)) rows.push(tableRow(record));
  }
  const remark = total > rows.length ? '; --format csv or json prints all' : '';
  await print(`${textTable(columns, rows, terminalColumns)}${shownText(rows.length, total)}${remark}\n`);
}

function tableRow(record: KpiRecord): string[] {
  const { timestamp, ne, cell_id, object, kpi_type, value, granularity_s } = record;
  const place = [ne ?? 'all', cell_id ?? object ?? 'all'];
  return [timestamp, ...place, kpi_type, shortNumber(value), `${granularity_s}`, remarksOf(record)];
}

function remarksOf({ suspect, completeness, reason, flags }: KpiRecord): string {
  const isPartial = completeness !== undefined && completeness < 1;
  return [
    ...(suspect ? ['suspect'] : []),
    ...(reason ? [reason] : []),
    ...(isPartial ? [`${Math.floor(completeness * 100)} % of samples`] : []),
    ...(flags ?? []).map((flag) => flag.replaceAll('_', ' ')),
  ].join(', ');
}
