import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IngestFileReport, IngestResponse } from '@pegboard/contracts';
import {
  PmFileError,
  type ReadOptions,
  type ReadRejection,
  type ReadResult,
  readPmBuffer,
  readPmFile,
  unpackBuffer,
} from '@pegboard/pm-files';
import type { Clock } from '../../platform/clock.ts';
import {
  type CommitReport,
  type KpiStore,
  SamplesRefusedError,
  type SampleWriter,
} from '../../stores/kpi/kpi-store.ts';
import { CATALOGUE_FORMAT, isCatalogueFile, readCatalogueFile } from './catalogue-file.ts';
import { checkNotNested, hashOf, isFileSystemError, unpackedContent } from './file-content.ts';
import {
  catalogueReport,
  duplicateReport,
  ingestResponse,
  okRecord,
  okReport,
  quarantinedReport,
  quarantineRecord,
  skippedReport,
} from './file-report.ts';
import type { IngestInput } from './find-files.ts';
import { type IngestSource, ingestSources } from './ingest-source.ts';

/** How much is held in memory at once. */
export interface IngestLimits {
  /** Larger contents are read in a stream, twice: once for their hash, once for their samples. */
  readonly inMemoryBytes: number;
  /** Bytes of a stream read at a time. */
  readonly chunkBytes: number;
  /** Contents held and files made durable together. */
  readonly batchBytes: number;
  readonly batchFiles: number;
  /** Numbers collected of a large file before they are sent to the store; 8 bytes each. */
  readonly spillNumbers: number;
}

const DEFAULT_LIMITS: IngestLimits = {
  inMemoryBytes: 16 * 1024 ** 2,
  chunkBytes: 1024 ** 2,
  batchBytes: 12 * 1024 ** 2,
  batchFiles: 64,
  spillNumbers: 4 * 1024 ** 2,
};

export interface IngestOptions {
  /** For files that do not say. `timeZone` is an IANA name. */
  readonly defaults?: ReadOptions['defaults'];
  /** Whether catalogue files (polarity, unit … of PEGs) are applied; else they are refused. */
  readonly mayDescribePegs: boolean;
  /** Told of each file once its fate is certain. */
  readonly onFile?: (file: IngestFileReport) => void;
  /** Stops between files; what was reported as taken stays taken, of the rest nothing is kept. */
  readonly signal?: AbortSignal;
}

export interface IngestService {
  /** Takes the files in their order. Refused ones are in the report and the ingest log; the others go in. */
  ingestPaths(inputs: readonly IngestInput[], options: IngestOptions): Promise<IngestResponse>;
}

export interface IngestDependencies {
  readonly store: KpiStore;
  readonly clock: Clock;
  /** IANA name of the zone of times without one, where neither file nor caller says. */
  readonly timeZone: string;
  readonly limits?: Partial<IngestLimits>;
}

/** Files in, durable samples out. */
export function createIngestService(dependencies: IngestDependencies): IngestService {
  return {
    ingestPaths: (inputs, options) => new IngestRun(dependencies, options).run(inputs),
  };
}

/** A file whose unpacked content is in memory. */
interface LoadedFile {
  readonly input: IngestSource;
  readonly index: number;
  readonly content: Uint8Array;
  readonly sha256: string;
}

/** What is to be reported of a file once the batch that it belongs to is durable. */
interface EndedFile {
  readonly index: number;
  readonly sha256: string;
  readonly report: IngestFileReport;
}

/** One call of `ingestPaths`: reads a batch while the one before is being written. */
class IngestRun {
  readonly #store: KpiStore;
  readonly #clock: Clock;
  readonly #timeZone: string;
  readonly #limits: IngestLimits;
  readonly #options: IngestOptions;
  readonly #writer: SampleWriter;
  readonly #reports: IngestFileReport[] = [];
  /** Names of the files that this run hands to the store, by content. */
  readonly #given = new Map<string, string>();
  /** Those that the store would not have. */
  readonly #refused = new Map<string, ReadRejection>();
  readonly #blocks = { inserted: 0, merged: 0 };
  #writing: Promise<void> = Promise.resolve();

  constructor({ store, clock, timeZone, limits }: IngestDependencies, options: IngestOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#timeZone = timeZone;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#options = options;
    this.#writer = store.openWriter();
  }

