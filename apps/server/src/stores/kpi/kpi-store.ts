import type { Polarity } from '@pegboard/comparison';
import type { MeasurementBlock } from '@pegboard/pm-files';
import type { Page } from '../page.ts';
import type { QuarantineLog } from './quarantine-log.ts';

/** How a counter aggregates (TS 32.401 / TS 28.552): sums, time-weighted means, re-weighted ratios, histogram bins. */
export type PegKind = 'cumulative' | 'gauge' | 'derived' | 'distribution';

export interface NetworkElement {
  readonly id: number;
  readonly name: string;
  readonly userLabel: string | null;
  readonly vendor: string | null;
  readonly swVersion: string | null;
}

/** A measured object. A cell is one with a `cellId`. */
export interface MeasuredObject {
  readonly id: number;
  readonly neId: number;
  readonly ne: string;
  /** Name as the file gives it. */
  readonly ldn: string;
  /** Object class: the attribute of the last RDN, e.g. `NRCellDU`. */
  readonly objectClass: string;
  readonly cellId: string | null;
  readonly rat: string | null;
}

/** A PEG. What nobody has said of it (unit, kind, polarity, weight, thresholds) is what the shipped catalogue says. */
export interface Peg {
  readonly id: number;
  readonly name: string;
  /** Object class of 3GPP files, or the family name of exports. */
  readonly family: string;
  readonly rat: string | null;
  readonly unit: string | null;
  readonly kind: PegKind | null;
  readonly polarity: Polarity | null;
  /** 1–10; null: default. */
  readonly weight: number | null;
  readonly critical: boolean;
  readonly thresholds: Readonly<Record<string, number>> | null;
  readonly description: string | null;
  /** The counter that it is a sub-counter of, or its own name. */
  readonly base: string;
  /** Values by dimension, e.g. `{QCI: '9'}`; empty for the counter itself. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** The `.sum` of a counter: the total of its sub-counters, never added to them. */
  readonly isTotal: boolean;
  /** For derived counters: the counter that weights them; null: time does. */
  readonly weightedBy: string | null;
  readonly category: string | null;
}

/** What is known of a PEG beside its samples; keys that are absent stay as they are. */
export interface PegMetadata {
  readonly family: string;
  readonly name: string;
  readonly unit?: string | null;
  readonly kind?: PegKind | null;
  readonly polarity?: Polarity | null;
  readonly weight?: number | null;
  readonly critical?: boolean;
  readonly thresholds?: Readonly<Record<string, number>> | null;
  readonly description?: string | null;
}

/** Half-open UTC interval in ms since the epoch. */
export interface TimeInterval {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface SampleSelection {
  /** Objects to read; null: all. */
  readonly objectIds: readonly number[] | null;
  /** PEGs to read; null: all. */
  readonly pegIds: readonly number[] | null;
  readonly interval: TimeInterval;
  /** `object`: object, group, begin ascending; `time`: begin, object, group ascending; `none`: as stored, the fastest. */
  readonly order: 'none' | 'object' | 'time';
}

/** One stored block, valid only during the call: `values` is reused. */
export interface StoredBlock {
  readonly objectId: number;
  /** PEG ids parallel to `values`; the same array object for all blocks of one counter group. */
  readonly pegIds: Int32Array;
  readonly beginMs: number;
  readonly granularityS: number;
  readonly suspect: boolean;
  /** NaN where missing; only the first `length` elements count, PEGs beyond it are missing. */
  readonly values: Float64Array;
  readonly length: number;
}

/** A file that is taken, for the ingest log. */
export interface IngestFileRecord {
  readonly sha256: string;
  readonly name: string;
  readonly format: string | null;
  readonly sender: string | null;
  readonly swVersion: string | null;
  readonly periodBeginMs: number | null;
  readonly periodEndMs: number | null;
  readonly values: number;
  readonly numbers: number;
  readonly warnings: readonly { code: string; message: string; line: number | null; count: number }[];
  /** Origins whose entries of the quarantine are settled by it, beside those of the same content. */
  readonly settles: readonly string[];
}

/** A row of the ingest log. */
export interface IngestFileRow extends Omit<IngestFileRecord, 'sha256' | 'settles'> {
  readonly id: number;
  /** Null for a file that could not be read. */
  readonly sha256: string | null;
  readonly status: 'ok' | 'quarantined';
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly errorLine: number | null;
  /** When it was taken, or last refused. */
  readonly ingestedAtMs: number;
}

/**
 * Collects the blocks of files and writes them. Blocks of one file become visible all together or not at all.
 *
 * `add` is synchronous and copies. When `pending` passes a bound the caller awaits `spill` (large files) or ends the
 * file and awaits `commit`.
 */
export interface SampleWriter {
  /** Begins a file; what was added since the last `endFile` or `dropFile` belongs to none and must not exist. */
  beginFile(): void;
  add(block: MeasurementBlock): void;
  /** Numbers collected and not yet sent to the store. */
  readonly pendingNumbers: number;
  /** Sends what the open file collected so far inside its transaction. Not visible to others before `commit`. */
  spill(): Promise<void>;
  /** Takes the open file, with its row of the ingest log, to be made durable by the next `commit`. */
  endFile(record: IngestFileRecord): void;
  /** Forgets all of the open file, also what was spilled. */
  dropFile(): Promise<void>;
  /**
   * Makes the ended files durable. Returns what was new.
   * A file whose content another process took meanwhile is reported in `duplicates` by its sha256.
   */
  commit(): Promise<CommitReport>;
  close(): Promise<void>;
}

/** Thrown by `add` and `spill` where a file holds what the store cannot take; the file is to be dropped. */
export class SamplesRefusedError extends Error {
  /** Stable machine-readable code in snake_case. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'SamplesRefusedError';
    this.code = code;
  }
}

export interface CommitReport {
  /** Blocks that did not exist before, and blocks that existed and were merged. */
  readonly insertedBlocks: number;
  readonly mergedBlocks: number;
  readonly duplicates: readonly string[];
  /** Files whose data was refused by the store, e.g. too many new days, with the reason. */
  readonly refused: readonly { readonly sha256: string; readonly code: string; readonly message: string }[];
}

/** The store of raw samples, of the objects and counters they belong to, and of the ingest log. */
export interface KpiStore {
  openWriter(): SampleWriter;
  /** Which of these contents have been taken already. */
  knownFiles(sha256: readonly string[]): Promise<ReadonlySet<string>>;
  /** Files that were refused. */
  readonly quarantine: QuarantineLog;
  listFiles(query: { status?: 'ok' | 'quarantined'; limit: number; cursor?: string }): Promise<Page<IngestFileRow>>;

  networkElements(): Promise<readonly NetworkElement[]>;
  measuredObjects(): Promise<readonly MeasuredObject[]>;
  pegs(): Promise<readonly Peg[]>;
  /** Inserts or updates; creates PEGs that are not known yet. Returns how many rows changed. */
  describePegs(pegs: readonly PegMetadata[]): Promise<number>;

  /** Calls `visit` for each block; an error of `visit` or an aborted signal ends the read and rejects. */
  scan(selection: SampleSelection, visit: (block: StoredBlock) => void, signal?: AbortSignal): Promise<void>;
  /** Begin of the first and end of the last sample, over all; null for an empty store. */
  extent(): Promise<TimeInterval | null>;

  /** Drops whole days (UTC) that ended before the given time. Returns the days dropped, `YYYY-MM-DD`. */
  dropDaysBefore(timeMs: number): Promise<readonly string[]>;
  /** Resolves when the store answers and its migrations are done; rejects otherwise. */
  ping(): Promise<void>;
}
