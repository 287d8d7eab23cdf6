import type { Page } from '../page.ts';

/** Where the content of a refused file can be had again. */
export type RefusedSource =
  /** A file that stays where it is; `entry`: of the archive that it is. */
  | { readonly kind: 'path'; readonly path: string; readonly entry: string | null }
  /** Sent by a client; `entry`: of the archive that was sent. */
  | { readonly kind: 'upload'; readonly entry: string | null }
  /** Refused by a version that did not say. */
  | { readonly kind: 'unknown' };

/** Options that were in effect for files that do not say. */
export interface RefusedOptions {
  readonly ne: string | null;
  readonly cell: string | null;
  /** IANA name. */
  readonly timeZone: string | null;
}

/** Why a file was refused. */
export interface RefusalError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  /** In the unpacked file, from 1. */
  readonly line: number | null;
  readonly column: number | null;
}

/** A file that is refused now. */
export interface Refusal {
  /** 64 hex digits that stand for where it came from: the same place is one entry. */
  readonly origin: string;
  /** Of the unpacked content; null where it cannot be read. */
  readonly sha256: string | null;
  readonly name: string;
  readonly format: string | null;
  readonly error: RefusalError;
  readonly source: RefusedSource;
  readonly options: RefusedOptions;
}

/** What there is to read again. `not_kept` says why. */
export type RefusedContent =
  | { readonly state: 'in_place' }
  | { readonly state: 'kept'; readonly packedBytes: number }
  | { readonly state: 'not_kept'; readonly note: string };

export interface QuarantineEntry extends Refusal {
  readonly id: number;
  readonly content: RefusedContent;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** How often it was refused. */
  readonly times: number;
}

/** Why the content of a refusal is not handed over, or how to read it. */
export type ContentToKeep =
  | { readonly read: () => AsyncIterable<Uint8Array> }
  | { readonly note: string }
  /** It stays where it came from. */
  | null;

/** The refused files of the ingest log: entries that are read again until they are taken, or discarded. */
export interface QuarantineLog {
  /**
   * Makes an entry, or brings the one of the same origin up to date. Content that is handed over is kept packed, within the
   * bounds of the store; where it cannot be, the entry says why.
   */
  record(refusal: Refusal, content: ContentToKeep): Promise<void>;
  /** Brings an entry up to date; its origin and content stay. False where it is gone. */
  refuseAgain(id: number, refusal: Pick<Refusal, 'format' | 'error'> & { sha256?: string | null }): Promise<boolean>;
  /** The newest first. */
  list(query: { readonly limit: number; readonly cursor?: string }): Promise<Page<QuarantineEntry>>;
  count(): Promise<number>;
  find(ids: readonly number[]): Promise<readonly QuarantineEntry[]>;
  /**
   * Entries that a person may mean by a text: by the beginning of the SHA-256 (4 digits or more), by the name, also without
   * its folders, or by the absolute path. The newest first.
   */
  search(by: { readonly text: string; readonly path: string }, limit: number): Promise<readonly QuarantineEntry[]>;
  /** The kept content, unpacked. Throws NOT_FOUND where the entry goes meanwhile. */
  content(id: number): AsyncIterable<Uint8Array>;
  /** Removes the entries of these origins: what was there has been taken. */
  settle(origins: readonly string[]): Promise<void>;
  /** Removes entries with what was kept of them; returns the ids of those that were there. */
  discard(ids: readonly number[]): Promise<readonly number[]>;
}

/** How much is kept of refused uploads, in bytes as stored (packed). */
export interface QuarantineLimits {
  readonly maxFileBytes: number;
  readonly maxTotalBytes: number;
}

export const DEFAULT_QUARANTINE_LIMITS: QuarantineLimits = { maxFileBytes: 64 * 2 ** 20, maxTotalBytes: 2 ** 30 };
