/**
 * What every reader of a PM file format hands on: measurement blocks, one a (measured object, granularity period),
 * with the values of an ordered list of counters.
 */

/** The managed element (network element) that reported a block. One object serves all blocks of one `measData`. */
export interface ManagedElement {
  /** The name as the file gives it (`localDn`, else `userLabel`, else the file sender); never empty. */
  readonly name: string;
  readonly userLabel: string | null;
  readonly swVersion: string | null;
  readonly vendor: string | null;
}

/**
 * The ordered counters of a block. Readers reuse one layout object for all blocks with the same counters, so a sink may
 * keep what it derives from a layout in a `Map` or `WeakMap` keyed by the object.
 */
export interface CounterLayout {
  /** The family of the counters, where the file names one (CSV exports); null: the class of the measured object. */
  readonly family: string | null;
  /** Counter names, vectors as `name[0]` … `name[k]`. No name occurs twice. */
  readonly names: readonly string[];
}

/** One measured object in one granularity period. Valid only during the call of the sink: `values` is reused. */
export interface MeasurementBlock {
  readonly managedElement: ManagedElement;
  /** The measured object's name as the file gives it; the empty string stands for the managed element itself. */
  readonly ldn: string;
  readonly layout: CounterLayout;
  /** Begin of the granularity period, whole ms since 1970-01-01T00:00:00Z. */
  readonly beginMs: number;
  /** Length of the granularity period in whole seconds. */
  readonly granularityS: number;
  readonly suspect: boolean;
  /** At least `layout.names.length` long; element i is the value of `layout.names[i]`, NaN where missing. */
  readonly values: Float64Array;
}

/** Receives the blocks of one file in file order, synchronously. */
export type MeasurementSink = (block: MeasurementBlock) => void;

/** Something harmless that a reader tolerated, said once a kind with the first line where it was seen. */
export interface ReadWarning {
  /** Stable machine-readable code in snake_case, e.g. `managed_element_missing`. */
  readonly code: string;
  readonly message: string;
  readonly line: number | null;
  /** How often it was seen. */
  readonly count: number;
}

/** Why a file was refused. `message` says what, `hint` how to mend it. */
export interface ReadRejection {
  /** Stable machine-readable code in snake_case, e.g. `not_well_formed`, `entity_declared`, `period_out_of_range`. */
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** Counts of what a file held. */
export interface ReadCounts {
  /** Measured values as written in the file: one `<r>`, one list entry, one CSV row; a vector counts once. */
  readonly values: number;
  /** Numbers handed on, after vectors are split. */
  readonly numbers: number;
  /** Values that were empty, blank, NIL, NaN or nil. */
  readonly missing: number;
  /** Values that were text where a number was expected (kept as missing, and warned of). */
  readonly notNumbers: number;
  /** Distinct (managed element, measured object) pairs. */
  readonly objects: number;
  readonly blocks: number;
}

/** What the file says of itself. */
export interface FileHeader {
  readonly sender: string | null;
  readonly vendor: string | null;
  readonly swVersion: string | null;
  readonly formatVersion: string | null;
}

export type ReadResult =
  | {
      readonly status: 'ok';
      readonly format: string;
      readonly header: FileHeader;
      readonly counts: ReadCounts;
      /** Earliest begin and latest end (exclusive) of its blocks, ms since the epoch; null without blocks. */
      readonly period: { readonly beginMs: number; readonly endMs: number } | null;
      readonly warnings: readonly ReadWarning[];
    }
  | { readonly status: 'skipped'; readonly reason: string }
  | {
      readonly status: 'rejected';
      readonly format: string | null;
      readonly header: FileHeader | null;
      readonly rejection: ReadRejection;
    };

/** Bounds on hostile input. All are settable; the defaults are in `DEFAULT_READ_LIMITS`. */
export interface ReadLimits {
  /** Bytes after unpacking. */
  readonly maxUnpackedBytes: number;
  /** Unpacked bytes per packed byte, looked at once more than 10 MB have come out. */
  readonly maxUnpackRatio: number;
  /** Nested elements. */
  readonly maxDepth: number;
  /** Bytes of one tag with its attributes. */
  readonly maxTagBytes: number;
  /** Bytes of the text of one element. */
  readonly maxTextBytes: number;
  /** Distinct counter names, vector elements counted each. */
  readonly maxCounters: number;
  /** Distinct (managed element, measured object) pairs. */
  readonly maxObjects: number;
  /** Entries of an archive. */
  readonly maxArchiveEntries: number;
  /** Bytes of all entries of an archive after unpacking. */
  readonly maxArchiveBytes: number;
}

export interface ReadOptions {
  /** Now, ms since the epoch: periods later than this plus 48 h, or before 1990, are refused. */
  readonly nowMs: number;
  /** Used where the file itself does not say. `timeZone` is an IANA name; default UTC. */
  readonly defaults?: { readonly ne?: string; readonly cell?: string; readonly timeZone?: string };
  readonly limits?: Partial<ReadLimits>;
}
