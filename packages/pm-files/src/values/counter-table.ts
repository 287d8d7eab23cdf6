import type { CounterLayout } from '../measurement.ts';
import type { CounterColumn, LayoutPlan } from './layout-plan.ts';

/**
 * The counters of one list of `measTypes` in one file, and the values of the block being read. A slot is made when its
 * counter has its first value in the file, and stays: the layout grows, and changes rarely.
 */
export class CounterTable {
  values = new Float64Array(64).fill(Number.NaN);
  readonly #scalarSlots: Int32Array;
  /** Slots of the vector elements of each column; -1 for one that never had a value. */
  readonly #elementSlots: number[][] = [];
  readonly #slotOfName: Map<string, number> | null;
  #plan: LayoutPlan;
  #count = 0;
  #layout: CounterLayout = { family: null, names: [] };
  #next = 0;

  constructor(plan: LayoutPlan) {
    this.#plan = plan;
    this.#scalarSlots = new Int32Array(plan.columns.length).fill(-1);
    this.#slotOfName = plan.hasElementNames ? new Map() : null;
  }

  /** The list of counters. */
  get columns(): readonly CounterColumn[] {
    return this.#plan.columns;
  }

  /** How many counters had a value so far. */
  get count(): number {
    return this.#count;
  }

  /** The counter with this `p`. Files mostly go through them in order, so the next one is tried first. */
  find(p: number | string): CounterColumn | undefined {
    const { columns } = this.#plan;
    const next = this.#next;
    this.#next = next + 1;
    if (next < columns.length && columns[next].p === p) return columns[next];
    const column = this.#plan.columnOf(p);
    if (column !== undefined) this.#next = column.index + 1;
    return column;
  }

  /** Makes all values missing. */
  beginBlock(): void {
    this.values.fill(Number.NaN, 0, this.#count);
    this.#next = 0;
  }

  /** Sets a scalar (`element` -1) or vector element; false where the block had another value there. */
  set(column: CounterColumn, element: number, value: number): boolean {
    let slot = element < 0 ? this.#scalarSlots[column.index] : this.#elementSlot(column.index, element);
    if (slot < 0) slot = this.#newSlot(column, element);
    const before = this.values[slot];
    this.values[slot] = value;
    return Number.isNaN(before) || before === value;
  }

  /** The counters that had a value so far; the same object as long as there are no new ones. */
  layout(): CounterLayout {
    if (this.#layout.names.length !== this.#count) this.#layout = this.#plan.layout(this.#count);
    return this.#layout;
  }

  #elementSlot(index: number, element: number): number {
    const slots = this.#elementSlots[index];
    return slots !== undefined && element < slots.length ? slots[element] : -1;
  }

  #newSlot(column: CounterColumn, element: number): number {
    const slot = this.#slotOfName === null ? this.#addSlot(column, element) : this.#slotByName(column, element);
    if (element < 0) this.#scalarSlots[column.index] = slot;
    else {
      this.#elementSlots[column.index] ??= [];
      const slots = this.#elementSlots[column.index];
      while (slots.length <= element) slots.push(-1);
      slots[element] = slot;
    }
    return slot;
  }

  #slotByName(column: CounterColumn, element: number): number {
    const name = slotName(column.name, element);
    const slot = this.#slotOfName?.get(name) ?? this.#addSlot(column, element);
    this.#slotOfName?.set(name, slot);
    return slot;
  }

  #addSlot(column: CounterColumn, element: number): number {
    const slot = this.#count;
    const plan = this.#plan;
    if (plan.slotColumns[slot] !== column.index || plan.slotElements[slot] !== element) {
      if (slot < plan.slotColumns.length) this.#plan = plan.fork(slot);
      this.#plan.addSlot(column.index, element, slotName(column.name, element));
    }
    this.#count = slot + 1;
    if (slot === this.values.length) {
      const grown = new Float64Array(slot * 2).fill(Number.NaN);
      grown.set(this.values);
      this.values = grown;
    }
    return slot;
  }
}

function slotName(name: string, element: number): string {
  return element < 0 ? name : `${name}[${element}]`;
}
