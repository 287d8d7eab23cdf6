import type { FileHead } from '../formats/format.ts';
import type { ReadOptions } from '../measurement.ts';
import { parseTime } from '../time/parse-time.ts';
import { type CsvHead, csvHead } from './csv-head.ts';
import type { CsvField, CsvHeader } from './csv-header.ts';
import { isClock } from './csv-table.ts';
import { decimalMarkOf, MISSING, NO_NUMBER, parseCsvValue } from './csv-value.ts';

/** How a table holds values: a row a value, a column a PEG, or a column a time; or why it is none of them. */
export type CsvShape =
  | { readonly kind: 'long' | 'wide' | 'slots' }
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'no_table' };

/** Tells the shape of a table by its header; a wide one also by numbers in its first rows. */
export function csvShape(file: FileHead, options: ReadOptions): CsvShape {
  const head = csvHead(file);
  if (head === null) return { kind: 'no_table' };
  const { header } = head;
  const lacks = (...fields: CsvField[]) => fields.filter((field) => !header.places.has(field));
  const hasNe = header.places.has('ne') || options.defaults?.ne !== undefined;
  if (lacks('peg').length === 0 && !header.places.has('value') && slotColumns(header).length > 0)
    return { kind: 'slots' };
  const missing = lacks('time', ...(hasNe ? [] : (['ne'] as const)), 'peg', 'value');
  if (missing.length === 0) return { kind: 'long' };
  if (lacks('time').length === 0 && lacks('peg', 'value').length === 2 && columnsWithNumbers(head).length > 0) {
    if (hasNe) return { kind: 'wide' };
    const reason = 'as CSV with a column a PEG it lacks a column for the network element (or say it: --ne NAME)';
    return { kind: 'none', reason };
  }
  const found = header.names.slice(0, 20).map((name) => name.trim().slice(0, 40));
  const reason = `as CSV it lacks a column for ${missing.join(', ')}; its columns are ${found.join(', ')}`;
  return { kind: 'none', reason };
}

/** A column of a slots table. */
export interface SlotColumn {
  readonly place: number;
  /** The time as written, without the end of a range. */
  readonly text: string;
}

/** The columns that are times: dates with a time of day, or, where the rows have a date, times of day. */
export function slotColumns(header: CsvHeader): SlotColumn[] {
  const hasDate = header.places.has('time') || header.places.has('date');
  return freeColumns(header)
    .map(([place, name]): SlotColumn => ({ place, text: name.split('~')[0].trim() }))
    .filter(({ text }) => (hasDate ? isClock(text) : /^\d{4}/.test(text) && parseTime(text, 'UTC') !== null));
}

/**
 * The columns of a wide table that hold PEGs: those without another meaning, except where the first rows have text and
 * no numbers in them. All of them where there are no rows to look at.
 */
export function pegColumns(header: CsvHeader, rows: CsvHead['rows']): (readonly [place: number, name: string])[] {
  const kinds = columnKinds(header, rows);
  return freeColumns(header).filter(([place]) => kinds.get(place) !== 'text');
}

function columnsWithNumbers({ header, rows }: CsvHead): number[] {
  const kinds = columnKinds(header, rows);
  const free = freeColumns(header).map(([place]) => place);
  const isOpen = rows.length === 0 || free.every((place) => !kinds.has(place));
  return isOpen ? free : free.filter((place) => kinds.get(place) === 'number');
}

function freeColumns(header: CsvHeader): [number, string][] {
  const taken = new Set([...header.places.values(), ...header.dimensions.keys()]);
  return header.names
    .map((name, place): [number, string] => [place, name.trim()])
    .filter(([place, name]) => name !== '' && !taken.has(place));
}

/** Which columns have numbers in the rows, and which only text; those with missing values alone are not there. */
function columnKinds(header: CsvHeader, rows: CsvHead['rows']): Map<number, 'number' | 'text'> {
  const kinds = new Map<number, 'number' | 'text'>();
  const mark = decimalMarkOf(rows.flat(), header.delimiter);
  for (const row of rows) {
    for (const [place, cell] of row.entries()) {
      if (kinds.get(place) === 'number') continue;
      const value = parseCsvValue(cell, mark);
      if (value === MISSING) continue;
      kinds.set(place, value === NO_NUMBER ? 'text' : 'number');
    }
  }
  return kinds;
}
