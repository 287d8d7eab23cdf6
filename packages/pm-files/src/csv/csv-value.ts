/** A cell of a value column that is empty or says that there is no value. */
export const MISSING = 'missing';
/** A cell that should be a number and is not. */
export const NO_NUMBER = 'no_number';

/** What separates the fraction in a file; `either` where nothing in the file decides it. */
export type DecimalMark = 'point' | 'comma' | 'either';

const MISSING_WORDS: ReadonlySet<string> = new Set([
  '',
  '-',
  '--',
  'NA',
  'N/A',
  '#N/A',
  'N/D',
  'ND',
  'NIL',
  'NULL',
  'NAN',
  'DENO0',
  '#DIV/0!',
]);
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const DECIMAL_COMMA = /^[+-]?\d*,\d+$/;
const COMMA_THOUSANDS = /^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/;
const POINT_THOUSANDS = /^[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/;
const SPACE_THOUSANDS = /^[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?$/;

/**
 * The number of a CSV cell. Percent signs are dropped (99.9% is 99.9). Points and commas are read by the file's decimal
 * mark; where it is not known, a point alone and a comma alone are decimal marks. What is ambiguous is no number.
 */
export function parseCsvValue(cell: string, mark: DecimalMark): number | typeof MISSING | typeof NO_NUMBER {
  const text = cell.trim();
  const isPointThousands = mark === 'comma' && POINT_THOUSANDS.test(text);
  if (!isPointThousands && DECIMAL.test(text)) return finite(text);
  if (MISSING_WORDS.has(text.toUpperCase())) return MISSING;
  const bare = withoutPercent(text);
  if (mark !== 'point') {
    if (mark === 'comma' && POINT_THOUSANDS.test(bare)) return finite(bare.replaceAll('.', '').replace(',', '.'));
    if (DECIMAL_COMMA.test(bare)) return finite(bare.replace(',', '.'));
  }
  if (DECIMAL.test(bare)) return finite(bare);
  if (COMMA_THOUSANDS.test(bare)) return finite(bare.replaceAll(',', ''));
  if (mark === 'either' && POINT_THOUSANDS.test(bare)) return finite(bare.replaceAll('.', '').replace(',', '.'));
  if (SPACE_THOUSANDS.test(bare)) return finite(bare.replace(/[ \u00a0\u202f]/g, '').replace(',', '.'));
  return NO_NUMBER;
}

/**
 * The decimal mark that the cells of a file show: a mark followed by other than three digits, or by digits behind the
 * other mark, cannot separate thousands. Where the delimiter is a comma, a comma is never the decimal mark.
 */
export function decimalMarkOf(cells: Iterable<string>, delimiter: string): DecimalMark {
  if (delimiter === ',') return 'point';
  let hasComma = false;
  let hasPoint = false;
  for (const cell of cells) {
    const text = withoutPercent(cell.trim());
    if (/,\d+$/.test(text) && (DECIMAL_COMMA.test(text) ? !COMMA_THOUSANDS.test(text) : POINT_THOUSANDS.test(text)))
      hasComma = true;
    else if (/\.\d+$/.test(text) && (DECIMAL.test(text) ? !POINT_THOUSANDS.test(text) : COMMA_THOUSANDS.test(text)))
      hasPoint = true;
  }
  if (hasComma !== hasPoint) return hasComma ? 'comma' : 'point';
  return delimiter === ';' ? 'either' : 'point';
}

function withoutPercent(text: string): string {
  return text.endsWith('%') ? text.slice(0, -1).trimEnd() : text;
}

function finite(text: string): number | typeof NO_NUMBER {
  const value = Number(text);
  return Number.isFinite(value) ? value + 0 : NO_NUMBER;
}
