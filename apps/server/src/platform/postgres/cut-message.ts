/** Messages of PostgreSQL's protocol begin with a type (1 byte) and a length (int32, itself included, the type not). */
export const MESSAGE_HEAD_BYTES = 5;
const FIRST_CAPACITY = 1 << 16;
const LARGEST_KEPT = 1 << 22;
/** No field, and no row, that a server can send is larger. */
const MAX_BYTES = 2 ** 30;

/** One message that the socket delivers in several pieces. Its memory is used again for the next. */
export class CutMessage {
  #bytes = Buffer.alloc(FIRST_CAPACITY);
  #view = viewOf(this.#bytes);
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  get isWhole(): boolean {
    return this.#length >= MESSAGE_HEAD_BYTES && this.#length === this.#size;
  }

  /** The message from the beginning; what lies behind `length` is not of it. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  get view(): DataView {
    return this.#view;
  }

  get length(): number {
    return this.#length;
  }

  /**
   * Takes what belongs to the message from a piece, and tells where in the piece that ends.
   * @throws RangeError where the message is larger than any that a server can send
   */
  add(piece: Buffer, from: number): number {
    let at = from;
    while (at < piece.length && !this.isWhole) {
      const wanted = this.#length < MESSAGE_HEAD_BYTES ? MESSAGE_HEAD_BYTES : this.#size;
      if (wanted > MAX_BYTES) throw new RangeError(`the server sends a message of ${wanted} bytes`);
      const count = Math.min(wanted - this.#length, piece.length - at);
      this.#reserve(this.#length + count);
      piece.copy(this.#bytes, this.#length, at, at + count);
      this.#length += count;
      at += count;
    }
    return at;
  }

  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > LARGEST_KEPT) this.#use(Buffer.alloc(FIRST_CAPACITY));
  }

  get #size(): number {
    return 1 + this.#view.getInt32(1);
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, bytes));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#use(larger);
  }

  #use(bytes: Buffer<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
