import type { FileHead } from '../formats/format.ts';
import { PmFileError } from '../pm-file-error.ts';
import { type CsvHeader, parseCsvHeader, splitCsvRow } from './csv-header.ts';
import { CsvRows } from './csv-rows.ts';

/** The header and the first rows of what may be a table. */
export interface CsvHead {
  readonly header: CsvHeader;
  readonly rows: readonly (readonly string[])[];
}

const MAX_SAMPLE_ROWS = 200;
const PIECE_BYTES = 4096;
const heads = new WeakMap<FileHead, CsvHead | null>();

/** What the beginning of a file shows of a table; null where it is none. */
export function csvHead(head: FileHead): CsvHead | null {
  const known = heads.get(head);
  if (known !== undefined) return known;
  const made = head.xmlRoot !== null || /^\s*[<{[]/.test(head.text) || head.text.includes('\0') ? null : read(head);
  heads.set(head, made);
  return made;
}

function read(head: FileHead): CsvHead | null {
  const [first, ...rest] = rowsOf(head);
  if (first === undefined) return null;
  const header = parseCsvHeader(first);
  if (header.width < 2) return null;
  const rows = rest.map((row) => splitCsvRow(row, header.delimiter)).filter((row) => row !== null);
  return { header, rows };
}

/** The first rows; the last one may be cut off, and is left out where there are others. */
function rowsOf(head: FileHead): string[] {
  const isWide = head.bom === 'utf-16le' || head.bom === 'utf-16be';
  const bytes = isWide ? Buffer.from(head.text) : head.bytes.subarray(head.bomLength);
  const rows: string[] = [];
  const cutter = new CsvRows(
    (row) => rows.push(row),
    Number.POSITIVE_INFINITY,
    () => undefined,
  );
  try {
    for (let at = 0; at < bytes.length && rows.length <= MAX_SAMPLE_ROWS; at += PIECE_BYTES) {
      cutter.write(bytes.subarray(at, at + PIECE_BYTES));
    }
    if (rows.length === 0) cutter.end();
  } catch (error) {
    // What is wrong is said where the file is read, with its place.
    if (!(error instanceof PmFileError)) throw error;
  }
  return rows.slice(0, MAX_SAMPLE_ROWS + 1);
}
