import type { ReadLimits } from '../measurement.ts';
import type { CounterTable } from '../values/counter-table.ts';
import { POWERS_OF_TEN } from '../values/parse-decimal.ts';
import type { XmlWindow } from '../xml/xml-handler.ts';
import { PlainLead } from './plain-lead.ts';

/** Decimals of so many digits are read exactly; longer ones are left to the XML reader. */
const EXACT_DIGITS = 15;
const MAX_P_DIGITS = 9;
const ZERO = 0x30;
const POINT = 0x2e;
const LESS_THAN = 0x3c;
const COMMA = 0x2c;
const QUOTE = 0x22;
const GREATER_THAN = 0x3e;
/** `</r>` as a little-endian number. */
const END_TAG = 0x3e722f3c;
const END_TAG_BYTES = 4;

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
  readonly #lead = new PlainLead();
  /** Where what was read last ends. */
  #end = 0;

  constructor(limits: ReadLimits) {
    this.#limits = limits;
  }

  /**
   * Reads into the table from `start` on; returns the index behind the last result that was read, `start` where there
   * is none. No byte behind the last `>` is looked at: every loop ends at a `>`.
   */
  read(table: CounterTable, window: XmlWindow, start: number): number {
    this.results = 0;
    this.numbers = 0;
    this.missing = 0;
    let behind = start;
    for (;;) {
      behind = this.#expected(table, window, behind);
      const next = behind < window.last ? this.#any(table, window, behind) : -1;
      if (next < 0) return behind;
      behind = next;
    }
  }

  /**
   * Reads results as long as they are what the last files had in their place: the next counter of the list, with numbers
   * for the next slots of the plan. This loop goes over nearly all bytes of a file, so it works on local variables and
   * calls nothing but `#vector`.
   */
  #expected(table: CounterTable, window: XmlWindow, start: number): number {
    const { bytes, view, last } = window;
    const { places, tagEnds, tagEndSizes } = table.list;
    const { columns, elements } = table.plan;
    const values = table.room;
    const { length, words, firstAt, secondAt, thirdAt } = this.#lead;
    const first = words[0];
    const second = words[1];
    const third = words[2];
    const firstNext = table.next;
    const firstSlot = table.freshSlot;
    if (length === 0 || start + firstAt < 0 || firstSlot < 0) return start;
    let next = firstNext;
    let slot = firstSlot;
    let behind = start;
    while (slot < values.length && next < tagEnds.length) {
      let i = behind + length + tagEndSizes[next];
      if (
        i > last ||
        view.getFloat64(behind + firstAt, true) !== first ||
        view.getFloat64(behind + secondAt, true) !== second ||
        view.getFloat64(behind + thirdAt, true) !== third ||
        view.getFloat64(i - 8, true) !== tagEnds[next] ||
        places[next] !== columns[slot]
      ) {
        break;
      }
      if (elements[slot] < 0) {
        const number = i;
        let value = 0;
        let byte = bytes[i];
        while (byte >= 0x30 && byte <= 0x39) {
          value = value * 10 + (byte - 0x30);
          i += 1;
          byte = bytes[i];
        }
        let digits = i - number;
        if (byte === POINT && digits > 0) {
          const fraction = i + 1;
          for (i = fraction, byte = bytes[i]; byte >= 0x30 && byte <= 0x39; i += 1, byte = bytes[i]) {
            value = value * 10 + (byte - 0x30);
          }
          digits += i - fraction;
          if (digits <= EXACT_DIGITS) value /= POWERS_OF_TEN[i - fraction];
        }
        if (digits === 0 || digits > EXACT_DIGITS || i + 3 > last || view.getInt32(i, true) !== END_TAG) break;
        values[slot] = value;
        slot += 1;
        behind = i + END_TAG_BYTES;
      } else {
        const count = this.#vector(table, window, i, slot);
        if (count === 0) break;
        slot += count;
        behind = this.#end;
      }
      next += 1;
    }
    this.results += next - firstNext;
    this.numbers += slot - firstSlot;
    table.next = next;
    table.useTo(slot);
    return behind;
  }

  /**
   * Reads the whole numbers of a vector from `start` on, and the end tag, into the slots from `first` on. Returns how many;
   * 0 where it is not of this form, or has more numbers than the plan foresees: it is to be read anew then.
   */
  #vector(
    { plan, room: values }: CounterTable,
    { bytes, view, last }: XmlWindow,
    start: number,
    first: number,
  ): number {
    if (plan.elements[first] !== 0) return 0;
    const end = Math.min(plan.ends[first], values.length, first + this.#limits.maxCounters);
    let i = start;
    for (let slot = first; slot < end; slot += 1) {
      let value = bytes[i] - ZERO;
      if (value >>> 0 > 9) return 0;
      const number = i;
      i += 1;
      let byte = bytes[i];
      if (byte !== COMMA) {
        while (byte >= 0x30 && byte <= 0x39) {
          value = value * 10 + (byte - 0x30);
          i += 1;
          byte = bytes[i];
        }
        if (i - number > EXACT_DIGITS) return 0;
        if (byte !== COMMA) {
          // A single number is no vector, but a scalar.
          if (slot === first || i + 3 > last || view.getInt32(i, true) !== END_TAG) return 0;
          if (i - start > this.#limits.maxTextBytes) return 0;
          values[slot] = value;
          this.#end = i + END_TAG_BYTES;
          return slot + 1 - first;
        }
      }
      values[slot] = value;
      i += 1;
    }
    return 0;
  }

  /** Reads one result of any plain form; returns the index behind it, or -1. */
  #any(table: CounterTable, window: XmlWindow, start: number): number {
    const { bytes, last } = window;
    let i = this.#lead.read(window, start);
    if (i < 0) return -1;
    const digits = i;
    let p = 0;
    let byte = bytes[i];
    while (byte >= 0x30 && byte <= 0x39) {
      p = p * 10 + (byte - 0x30);
      i += 1;
      byte = bytes[i];
    }
    if (byte !== QUOTE || bytes[i + 1] !== GREATER_THAN || i + 1 >= last) return -1;
    if (i === digits || i - digits > MAX_P_DIGITS) return -1;
    const place = placeOf(table, p);
    const behind = place < 0 ? -1 : this.#value(table, bytes, i + 2, place);
    if (behind >= 0) this.results += 1;
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
        return i + END_TAG_BYTES;
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
