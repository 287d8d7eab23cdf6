/** Gathers the text of one element as UTF-8 bytes. */
export class ByteBuffer {
  bytes = Buffer.alloc(256);
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

  appendByte(byte: number): void {
    if (this.length === this.bytes.length) this.#grow(this.length + 1);
    this.bytes[this.length] = byte;
    this.length += 1;
  }

  /** Appends a text of characters up to U+00FF, one byte a character. */
  appendLatin1(text: string): void {
    for (let i = 0; i < text.length; i += 1) this.appendByte(text.charCodeAt(i));
  }

  utf8(): string {
    return this.bytes.toString('utf8', 0, this.length);
  }

  latin1(): string {
    return this.bytes.toString('latin1', 0, this.length);
  }

  /** The gathered text without white space at its ends. */
  text(): string {
    return this.utf8().trim();
  }

  #grow(needed: number): void {
    const grown = Buffer.alloc(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}
