/** Rows of a binary COPY (`COPY … TO STDOUT (FORMAT binary)`), from pieces of any size. */

/** Signature, flags, and the length of what extends the header. */
const HEADER_BYTES = 19;
/** A row begins with its number of fields; the trailer has −1 in its place. */
const TRAILER_BYTE = 0xff;
const MAX_ROW_BYTES = 2 ** 30;

const NOTHING: Buffer = Buffer.alloc(0);

/** Bytes of rows and a view of the same memory. */
export interface RowBytes {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/**
 * Told of each row: field `i` stands in `row` from `at[i]` to `at[i + 1]` (its length as an int32, then the content; −1:
 * NULL). Both are valid during the call only.
 */
export type VisitRow = (row: RowBytes, at: Int32Array) => void;

/** Finds where rows and their fields begin; copies only what a piece cuts in two. A server sends a row a piece. */
export class CopyRowReader {
  readonly #visit: VisitRow;
  readonly #at: Int32Array;
  #rest = NOTHING;
  #headerSeen = false;
  #ended = false;

  constructor(fields: number, visit: VisitRow) {
    this.#visit = visit;
    this.#at = new Int32Array(fields + 1);
  }

  /** Takes `size` bytes of the row bytes from `from` on. */
  write(row: RowBytes, from: number, size: number): void {
    if (this.#rest.length > MAX_ROW_BYTES) throw new RangeError(`a row has more than ${MAX_ROW_BYTES} bytes`);
    if (this.#rest.length > 0) {
      const bytes = Buffer.concat([this.#rest, row.bytes.subarray(from, from + size)]);
      this.#read({ bytes, view: viewOf(bytes) }, 0, bytes.length);
    } else this.#read(row, from, from + size);
  }

  /** Whether the trailer was met: all rows have come. */
  get isComplete(): boolean {
    return this.#ended;
  }

  #read(row: RowBytes, from: number, to: number): void {
    const { bytes, view } = row;
    let at = this.#headerSeen ? from : this.#passHeader(view, from, to);
    while (this.#headerSeen && at + 2 <= to) {
      if (bytes[at] === TRAILER_BYTE) {
        this.#ended = true;
        at = to;
        break;
      }
      const end = this.#findFields(view, at + 2, to);
      if (end < 0) break;
      this.#visit(row, this.#at);
      at = end;
    }
    this.#rest = at < to ? Buffer.from(bytes.subarray(at, to)) : NOTHING;
  }

  #passHeader(view: DataView, from: number, to: number): number {
    if (to - from < HEADER_BYTES) return from;
    const end = from + HEADER_BYTES + view.getInt32(from + HEADER_BYTES - 4);
    this.#headerSeen = end <= to;
    return this.#headerSeen ? end : from;
  }

  /** Where the row that begins at `start` ends; −1: beyond `to`. */
  #findFields(view: DataView, start: number, to: number): number {
    const fields = this.#at;
    const count = fields.length - 1;
    let at = start;
    for (let field = 0; field < count; field++) {
      if (at + 4 > to) return -1;
      fields[field] = at;
      const size = view.getInt32(at);
      at += size < 0 ? 4 : 4 + size;
    }
    fields[count] = at;
    return at <= to ? at : -1;
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The length of the field at `at`; −1: NULL. */
export function fieldLength({ view }: RowBytes, at: number): number {
  return view.getInt32(at);
}

/** The text of the field at `at`; null where it is NULL. */
export function textField({ bytes, view }: RowBytes, at: number): string | null {
  const length = view.getInt32(at);
  return length < 0 ? null : bytes.toString('utf8', at + 4, at + 4 + length);
}

const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** The time of the field at `at` (timestamp with or without a zone), ms since 1970; it must not be NULL. */
export function timeField({ view }: RowBytes, at: number): number {
  const micros = view.getInt32(at + 4) * 2 ** 32 + view.getUint32(at + 8);
  return Math.floor(micros / 1000) + POSTGRES_EPOCH_MS;
}

/** Whether `length` bytes from `a` on are those of another view from `b` on. */
export function isSameBytes(first: DataView, a: number, second: DataView, b: number, length: number): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4) if (first.getInt32(a + i) !== second.getInt32(b + i)) return false;
  for (; i < length; i++) if (first.getInt8(a + i) !== second.getInt8(b + i)) return false;
  return true;
}
