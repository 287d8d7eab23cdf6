/** What stands in a row of a tape. */
export const JSON_KINDS = { object: 1, array: 2, string: 3, escaped: 4, number: 5, boolean: 6, null: 7 } as const;
const { object: OBJECT, array: ARRAY, string: STRING, escaped: ESCAPED, number: NUMBER, boolean: BOOLEAN } = JSON_KINDS;

const MAX_DEPTH = 64;
const FIRST_CAPACITY = 1 << 12;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const ZERO = 0x30;
const NINE = 0x39;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const LOWER_E = 0x65;
const UPPER_E = 0x45;
const FIRST_PRINTABLE = 0x20;
const LITERALS = ['true', 'false', 'null'].map((text) => Buffer.from(text));

/**
 * JSON text as a tape: a row for each key and value, in their order, in columns of numbers that are used again for the next
 * text. Inside an object keys, which are strings, and values alternate. `JSON.parse` would make a text for each key and
 * value and an object around them, which was most of the work and of the memory of an import.
 */
export class JsonTape {
  /** Number of rows; row 0 is the value of the whole text. */
  size = 0;
  kinds = new Uint8Array(FIRST_CAPACITY);
  /** Bytes of a value; of a string those between its quotes. */
  starts = new Int32Array(FIRST_CAPACITY);
  ends = new Int32Array(FIRST_CAPACITY);
  /** The row behind a value and all that it holds. */
  nexts = new Int32Array(FIRST_CAPACITY);
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;

  /**
   * Reads `bytes[start, end)`. False where that is no JSON, or nested more than 64 deep. A key that comes twice is there
   * twice. The tape is valid as long as the bytes are.
   */
  read(bytes: Buffer, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.size = 0;
    return this.#readValue(0) && this.#nextByte() < 0;
  }

  /** The text of a row: of a string what it says, of all else its JSON. */
  text(row: number): string {
    const start = this.starts[row];
    const end = this.ends[row];
    if (this.kinds[row] !== ESCAPED) return this.#bytes.toString('utf8', start, end);
    return String(JSON.parse(this.#bytes.toString('utf8', start - 1, end + 1)));
  }

  #readValue(depth: number): boolean {
    const byte = this.#nextByte();
    if (byte === QUOTE) return this.#readString();
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) return depth < MAX_DEPTH && this.#readContainer(byte, depth + 1);
    if (byte === MINUS || (byte >= ZERO && byte <= NINE)) return this.#readNumber();
    return this.#readLiteral();
  }

  #readContainer(open: number, depth: number): boolean {
    const isObject = open === OPEN_BRACE;
    const close = isObject ? CLOSE_BRACE : CLOSE_BRACKET;
    const row = this.#add(isObject ? OBJECT : ARRAY, this.#at);
    this.#at++;
    if (this.#nextByte() !== close) {
      for (;;) {
        if (isObject && !this.#readKey()) return false;
        if (!this.#readValue(depth)) return false;
        const byte = this.#nextByte();
        if (byte === close) break;
        if (byte !== COMMA) return false;
        this.#at++;
      }
    }
    this.#at++;
    this.#close(row, this.#at);
    return true;
  }

  #readKey(): boolean {
    if (this.#nextByte() !== QUOTE || !this.#readString() || this.#nextByte() !== COLON) return false;
    this.#at++;
    return true;
  }

  #readString(): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    const start = this.#at + 1;
    let at = start;
    let isEscaped = false;
    for (; at < end; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) break;
      if (byte < FIRST_PRINTABLE) return false;
      if (byte !== BACKSLASH) continue;
      isEscaped = true;
      at++;
    }
    if (at >= end) return false;
    if (isEscaped && !isJsonString(bytes.toString('latin1', start - 1, at + 1))) return false;
    this.#close(this.#add(isEscaped ? ESCAPED : STRING, start), at);
    this.#at = at + 1;
    return true;
  }

  #readNumber(): boolean {
    const row = this.#add(NUMBER, this.#at);
    if (this.#byteAt() === MINUS) this.#at++;
    if (this.#byteAt() === ZERO) this.#at++;
    else if (!this.#passDigits()) return false;
    if (this.#byteAt() === POINT) {
      this.#at++;
      if (!this.#passDigits()) return false;
    }
    if (this.#byteAt() === LOWER_E || this.#byteAt() === UPPER_E) {
      this.#at++;
      if (this.#byteAt() === PLUS || this.#byteAt() === MINUS) this.#at++;
      if (!this.#passDigits()) return false;
    }
    this.#close(row, this.#at);
    return true;
  }

  #readLiteral(): boolean {
    const literal = LITERALS.find((known) => {
      const end = this.#at + known.length;
      return end <= this.#end && this.#bytes.compare(known, 0, known.length, this.#at, end) === 0;
    });
    if (literal === undefined) return false;
    const row = this.#add(literal === LITERALS[2] ? JSON_KINDS.null : BOOLEAN, this.#at);
    this.#at += literal.length;
    this.#close(row, this.#at);
    return true;
  }

  #passDigits(): boolean {
    const start = this.#at;
    for (let byte = this.#byteAt(); byte >= ZERO && byte <= NINE; byte = this.#byteAt()) this.#at++;
    return this.#at > start;
  }

  /** The byte here; −1: the text ends. */
  #byteAt(): number {
    return this.#at < this.#end ? this.#bytes[this.#at] : -1;
  }

  /** Goes to the next byte that is no white space; −1: the text ends. */
  #nextByte(): number {
    for (; this.#at < this.#end; this.#at++) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
    }
    return -1;
  }

  #add(kind: number, start: number): number {
    if (this.size === this.kinds.length) this.#grow();
    const row = this.size++;
    this.kinds[row] = kind;
    this.starts[row] = start;
    return row;
  }

  #close(row: number, end: number): void {
    this.ends[row] = end;
    this.nexts[row] = this.size;
  }

  #grow(): void {
    const size = this.kinds.length * 2;
    const grown = (column: Int32Array) => {
      const larger = new Int32Array(size);
      larger.set(column);
      return larger;
    };
    const kinds = new Uint8Array(size);
    kinds.set(this.kinds);
    this.kinds = kinds;
    this.starts = grown(this.starts);
    this.ends = grown(this.ends);
    this.nexts = grown(this.nexts);
  }
}

function isJsonString(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
