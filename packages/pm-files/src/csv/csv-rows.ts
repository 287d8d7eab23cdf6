import { isUtf8 } from 'node:buffer';
import { refuse } from '../pm-file-error.ts';
import { ByteBuffer } from '../values/byte-buffer.ts';

const NEWLINE = 0x0a;
const QUOTE = 0x22;

/** Receives each row with the line on which it begins, and whether no line end follows; blank rows are left out. */
export type CsvRowHandler = (row: string, line: number, isOpen: boolean) => void;

/**
 * Cuts bytes into rows: newlines inside quotes belong to the row. UTF-8, or CP949 (Korean) where the first row that is
 * not ASCII is not UTF-8. Memory: one row.
 */
export class CsvRows {
  readonly #handle: CsvRowHandler;
  readonly #maxRowBytes: number;
  readonly #onKorean: (line: number) => void;
  readonly #carry = new ByteBuffer();
  #encoding: 'unknown' | 'utf-8' | 'euc-kr' = 'unknown';
  #korean = new TextDecoder('euc-kr', { fatal: true });
  #line = 1;
  #linesInRow = 0;
  #isInQuotes = false;
  /** In the chunk at hand; -1: none. Looked for once, so that the work stays linear. */
  #nextQuote = -1;

  constructor(handle: CsvRowHandler, maxRowBytes: number, onKorean: (line: number) => void) {
    this.#handle = handle;
    this.#maxRowBytes = maxRowBytes;
    this.#onKorean = onKorean;
  }

  write(chunk: Uint8Array): void {
    let start = 0;
    this.#nextQuote = chunk.indexOf(QUOTE);
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#take(chunk, start, end);
      this.#linesInRow += 1;
      if (this.#isInQuotes) this.#carry.appendByte(NEWLINE);
      else this.#finishRow(false);
      start = end + 1;
    }
    this.#take(chunk, start, chunk.length);
  }

  /** Handles what follows the last newline; true where there is something. */
  end(): boolean {
    if (this.#isInQuotes) {
      const hint = 'The file seems to be cut off, or a quote is not closed.';
      throw refuse('truncated', 'the file ends inside a quoted field', hint, { line: this.#line, column: 1 });
    }
    const isOpen = this.#carry.length > 0;
    this.#finishRow(true);
    return isOpen;
  }

  #take(chunk: Uint8Array, start: number, end: number): void {
    while (this.#nextQuote >= 0 && this.#nextQuote < end) {
      this.#isInQuotes = !this.#isInQuotes;
      this.#nextQuote = chunk.indexOf(QUOTE, this.#nextQuote + 1);
    }
    this.#carry.append(chunk, start, end);
    if (this.#carry.length <= this.#maxRowBytes) return;
    const hint = 'A quote may not be closed, or it is no CSV file.';
    throw refuse('row_too_long', `a row is longer than ${this.#maxRowBytes} bytes`, hint, {
      line: this.#line,
      column: 1,
    });
  }

  #finishRow(isOpen: boolean): void {
    const row = this.#decode();
    const line = this.#line;
    this.#line += this.#linesInRow;
    this.#linesInRow = 0;
    this.#carry.clear();
    const text = row.endsWith('\r') ? row.slice(0, -1) : row;
    if (text.trim() !== '') this.#handle(text, line, isOpen);
  }

  #decode(): string {
    const text = this.#carry.utf8();
    if (text.length === this.#carry.length && !text.includes('\ufffd')) return text;
    const bytes = this.#carry.bytes.subarray(0, this.#carry.length);
    if (this.#encoding === 'unknown') {
      this.#encoding = isUtf8(bytes) ? 'utf-8' : 'euc-kr';
      if (this.#encoding === 'euc-kr') this.#onKorean(this.#line);
    }
    if (this.#encoding === 'utf-8' && isUtf8(bytes)) return text;
    try {
      if (this.#encoding === 'euc-kr') return this.#korean.decode(bytes);
    } catch {}
    const message = 'the row is neither valid UTF-8 nor in the encoding of the rows before';
    throw refuse('encoding_invalid', message, 'Export the file as UTF-8.', { line: this.#line, column: 1 });
  }
}
