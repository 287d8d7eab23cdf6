import { stat } from 'node:fs/promises';
import type { IngestFileReport, IngestWatchLine } from '@pegboard/contracts';
import { openServices } from '../../compose.ts';
import { StubbornIngest } from '../../features/ingest/watch/stubborn-ingest.ts';
import { type WatchOptions, watchFolders } from '../../features/ingest/watch/watch-folders.ts';
import { PegboardError } from '../../platform/errors.ts';
import { utcText } from '../../platform/utc-text.ts';
import type { CommandContext } from '../command.ts';
import { secondsOf } from '../input.ts';
import { open } from '../open.ts';
import { counted } from '../output/count.ts';
import { fileLines } from '../output/file-lines.ts';
import { visibleLine } from '../output/visible-text.ts';

export interface WatchCommandOptions {
  readonly paths: readonly string[];
  readonly interval?: string;
  readonly settle?: string;
  readonly giveUp?: string;
  readonly json: boolean;
  /** What is known of files that do not say. */
  readonly defaults: { readonly ne?: string; readonly cell?: string; readonly timeZone: string };
}

const MAX_SPAN_S = 86_400;

/** Takes what comes into folders until it is interrupted, which is thrown. */
export async function ingestWatching(context: CommandContext, options: WatchCommandOptions): Promise<never> {
  const { config, logger, signal, note } = context;
  const watch = await watchOptions(options);
  const reopen = () => openServices(config, { logger });
  await using ingest = await open(Promise.resolve(new StubbornIngest(await reopen(), { reopen, note, signal })));
  const output = watchOutput(context, options.json);
  const folders = counted(watch.roots.length, 'folder');
  note(
    `watching ${folders}, every ${watch.intervalMs / 1000} s; what has not changed for ${watch.settleMs / 1000} s is read`,
  );
  try {
    return await watchFolders(watch, {
      ingest: (inputs, run) => ingest.ingest(inputs, { ...run, defaults: options.defaults, mayDescribePegs: true }),
      onFile: output.file,
      onWaiting: (path, reason) => output.file(waitingReport(path, reason, watch), path),
      note,
      signal,
    });
  } finally {
    await output.end();
  }
}

async function watchOptions({ paths, interval, settle, giveUp }: WatchCommandOptions): Promise<WatchOptions> {
  for (const path of paths) {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      throw refused(`cannot watch ${path}: ${error.code === 'ENOENT' ? 'no such folder' : error.message}`);
    });
    if (!found.isDirectory()) throw refused(`cannot watch ${path}: --watch is for folders`);
  }
  const settleMs = spanOf('--settle', settle ?? '5s');
  const giveUpMs = spanOf('--give-up', giveUp ?? '15m');
  if (giveUpMs < settleMs) throw refused('--give-up: it is shorter than --settle');
  return { roots: paths, intervalMs: spanOf('--interval', interval ?? '10s'), settleMs, giveUpMs };
}

function spanOf(option: string, text: string): number {
  const seconds = secondsOf(option, text, 's');
  if (seconds < 1 || seconds > MAX_SPAN_S) throw refused(`${option}: '${text}' is not between 1s and 1d`);
  return seconds * 1000;
}

function refused(message: string): PegboardError {
  return new PegboardError('DATA_VALIDATION_ERROR', message);
}

type WatchReport = Omit<IngestFileReport, 'status'> & { readonly status: IngestWatchLine['status'] };

function waitingReport(path: string, reason: 'growing' | 'unfinished_name', { giveUpMs }: WatchOptions): WatchReport {
  const span = `${giveUpMs / 1000} s`;
  const texts = {
    growing: `it is still being written after ${span}; it is read once it is complete`,
    unfinished_name: `by its name it is still to come, but has not changed for ${span}; it is read once it is renamed`,
  };
  return {
    ...{ name: path, sha256: null, status: 'waiting', format: null, values: 0, numbers: 0, missing: 0, not_numbers: 0 },
    ...{ objects: 0, blocks: 0, period: null, reason: texts[reason], error: null, warnings: [] },
  };
}

/** A line a file, as it comes; what is to be printed is awaited at the end. */
function watchOutput({ print, note }: CommandContext, isJson: boolean) {
  const counts = { ok: 0, duplicate: 0, skipped: 0, quarantined: 0, waiting: 0 };
  let printing: Promise<void> = Promise.resolve();
  return {
    file: (report: WatchReport, path: string) => {
      counts[report.status]++;
      const line: IngestWatchLine = { ...report, path, at: utcText(Date.now()) };
      const text = isJson ? JSON.stringify(line) : textLines(report).join('\n');
      printing = printing.then(() => print(`${text}\n`));
    },
    end: async () => {
      await printing;
      const { waiting: _, ...fates } = counts;
      const files = Object.values(fates).reduce((sum, count) => sum + count, 0);
      const parts = Object.entries(fates).filter(([, count]) => count > 0);
      note(
        `${counted(files, 'file')}: ${parts.map(([status, count]) => `${count} ${status}`).join(', ') || 'nothing came'}`,
      );
    },
  };
}

function textLines(report: WatchReport): string[] {
  if (report.status !== 'waiting') return fileLines({ ...report, status: report.status });
  return [visibleLine(`${report.status.padEnd(11)}  ${report.name}: ${report.reason}`)];
}
