import type { DecimalMark } from '@pegboard/pm-files';
import type { Counted, SkipReason } from './import-tally.ts';
import type { Layout, Role } from './table-columns.ts';
import type { ValueKind } from './value-text.ts';

/** What to import, and how to read it. */
export interface ImportRequest {
  /** URL without password, or name of a configured source. */
  readonly from: string;
  /** `table` or `schema.table`. */
  readonly table: string;
  readonly layout: Layout | 'auto';
  /** Column by role; an empty name: the role has none. Roles that are not given are found by usual names. */
  readonly columns: Partial<Record<Role, string>>;
  /** Half-open interval of the time that the periods cover, ms since the epoch; null: no bound. */
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
  /** IANA name of the zone of times without one. */
  readonly sourceTimeZone: string;
  /** Whether the times are those of begins or of ends of periods. */
  readonly timestamp: 'begin' | 'end';
  /** Length of the periods in seconds; null: inferred. */
  readonly granularityS: number | null;
  /** Length of the periods of some families, whatever that of others is. */
  readonly familyGranularityS: Readonly<Record<string, number>>;
  /** What separates the fraction in values that are texts; `either`: as each value shows, where it is not ambiguous. */
  readonly decimalMark: DecimalMark;
  /** Names of the dimension that is the cell in the JSONB layout; null: the usual ones. */
  readonly cellDimensions: readonly string[] | null;
  /** Time before the newest that was read that is read again, for rows that were committed late, ms. */
  readonly overlapMs: number;
  /** Keep reading; `pollMs` between looks. Null: read what is there and end. */
  readonly follow: { readonly pollMs: number } | null;
  /** Read all again, whatever was read before. */
  readonly restart: boolean;
}

export interface ImportReport {
  readonly source: {
    readonly server: string;
    readonly table: string;
    readonly kind: 'table' | 'view';
    readonly layout: Layout;
    readonly columns: Partial<Record<Role, string>>;
    /** Null for times that have a zone of their own. */
    readonly time_zone: string | null;
  };
  /** Whether all was read; false: interrupted, a later run continues. */
  readonly completed: boolean;
  /** Whether an earlier run was continued. */
  readonly continued: boolean;
  /** Time that the source had rows of, as far as this run read it; null: it had none. */
  readonly period: { readonly start: string; readonly end: string } | null;
  readonly granularity_s: { readonly default: number; readonly by_family: Readonly<Record<string, number>> } | null;
  readonly rows: number;
  readonly values: number;
  /** Values that are numbers; those with separators, percentages and levels with a unit included. */
  readonly numbers: number;
  /** Values that are not plainly numbers, by kind, with examples. */
  readonly value_kinds: Partial<Record<ValueKind, Counted>>;
  /** Rows, or parts of them, that were passed over. */
  readonly skipped: Partial<Record<SkipReason, Counted>>;
  /** Values of the same counter, object and time that came again; the later one counts. */
  readonly repeated: { readonly count: number; readonly conflicting: Counted };
  readonly network_elements: number;
  readonly objects: number;
  readonly families: number;
  readonly pegs: number;
  readonly inserted_blocks: number;
  readonly merged_blocks: number;
  readonly slices: number;
  readonly reconnects: number;
  readonly warnings: readonly string[];
  readonly elapsed_ms: number;
  readonly values_per_s: number | null;
}

/** How far a run is. */
export interface ImportState {
  readonly phase: 'reading' | 'following';
  /** Share of the time to be read that has been read, 0 … 1. */
  readonly share: number;
  /** Time that was read last, ms since the epoch. */
  readonly readToMs: number;
  readonly rows: number;
  readonly values: number;
}

export interface ImportOptions {
  /** Ends the run; what was read stays, and the report says `completed: false`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (state: ImportState) => void;
  /** Told what a person should know while the run goes on: the source is not available, and is tried again. */
  readonly onNotice?: (text: string) => void;
}

export interface ImportService {
  /**
   * Reads samples from another database.
   * @throws PegboardError DATA_VALIDATION_ERROR, UNKNOWN_NAME, UNPROCESSABLE for what is wrong with the request or the
   * source; STORE_UNAVAILABLE where a server cannot be reached: a later run continues
   */
  run(request: ImportRequest, options?: ImportOptions): Promise<ImportReport>;
}
