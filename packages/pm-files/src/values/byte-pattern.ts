const BYTES_OF_A_WORD = 8;

/**
 * Bytes of well-formed XML that are looked for often, compared eight at a time, as doubles: two of them are equal only if
 * their bits are, unless they are zero, which eight characters never are. Where they make a NaN, nothing is equal to it
 * and the pattern is not found; ASCII never does.
 */
export class BytePattern {
  readonly length: number;
  /** The bytes, where they are fewer than eight. */
  readonly #bytes: Uint8Array;
  /** The last one overlaps the one before. None where there are fewer than eight bytes. */
  readonly #words: Float64Array;

  constructor(bytes: Buffer) {
    this.length = bytes.length;
    this.#bytes = Uint8Array.from(bytes.length < BYTES_OF_A_WORD ? bytes : []);
    this.#words = new Float64Array(bytes.length < BYTES_OF_A_WORD ? 0 : Math.ceil(bytes.length / BYTES_OF_A_WORD));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let k = 0; k < this.#words.length; k += 1) {
      this.#words[k] = view.getFloat64(Math.min(k * BYTES_OF_A_WORD, bytes.length - BYTES_OF_A_WORD), true);
    }
  }

  /** Whether the bytes stand at `start`; they must not go beyond the end of the view. */
  isAt(view: DataView, start: number): boolean {
    const words = this.#words;
    const last = words.length - 1;
    if (last < 0) return this.#isShortAt(view, start);
    if (view.getFloat64(start + this.length - BYTES_OF_A_WORD, true) !== words[last]) return false;
    for (let k = 0, i = start; k < last; k += 1, i += BYTES_OF_A_WORD) {
      if (view.getFloat64(i, true) !== words[k]) return false;
    }
    return true;
  }

  #isShortAt(view: DataView, start: number): boolean {
    for (let k = 0; k < this.length; k += 1) if (view.getUint8(start + k) !== this.#bytes[k]) return false;
    return true;
  }
}
