import { resolve } from 'node:path';
import type { IngestFileReport } from '@pegboard/contracts';
import { PegboardError } from '../../platform/errors.ts';
import type { QuarantineEntry, QuarantineLog, RefusedOptions } from '../../stores/kpi/quarantine-log.ts';
import type { Page } from '../../stores/page.ts';
import type { IngestInput } from './find-files.ts';
import type { IngestOptions, IngestService } from './ingest.service.ts';
import { withKeptContents } from './kept-contents.ts';
import { findRetryInputs, type MendedFile } from './retry-inputs.ts';

/** What became of an entry that was read again. `gone`: there is nothing to read; the entry stays. */
export interface RetriedFile {
  readonly id: number;
  readonly name: string;
  readonly outcome: 'taken' | 'duplicate' | 'refused' | 'skipped' | 'gone';
  /** Whether the entry has left the quarantine. */
  readonly resolved: boolean;
  /** Why there is nothing to read; null but for `gone`. */
  readonly reason: string | null;
  readonly files: readonly IngestFileReport[];
}

export interface RetryOptions {
  /** Takes the place of the options that the entries had; what is not given stays. */
  readonly defaults?: Partial<{ readonly ne: string; readonly cell: string; readonly timeZone: string }>;
  /** Read instead of the content of the one entry. */
  readonly mended?: MendedFile;
  readonly mayDescribePegs: boolean;
  /** Told of each entry; awaited. */
  readonly onEntry?: (retried: RetriedFile) => Promise<void>;
  readonly onFile?: (file: IngestFileReport) => void;
  readonly signal?: AbortSignal;
}

/** Refused files: listed, read again, discarded. */
export interface QuarantineService {
  list(query: { readonly limit: number; readonly cursor?: string }): Promise<Page<QuarantineEntry>>;
  count(): Promise<number>;
  /**
   * Reads the entries again, in their order, with the options that they had.
   * @throws PegboardError NOT_FOUND for an id that is none, before anything is read.
   */
  retry(ids: readonly number[], options: RetryOptions): Promise<readonly RetriedFile[]>;
  /** Reads all that are there now, the oldest first. Told of each by `onEntry`. */
  retryAll(options: Omit<RetryOptions, 'mended'>): Promise<void>;
  /**
   * Removes entries with what was kept of them.
   * @throws PegboardError NOT_FOUND for an id that is none; the others are gone.
   */
  discard(ids: readonly number[]): Promise<void>;
  /** Removes all that are there now; what is refused meanwhile stays. Returns how many. */
  discardAll(signal?: AbortSignal): Promise<number>;
  /**
   * The ids that a person means: each an id, the beginning of a SHA-256, a name, or a path.
   * @throws PegboardError NOT_FOUND, or UNPROCESSABLE for a text that several entries fit.
   */
  idsOf(texts: readonly string[]): Promise<readonly number[]>;
}

/** Entries that go in together. */
const BATCH_ENTRIES = 64;
/** Of them, those whose kept contents are unpacked to the disk at a time. */
const BATCH_CONTENTS = 8;
const MAX_CANDIDATES = 5;
const LIST_HINT = 'pegboard quarantine list, or GET /api/ingest/quarantine, shows the entries.';

