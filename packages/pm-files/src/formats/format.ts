import type { ReadOptions } from '../measurement.ts';
import type { ReadSession } from '../read-session.ts';

/** The bounded beginning of an unpacked file, by which its format is recognised. */
export interface FileHead {
  readonly bytes: Uint8Array;
  /** The byte order mark that the file begins with, and its length in bytes. */
  readonly bom: 'utf-8' | 'utf-16le' | 'utf-16be' | null;
  readonly bomLength: number;
  /** The bytes without it as text, one character a byte (UTF-16 decoded where there is a byte order mark). */
  readonly text: string;
  /** What the XML root seems to be, by local name; null where the file does not look like XML. */
  readonly xmlRoot: string | null;
}

/** Whether a file is of a format; where it nearly is, `reason` says what is missing. */
type Detection = { readonly isMatch: true } | { readonly isMatch: false; readonly reason: string | null };

/** Reads one file of a format. Throws `PmFileError` to refuse it. */
export interface FormatReader {
  write(chunk: Uint8Array): void;
  /** Takes the last chunk (perhaps empty) and completes the file. */
  end(chunk: Uint8Array): void;
}

/** A PM file format. The registry lists them all. */
export interface PmFormat {
  /** Stable name, e.g. `3gpp-32.435-xml`; it appears in results and in the ingest log. */
  readonly name: string;
  detect(head: FileHead, options: ReadOptions): Detection;
  open(head: FileHead, session: ReadSession): FormatReader;
}
