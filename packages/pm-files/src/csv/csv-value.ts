/** A cell of a value column that is empty or says that there is no value. */
export const MISSING = 'missing';
/** A cell that should be a number and is not. */
export const NO_NUMBER = 'no_number';

const MISSING_WORDS: ReadonlySet<string> = new Set([
  '',
  '-',
  '--',
  'NA',
  'N/A',
  'N/D',
  'ND',
  'NIL',
  'NULL',
  'NAN',
  'DENO0',
]);
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const DECIMAL_COMMA = /^[+-]?\d+,\d+$/;
const COMMA_THOUSANDS = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const POINT_THOUSANDS = /^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/;
const SPACE_THOUSANDS = /^[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?$/;

/**
 * The number of a CSV cell. Percent signs are dropped (99.9% is 99.9). A single comma is a decimal comma where the
 * delimiter is `;`, else commas must be thousands separators; what is ambiguous is no number.
 */
export function parseCsvValue(cell: string, hasDecimalComma: boolean): number | typeof MISSING | typeof NO_NUMBER {
  const text = cell.trim();
  if (DECIMAL.test(text)) return finite(text);
  if (MISSING_WORDS.has(text.toUpperCase())) return MISSING;
  const bare = text.endsWith('%') ? text.slice(0, -1).trimEnd() : text;
  if (DECIMAL.test(bare)) return finite(bare);
  if (hasDecimalComma && DECIMAL_COMMA.test(bare)) return finite(bare.replace(',', '.'));
  if (COMMA_THOUSANDS.test(bare)) return finite(bare.replaceAll(',', ''));
  if (hasDecimalComma && POINT_THOUSANDS.test(bare)) return finite(bare.replaceAll('.', '').replace(',', '.'));
  if (SPACE_THOUSANDS.test(bare)) return finite(bare.replace(/[ \u00a0\u202f]/g, '').replace(',', '.'));
  return NO_NUMBER;
}

function finite(text: string): number | typeof NO_NUMBER {
  const value = Number(text);
  return Number.isFinite(value) ? value + 0 : NO_NUMBER;
}
