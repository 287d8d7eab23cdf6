/** Binary COPY of `pegboard.pm_block`: rows from the server. */
import { endianness } from 'node:os';
import { COLUMNS, POSTGRES_EPOCH_MS, SIGNATURE, TRAILER, TWO_32 } from './block-encoder.ts';

/**
 * How the values of a row arrive: `elements` as PostgreSQL sends arrays, each with its length (12 bytes a value, and most
 * of the server's time); `raw` as the server holds them in memory (8 bytes a value), by the function
 * `pegboard.block_bytes`.
 */
export type ValuesFormat = 'elements' | 'raw';

/** Bytes of a row before its values: field count, five scalars with lengths, length of the values. */
const ROW_HEAD_BYTES = 2 + 8 + 8 + 12 + 8 + 5 + 4;
/** Of the wire format of an array with one dimension: dimensions, flags, type, size, lower bound. */
const ARRAY_HEAD_BYTES = 20;
const ELEMENT_BYTES = 12;
/** Length word that the server keeps in front of an array, which is not sent; offsets in the array count it. */
const VARLENA_HEAD_BYTES = 4;
const NULL_BITMAP_AT = 20;

/** What `pegboard.block_bytes('{1,NULL,-2}')` is where raw values can be read. */
export const RAW_SAMPLE = Buffer.from(
  '0100000020000000bd02000003000000010000000500000000000000000000000000f03f00000000000000c0',
  'hex',
);
export const CAN_READ_RAW = endianness() === 'LE';

/** A decoded row; `values` is reused from row to row. */
export interface DecodedBlock {
  objectId: number;
  groupId: number;
  beginMs: number;
  granularityS: number;
  suspect: boolean;
  /** NaN where NULL; the first `length` elements count. */
  values: Float64Array;
  length: number;
}

/** Decodes the messages of a binary COPY. */
export class BlockDecoder {
  readonly #block: DecodedBlock = {
    objectId: 0,
    groupId: 0,
    beginMs: 0,
    granularityS: 0,
    suspect: false,
    values: new Float64Array(256),
    length: 0,
  };
  readonly #visit: (block: DecodedBlock) => void;
  readonly #readValues: (bytes: Buffer, view: DataView, at: number, size: number) => void;
  /** The bytes of `#block.values`, and of the values of a row with missing ones. */
  #valueBytes: Buffer;
  #packed = new Float64Array(0);
  #headerSeen = false;
  #complete = false;

  constructor(format: ValuesFormat, visit: (block: DecodedBlock) => void) {
    this.#visit = visit;
    this.#readValues = format === 'raw' ? this.#readRaw : this.#readElements;
    this.#valueBytes = bytesOf(this.#block.values);
  }

  /** Takes the content of one CopyData message: a row, the first one behind the header, or the trailer. */
  readonly message = (bytes: Buffer, view: DataView, messageAt: number, messageSize: number): void => {
    let at = messageAt;
    let size = messageSize;
    if (!this.#headerSeen) {
      this.#headerSeen = true;
      at += SIGNATURE.length;
      size -= SIGNATURE.length;
      if (size === 0) return;
    }
    if (view.getInt16(at) === COLUMNS) this.#decode(bytes, view, at, size - ROW_HEAD_BYTES);
    else this.#complete = size === TRAILER.length;
  };

  /** Whether the trailer was seen, and so all rows before it. */
  get complete(): boolean {
    return this.#complete;
  }

  #decode(bytes: Buffer, view: DataView, at: number, size: number): void {
    const block = this.#block;
    block.objectId = view.getInt32(at + 6);
    block.groupId = view.getInt32(at + 14);
    block.beginMs = readInt64(view, at + 22) / 1000 + POSTGRES_EPOCH_MS;
    block.granularityS = view.getInt32(at + 34);
    block.suspect = view.getUint8(at + 42) !== 0;
    this.#readValues(bytes, view, at + ROW_HEAD_BYTES, size);
    this.#visit(block);
  }

  #readElements(_bytes: Buffer, view: DataView, at: number, size: number): void {
    const length = size < ARRAY_HEAD_BYTES ? 0 : view.getInt32(at + 12);
    const values = this.#room(length);
    let from = at + ARRAY_HEAD_BYTES;
    if (size === ARRAY_HEAD_BYTES + length * ELEMENT_BYTES) {
      from += 4;
      for (let i = 0; i < length; i++, from += ELEMENT_BYTES) values[i] = view.getFloat64(from);
      return;
    }
    for (let i = 0; i < length; i++) {
      const isNull = view.getInt32(from) < 0;
      values[i] = isNull ? Number.NaN : view.getFloat64(from + 4);
      from += isNull ? 4 : ELEMENT_BYTES;
    }
  }

  #readRaw(bytes: Buffer, view: DataView, at: number, size: number): void {
    const length = size < ARRAY_HEAD_BYTES ? 0 : view.getInt32(at + 12, true);
    const values = this.#room(length);
    const dataOffset = view.getInt32(at + 4, true);
    if (dataOffset === 0) {
      bytes.copy(this.#valueBytes, 0, at + ARRAY_HEAD_BYTES, at + size);
      return;
    }
    const packedAt = at + dataOffset - VARLENA_HEAD_BYTES;
    bytes.copy(bytesOf(this.#packed), 0, packedAt, at + size);
    const packed = this.#packed;
    for (let i = 0, next = 0; i < length; i++) {
      const isPresent = (bytes[at + NULL_BITMAP_AT + (i >> 3)] >> (i & 7)) & 1;
      values[i] = isPresent ? packed[next++] : Number.NaN;
    }
  }

  #room(length: number): Float64Array {
    const block = this.#block;
    block.length = length;
    if (block.values.length < length) {
      block.values = new Float64Array(length * 2);
      this.#valueBytes = bytesOf(block.values);
    }
    if (this.#packed.length < block.values.length) this.#packed = new Float64Array(block.values.length);
    return block.values;
  }
}

function bytesOf(values: Float64Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

function readInt64(view: DataView, at: number): number {
  return view.getInt32(at) * TWO_32 + view.getUint32(at + 4);
}
