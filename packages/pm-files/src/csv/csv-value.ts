import { type DecimalMark, decimalMarkShownBy, parseSeparated } from '../values/separated-number.ts';

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
  '#N/A',
  'N/D',
  'ND',
  'NIL',
  'NULL',
  'NAN',
  'DENO0',
  '#DIV/0!',
]);

/**
 * The number of a CSV cell. Percent signs are dropped (99.9% is 99.9). Points and commas are read by the file's decimal
 * mark; where it is not known, a point alone and a comma alone are decimal marks. What is ambiguous is no number.
 */
export function parseCsvValue(cell: string, mark: DecimalMark): number | typeof MISSING | typeof NO_NUMBER {
  const text = cell.trim();
  const value = parseSeparated(withoutPercent(text), mark);
  if (!Number.isNaN(value)) return value;
  return MISSING_WORDS.has(text.toUpperCase()) ? MISSING : NO_NUMBER;
}

/**
 * The decimal mark that the cells of a file show: a mark followed by other than three digits, or by digits behind the
 * other mark, cannot separate thousands. Where the delimiter is a comma, a comma is never the decimal mark.
 */
export function decimalMarkOf(cells: Iterable<string>, delimiter: string): DecimalMark {
  if (delimiter === ',') return 'point';
  const shown = new Set<DecimalMark>();
  for (const cell of cells) shown.add(decimalMarkShownBy(withoutPercent(cell.trim())));
  if (shown.has('comma') !== shown.has('point')) return shown.has('comma') ? 'comma' : 'point';
  return delimiter === ';' ? 'either' : 'point';
}

function withoutPercent(text: string): string {
  return text.endsWith('%') ? text.slice(0, -1).trimEnd() : text;
}
