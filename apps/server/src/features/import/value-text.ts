/**
 * What a value of a raw-KPI database turned out to be. `number`, `percent` (`99.9%` is 99.9) and `unit` (`-101.5 dBm` is
 * −101.5) are numbers; all others are missing. A number with a remark in parentheses (`10 (E)`) is one that the exporter
 * itself did not trust.
 */
export const VALUE_KINDS = [
  'number',
  'percent',
  'unit',
  'null',
  'empty',
  'not_available',
  'zero_denominator',
  'remark',
  'not_finite',
  'structure',
  'text',
] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/** A read value: NaN where it is missing. */
export interface ReadValue {
  readonly value: number;
  readonly kind: ValueKind;
}

const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?`;
const DECIMAL = new RegExp(`^${NUMBER}$`);
const PERCENT = new RegExp(`^(${NUMBER})\\s*%$`);
const LEVEL = new RegExp(`^(${NUMBER})\\s*dBm?$`, 'i');
const REMARK = new RegExp(`^${NUMBER}\\s*%?\\s*\\([^)]*\\)$`);
const NOT_AVAILABLE: ReadonlySet<string> = new Set(['-', '--', 'NA', 'N/A', 'N/D', 'ND', 'NIL', 'NULL', 'NAN']);
const MAX_REMEMBERED = 4096;
const MAX_TEXT = 1024;

/** Reads values as raw-KPI databases hold them, and remembers the odd ones: they are few and come again and again. */
export class ValueReader {
  readonly #odd = new Map<string, ReadValue>();

  /** What a text is. */
  read(text: string): ReadValue {
    const known = this.#odd.get(text);
    if (known !== undefined) return known;
    const read = classify(text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text);
    if (read.kind === 'number') return read;
    if (this.#odd.size >= MAX_REMEMBERED) this.#odd.clear();
    this.#odd.set(text, read);
    return read;
  }
}

function classify(written: string): ReadValue {
  const text = written.trim();
  if (DECIMAL.test(text)) return finite('number', text);
  if (text === '') return missing('empty');
  const percent = PERCENT.exec(text);
  if (percent) return finite('percent', percent[1]);
  const level = LEVEL.exec(text);
  if (level) return finite('unit', level[1]);
  const upper = text.toUpperCase();
  if (NOT_AVAILABLE.has(upper)) return missing('not_available');
  if (upper === 'DENO0') return missing('zero_denominator');
  if (REMARK.test(text)) return missing('remark');
  if (/^[+-]?inf(inity)?$/i.test(text)) return missing('not_finite');
  return missing('text');
}

function finite(kind: ValueKind, text: string): ReadValue {
  const value = Number(text);
  return Number.isFinite(value) ? { value: value + 0, kind } : missing('not_finite');
}

function missing(kind: ValueKind): ReadValue {
  return { value: Number.NaN, kind };
}
