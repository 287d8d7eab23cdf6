import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { IngestFileReport } from '@pegboard/contracts';
import type { ReadRejection } from '@pegboard/pm-files';
import type { IngestInput } from '../find-files.ts';
import type { IngestOptions } from '../ingest.service.ts';
import { FolderHints, type WatchFolder } from './folder-hints.ts';
import { type FolderScan, scanFolders } from './folder-scan.ts';
import { type Observation, type ReadyFile, WatchedFiles, type WatchTimes } from './watched-files.ts';

export interface WatchOptions extends WatchTimes {
  /** Folders, as reports are to name them. */
  readonly roots: readonly string[];
  /** The folders are looked at this often, ms. */
  readonly intervalMs: number;
}

export interface WatchDependencies {
  /** Takes files; asks `leave` of each that would be refused. */
  readonly ingest: (inputs: readonly IngestInput[], options: Pick<IngestOptions, 'onFile' | 'leave'>) => Promise<void>;
  /** Told of each file once its fate is certain. */
  readonly onFile: (file: IngestFileReport, path: string) => void;
  /** Told once of a file that is not complete for too long; it is watched on. */
  readonly onWaiting: (path: string, reason: Observation['waiting'][number]['reason']) => void;
  /** A line for people. */
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
  /** How hints come; default: of the operating system. */
  readonly watchFolder?: WatchFolder;
}

/** Files that are taken together: batches are as large as those of a single ingest, and reports stay few. */
const GROUP_FILES = 2000;
/** Hints come in swarms: after a look there is a pause of so many ms, and of so many times what the look took. */
const MIN_PAUSE_MS = 500;
const MIN_PAUSE_LOOKS = 4;
/** Refusals of files that may be still to come. */
const INCOMPLETE = ['truncated', 'empty'];

/**
 * Takes the files of folders as they come, until the signal ends it: that rejects with its reason, and nothing is half-written.
 * The folders are looked at again and again, which is right on every file system; hints of the operating system only make
 * it sooner. See `WatchedFiles` for when a file is read.
 */
export async function watchFolders(options: WatchOptions, dependencies: WatchDependencies): Promise<never> {
  const { signal, note } = dependencies;
  const files = new WatchedFiles(options);
  const alarm = new Alarm(signal);
  const hints = new FolderHints(
    () => alarm.ring(),
    (error) => note(`folders are only polled: ${error instanceof Error ? error.message : String(error)}`),
    dependencies.watchFolder,
  );
  const troubles = new Troubles(note);
  try {
    for (;;) {
      const startedAt = performance.now();
      const scan = await scanFolders(options.roots, signal);
      const tookMs = performance.now() - startedAt;
      hints.update(scan.folders);
      const forbidden = troubles.update(scan);
      const seen = files.observe(scan, performance.now());
      for (const { path, reason } of seen.waiting) dependencies.onWaiting(path, reason);
      const ready = [...seen.ready, ...(await readable(seen.barred)), ...forbidden];
      for (let at = 0; at < ready.length; at += GROUP_FILES) {
        await take(ready.slice(at, at + GROUP_FILES), files, dependencies);
      }
      // While files were read others may have come.
      const dueAtMs = ready.length > 0 ? 0 : (seen.nextDueMs ?? Number.POSITIVE_INFINITY);
      const pauseMs = Math.max(MIN_PAUSE_MS, MIN_PAUSE_LOOKS * tookMs);
      await alarm.sleep(pauseMs, Math.min(options.intervalMs, dueAtMs - performance.now()));
    }
  } finally {
    hints.close();
  }
}

async function take(
  ready: readonly ReadyFile[],
  files: WatchedFiles,
  { ingest, onFile }: WatchDependencies,
): Promise<void> {
  const inputs = new Map(ready.map((file) => [{ path: file.path, displayName: file.path } as IngestInput, file]));
  const postponed = new Set<ReadyFile>();
  const vanished = new Set<ReadyFile>();
  const barred = new Set<ReadyFile>();
  await ingest([...inputs.keys()], {
    onFile: (report, input) => {
      const file = inputs.get(input);
      if (file && report.error?.code === 'unreadable') barred.add(file);
      onFile(report, input.path);
    },
    leave: (input, rejection) => {
      const file = inputs.get(input);
      if (!file || file.isLastTry) return false;
      if (isMissing(rejection)) vanished.add(file);
      else if (INCOMPLETE.includes(rejection.code)) postponed.add(file);
      else return false;
      return true;
    },
  });
  for (const file of ready) {
    if (postponed.has(file)) files.postpone(file);
    else if (barred.has(file)) files.bar(file, performance.now());
    else if (!vanished.has(file)) files.finish(file);
  }
}

function isMissing({ code, message }: ReadRejection): boolean {
  return code === 'unreadable' && message.includes('ENOENT');
}

async function readable(barred: readonly ReadyFile[]): Promise<ReadyFile[]> {
  const found: ReadyFile[] = [];
  for (const file of barred) {
    await access(file.path, constants.R_OK).then(
      () => found.push(file),
      () => undefined,
    );
  }
  return found;
}

/** Folders that cannot be listed: told when it begins and when it ends. */
class Troubles {
  readonly #note: (text: string) => void;
  #known: FolderScan['troubles'] = new Map();

  constructor(note: (text: string) => void) {
    this.#note = note;
  }

  /** Gives those that are newly forbidden: reading them reports and records it. */
  update({ troubles, folders }: FolderScan): ReadyFile[] {
    const back = new Set(folders);
    for (const folder of this.#known.keys()) if (back.has(folder)) this.#note(`${folder} can be read again`);
    const forbidden: ReadyFile[] = [];
    for (const [folder, code] of troubles) {
      if (this.#known.get(folder) === code) continue;
      if (code === 'EACCES' || code === 'EPERM') forbidden.push({ path: folder, stamp: code, isLastTry: true });
      else this.#note(`${folder} cannot be read (${code}); it is looked for again`);
    }
    this.#known = troubles;
    return forbidden;
  }
}

/** A sleep that others can end. */
class Alarm {
  readonly #signal: AbortSignal;
  #wake: (() => void) | null = null;
  #hasRung = false;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
  }

  ring(): void {
    this.#hasRung = true;
    this.#wake?.();
  }

  /** Until it rings or `mostMs` are over, but `leastMs` at least. @throws the reason of the signal */
  async sleep(leastMs: number, mostMs: number): Promise<void> {
    await this.#pause(leastMs, false);
    if (mostMs > leastMs) await this.#pause(mostMs - leastMs, true);
    this.#hasRung = false;
    this.#signal.throwIfAborted();
  }

  async #pause(ms: number, untilRung: boolean): Promise<void> {
    if (this.#signal.aborted || (untilRung && this.#hasRung)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake = () => {
      if (this.#signal.aborted || untilRung) resolve();
    };
    await promise;
    clearTimeout(timer);
    this.#wake = null;
  }
}
