/** A number for people: four significant digits, plain where it is readable; `–` where there is none. */
export function shortNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return value.toExponential(3);
  return Number(value.toPrecision(size >= 1000 ? Math.ceil(Math.log10(size + 1)) + 1 : 4)).toString();
}

/** A change in percent with its sign. */
export function percentText(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  const text = Math.abs(value) >= 1000 ? Math.round(value).toString() : value.toFixed(1);
  return `${value > 0 ? '+' : ''}${text} %`;
}
