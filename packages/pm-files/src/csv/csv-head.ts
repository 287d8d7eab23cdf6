import { isUtf8 } from 'node:buffer';
import type { FileHead } from '../formats/format.ts';
import { type CsvHeader, parseCsvHeader, splitCsvRow } from './csv-header.ts';

/** The header and the first rows of what may be a table. */
export interface CsvHead {
  readonly header: CsvHeader;
  readonly rows: readonly (readonly string[])[];
}

const MAX_SAMPLE_ROWS = 200;
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
  const [first, ...rest] = linesOf(head);
  if (first === undefined) return null;
  const header = parseCsvHeader(first);
  if (header.width < 2) return null;
  const rows = rest.map((line) => splitCsvRow(line, header.delimiter)).filter((row) => row !== null);
  return { header, rows };
}

/** The first lines that are not blank; the last one may be cut off, and is left out where there are others. */
function linesOf(head: FileHead): string[] {
  const isWide = head.bom === 'utf-16le' || head.bom === 'utf-16be';
  const raw = head.text.split(/\r?\n/, MAX_SAMPLE_ROWS + 2);
  const whole = raw.length > 1 ? raw.slice(0, -1) : raw;
  const lines = whole.filter((line) => line.trim() !== '').slice(0, MAX_SAMPLE_ROWS + 1);
  return isWide ? lines : lines.map(decoded);
}

/** The text of a line of which each character is a byte. */
function decoded(line: string): string {
  const bytes = Buffer.from(line, 'latin1');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return new TextDecoder('euc-kr').decode(bytes);
}
