const PLACE_BITS = 12;
/** So many texts are remembered; a new one takes the place of an old one. */
const PLACES = 1 << PLACE_BITS;
const WORD = 8;
/** Shorter and longer texts are made anew each time. */
const MIN_BYTES = WORD;
const MAX_BYTES = 128;
const WORDS_OF_A_PLACE = MAX_BYTES / WORD;
/** An odd number whose bits are well mixed: the golden ratio times 2^32. */
const MULTIPLIER = 0x9e3779b1;
const NOWHERE = -1;

// Flat tables, since nearly every look at one is a look into a colder cache.
const texts: string[] = new Array(PLACES).fill('');
/** 0: there is none in the place. */
const lengths = new Uint8Array(PLACES);
/** Place of the text that came after it last time; `NOWHERE`: none did. */
const nexts = new Int16Array(PLACES).fill(NOWHERE);
/** The bytes of the texts as doubles (see `BytePattern`), of which the last may overlap the one before. */
const words = new Float64Array(PLACES * WORDS_OF_A_PLACE);

/**
 * Makes strings of printable ASCII that was mostly seen before: network elements name the same objects in the same
 * order, period after period. A memo for the whole process: results do not depend on it.
 */
export class KnownTexts {
  /** Place of the text read last. */
  #last = NOWHERE;

  /** The text that is expected now, where it stands at `start` and the byte behind it is at `last` or before. */
  readExpected(view: DataView, start: number, last: number): string | null {
    const place = this.#last === NOWHERE ? NOWHERE : nexts[this.#last];
    if (place === NOWHERE || start + lengths[place] > last || !isAt(place, view, start)) return null;
    this.#last = place;
    return texts[place];
  }

  /** The text `bytes[start, end)`. */
  read(bytes: Buffer, view: DataView, start: number, end: number): string {
    const length = end - start;
    if (length < MIN_BYTES || length > MAX_BYTES) return bytes.toString('latin1', start, end);
    const place = placeOf(view, start, end);
    if (lengths[place] !== length || !isAt(place, view, start)) {
      texts[place] = bytes.toString('latin1', start, end);
      lengths[place] = length;
      const first = place * WORDS_OF_A_PLACE;
      for (let i = 0, k = first; i < length; i += WORD, k += 1) {
        words[k] = view.getFloat64(Math.min(start + i, end - WORD), true);
      }
    }
    if (this.#last !== NOWHERE) nexts[this.#last] = place;
    this.#last = place;
    return texts[place];
  }
}

/** Whether the text of a place, which has one, stands at `start`. */
function isAt(place: number, view: DataView, start: number): boolean {
  const lastWord = start + lengths[place] - WORD;
  let k = place * WORDS_OF_A_PLACE;
  for (let i = start; i < lastWord; i += WORD, k += 1) if (view.getFloat64(i, true) !== words[k]) return false;
  return view.getFloat64(lastWord, true) === words[k];
}

/** The place of a text, by a hash of its bytes, four at a time. */
function placeOf(view: DataView, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end - 4; i += 4) hash = Math.imul(hash ^ view.getInt32(i, true), MULTIPLIER);
  hash = Math.imul(hash ^ view.getInt32(end - 4, true), MULTIPLIER);
  return hash >>> (32 - PLACE_BITS);
}
