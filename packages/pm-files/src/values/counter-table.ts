import type { CounterLayout } from '../measurement.ts';

/** One entry of `measTypes`: which slots its values go to. */
export interface CounterColumn {
  readonly p: number | string;
  readonly name: string;
  /** Place in the list of columns. */
  readonly index: number;
  scalarSlot: number;
  /** Slot of each vector element; -1 for one that never had a value. */
  readonly elementSlots: number[];
}

/**
 * The counters of one `measInfo`, and the values of the block being read. A slot is made when its counter has its first
 * value, and stays: the layout grows, and changes rarely.
 */
export class CounterTable {
  readonly columns: CounterColumn[] = [];
  values = new Float64Array(64).fill(Number.NaN);
  readonly #byP = new Map<number | string, CounterColumn>();
  readonly #slotOfName = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #onNewName: (name: string) => void;
  #layout: CounterLayout = { family: null, names: [] };
  #next = 0;

  /** `onNewName` is called once for each counter that gets its first value. */
  constructor(onNewName: (name: string) => void) {
    this.#onNewName = onNewName;
  }

  /** Adds a counter; false where `p` is taken by another one. */
  add(p: number | string, name: string): boolean {
    const known = this.#byP.get(p);
    if (known !== undefined) return known.name === name;
    const column: CounterColumn = { p, name, index: this.columns.length, scalarSlot: -1, elementSlots: [] };
    this.columns.push(column);
    this.#byP.set(p, column);
    return true;
  }

  /** The counter with this `p`. Files mostly go through them in order, so the next one is tried first. */
  find(p: number | string): CounterColumn | undefined {
    const expected = this.columns[this.#next];
    const column = expected !== undefined && expected.p === p ? expected : this.#byP.get(p);
    if (column !== undefined) this.#next = column.index + 1;
    return column;
  }

  /** Makes all values missing. */
  beginBlock(): void {
    this.values.fill(Number.NaN, 0, this.#names.length);
    this.#next = 0;
  }

  /** Sets a scalar (`element` -1) or vector element; false where the block had another value there. */
  set(column: CounterColumn, element: number, value: number): boolean {
    const slot = element < 0 ? column.scalarSlot : (column.elementSlots[element] ?? -1);
    const at = slot < 0 ? this.#newSlot(column, element) : slot;
    const before = this.values[at];
    this.values[at] = value;
    return Number.isNaN(before) || before === value;
  }

  /** The counters that had a value so far; the same object as long as there are no new ones. */
  layout(): CounterLayout {
    if (this.#layout.names.length !== this.#names.length) this.#layout = { family: null, names: this.#names.slice() };
    return this.#layout;
  }

  #newSlot(column: CounterColumn, element: number): number {
    const name = element < 0 ? column.name : `${column.name}[${element}]`;
    const slot = this.#slotOfName.get(name) ?? this.#addName(name);
    if (element < 0) column.scalarSlot = slot;
    else {
      while (column.elementSlots.length < element) column.elementSlots.push(-1);
      column.elementSlots[element] = slot;
    }
    return slot;
  }

  #addName(name: string): number {
    const slot = this.#names.length;
    this.#onNewName(name);
    this.#names.push(name);
    this.#slotOfName.set(name, slot);
    if (slot === this.values.length) {
      const grown = new Float64Array(slot * 2).fill(Number.NaN);
      grown.set(this.values);
      this.values = grown;
    }
    return slot;
  }
}
