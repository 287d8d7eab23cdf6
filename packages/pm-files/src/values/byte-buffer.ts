/** Gathers the text of one element as UTF-8 bytes. */
export class ByteBuffer {
  bytes = new Uint8Array(256);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** Appends `source[start, end)`. Short pieces, nearly all of them, are copied by hand: it is faster than `set`. */
  append(source: Uint8Array, start: number, end: number): void {
    const size = end - start;
    if (this.length + size > this.bytes.length) this.#grow(this.length + size);
    if (size < 64) for (let i = start; i < end; i += 1) this.bytes[this.length + i - start] = source[i];
    else this.bytes.set(source.subarray(start, end), this.length);
    this.length += size;
  }

  /** The gathered text without white space at its ends. */
  text(): string {
    return Buffer.from(this.bytes.buffer, 0, this.length).toString('utf8').trim();
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}
