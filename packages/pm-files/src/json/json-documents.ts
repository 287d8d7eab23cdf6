import { isUtf8 } from 'node:buffer';
import { type FilePosition, type PmFileError, refuse } from '../pm-file-error.ts';
import { ByteBuffer } from '../values/byte-buffer.ts';

/** A JSON document of a file is held whole; a file may hold many, one after another. */
const MAX_DOCUMENT_BYTES = 64 * 1024 ** 2;
/** Objects and arrays of a document: they take more memory than their text. */
const MAX_CONTAINERS = 3_000_000;

const HINT_TRUNCATED = 'The file seems to be cut off; transfer it again.';
const HINT_DAMAGED = 'The file is damaged or was not written by a JSON writer; export or transfer it again.';
const HINT_LARGE = 'Write one event a line (NDJSON): such files may be of any size.';

/** Receives each document with the lines on which it begins and ends. */
export type JsonDocumentHandler = (value: unknown, line: number, lastLine: number) => void;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;

/** What a byte outside strings is to the search for the end of a document; 0: nothing. */
const SPACE = 1;
const OPENS = 2;
const CLOSES = 3;
const STRING = 4;
const KIND: Uint8Array = (() => {
  const kind = new Uint8Array(256);
  for (const char of ' \t\r\n') kind[char.charCodeAt(0)] = SPACE;
  for (const char of '{[') kind[char.charCodeAt(0)] = OPENS;
  for (const char of '}]') kind[char.charCodeAt(0)] = CLOSES;
  kind[QUOTE] = STRING;
  return kind;
})();

/**
 * Cuts bytes into JSON documents, objects or arrays, with nothing but white space between them, and parses each. Bounded
 * in depth, bytes and number of containers before anything is parsed. Throws `PmFileError`.
 */
export class JsonDocuments {
  readonly #handle: JsonDocumentHandler;
  readonly #maxDepth: number;
  readonly #document = new ByteBuffer();
  #depth = 0;
  #containers = 0;
  #isInString = false;
  #isEscaped = false;
  #line = 1;
  #documentLine = 1;

  constructor(handle: JsonDocumentHandler, maxDepth: number) {
    this.#handle = handle;
    this.#maxDepth = maxDepth;
  }

  write(chunk: Uint8Array): void {
    let start = 0;
    for (let i = 0; i < chunk.length; i += 1) {
      const byte = chunk[i];
      if (byte === NEWLINE) this.#line += 1;
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#isInString = false;
        continue;
      }
      const kind = KIND[byte];
      if (kind === OPENS) {
        if (this.#depth === 0) start = this.#begin(i);
        this.#open();
      } else if (kind === SPACE) continue;
      else if (this.#depth === 0) throw this.#stray(byte);
      else if (kind === STRING) this.#isInString = true;
      else if (kind === CLOSES) {
        this.#depth -= 1;
        if (this.#depth > 0) continue;
        this.#gather(chunk, start, i + 1);
        this.#finish();
      }
    }
    if (this.#depth > 0) this.#gather(chunk, start, chunk.length);
  }

  end(): void {
    if (this.#depth === 0) return;
    const where = this.#isInString ? 'inside a text' : `with ${this.#depth} brackets open`;
    throw refuse('truncated', `the file ends ${where}`, HINT_TRUNCATED, { line: this.#line, column: 1 });
  }

  #begin(start: number): number {
    this.#document.clear();
    this.#containers = 0;
    this.#documentLine = this.#line;
    return start;
  }

  #open(): void {
    this.#depth += 1;
    this.#containers += 1;
    if (this.#depth > this.#maxDepth) {
      const message = `objects and arrays are nested more than ${this.#maxDepth} deep`;
      throw this.#refuse('too_deep', message, 'No PM file needs that; check where the file comes from.');
    }
    if (this.#containers <= MAX_CONTAINERS) return;
    const message = `a JSON document has more than ${MAX_CONTAINERS} objects and arrays`;
    throw this.#refuse('document_too_large', message, HINT_LARGE);
  }

  #gather(chunk: Uint8Array, start: number, end: number): void {
    this.#document.append(chunk, start, end);
    if (this.#document.length <= MAX_DOCUMENT_BYTES) return;
    const message = `a JSON document is larger than ${MAX_DOCUMENT_BYTES} bytes`;
    throw this.#refuse('document_too_large', message, HINT_LARGE);
  }

  #finish(): void {
    const { bytes, length } = this.#document;
    if (!isUtf8(bytes.subarray(0, length))) {
      throw this.#refuse('encoding_invalid', 'a JSON document is not valid UTF-8', 'Export the file as UTF-8.');
    }
    this.#handle(this.#parse(this.#document.utf8()), this.#documentLine, this.#line);
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      const at = this.#placeIn(text, /at position (\d+)/.exec(detail)?.[1]);
      const what = detail.replace(/ (?:in JSON )?at position.*$/s, '').slice(0, 200);
      throw refuse('json_malformed', `the JSON is not well-formed: ${what}`, HINT_DAMAGED, at);
    }
  }

  #placeIn(text: string, offset: string | undefined): FilePosition {
    const before = text.slice(0, Number(offset ?? 0)).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    return { line: this.#documentLine + before.length - 1, column };
  }

  #stray(byte: number): PmFileError {
    const shown = byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `the byte 0x${byte.toString(16)}`;
    return this.#refuse('json_malformed', `${shown} stands where a JSON object or array is expected`, HINT_DAMAGED);
  }

  #refuse(code: string, message: string, hint: string): PmFileError {
    return refuse(code, message, hint, { line: this.#line, column: 1 });
  }
}
