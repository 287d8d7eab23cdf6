import type { PmFileError } from '../pm-file-error.ts';
import { type CsvField, type CsvHeader, columnNames } from './csv-header.ts';
import type { CsvTable } from './csv-table.ts';

const TITLES: Readonly<Record<CsvField, string>> = {
  time: 'time',
  date: 'date',
  ne: 'network element',
  cell: 'cell',
  object: 'object',
  peg: 'PEG',
  value: 'value',
  family: 'family',
  category: 'category',
  granularity: 'granularity',
  suspect: 'suspect flag',
};
const SHOWN_NAMES = 6;

/** `columns for time and PEG, but none for value`, without a word of the file itself. */
export function describeColumns(header: CsvHeader, missing: readonly CsvField[]): string {
  const present = [...header.places.keys()].map((field) => TITLES[field]);
  const noun = present.length === 1 ? 'a column' : 'columns';
  return `${noun} for ${list(present, 'and')}, but none for ${list(
    missing.map((field) => TITLES[field]),
    'or',
  )}`;
}

/** The refusal of a table that is clearly one of PM and lacks columns. */
export function columnMissing(table: CsvTable, missing: readonly CsvField[]): PmFileError {
  const hints = missing.map((field) => {
    const names = list([...columnNames(field).slice(0, SHOWN_NAMES)], 'or');
    const option = field === 'ne' ? ', or say it (--ne NAME)' : '';
    return `The column for the ${TITLES[field]} may be called ${names}${option}.`;
  });
  return table.refuse('column_missing', `the table has ${describeColumns(table.header, missing)}`, hints.join(' '));
}

function list(words: readonly string[], last: string): string {
  const { length } = words;
  return length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words[length - 1]}`;
}
