import {
  CHAR_BAD,
  CHAR_CUT,
  codePointAt,
  isNameCodePoint,
  isNameStartCodePoint,
  multiByteLength,
  NAME_CLASS,
  NAME_INNER,
  NAME_MULTI_BYTE,
} from './xml-chars.ts';

/** A name of an element or attribute. Interned, so that the same name is (nearly always) the same object. */
export interface XmlName {
  readonly text: string;
  /** Without the namespace prefix. */
  readonly local: string;
  /** The number that the caller's vocabulary gives to the local name; 0: unknown. */
  readonly code: number;
  readonly bytes: Uint8Array;
  readonly hash: number;
  readonly next: XmlName | null;
}

/** Names beyond these bounds are made anew each time: hostile files must not fill memory with names. */
const MAX_INTERNED = 8192;
const MAX_INTERNED_BYTES = 256;
const BUCKETS = 1024;
/** So many further names are kept for the next documents, of each vocabulary. */
const MAX_KEPT = 256;

/** The names that every reader of a vocabulary begins with: its own, and those that documents mostly have besides. */
interface KeptNames {
  readonly buckets: (XmlName | null)[];
  further: number;
}

const keptNames = new WeakMap<ReadonlyMap<string, number>, KeptNames>();

/** Reads names from bytes and interns them. */
export class XmlNames {
  /** Index behind the name last read, or where reading failed. */
  end = 0;
  /** Whether the last failure was only the end of the buffer. */
  cut = false;
  /** The kept ones, until there is a name that is not among them. */
  #buckets: (XmlName | null)[];
  readonly #vocabulary: ReadonlyMap<string, number>;
  readonly #kept: KeptNames;
  #count = 0;

  constructor(vocabulary: ReadonlyMap<string, number>) {
    this.#vocabulary = vocabulary;
    this.#kept = keptNames.get(vocabulary) ?? newKeptNames(vocabulary);
    this.#buckets = this.#kept.buckets;
  }

  /**
   * The name that begins at `start`; null where there is none (`cut` false) or it may go on beyond `limit` (`cut` true).
   * A right guess saves most of the work.
   */
  read(bytes: Uint8Array, start: number, limit: number, guess: XmlName | undefined): XmlName | null {
    if (guess !== undefined) {
      const expected = guess.bytes;
      const end = start + expected.length;
      if (end < limit && NAME_CLASS[bytes[end]] === 0) {
        let k = 0;
        while (k < expected.length && expected[k] === bytes[start + k]) k += 1;
        if (k === expected.length) {
          this.end = end;
          return guess;
        }
      }
    }
    return this.#look(bytes, start, limit);
  }

  #look(bytes: Uint8Array, start: number, limit: number): XmlName | null {
    let i = start;
    let hash = 0;
    for (; i < limit; i += 1) {
      const byte = bytes[i];
      const kind = NAME_CLASS[byte];
      if (kind === 0 || (kind === NAME_INNER && i === start)) break;
      if (kind === NAME_MULTI_BYTE) {
        const length = this.#multiByte(bytes, i, limit, i === start);
        if (length === CHAR_CUT) return this.#fail(i, true);
        if (length === CHAR_BAD) return this.#fail(i, false);
        for (let k = 0; k < length; k += 1) hash = (Math.imul(hash, 31) + bytes[i + k]) | 0;
        i += length - 1;
        continue;
      }
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (i === limit) return this.#fail(i, true);
    if (i === start) return this.#fail(i, false);
    this.end = i;
    const size = i - start;
    for (let name = this.#buckets[hash & (BUCKETS - 1)]; name !== null; name = name.next) {
      if (name.hash === hash && name.bytes.length === size && sameBytes(name.bytes, bytes, start)) return name;
    }
    return this.#make(bytes, start, i, hash);
  }

  #fail(at: number, cut: boolean): null {
    this.end = at;
    this.cut = cut;
    return null;
  }

  #multiByte(bytes: Uint8Array, i: number, limit: number, first: boolean): number {
    const length = multiByteLength(bytes, i, limit);
    if (length <= 0) return length;
    const code = codePointAt(bytes, i, length);
    return (first ? isNameStartCodePoint(code) : isNameCodePoint(code)) ? length : CHAR_BAD;
  }

  #make(source: Uint8Array, start: number, end: number, hash: number): XmlName {
    const bytes = new Uint8Array(end - start);
    for (let k = 0; k < bytes.length; k += 1) bytes[k] = source[start + k];
    const bucket = hash & (BUCKETS - 1);
    const name = newName(bytes, hash, this.#vocabulary, this.#buckets[bucket]);
    if (this.#count >= MAX_INTERNED || bytes.length > MAX_INTERNED_BYTES) return name;
    const { buckets, further } = this.#kept;
    if (this.#count === 0) this.#buckets = buckets.slice();
    this.#buckets[bucket] = name;
    this.#count += 1;
    if (further < MAX_KEPT) {
      buckets[bucket] = { ...name, next: buckets[bucket] };
      this.#kept.further += 1;
    }
    return name;
  }
}

function newKeptNames(vocabulary: ReadonlyMap<string, number>): KeptNames {
  const kept: KeptNames = { buckets: new Array(BUCKETS).fill(null), further: 0 };
  for (const word of vocabulary.keys()) {
    const bytes = new Uint8Array(Buffer.from(word));
    const hash = hashOf(bytes);
    kept.buckets[hash & (BUCKETS - 1)] = newName(bytes, hash, vocabulary, kept.buckets[hash & (BUCKETS - 1)]);
  }
  keptNames.set(vocabulary, kept);
  return kept;
}

function newName(
  bytes: Uint8Array,
  hash: number,
  vocabulary: ReadonlyMap<string, number>,
  next: XmlName | null,
): XmlName {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  const local = text.slice(text.indexOf(':') + 1);
  return { text, local, code: vocabulary.get(local) ?? 0, bytes, hash, next };
}

/** As `XmlNames` reckons it while it reads. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0;
  for (const byte of bytes) hash = (Math.imul(hash, 31) + byte) | 0;
  return hash;
}

function sameBytes(expected: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let k = 0; k < expected.length; k += 1) if (expected[k] !== bytes[start + k]) return false;
  return true;
}
