import { BytePattern } from './byte-pattern.ts';

const PLACE_BITS = 13;
/** So many texts are remembered; a new one takes the place of an old one. */
const PLACES = 1 << PLACE_BITS;
/** Longer ones are made anew each time, to bound memory. */
const MAX_BYTES = 256;
/** An odd number whose bits are well mixed: the golden ratio times 2^32. */
const MULTIPLIER = 0x9e3779b1;

interface KnownText {
  readonly text: string;
  readonly pattern: BytePattern;
  /** Place of the text that came after it last time; -1: none did. */
  next: number;
}

const texts: (KnownText | undefined)[] = new Array(PLACES).fill(undefined);

/**
 * Makes strings of printable ASCII that was mostly seen before: network elements name the same objects in the same
 * order, period after period. A memo for the whole process: results do not depend on it.
 */
export class KnownTexts {
  #last: KnownText | undefined = undefined;

  /** The text that is expected now, where it stands at `start` and the byte behind it is at `last` or before. */
  readExpected(view: DataView, start: number, last: number): string | null {
    const expected = this.#last === undefined ? undefined : texts[this.#last.next];
    if (expected === undefined || start + expected.pattern.length > last) return null;
    if (!expected.pattern.isAt(view, start)) return null;
    this.#last = expected;
    return expected.text;
  }

  /** The text `bytes[start, end)`. */
  read(bytes: Buffer, view: DataView, start: number, end: number): string {
    if (end - start > MAX_BYTES) return bytes.toString('latin1', start, end);
    const place = placeOf(view, start, end);
    let known = texts[place];
    if (known === undefined || known.pattern.length !== end - start || !known.pattern.isAt(view, start)) {
      const text = bytes.toString('latin1', start, end);
      known = { text, pattern: new BytePattern(Buffer.from(text, 'latin1')), next: -1 };
      texts[place] = known;
    }
    if (this.#last !== undefined) this.#last.next = place;
    this.#last = known;
    return known.text;
  }
}

/** The place of a text, by a hash of its bytes, four at a time. */
function placeOf(view: DataView, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i + 4 < end; i += 4) hash = Math.imul(hash ^ view.getInt32(i, true), MULTIPLIER);
  if (end - start >= 4) hash = Math.imul(hash ^ view.getInt32(end - 4, true), MULTIPLIER);
  return hash >>> (32 - PLACE_BITS);
}
