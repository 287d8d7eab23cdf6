/** A dimension and its value, such as `['QCI', '9']`. */
export type DimensionValue = readonly [dimension: string, value: string];

const BARE_WORD = /^[^\s,={}'*]+$/;

/** The name of a counter's part along dimensions, as formulas write selectors: `PdcpVol{QCI=9, PLMN='450 05'}`. */
export function counterName(base: string, dimensions: readonly DimensionValue[]): string {
  return base + selectorText(dimensions);
}

/** What follows the name of a counter; empty without dimensions. */
export function selectorText(dimensions: readonly DimensionValue[]): string {
  if (dimensions.length === 0) return '';
  return `{${dimensions.map(([dimension, value]) => `${word(dimension)}=${word(value)}`).join(', ')}}`;
}

function word(text: string): string {
  return BARE_WORD.test(text) ? text : `'${text.replaceAll("'", "''")}'`;
}
