import fc from 'fast-check';

/** How the rows of a table are written. */
export interface CsvStyle {
  readonly delimiter: string;
  readonly lineEnd: string;
  /** Quotes also fields that need none. */
  readonly isQuoted: boolean;
  readonly start: string;
}

export const csvStyle: fc.Arbitrary<CsvStyle> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  isQuoted: fc.boolean(),
  start: fc.constantFrom('', '\ufeff', '\n \n'),
});

/** A table as text. */
export function writtenCsv(
  rows: readonly (readonly string[])[],
  { delimiter, lineEnd, isQuoted, start }: CsvStyle,
): string {
  const field = (text: string) =>
    isQuoted || text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return start + rows.map((row) => row.map(field).join(delimiter) + lineEnd).join('');
}

/** Fields and line ends. */
export const CSV_UNITS = /"(?:[^"]|"")*"|[^,;\t|\n"]+|[,;\t|\n"]/g;

export const CSV_SNIPPETS: readonly string[] = [
  ...[
    '"',
    '""',
    ',',
    ';',
    '\t',
    '|',
    '\n',
    '\r\n',
    '\r',
    '(',
    ')',
    '%',
    '1,234.5',
    '1.234,5',
    '1 234',
    '99.9%',
    'Deno0',
    'N/D',
  ],
  ...[
    '2026-11-20T00:00:00Z',
    '1795132800',
    '1795132800000000',
    '1970-01-01',
    '00:15',
    '2026-11-20 00:15~00:30',
    '900',
    'PT15M',
  ],
  ...['time', 'ne', 'cell', 'peg', 'value', 'unit', 'qci', 'family', 'suspect', 'date', '지표', 'true'],
];

/** A line without meaning, of about so many bytes. */
export const csvFiller = (length: number) => `${' '.repeat(length)}\n`;

/** An instant of whole seconds as CSV exports write it. */
export const csvTime: fc.Arbitrary<(utcMs: number) => string> = fc.constantFrom(
  (utcMs: number) => new Date(utcMs).toISOString(),
  (utcMs: number) => new Date(utcMs).toISOString().slice(0, 19).replace('T', ' '),
  (utcMs: number) => new Date(utcMs).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' '),
  (utcMs: number) => `${utcMs / 1000}`,
  (utcMs: number) => `${utcMs}`,
  (utcMs: number) => `${utcMs}000`,
  (utcMs: number) => `${new Date(utcMs + 3_600_000).toISOString().slice(0, 19)}+01:00`,
);
