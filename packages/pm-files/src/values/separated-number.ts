/** What separates the fraction; `either` where nothing decides it. */
export type DecimalMark = 'point' | 'comma' | 'either';

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const DECIMAL_COMMA = /^[+-]?\d*,\d+$/;
const COMMA_THOUSANDS = /^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/;
const POINT_THOUSANDS = /^[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/;
const SPACE_THOUSANDS = /^[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?$/;

/**
 * The number that a trimmed text writes, perhaps with separated thousands. Where the mark is not known, a point alone and a
 * comma alone are decimal marks. NaN where the text is no number, ambiguous, or beyond the range of doubles.
 */
export function parseSeparated(text: string, mark: DecimalMark): number {
  if (mark === 'comma' && POINT_THOUSANDS.test(text)) return finite(text.replaceAll('.', '').replace(',', '.'));
  if (DECIMAL.test(text)) return finite(text);
  if (mark !== 'point' && DECIMAL_COMMA.test(text)) return finite(text.replace(',', '.'));
  if (COMMA_THOUSANDS.test(text)) return finite(text.replaceAll(',', ''));
  if (mark === 'either' && POINT_THOUSANDS.test(text)) return finite(text.replaceAll('.', '').replace(',', '.'));
  if (SPACE_THOUSANDS.test(text)) return finite(text.replace(/[ \u00a0\u202f]/g, '').replace(',', '.'));
  return Number.NaN;
}

/**
 * The mark that a text shows to be decimal: a mark followed by other than three digits, or by digits behind the other mark,
 * cannot separate thousands. `either`: it shows none.
 */
export function decimalMarkShownBy(text: string): DecimalMark {
  if (/,\d+$/.test(text) && (DECIMAL_COMMA.test(text) ? !COMMA_THOUSANDS.test(text) : POINT_THOUSANDS.test(text))) {
    return 'comma';
  }
  if (/\.\d+$/.test(text) && (DECIMAL.test(text) ? !POINT_THOUSANDS.test(text) : COMMA_THOUSANDS.test(text))) {
    return 'point';
  }
  return 'either';
}

function finite(text: string): number {
  const value = Number(text);
  return Number.isFinite(value) ? value + 0 : Number.NaN;
}