export function createQuarantineService({
  quarantine,
  ingest,
}: {
  readonly quarantine: QuarantineLog;
  readonly ingest: IngestService;
}): QuarantineService {
  const retryEntries = async (
    entries: readonly QuarantineEntry[],
    options: RetryOptions,
  ): Promise<readonly RetriedFile[]> => {
    const retried: RetriedFile[] = [];
    for (const batch of batchesOf(entries)) {
      options.signal?.throwIfAborted();
      const done = await retryBatch({ quarantine, ingest }, batch, options);
      for (const one of done) await options.onEntry?.(one);
      retried.push(...done);
    }
    return retried;
  };

  return {
    list: (query) => quarantine.list(query),
    count: () => quarantine.count(),

    async retry(ids, options) {
      const distinct = [...new Set(ids)];
      const found = new Map((await quarantine.find(distinct)).map((entry) => [entry.id, entry]));
      const missing = distinct.find((id) => !found.has(id));
      if (missing !== undefined) throw noEntry(`${missing}`);
      return retryEntries(
        [...found.values()].sort((a, b) => distinct.indexOf(a.id) - distinct.indexOf(b.id)),
        options,
      );
    },

    async retryAll(options) {
      for (const ids of await allIds(quarantine)) {
        // What has been taken meanwhile is not there any more.
        const entries = [...(await quarantine.find(ids))].sort((a, b) => a.id - b.id);
        await retryEntries(entries, options);
      }
    },

    async discard(ids) {
      const gone = new Set(await quarantine.discard(ids));
      const missing = ids.find((id) => !gone.has(id));
      if (missing !== undefined) throw noEntry(`${missing}`);
    },

    async discardAll(signal) {
      let discarded = 0;
      for (const ids of await allIds(quarantine)) {
        signal?.throwIfAborted();
        discarded += (await quarantine.discard(ids)).length;
      }
      return discarded;
    },

    async idsOf(texts) {
      const ids: number[] = [];
      for (const text of texts) ids.push(await idOf(quarantine, text));
      return [...new Set(ids)];
    },
  };
}

