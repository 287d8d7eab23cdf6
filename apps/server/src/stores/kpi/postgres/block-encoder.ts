/** Binary COPY of `pegboard.pm_block`: rows to the server. Format: PostgreSQL documentation, COPY, "Binary Format". */
import { COPY_HEAD_BYTES } from '../../../platform/postgres/copy-in.ts';

export const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
export const TRAILER = Buffer.from([0xff, 0xff]);
const FLOAT8_OID = 701;
export const COLUMNS = 6;
/** ms from 1970-01-01 to 2000-01-01, the epoch of timestamptz. */
export const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
export const TWO_32 = 2 ** 32;
/** Bytes of a row before its first array element: field count, five scalars with lengths, array length and header. */
const ROW_HEAD_BYTES = 2 + 8 + 8 + 12 + 8 + 5 + 4 + 20;
const ELEMENT_BYTES = 12;

export const COPY_COLUMNS = 'object_id, group_id, "begin", granularity_s, suspect, "values"';

/** Memory of a piece; a row that does not fit makes it larger. */
const PIECE_BYTES = (1 << 20) + (1 << 16);
/** Pieces kept to be filled again: as many as `copyIn` has on their way, and one that is filled meanwhile. */
const MAX_SPARE_PIECES = 3;

/** Encodes rows into pieces as `copyIn` takes them; each has COPY_HEAD_BYTES free at its front. For one copy at a time. */
export class BlockEncoder {
  readonly #spare: Buffer<ArrayBuffer>[] = [];
  #bytes: Buffer<ArrayBuffer> = Buffer.alloc(0);
  #view = new DataView(new ArrayBuffer(0));
  #at = 0;

  /** Starts a copy. */
  begin(): void {
    this.#take(this.#spare.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES));
    this.#at += SIGNATURE.copy(this.#bytes, this.#at);
  }

  /** Bytes encoded and not yet taken. */
  get size(): number {
    return this.#at;
  }

  /** Adds a row; `values` beyond the last present one are left out. NaN and infinities are written as NULL. */
  row(
    objectId: number,
    groupId: number,
    beginMs: number,
    granularityS: number,
    suspect: boolean,
    values: Float64Array,
    count: number,
  ): void {
    let length = count;
    while (length > 0 && !Number.isFinite(values[length - 1])) length--;
    this.#reserve(ROW_HEAD_BYTES + length * ELEMENT_BYTES);
    const view = this.#view;
    let at = this.#at;
    view.setInt16(at, COLUMNS);
    view.setInt32(at + 2, 4);
    view.setInt32(at + 6, objectId);
    view.setInt32(at + 10, 4);
    view.setInt32(at + 14, groupId);
    view.setInt32(at + 18, 8);
    writeInt64(view, at + 22, (beginMs - POSTGRES_EPOCH_MS) * 1000);
    view.setInt32(at + 30, 4);
    view.setInt32(at + 34, granularityS);
    view.setInt32(at + 38, 1);
    view.setUint8(at + 42, suspect ? 1 : 0);
    const sizeAt = at + 43;
    view.setInt32(at + 47, 1);
    view.setInt32(at + 55, FLOAT8_OID);
    view.setInt32(at + 59, length);
    view.setInt32(at + 63, 1);
    at += ROW_HEAD_BYTES;
    let hasNull = 0;
    for (let i = 0; i < length; i++) {
      const value = values[i] as number;
      if (Number.isFinite(value)) {
        view.setInt32(at, 8);
        view.setFloat64(at + 4, value);
        at += ELEMENT_BYTES;
      } else {
        view.setInt32(at, -1);
        at += 4;
        hasNull = 1;
      }
    }
    view.setInt32(sizeAt + 8, hasNull);
    view.setInt32(sizeAt, at - sizeAt - 4);
    this.#at = at;
  }

  /** Ends the stream: no row may follow. */
  end(): void {
    this.#reserve(TRAILER.length);
    this.#at += TRAILER.copy(this.#bytes, this.#at);
  }

  /** Hands out what is encoded so far and starts a new piece. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#at);
    this.#take(this.#spare.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES));
    return taken;
  }

  /** Gives the memory of a piece back that has been sent: allocating megabytes keeps the garbage collector busy. */
  release(piece: Buffer): void {
    if (this.#spare.length < MAX_SPARE_PIECES) this.#spare.push(Buffer.from(piece.buffer as ArrayBuffer));
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#use(larger);
  }

  #take(bytes: Buffer<ArrayBuffer>): void {
    this.#use(bytes);
    this.#at = COPY_HEAD_BYTES;
  }

  #use(bytes: Buffer<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}

function writeInt64(view: DataView, at: number, value: number): void {
  view.setInt32(at, Math.floor(value / TWO_32));
  view.setUint32(at + 4, value - Math.floor(value / TWO_32) * TWO_32);
}
