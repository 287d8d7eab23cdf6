import { withDimensions } from '../csv/csv-dimensions.ts';
import { type CsvBody, CsvFile } from '../csv/csv-file.ts';
import { isCsvOf, type SlotColumn, slotColumns } from '../csv/csv-shape.ts';
import { type CsvTable, dateAndClock, isClock } from '../csv/csv-table.ts';
import { MISSING, NO_NUMBER, parseCsvValue } from '../csv/csv-value.ts';
import { assumeGranularity, smallestStep } from '../csv/held-blocks.ts';
import type { CounterLayout, ManagedElement } from '../measurement.ts';
import { checkPeriod } from '../read-session.ts';
import type { PmFormat } from './format.ts';

/** Values held before the slots are handed on. */
const FLUSH_VALUES = 1_000_000;

/** CSV with a row a PEG and a column a time slot: `Category,Family,Peg,Unit,2026-11-22 00:00,…`. */
export const csvSlots: PmFormat = {
  name: 'csv-slots',
  detect(head, options) {
    return isCsvOf('slots', head, options) ? { isMatch: true } : { isMatch: false, reason: null };
  },
  open: (head, session) => new CsvFile(head, session, (table) => new CsvSlotsBody(table)),
};

/** The rows of one object, family and day. */
interface SlotGroup {
  readonly managedElement: ManagedElement;
  readonly ldn: string;
  readonly family: string | null;
  /** Empty where the columns have dates of their own. */
  readonly date: string;
  readonly line: number;
  suspect: boolean;
  readonly places: Map<string, number>;
  /** A PEG a row: its values by slot, shorter where the last ones are absent. */
  readonly rows: Float64Array[];
}

class CsvSlotsBody implements CsvBody {
  readonly #table: CsvTable;
  readonly #slots: readonly SlotColumn[];
  readonly #groups = new Map<string, SlotGroup>();
  readonly #headerLine: number;
  #granularityS: number | null = null;
  #heldValues = 0;

  constructor(table: CsvTable) {
    this.#table = table;
    this.#headerLine = table.line;
    this.#slots = slotColumns(table.header);
    table.needed = (table.header.places.get('peg') ?? 0) + 1;
    const { places, dimensions, names } = table.header;
    const known = new Set([...places.values(), ...dimensions.keys(), ...this.#slots.map(({ place }) => place)]);
    for (const [place, name] of names.entries()) {
      if (known.has(place) || name.trim() === '') continue;
      table.warn('column_ignored', () => `the column ${JSON.stringify(name.slice(0, 100))} is no time and is left out`);
    }
  }

  row(fields: readonly string[]): void {
    const table = this.#table;
    const peg = table.field(fields, 'peg');
    if (peg === '') throw table.refuse('counter_name_missing', 'the row names no PEG', 'Each row needs one.');
    const group = this.#groupOf(fields);
    const name = withDimensions(peg, fields, table.header.dimensions);
    const values = this.#valuesOf(fields, name);
    const earlier = group.places.get(name);
    if (earlier === undefined) {
      table.session.addCounter(`${group.family ?? ''}/${name}`, table.position);
      group.places.set(name, group.rows.length);
      group.rows.push(values);
    } else group.rows[earlier] = this.#merged(group.rows[earlier], values, name);
    // Counted as if the row were whole, so that handing on many short rows costs no more than reading them.
    this.#heldValues += this.#slots.length;
    if (this.#heldValues > FLUSH_VALUES) this.#flush();
  }

  end(): void {
    this.#flush();
  }

  #groupOf(fields: readonly string[]): SlotGroup {
    const table = this.#table;
    const ne = table.ne(fields);
    const ldn = table.ldn(fields);
    const family = table.field(fields, 'family') || null;
    const date = table.field(fields, 'time') || table.field(fields, 'date');
    const key = `${ne}\n${ldn}\n${family ?? ''}\n${date}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      const managedElement = table.managedElement(ne);
      group = { managedElement, ldn, family, date, line: table.line, suspect: false, places: new Map(), rows: [] };
      this.#groups.set(key, group);
    }
    if (table.isSuspect(fields)) group.suspect = true;
    return group;
  }

  #valuesOf(fields: readonly string[], name: string): Float64Array {
    const { session, decimalMark } = this.#table;
    let present = 0;
    while (present < this.#slots.length && this.#slots[present].place < fields.length) present += 1;
    const values = new Float64Array(present).fill(Number.NaN);
    for (let slot = 0; slot < present; slot += 1) {
      const cell = fields[this.#slots[slot].place] ?? '';
      const value = parseCsvValue(cell, decimalMark);
      if (value === MISSING) session.counts.missing += 1;
      else if (value === NO_NUMBER) this.#table.warnNoNumber(cell.trim(), name);
      else {
        session.counts.numbers += 1;
        values[slot] = value;
      }
    }
    session.counts.values += present;
    return values;
  }

  /** Two rows of one PEG: where both have a value, that of the later. */
  #merged(earlier: Float64Array, later: Float64Array, name: string): Float64Array {
    const merged = new Float64Array(Math.max(earlier.length, later.length)).fill(Number.NaN);
    merged.set(earlier);
    for (const [slot, value] of later.entries()) {
      if (Number.isNaN(value)) continue;
      if (!Number.isNaN(merged[slot]) && merged[slot] !== value) this.#table.warnRepeated(name);
      merged[slot] = value;
    }
    return merged;
  }

  #flush(): void {
    for (const group of this.#groups.values()) this.#emit(group);
    this.#groups.clear();
    this.#heldValues = 0;
  }

  #emit(group: SlotGroup): void {
    const { session } = this.#table;
    const layout: CounterLayout = { family: group.family, names: [...group.places.keys()] };
    const values = new Float64Array(group.rows.length);
    const at = () => ({ line: group.date === '' ? this.#headerLine : group.line, column: 1 });
    const hasNumber = slotsWithNumbers(group.rows);
    for (let slot = 0; slot < hasNumber.length; slot += 1) {
      // The slots of a day that are still to come are empty.
      if (hasNumber[slot] === 0) continue;
      for (const [i, row] of group.rows.entries()) values[i] = slot < row.length ? row[slot] : Number.NaN;
      const written = this.#written(this.#slots[slot].text, group.date);
      const granularityS = this.#granularity();
      const endMs = this.#table.timeMs(written) + granularityS * 1000;
      const said = `of ${granularityS} s from ${written.slice(0, 100)}`;
      const period = checkPeriod(endMs, granularityS, session.options.nowMs, said, at);
      session.emit(group.managedElement, group.ldn, layout, period, group.suspect, values, at);
    }
  }

  #written(slot: string, date: string): string {
    return isClock(slot) ? dateAndClock(date, slot) : slot;
  }

  /** The smallest step between two columns. */
  #granularity(): number {
    if (this.#granularityS !== null) return this.#granularityS;
    const anyDay = '2000-01-01';
    const timesMs = this.#slots.map(({ text }) => this.#table.timeMs(this.#written(text, anyDay)));
    const step = smallestStep(timesMs);
    this.#granularityS = Number.isFinite(step) ? step / 1000 : assumeGranularity(this.#table.session);
    return this.#granularityS;
  }
}

function slotsWithNumbers(rows: readonly Float64Array[]): Uint8Array {
  const longest = rows.reduce((length, row) => Math.max(length, row.length), 0);
  const hasNumber = new Uint8Array(longest);
  for (const row of rows) {
    for (let slot = 0; slot < row.length; slot += 1) if (!Number.isNaN(row[slot])) hasNumber[slot] = 1;
  }
  return hasNumber;
}
