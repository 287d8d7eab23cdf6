import type { ReadLimits } from '../measurement.ts';
import type { CounterTable } from '../values/counter-table.ts';
import { POWERS_OF_TEN } from '../values/parse-decimal.ts';
import { skipPlainSpace } from './plain-bytes.ts';

/** Decimals of so many digits are read exactly; longer ones are left to the XML reader. */
const EXACT_DIGITS = 15;
const MAX_P_DIGITS = 9;
const LESS_THAN = 0x3c;
const COMMA = 0x2c;

/**
 * Reads runs of results as nearly all files write them: `<r p="12">34</r>`, `<r p="13">1,0,2.5</r>`, `<r p="14"> </r>`,
 * with white space between them. It goes over the bytes once, without tokens or strings. Whatever is not exactly of
 * this form, or calls for a warning, is left to the XML reader: what has been set of it by then is set once more.
 */
export class PlainResults {
  /** Counts of the run last read. */
  results = 0;
  numbers = 0;
  missing = 0;
  readonly #limits: ReadLimits;
  /** Where the number last read ends. */
  #end = 0;

  constructor(limits: ReadLimits) {
    this.#limits = limits;
  }

  /**
   * Reads into the table from `start` on; returns the index behind the last result that was read, `start` where there
   * is none. No byte behind `last`, which is a `>`, is looked at: every loop ends at a `>`.
   */
  read(table: CounterTable, bytes: Buffer, start: number, last: number): number {
    this.results = 0;
    this.numbers = 0;
    this.missing = 0;
    let behind = start;
    while (behind < last) {
      const tag = skipPlainSpace(bytes, behind);
      if (
        tag < 0 ||
        bytes[tag] !== 0x3c ||
        bytes[tag + 1] !== 0x72 ||
        bytes[tag + 2] !== 0x20 ||
        bytes[tag + 3] !== 0x70 ||
        bytes[tag + 4] !== 0x3d ||
        bytes[tag + 5] !== 0x22
      ) {
        break;
      }
      let i = tag + 6;
      let p = 0;
      let byte = bytes[i];
      while (byte >= 0x30 && byte <= 0x39) {
        p = p * 10 + (byte - 0x30);
        i += 1;
        byte = bytes[i];
      }
      const digits = i - tag - 6;
      if (byte !== 0x22 || bytes[i + 1] !== 0x3e || digits === 0 || digits > MAX_P_DIGITS || i + 1 >= last) break;
      const place = placeOf(table, p);
      if (place < 0) break;
      i = this.#value(table, bytes, i + 2, place);
      if (i < 0) break;
      behind = i;
      this.results += 1;
    }
    return behind;
  }

  /**
   * Reads the text from `start` on, and the end tag; returns the index behind it, or -1. A number is set only once what
   * follows it shows that it is complete.
   */
  #value(table: CounterTable, bytes: Buffer, start: number, place: number): number {
    const { maxCounters, maxTextBytes } = this.#limits;
    let i = start;
    let element = -1;
    let numbers = 0;
    let missing = 0;
    for (;;) {
      const numberStart = i;
      let byte = bytes[i];
      let value = 0;
      while (byte >= 0x30 && byte <= 0x39) {
        value = value * 10 + (byte - 0x30);
        i += 1;
        byte = bytes[i];
      }
      if (i === numberStart || i - numberStart > EXACT_DIGITS || (byte !== LESS_THAN && byte !== COMMA)) {
        // The plus tells the engine that it is a number: without it every value would be boxed.
        value = +this.#unusualNumber(bytes, numberStart);
        i = this.#end;
        if (i < 0) return -1;
        byte = bytes[i];
      }
      const isLast = byte !== COMMA;
      if (isLast) {
        if (byte !== LESS_THAN || bytes[i + 1] !== 0x2f || bytes[i + 2] !== 0x72 || bytes[i + 3] !== 0x3e) return -1;
        if (i - start > maxTextBytes) return -1;
      } else if (element < 0) element = 0;
      if (!Number.isNaN(value)) {
        if (!table.setNext(place, element, value)) return -1;
        numbers += 1;
      } else missing += 1;
      if (isLast) {
        this.numbers += numbers;
        this.missing += missing;
        return i + 4;
      }
      i += 1;
      element += 1;
      if (element >= maxCounters) return -1;
    }
  }

  /**
   * Reads a decimal with spaces before it, a sign or a fraction; NaN where there are spaces at most. `#end` is the index
   * behind it, or -1 where it is to be left alone.
   */
  #unusualNumber(bytes: Buffer, start: number): number {
    let i = start;
    while (bytes[i] === 0x20) i += 1;
    const isNegative = bytes[i] === 0x2d;
    if (isNegative) i += 1;
    const digitsStart = i;
    let value = 0;
    let fraction = -1;
    for (;;) {
      const byte = bytes[i];
      if (byte >= 0x30 && byte <= 0x39) {
        value = value * 10 + (byte - 0x30);
        if (fraction >= 0) fraction += 1;
      } else if (byte === 0x2e && fraction < 0) fraction = 0;
      else break;
      i += 1;
    }
    const digits = i - digitsStart - (fraction < 0 ? 0 : 1);
    const isBare = digits === 0 && (isNegative || fraction >= 0);
    this.#end = isBare || digits > EXACT_DIGITS ? -1 : i;
    if (digits === 0) return Number.NaN;
    if (fraction > 0 && digits <= EXACT_DIGITS) value /= POWERS_OF_TEN[fraction];
    return isNegative && value !== 0 ? -value : value;
  }
}

/** The place of the counter with this `p`, and the next one is expected; -1 where there is none. */
function placeOf(table: CounterTable, p: number): number {
  const { next } = table;
  const { positions, places } = table.list;
  if (next < positions.length && positions[next] === p) {
    table.next = next + 1;
    return places[next];
  }
  return table.find(p)?.index ?? -1;
}
