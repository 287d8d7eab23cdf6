/** Rows of a binary COPY (`COPY … TO STDOUT (FORMAT binary)`), from pieces of any size. */

/** Signature, flags, and the length of what extends the header. */
const HEADER_BYTES = 19;
/** A row begins with its number of fields; the trailer has −1 in its place. */
const TRAILER_BYTE = 0xff;

/**
 * Told of each row: `bytes` hold it from `start`, at its first field (length as an int32, then the content; −1: NULL).
 */
export type VisitRow = (bytes: Buffer, start: number, end: number) => void;

/** Finds where rows begin and end; copies only what a piece cuts in two, and that into memory that is used again. */
export class CopyRowReader {
  readonly #fields: number;
  readonly #visit: VisitRow;
  #rest = Buffer.allocUnsafe(1 << 17);
  #restLength = 0;
  #headerSeen = false;
  #ended = false;

  constructor(fields: number, visit: VisitRow) {
    this.#fields = fields;
    this.#visit = visit;
  }

  write(piece: Buffer): void {
    const bytes = this.#restLength === 0 ? piece : this.#joined(piece);
    let at = 0;
    if (!this.#headerSeen && bytes.length >= HEADER_BYTES) {
      const headerEnd = HEADER_BYTES + bytes.readInt32BE(HEADER_BYTES - 4);
      this.#headerSeen = bytes.length >= headerEnd;
      if (this.#headerSeen) at = headerEnd;
    }
    while (this.#headerSeen && at + 2 <= bytes.length) {
      if (bytes[at] === TRAILER_BYTE) {
        this.#ended = true;
        break;
      }
      const end = this.#endOfRow(bytes, at + 2);
      if (end < 0) break;
      this.#visit(bytes, at + 2, end);
      at = end;
    }
    this.#keep(bytes.subarray(at));
  }

  /** Whether the trailer was met: all rows have come. */
  get isComplete(): boolean {
    return this.#ended;
  }

  #joined(piece: Buffer): Buffer {
    const length = this.#restLength + piece.length;
    if (length > this.#rest.length) {
      const larger = Buffer.allocUnsafe(2 * length);
      this.#rest.copy(larger, 0, 0, this.#restLength);
      this.#rest = larger;
    }
    piece.copy(this.#rest, this.#restLength);
    return this.#rest.subarray(0, length);
  }

  #keep(left: Buffer): void {
    if (left.length > this.#rest.length) this.#rest = Buffer.allocUnsafe(2 * left.length);
    left.copy(this.#rest);
    this.#restLength = left.length;
  }

  #endOfRow(bytes: Buffer, start: number): number {
    let at = start;
    const { length } = bytes;
    for (let field = 0; field < this.#fields; field++) {
      if (at + 4 > length) return -1;
      const size = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
      at += size < 0 ? 4 : 4 + size;
    }
    return at <= length ? at : -1;
  }
}

/** The length of the field at `at`; −1: NULL. */
export function fieldLength(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}

/** Where the field behind the one at `at` begins. */
export function nextField(bytes: Uint8Array, at: number): number {
  const length = fieldLength(bytes, at);
  return length < 0 ? at + 4 : at + 4 + length;
}

/** The text of the field at `at`; null where it is NULL. */
export function textField(bytes: Buffer, at: number): string | null {
  const length = fieldLength(bytes, at);
  return length < 0 ? null : bytes.toString('utf8', at + 4, at + 4 + length);
}

const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** The time of the field at `at` (timestamp with or without a zone), ms since 1970; it must not be NULL. */
export function timeField(bytes: Buffer, at: number): number {
  const micros = bytes.readInt32BE(at + 4) * 2 ** 32 + bytes.readUInt32BE(at + 8);
  return Math.floor(micros / 1000) + POSTGRES_EPOCH_MS;
}
