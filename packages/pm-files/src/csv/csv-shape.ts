import type { FileHead } from '../formats/format.ts';
import type { ReadOptions } from '../measurement.ts';
import { parseTime } from '../time/parse-time.ts';
import { type CsvHead, csvHead } from './csv-head.ts';
import type { CsvField, CsvHeader } from './csv-header.ts';
import { isClock } from './csv-table.ts';
import { decimalMarkOf, MISSING, NO_NUMBER, parseCsvValue } from './csv-value.ts';
import { describeColumns } from './missing-columns.ts';

/**
 * How a table holds values: a row a value, a column a PEG, or a column a time; what is missing where it is clearly one
 * of them; or why it is no PM file.
 */
export type CsvShape =
  | { readonly kind: CsvKind }
  | { readonly kind: 'incomplete'; readonly as: CsvKind; readonly missing: readonly CsvField[] }
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'no_table' };
type CsvKind = 'long' | 'wide' | 'slots';

const LONG_FIELDS: readonly CsvField[] = ['time', 'ne', 'peg', 'value'];
/** Of a time, an object, a PEG and a value, so many make a table one of PM. */
const TELLING_FIELDS = 3;

/** Each format asks for the shape of the same beginning, which is read once. */
const shapes = new WeakMap<FileHead, CsvShape>();

/** Tells the shape of a table by its header; a wide one also by numbers in its first rows. */
export function csvShape(file: FileHead, options: ReadOptions): CsvShape {
  const known = shapes.get(file);
  if (known !== undefined) return known;
  const shape = tellShape(file, options);
  shapes.set(file, shape);
  return shape;
}

function tellShape(file: FileHead, options: ReadOptions): CsvShape {
  const head = csvHead(file);
  if (head === null || head.header.places.size === 0) return { kind: 'no_table' };
  const { header } = head;
  const has = (field: CsvField) => header.places.has(field);
  const hasNe = has('ne') || options.defaults?.ne !== undefined;
  if (has('peg') && !has('value')) {
    if (slotColumns(header).length > 0) return { kind: 'slots' };
    if (clockColumns(header).length > 0) return { kind: 'incomplete', as: 'slots', missing: ['date'] };
  }
  const missing = LONG_FIELDS.filter((field) => !has(field) && !(field === 'ne' && hasNe));
  if (missing.length === 0) return { kind: 'long' };
  const isWide = has('time') && !has('peg') && !has('value') && columnsWithNumbers(head).length > 0;
  if (isWide && hasNe) return { kind: 'wide' };
  const hasObject = has('cell') || has('object');
  const telling = [has('time'), has('peg'), has('value'), has('ne') || hasObject].filter(Boolean).length;
  if (telling >= TELLING_FIELDS) return { kind: 'incomplete', as: 'long', missing };
  if (isWide && hasObject) return { kind: 'incomplete', as: 'wide', missing: ['ne'] };
  const found = `as a table it has ${describeColumns(header, isWide ? ['ne'] : missing)}`;
  return { kind: 'none', reason: isWide ? `${found} (or say it: --ne NAME)` : found };
}

/** Whether a file is a table of this shape, perhaps one that lacks a column: that is said where it is read. */
export function isCsvOf(kind: CsvKind, file: FileHead, options: ReadOptions): boolean {
  const shape = csvShape(file, options);
  return shape.kind === kind || (shape.kind === 'incomplete' && shape.as === kind);
}

/** A column of a slots table. */
export interface SlotColumn {
  readonly place: number;
  /** The time as written, without the end of a range. */
  readonly text: string;
}

/** The columns that are times: dates with a time of day, or, where the rows have a date, times of day. */
export function slotColumns(header: CsvHeader): SlotColumn[] {
  if (header.places.has('time') || header.places.has('date')) return clockColumns(header);
  return freeAsSlots(header).filter(({ text }) => /^\d{4}/.test(text) && parseTime(text, 'UTC') !== null);
}

/** The columns that are times of day. */
function clockColumns(header: CsvHeader): SlotColumn[] {
  return freeAsSlots(header).filter(({ text }) => isClock(text));
}

function freeAsSlots(header: CsvHeader): SlotColumn[] {
  return freeColumns(header).map(([place, name]) => ({ place, text: name.split('~', 1)[0].trim() }));
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
  const isEmpty = rows.length === 0 || rows.some((row) => row.length > 1);
  const isOpen = isEmpty && free.every((place) => !kinds.has(place));
  return isOpen ? free : free.filter((place) => kinds.get(place) === 'number');
}

function freeColumns(header: CsvHeader): [number, string][] {
  const taken = new Set([...header.places.values(), ...header.dimensions.keys()]);
  return header.names
    .map((name, place): [number, string] => [place, name.trim()])
    .filter(([place, name]) => name !== '' && !taken.has(place));
}

type ColumnKinds = ReadonlyMap<number, 'number' | 'text'>;
const kindsOfRows = new WeakMap<CsvHead['rows'], ColumnKinds>();

/** Which columns have numbers in the rows, and which only text; those with missing values alone are not there. */
function columnKinds(header: CsvHeader, rows: CsvHead['rows']): ColumnKinds {
  const known = kindsOfRows.get(rows) ?? tellKinds(header, rows);
  kindsOfRows.set(rows, known);
  return known;
}

function tellKinds(header: CsvHeader, rows: CsvHead['rows']): ColumnKinds {
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