/** In portions of a batch, the oldest first. */
async function allIds(quarantine: QuarantineLog): Promise<number[][]> {
  const ids: number[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<QuarantineEntry> = await quarantine.list({ limit: 1000, ...(cursor !== null && { cursor }) });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  ids.reverse();
  return Array.from({ length: Math.ceil(ids.length / BATCH_ENTRIES) }, (_, at) =>
    ids.slice(at * BATCH_ENTRIES, (at + 1) * BATCH_ENTRIES),
  );
}

async function idOf(quarantine: QuarantineLog, text: string): Promise<number> {
  if (/^\d{1,15}$/.test(text)) {
    const [entry] = await quarantine.find([Number(text)]);
    if (entry) return entry.id;
  }
  const candidates = await quarantine.search({ text, path: resolve(text) }, MAX_CANDIDATES + 1);
  if (candidates.length === 0) throw noEntry(`'${text}'`);
  if (candidates.length === 1) return candidates[0].id;
  const shown = candidates.slice(0, MAX_CANDIDATES).map(({ id }) => `${id}`);
  const more = candidates.length > MAX_CANDIDATES ? ' …' : '';
  throw new PegboardError('UNPROCESSABLE', `several entries fit '${text}': ${shown.join(', ')}${more}`, {
    hint: 'Name one by its id.',
    details: [{ path: 'id', message: 'several entries fit', suggestions: shown }],
  });
}

function noEntry(what: string): PegboardError {
  const message = `the quarantine has no entry ${what}`;
  return new PegboardError('NOT_FOUND', message, { hint: LIST_HINT, details: [{ path: 'id', message }] });
}

/** Runs of entries that are read with the same options: they go in together. */
function* batchesOf(entries: readonly QuarantineEntry[]): Generator<readonly QuarantineEntry[]> {
  let batch: QuarantineEntry[] = [];
  for (const entry of entries) {
    const [first] = batch;
    const contents = batch.filter(({ content }) => content.state === 'kept').length;
    const isFull = batch.length >= BATCH_ENTRIES || contents >= BATCH_CONTENTS;
    if (first && (isFull || !isSame(first.options, entry.options))) {
      yield batch;
      batch = [];
    }
    batch.push(entry);
  }
  if (batch.length > 0) yield batch;
}

function isSame(a: RefusedOptions, b: RefusedOptions): boolean {
  return a.ne === b.ne && a.cell === b.cell && a.timeZone === b.timeZone;
}

/** What was read for one entry, as it comes. */
interface Reading {
  readonly entry: QuarantineEntry;
  /** Why there is nothing to read; null where there is. */
  readonly gone: string | null;
  readonly isFolder: boolean;
  readonly files: IngestFileReport[];
}

async function retryBatch(
  { quarantine, ingest }: { readonly quarantine: QuarantineLog; readonly ingest: IngestService },
  entries: readonly QuarantineEntry[],
  { mended, ...options }: RetryOptions,
): Promise<readonly RetriedFile[]> {
  return withKeptContents(quarantine, mended === undefined ? entries : [], async (kept) => {
    const readings: Reading[] = [];
    const byInput = new Map<IngestInput, Reading>();
    for (const entry of entries) {
      const found = await findRetryInputs(entry, { mended: mended ?? null, keptAt: kept.get(entry.id) ?? null });
      const isGone = found.status === 'gone';
      const reading = { entry, gone: isGone ? found.reason : null, isFolder: !isGone && found.isFolder, files: [] };
      readings.push(reading);
      if (!isGone) for (const input of found.inputs) byInput.set(input, reading);
    }
    const inputs = [...byInput.keys()];
    if (inputs.length > 0) {
      const readingOf = new Map<IngestFileReport, Reading>();
      const run = ingestOptions(entries[0].options, options, (file, input) => {
        const reading = byInput.get(input);
        if (reading) readingOf.set(file, reading);
      });
      // Reports come as fates are certain, and stand in the order of the files at the end.
      const { files } = await ingest.ingestPaths(inputs, run);
      for (const file of files) readingOf.get(file)?.files.push(file);
    }
    const retried = readings.map(toRetried);
    await quarantine.settle(
      readings.filter((reading, at) => isOpened(reading, retried[at])).map(({ entry }) => entry.origin),
    );
    return retried;
  });
}

/** Whether it is an archive or a folder that can be read now: what of it is not taken has entries of its own. */
function isOpened({ isFolder }: Reading, { resolved, outcome }: RetriedFile): boolean {
  return resolved && (isFolder || outcome === 'refused');
}

function ingestOptions(
  had: RefusedOptions,
  { defaults = {}, mayDescribePegs, onFile, signal }: Omit<RetryOptions, 'mended'>,
  onReport: (file: IngestFileReport, input: IngestInput) => void,
): IngestOptions {
  return {
    defaults: {
      ...(had.ne !== null && { ne: had.ne }),
      ...(had.cell !== null && { cell: had.cell }),
      ...(had.timeZone !== null && { timeZone: had.timeZone }),
      ...defaults,
    },
    mayDescribePegs,
    onFile: (file, input) => {
      onReport(file, input);
      onFile?.(file);
    },
    ...(signal && { signal }),
  };
}

function toRetried({ entry, gone, isFolder, files }: Reading): RetriedFile {
  const { id, name } = entry;
  const reason = gone ?? (isFolder ? null : goneReason(entry, files));
  if (reason !== null) return { id, name, outcome: 'gone', resolved: false, reason, files: [] };
  const has = (status: IngestFileReport['status']) => files.some((file) => file.status === status);
  const outcome = has('ok') ? 'taken' : has('duplicate') ? 'duplicate' : has('quarantined') ? 'refused' : 'skipped';
  // Refused under its own name it stays; what is in an archive or a folder has a name of its own.
  const isRefused = files.some((file) => file.status === 'quarantined' && file.name === name);
  return { id, name, outcome, resolved: (outcome !== 'skipped' || isFolder) && !isRefused, reason: null, files };
}

/** For what vanished between the look and the reading, and for entries that an archive has no more. */
function goneReason({ source }: QuarantineEntry, files: readonly IngestFileReport[]): string | null {
  const isMissing = files.length > 0 && files.every(({ error }) => /\bENOENT\b/.test(error?.message ?? ''));
  if (isMissing) return files[0].error?.message ?? null;
  if (files.length > 0) return null;
  if (source.kind === 'path' && source.entry !== null) return `${source.path} has no entry ${source.entry} any more`;
  return 'there is nothing to read';
}