  async run(inputs: readonly IngestInput[]): Promise<IngestResponse> {
    const startedAt = performance.now();
    try {
      await this.#takeAll(inputs);
      await this.#writing;
    } finally {
      await this.#writing.catch(() => undefined);
      await this.#writer.close();
    }
    return ingestResponse(this.#reports, this.#blocks, performance.now() - startedAt);
  }

  async #takeAll(inputs: readonly IngestInput[]): Promise<void> {
    let batch: LoadedFile[] = [];
    let bytes = 0;
    let index = -1;
    for await (const input of ingestSources(inputs)) {
      index += 1;
      this.#options.signal?.throwIfAborted();
      const loaded = await this.#load(input, index);
      if (loaded === 'large') {
        await this.#takeBatch(batch);
        batch = [];
        bytes = 0;
        await this.#takeLarge(input, index);
      } else if (loaded) {
        batch.push(loaded);
        bytes += loaded.content.length;
      }
      if (bytes >= this.#limits.batchBytes || batch.length >= this.#limits.batchFiles) {
        await this.#takeBatch(batch);
        batch = [];
        bytes = 0;
      }
    }
    await this.#takeBatch(batch);
  }

  /** Reads a file into memory; null where its fate is settled by that already. */
  async #load(input: IngestSource, index: number): Promise<LoadedFile | 'large' | null> {
    if (input.skipReason !== null) {
      this.#settle(index, skippedReport(input.displayName, null, input.skipReason));
      return null;
    }
    const maxBytes = this.#limits.inMemoryBytes;
    if (input.prepared) return input.prepared.content.length > maxBytes ? 'large' : { input, index, ...input.prepared };
    try {
      const packed = await input.readSmall(maxBytes);
      if (packed === 'large' || packed === 'no_file') {
        if (packed === 'no_file') this.#settle(index, skippedReport(input.displayName, null, 'not a regular file'));
        return packed === 'large' ? 'large' : null;
      }
      const content = unpackBuffer(packed, { maxUnpackedBytes: maxBytes });
      checkNotNested(content);
      return { input, index, content, sha256: createHash('sha256').update(content).digest('hex') };
    } catch (error) {
      if (error instanceof PmFileError && error.rejection.code === 'too_large') return 'large';
      await this.#quarantineUnread(input, index, error);
      return null;
    }
  }

  async #takeBatch(batch: readonly LoadedFile[]): Promise<void> {
    if (batch.length === 0) return;
    const known = await this.#store.knownFiles(batch.map((file) => file.sha256));
    const ended: EndedFile[] = [];
    for (const file of batch) {
      this.#options.signal?.throwIfAborted();
      const { input, index, sha256, content } = file;
      const duplicate = this.#duplicate(input, sha256, known);
      if (duplicate) {
        ended.push({ index, sha256, report: duplicate });
        continue;
      }
      if (isCatalogueFile(content)) {
        await this.#takeCatalogue(file);
        continue;
      }
      this.#writer.beginFile();
      const result = this.#read(input, () =>
        readPmBuffer(content, (block) => this.#writer.add(block), this.#readOptions()),
      );
      if (result.status === 'ok') {
        this.#writer.endFile(okRecord(input.displayName, sha256, result));
        this.#given.set(sha256, input.displayName);
        ended.push({ index, sha256, report: okReport(input.displayName, sha256, result) });
      } else {
        await this.#writer.dropFile();
        await this.#settleUntaken(input, index, sha256, result);
      }
      // Lets the batch before go on its way to the store while this one is read.
      await nextTurn();
    }
    await this.#commit(ended);
  }

  async #takeLarge(input: IngestSource, index: number): Promise<void> {
    await this.#writing;
    try {
      const sha256 = await hashOf(unpackedContent(input.stream(this.#limits.chunkBytes)));
      const known = await this.#store.knownFiles([sha256]);
      const duplicate = this.#duplicate(input, sha256, known);
      if (duplicate) {
        await this.#commit([{ index, sha256, report: duplicate }]);
        return;
      }
      this.#writer.beginFile();
      const result = await this.#readStream(input);
      if (result.status === 'ok') {
        this.#writer.endFile(okRecord(input.displayName, sha256, result));
        this.#given.set(sha256, input.displayName);
        await this.#commit([{ index, sha256, report: okReport(input.displayName, sha256, result) }]);
      } else {
        await this.#writer.dropFile();
        await this.#settleUntaken(input, index, sha256, result);
      }
    } catch (error) {
      await this.#writer.dropFile();
      await this.#quarantineUnread(input, index, error);
    }
  }

  async #readStream(input: IngestSource): Promise<ReadResult> {
    const writer = this.#writer;
    const { spillNumbers, chunkBytes } = this.#limits;
    const { signal } = this.#options;
    async function* spilling(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of source) {
        signal?.throwIfAborted();
        if (writer.pendingNumbers > spillNumbers) await writer.spill();
        yield chunk;
      }
    }
    const content = spilling(unpackedContent(input.stream(chunkBytes)));
    try {
      const result = await readPmFile(content, (block) => writer.add(block), this.#readOptions());
      return withWarnings(result, input);
    } catch (error) {
      return refusedByStore(error);
    }
  }

  #read(input: IngestSource, read: () => ReadResult): ReadResult {
    try {
      return withWarnings(read(), input);
    } catch (error) {
      return refusedByStore(error);
    }
  }

  async #takeCatalogue({ input, index, sha256, content }: LoadedFile): Promise<void> {
    const catalogue = readCatalogueFile(content);
    if (catalogue.status === 'rejected') {
      const hint = 'See "generate" for the shape of a catalogue file.';
      const rejection = { code: 'catalogue_invalid', message: catalogue.message, hint, line: null, column: null };
      await this.#quarantine(input.displayName, index, sha256, CATALOGUE_FORMAT, rejection);
    } else if (!this.#options.mayDescribePegs) {
      this.#settle(
        index,
        skippedReport(input.displayName, sha256, 'a PEG catalogue is taken from administrators only'),
      );
    } else {
      const changed = await this.#store.describePegs(catalogue.pegs);
      this.#settle(index, catalogueReport(input.displayName, sha256, CATALOGUE_FORMAT, changed));
    }
  }

  /** Starts writing the ended files, after the batch before. */
  async #commit(ended: readonly EndedFile[]): Promise<void> {
    await this.#writing;
    const written = this.#writer.commit();
    this.#writing = written.then((report) => this.#settleWritten(ended, report));
    // A failure is met by whoever awaits next; this only keeps it from being unhandled until then.
    this.#writing.catch(() => undefined);
  }

  async #settleWritten(ended: readonly EndedFile[], written: CommitReport): Promise<void> {
    this.#blocks.inserted += written.insertedBlocks;
    this.#blocks.merged += written.mergedBlocks;
    for (const { sha256, code, message } of written.refused) {
      this.#refused.set(sha256, { code, message, hint: null, line: null, column: null });
    }
    for (const { index, sha256, report } of ended) {
      const rejection = this.#refused.get(sha256);
      if (rejection) await this.#quarantine(report.name, index, sha256, report.format, rejection);
      else if (report.status === 'ok' && written.duplicates.includes(sha256))
        this.#settle(index, duplicateReport(report.name, sha256, 'the same content was taken at the same time'));
      else this.#settle(index, report);
    }
  }

  /** The report of a file whose content was taken before or is on its way to the store; null for any other. */
  #duplicate(input: IngestSource, sha256: string, known: ReadonlySet<string>): IngestFileReport | null {
    const earlier = this.#given.get(sha256);
    if (earlier !== undefined) return duplicateReport(input.displayName, sha256, `the same content as ${earlier}`);
    if (!known.has(sha256)) return null;
    return duplicateReport(input.displayName, sha256, 'the same content was taken before');
  }

  async #settleUntaken(
    input: IngestSource,
    index: number,
    sha256: string,
    result: Exclude<ReadResult, { status: 'ok' }>,
  ): Promise<void> {
    if (result.status === 'skipped') this.#settle(index, skippedReport(input.displayName, sha256, result.reason));
    else await this.#quarantine(input.displayName, index, sha256, result.format, result.rejection);
  }

  async #quarantine(
    name: string,
    index: number,
    sha256: string,
    format: string | null,
    rejection: ReadRejection,
  ): Promise<void> {
    await this.#store.recordFile(quarantineRecord(name, sha256, format, rejection));
    this.#settle(index, quarantinedReport(name, sha256, format, rejection));
  }

  /** For files that could not be read to their end: damaged archives, and errors of the file system. */
  async #quarantineUnread(input: IngestSource, index: number, error: unknown): Promise<void> {
    if (error instanceof PmFileError) {
      const sha256 = await input.fingerprint();
      await this.#quarantine(input.displayName, index, sha256, null, error.rejection);
      return;
    }
    if (!isFileSystemError(error)) throw error;
    const hint = 'Check that the file is there and may be read.';
    const rejection = {
      code: 'unreadable',
      message: `the file cannot be read: ${error.message}`,
      hint,
      line: null,
      column: null,
    };
    this.#settle(index, quarantinedReport(input.displayName, null, null, rejection));
  }

  #settle(index: number, report: IngestFileReport): void {
    this.#reports[index] = report;
    this.#options.onFile?.(report);
  }

  #readOptions(): ReadOptions {
    return { nowMs: this.#clock.nowMs(), defaults: { timeZone: this.#timeZone, ...this.#options.defaults } };
  }
}

function withWarnings(result: ReadResult, { warnings }: IngestSource): ReadResult {
  return result.status === 'ok' ? { ...result, warnings: [...warnings, ...result.warnings] } : result;
}

function refusedByStore(error: unknown): ReadResult {
  if (!(error instanceof SamplesRefusedError)) throw error;
  const rejection = { code: error.code, message: error.message, hint: null, line: null, column: null };
  return { status: 'rejected', format: null, header: null, rejection };
}
