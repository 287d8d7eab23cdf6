import type { IngestFileReport, IngestResponse } from '@pegboard/contracts';
import { openServices } from '../../compose.ts';
import { findFiles } from '../../features/ingest/find-files.ts';
import { PegboardError } from '../../platform/errors.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { open } from '../open.ts';
import { counted } from '../output/count.ts';
import { fileLines } from '../output/file-lines.ts';
import { createProgress } from '../output/progress.ts';
import { ingestWatching } from './ingest-watch.ts';

export interface IngestCommandOptions {
  readonly paths: readonly string[];
  readonly ne?: string;
  readonly cell?: string;
  readonly watch: boolean;
  readonly interval?: string;
  readonly settle?: string;
  readonly giveUp?: string;
  readonly json: boolean;
}

export const ingest: Command<IngestCommandOptions> = async (context, options) => {
  if (options.watch) return ingestWatching(context, { ...options, defaults: defaultsOf(options, context) });
  refuseWatchOptions(options);
  const inputs = await findFiles(options.paths);
  await using services = await open(openServices(context.config, { logger: context.logger }));
  const progress = createProgress('files', inputs.length);
  const report = await services.ingest
    .ingestPaths(inputs, {
      defaults: defaultsOf(options, context),
      mayDescribePegs: true,
      signal: context.signal,
      onFile: () => progress.step(),
    })
    .finally(() => progress.stop());
  await context.print(options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report, context));
  return report.totals.quarantined > 0 ? EXIT_CODES.quarantined : EXIT_CODES.ok;
};

/** What is known of files that do not say. */
function defaultsOf({ ne, cell }: Pick<IngestCommandOptions, 'ne' | 'cell'>, { config }: CommandContext) {
  return { ...(ne !== undefined && { ne }), ...(cell !== undefined && { cell }), timeZone: config.timeZone };
}

function refuseWatchOptions({ interval, settle, giveUp }: IngestCommandOptions): void {
  const given = Object.entries({ '--interval': interval, '--settle': settle, '--give-up': giveUp });
  const [stray] = given.find(([, value]) => value !== undefined) ?? [];
  if (stray !== undefined) throw new PegboardError('DATA_VALIDATION_ERROR', `${stray} goes with --watch only`);
}

/** Above this many files, those that were simply taken are counted, not listed. */
const LIST_ALL_UP_TO = 50;

function reportText({ files, totals, elapsed_ms, values_per_s }: IngestResponse, context: CommandContext): string {
  const noteworthy = (file: IngestFileReport) => file.status === 'quarantined' || file.warnings.length > 0;
  const listed = files.length <= LIST_ALL_UP_TO ? files : files.filter(noteworthy);
  if (files.length === 0) context.note('no files found');
  const lines = listed.flatMap(fileLines);
  if (listed.length < files.length)
    lines.push(`(${counted(files.length - listed.length, 'file')} without remarks not listed)`);
  const counts = (['ok', 'duplicate', 'skipped', 'quarantined'] as const)
    .filter((status) => totals[status] > 0)
    .map((status) => `${totals[status]} ${status}`);
  const rate = values_per_s === null ? '' : ` (${Math.round(values_per_s).toLocaleString('en')} values/s)`;
  lines.push(
    `${counted(totals.files, 'file')}: ${counts.join(', ') || 'nothing to do'}`,
    `${counted(totals.values, 'value')} (${counted(totals.numbers, 'number')}) in ` +
      `${totals.inserted_blocks.toLocaleString('en')} new and ${totals.merged_blocks.toLocaleString('en')} merged blocks, ` +
      `${(elapsed_ms / 1000).toFixed(1)} s${rate}`,
  );
  return `${lines.join('\n')}\n`;
}
