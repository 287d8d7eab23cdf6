/** `1 row`, `2,340 rows`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** `3 rows`, or `40 of 2,340 rows shown`: a table never leaves out rows silently. */
export function shownText(shown: number, total: number): string {
  return shown === total ? counted(total, 'row') : `${shown.toLocaleString('en')} of ${counted(total, 'row')} shown`;
}

/** Bytes for people, in decimal units. */
export function byteText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), 4);
  const scaled = bytes / 1000 ** power;
  return `${scaled < 10 ? scaled.toFixed(1) : Math.round(scaled)} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`;
}
