import { parseInstant, parseTimeZone } from '@pegboard/comparison';
import { suggest } from '@pegboard/names';
import { composeImport, openServices } from '../../compose.ts';
import type { ImportReport, ImportRequest } from '../../features/import/import-request.ts';
import { ROLES, type Role } from '../../features/import/table-columns.ts';
import { PegboardError } from '../../platform/errors.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { secondsOf } from '../input.ts';
import { open } from '../open.ts';
import { counted } from '../output/count.ts';
import { createImportProgress } from '../output/import-progress.ts';
import { visibleLine } from '../output/visible-text.ts';

export interface ImportCommandOptions {
  readonly from: string;
  readonly table: string;
  readonly layout: ImportRequest['layout'];
  readonly column: readonly string[];
  readonly cellDimension?: string;
  readonly since?: string;
  readonly until?: string;
  readonly sourceTimezone?: string;
  readonly timestamp: ImportRequest['timestamp'];
  readonly granularity: readonly string[];
  readonly decimalMark: 'auto' | 'point' | 'comma';
  readonly overlap: string;
  readonly follow: boolean;
  readonly poll: string;
  readonly restart: boolean;
  readonly json: boolean;
}

/** What the store takes as the length of a period. */
const MAX_GRANULARITY_S = 31 * 86_400;

export const importSamples: Command<ImportCommandOptions> = async (context, options) => {
  const { config, logger, signal } = context;
  const request = requestOf(options, config.timeZone);
  await using services = await open(openServices(config, { logger }));
  const progress = createImportProgress();
  const report = await composeImport(services, config)
    .run(request, { signal, onProgress: progress.show, onNotice: progress.tell })
    .finally(() => progress.stop());
  await context.print(options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report, context));
  signal.throwIfAborted();
  return EXIT_CODES.ok;
};

function requestOf(options: ImportCommandOptions, timeZone: string): ImportRequest {
  const zone = parseTimeZone(options.sourceTimezone ?? timeZone);
  if (zone.status === 'invalid') throw invalid('--source-timezone', zone.problem.message, zone.problem.hint);
  const sourceTimeZone = zone.value;
  const sinceMs = timeOf('--since', options.since, 'begin', sourceTimeZone);
  const untilMs = timeOf('--until', options.until, 'end', sourceTimeZone);
  if (sinceMs !== null && untilMs !== null && sinceMs >= untilMs) throw invalid('--until', 'it is not after --since');
  return {
    from: options.from,
    table: options.table,
    layout: options.layout,
    columns: columnsOf(options.column),
    sinceMs,
    untilMs,
    sourceTimeZone,
    timestamp: options.timestamp,
    ...granularitiesOf(options.granularity),
    decimalMark: options.decimalMark === 'auto' ? 'either' : options.decimalMark,
    cellDimensions: options.cellDimension?.split(',').map((name) => name.trim()) ?? null,
    overlapMs: secondsOf('--overlap', options.overlap, 's') * 1000,
    follow: options.follow ? { pollMs: Math.max(secondsOf('--poll', options.poll, 's'), 1) * 1000 } : null,
    restart: options.restart,
  };
}

function columnsOf(written: readonly string[]): Partial<Record<Role, string>> {
  const columns: Partial<Record<Role, string>> = {};
  for (const text of written) {
    const equals = text.indexOf('=');
    const name = text.slice(0, equals).trim();
    const role = ROLES.find((known) => known === name);
    if (equals < 0 || role === undefined) {
      const [nearest] = suggest(name, ROLES, 1);
      const hint = nearest === undefined ? `Roles: ${ROLES.join(', ')}.` : `Did you mean ${nearest}?`;
      throw invalid('--column', equals < 0 ? `'${text}' is not role=name` : `there is no role '${name}'`, hint);
    }
    columns[role] = text.slice(equals + 1).trim();
  }
  return columns;
}

function timeOf(option: string, text: string | undefined, part: 'begin' | 'end', timeZone: string): number | null {
  if (text === undefined) return null;
  const time = parseInstant(text, part, { timeZone });
  if (time.status === 'ok') return time.value;
  throw invalid(option, time.problem.message, time.problem.hint);
}

/** `15m` for all families, `family=1d` for one; the last of each counts. */
function granularitiesOf(written: readonly string[]): Pick<ImportRequest, 'granularityS' | 'familyGranularityS'> {
  let granularityS: number | null = null;
  const byFamily: [string, number][] = [];
  for (const text of written) {
    const equals = text.lastIndexOf('=');
    const seconds = granularityOf(text.slice(equals + 1).trim());
    if (equals < 0) granularityS = seconds;
    else byFamily.push([text.slice(0, equals).trim(), seconds]);
  }
  return { granularityS, familyGranularityS: Object.fromEntries(byFamily) };
}

function granularityOf(text: string): number {
  const seconds = secondsOf('--granularity', text, 's');
  if (seconds >= 1 && seconds <= MAX_GRANULARITY_S) return seconds;
  throw invalid('--granularity', `'${text}' is not between 1s and 31d`);
}

function invalid(option: string, message: string, hint?: string): PegboardError {
  return new PegboardError('DATA_VALIDATION_ERROR', `${option}: ${message}`, hint === undefined ? {} : { hint });
}

function reportText(report: ImportReport, context: CommandContext): string {
  const { source, period, values, numbers, rows } = report;
  if (rows === 0) context.note('no rows in that time');
  const lines = [
    `${source.table} of ${source.server} (${source.layout})${report.continued ? ', continued' : ''}`,
    `${counted(rows, 'row')}, ${counted(values, 'value')}, ${counted(numbers, 'number')} of ${counted(report.objects, 'object')} and ${counted(report.pegs, 'PEG')}`,
    ...(period === null ? [] : [`from ${period.start} to ${period.end}, periods of ${granularityText(report)}`]),
    ...countLines('values that are', report.value_kinds),
    ...countLines('passed over:', report.skipped),
    ...(report.repeated.conflicting.count === 0
      ? []
      : countLines('came twice with', { 'other values': report.repeated.conflicting })),
    ...report.warnings.map((warning) => `warning: ${warning}`),
    `${report.inserted_blocks.toLocaleString('en')} new and ${report.merged_blocks.toLocaleString('en')} merged blocks, ` +
      `${(report.elapsed_ms / 1000).toFixed(1)} s${report.values_per_s === null ? '' : ` (${report.values_per_s.toLocaleString('en')} values/s)`}`,
  ];
  return `${lines.map(visibleLine).join('\n')}\n`;
}

function granularityText({ granularity_s }: ImportReport): string {
  if (granularity_s === null) return 'unknown length';
  const others = Object.entries(granularity_s.by_family).map(([family, seconds]) => `${family} ${seconds} s`);
  return `${granularity_s.default} s${others.length === 0 ? '' : ` (${others.join(', ')})`}`;
}

function countLines(
  what: string,
  counts: Readonly<Record<string, { count: number; examples: readonly string[] }>>,
): string[] {
  return Object.entries(counts).map(([kind, { count, examples }]) => {
    const shown = examples.length === 0 ? '' : ` (${examples.join('; ')})`;
    return `${what} ${kind}: ${count.toLocaleString('en')}${shown}`;
  });
}
