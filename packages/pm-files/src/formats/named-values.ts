import { type FilePosition, refuse } from '../pm-file-error.ts';
import type { ReadSession } from '../read-session.ts';
import type { ByteBuffer } from '../values/byte-buffer.ts';
import { parseDecimal } from '../values/parse-decimal.ts';
import type { NamedCounters } from './named-counters.ts';
import { quoted } from './quoted.ts';

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const MISSING_WORDS: ReadonlySet<string> = new Set(['', 'nil', 'nan', 'null']);

/** Takes written values of named counters into blocks: counts, splits vectors, warns of what is no number. */
export class NamedValues {
  readonly #session: ReadSession;
  readonly #position: () => FilePosition | null;
  readonly #line = () => this.#position()?.line ?? null;

  constructor(session: ReadSession, position: () => FilePosition | null) {
    this.#session = session;
    this.#position = position;
  }

  /** A value as text: a number, a comma list, or nothing. */
  takeText(counters: NamedCounters, name: string, text: string): void {
    this.#session.counts.values += 1;
    if (!text.includes(',')) {
      this.#takeScalar(counters, name, name, text.trim());
      return;
    }
    const elements = text.split(',');
    const { maxCounters } = this.#session.limits;
    if (elements.length > maxCounters) {
      const message = `a vector has more than ${maxCounters} elements`;
      const hint = 'Split the file, or raise the limit if it is meant.';
      throw refuse('too_many_counters', message, hint, this.#position());
    }
    for (const [i, element] of elements.entries()) this.#takeScalar(counters, `${name}[${i}]`, name, element.trim());
  }

  /** A value as UTF-8 bytes; as `takeText`, without a string where it is a plain number. */
  takeBytes(counters: NamedCounters, name: string, text: ByteBuffer): void {
    const value = parseDecimal(text.bytes, 0, text.length);
    if (Number.isNaN(value)) this.takeText(counters, name, text.utf8());
    else this.takeNumber(counters, name, value);
  }

  /** A value that is a number already. */
  takeNumber(counters: NamedCounters, name: string, value: number): void {
    this.#session.counts.values += 1;
    this.#set(counters, name, value);
  }

  takeMissing(): void {
    this.#session.counts.values += 1;
    this.#session.counts.missing += 1;
  }

  #takeScalar(counters: NamedCounters, place: string, name: string, text: string): void {
    const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
    if (Number.isFinite(value)) this.#set(counters, place, value + 0);
    else if (MISSING_WORDS.has(text.toLowerCase())) this.#session.counts.missing += 1;
    else {
      this.#session.counts.notNumbers += 1;
      const message = () => `the value ${quoted(text)} of ${name.slice(0, 100)} is no number; it counts as missing`;
      this.#session.warn('value_not_number', message, this.#line);
    }
  }

  #set(counters: NamedCounters, name: string, value: number): void {
    this.#session.counts.numbers += 1;
    const known = counters.count;
    const isFirst = counters.set(name, value);
    if (counters.count > known) this.#session.addCounter(counters.qualified(name), this.#position);
    if (isFirst) return;
    const message = () => `${name.slice(0, 100)} has two values for one object and time; the later one is taken`;
    this.#session.warn('value_repeated', message, this.#line);
  }
}
