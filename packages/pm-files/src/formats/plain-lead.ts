import type { XmlWindow } from '../xml/xml-handler.ts';
import { skipPlainSpace } from './plain-bytes.ts';

const TAG = Buffer.from('<r p="');
const LETTER_R = 0x72;
const WORD = 8;
/** Three words are to leave no gap between them. */
const LONGEST = 3 * WORD;

/**
 * Reads what leads up to the number in `<r p="…`: white space and these six characters. They are mostly the same all
 * over a file, so the ones read last are kept, as three doubles of eight bytes each which may overlap (see
 * `BytePattern`). Where they are fewer than eight bytes, the word begins in the end tag `</r>` before them.
 */
export class PlainLead {
  /** 0: none is kept. */
  length = 0;
  readonly words = new Float64Array(3);
  /** Where the words begin, from the beginning of the white space. */
  firstAt = 0;
  secondAt = 0;
  thirdAt = 0;

  /** Reads it, whatever the one before was; returns the index behind `<r p="`, or -1 where something else comes. */
  read({ bytes, view }: XmlWindow, start: number): number {
    const tag = skipPlainSpace(bytes, start);
    if (tag < 0) return -1;
    for (let k = 0; k < TAG.length; k += 1) if (bytes[tag + k] !== TAG[k]) return -1;
    const behind = tag + TAG.length;
    const isBehindResult = start >= 2 && bytes[start - 2] === LETTER_R;
    if (behind - start <= LONGEST && behind <= bytes.length && (behind - start >= WORD || isBehindResult)) {
      this.#keep(view, start, behind - start);
    }
    return behind;
  }

  #keep(view: DataView, start: number, length: number): void {
    this.length = length;
    this.thirdAt = length - WORD;
    this.firstAt = Math.min(0, this.thirdAt);
    this.secondAt = Math.min(WORD, this.thirdAt);
    this.words[0] = view.getFloat64(start + this.firstAt, true);
    this.words[1] = view.getFloat64(start + this.secondAt, true);
    this.words[2] = view.getFloat64(start + this.thirdAt, true);
  }
}
