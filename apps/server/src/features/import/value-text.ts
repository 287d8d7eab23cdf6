import { type DecimalMark, parseSeparated } from '@pegboard/pm-files';

/**
 * What a value of a raw-KPI database turned out to be. `number`, `separated` (`1,234.5`, `0,25`), `percent` (`99.9%` is 99.9) and
 * `unit` (`-101.5 dBm` is −101.5) are numbers; all others are missing. `ambiguous`: `1,234` where the decimal mark is not
 * said. A number with a remark in parentheses (`10 (E)`) is one that the exporter itself did not trust.
 */
export const VALUE_KINDS = [
  'number',
  'separated',
  'percent',
  'unit',
  'null',
  'empty',
  'not_available',
  'zero_denominator',
  'ambiguous',
  'remark',
  'not_finite',
  'structure',
  'text',
] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/** Kinds other than `number` that are numbers. */
export const NUMERIC_KINDS = ['separated', 'percent', 'unit'] as const satisfies readonly ValueKind[];

/** A read value: NaN where it is missing. */
export interface ReadValue {
  readonly value: number;
  readonly kind: ValueKind;
}

const PLAIN = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
/** 1234, or 1.234? */
const AMBIGUOUS = /^[+-]?[1-9]\d{0,2},\d{3}$/;
const LEVEL_UNIT = /dBm?$/i;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const NOT_AVAILABLE: ReadonlySet<string> = new Set(['-', '--', 'NA', 'N/A', 'N/D', 'ND', 'NIL', 'NULL', 'NAN']);
const MAX_REMEMBERED = 4096;
/** No number is longer. */
const MAX_TEXT = 1024;

/** Reads values as raw-KPI databases hold them, and remembers the odd ones: they are few and come again and again. */
export class ValueReader {
  readonly #mark: DecimalMark;
  readonly #odd = new Map<string, ReadValue>();

  constructor(mark: DecimalMark) {
    this.#mark = mark;
  }

  /** Whether a plain decimal number may be something else: `1.234` is 1234 where the decimal mark is a comma. */
  get isPlainDoubtful(): boolean {
    return this.#mark === 'comma';
  }

  /** What a text is. */
  read(text: string): ReadValue {
    const known = this.#odd.get(text);
    if (known !== undefined) return known;
    const read = this.#classify(text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text);
    if (read.kind === 'number') return read;
    if (this.#odd.size >= MAX_REMEMBERED) this.#odd.clear();
    this.#odd.set(text, read);
    return read;
  }

  #classify(written: string): ReadValue {
    const text = written.trim();
    if (text === '') return missing('empty');
    const number = this.#number(text);
    if (number !== null) return number;
    const last = text.at(-1);
    if (last === '%') return this.#named('percent', text.slice(0, -1)) ?? missing('text');
    if (last === ')') return this.#isRemark(text) ? missing('remark') : missing('text');
    const unit = LEVEL_UNIT.exec(text);
    if (unit) return this.#named('unit', text.slice(0, unit.index)) ?? missing('text');
    const upper = text.toUpperCase();
    if (NOT_AVAILABLE.has(upper)) return missing('not_available');
    if (upper === 'DENO0') return missing('zero_denominator');
    return missing(INFINITE.test(text) ? 'not_finite' : 'text');
  }

  /** Null: no number at all. */
  #number(text: string): ReadValue | null {
    if (this.#mark === 'either' && AMBIGUOUS.test(text)) return missing('ambiguous');
    const value = parseSeparated(text, this.#mark);
    if (!Number.isNaN(value)) return { value, kind: PLAIN.test(text) ? 'number' : 'separated' };
    return PLAIN.test(text) ? missing('not_finite') : null;
  }

  #named(kind: ValueKind, text: string): ReadValue | null {
    const number = this.#number(text.trimEnd());
    return number === null || Number.isNaN(number.value) ? number : { value: number.value, kind };
  }

  /** A number, perhaps in percent, with something in parentheses behind it. */
  #isRemark(text: string): boolean {
    const open = text.lastIndexOf('(');
    if (open < 0) return false;
    const before = text.slice(0, open).trimEnd();
    return this.#number(before.endsWith('%') ? before.slice(0, -1).trimEnd() : before) !== null;
  }
}

function missing(kind: ValueKind): ReadValue {
  return { value: Number.NaN, kind };
}
