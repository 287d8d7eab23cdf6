import type { CounterLayout } from '../measurement.ts';
import { remembered } from './remembered.ts';

const MAX_LAYOUT_NAMES_OF_A_PLAN = 200_000;
const FIRST_CAPACITY = 32;

/** What a plan has to know of the list of counters that it is for. */
interface PlannedList {
  readonly columns: readonly { readonly name: string }[];
  /** Whether names of counters can coincide with names of vector elements. */
  readonly hasElementNames: boolean;
}

/**
 * The order in which the counters of a list got their first values, and the layouts that came of it. A slot is a place
 * in the layouts. Files append slots; a file that goes on otherwise forks the plan.
 */
export class LayoutPlan {
  /** Slots made so far. */
  count = 0;
  /** Slot → the counter's place in the list; longer than `count`, -1 behind it. */
  columns: Int32Array = new Int32Array(FIRST_CAPACITY).fill(-1);
  /** Slot → element of the vector; -1: a scalar. */
  elements: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** Slot of the first element of a vector → the slot behind those of its elements that follow on one another. */
  ends: Int32Array = new Int32Array(FIRST_CAPACITY);
  readonly #list: PlannedList;
  readonly #names: string[] = [];
  readonly #scalarSlots: Int32Array;
  /** Slots of the vector elements of each counter; -1 where there is none. */
  readonly #elementSlots: number[][] = [];
  readonly #slotsByName: Map<string, number> | null;
  readonly #layouts = new Map<number, CounterLayout>();
  #layoutNames = 0;

  constructor(list: PlannedList) {
    this.#list = list;
    this.#scalarSlots = new Int32Array(list.columns.length).fill(-1);
    this.#slotsByName = list.hasElementNames ? new Map() : null;
  }

  /** The slot of a scalar (`element` -1) or vector element; -1 where there is none. */
  slotOf(column: number, element: number): number {
    const slot = this.#slotOf(column, element);
    if (slot >= 0 || this.#slotsByName === null) return slot;
    return this.#slotsByName.get(this.#nameOf(column, element)) ?? -1;
  }

  /** The layout of the first `slots` slots. */
  layout(slots: number): CounterLayout {
    const known = this.#layouts.get(slots);
    if (known !== undefined) return known;
    const layout: CounterLayout = { family: null, names: this.#names.slice(0, slots) };
    this.#layoutNames += slots;
    if (this.#layoutNames > MAX_LAYOUT_NAMES_OF_A_PLAN) return layout;
    this.#layouts.set(slots, layout);
    remembered.slots += slots;
    return layout;
  }

  /** Whether a slot is that of this scalar or vector element. */
  hasSlot(slot: number, column: number, element: number): boolean {
    return slot < this.count && this.columns[slot] === column && this.elements[slot] === element;
  }

  /** Whether the first `slots` slots, which the other has, are the same here. */
  hasSameSlots(other: LayoutPlan, slots: number): boolean {
    if (slots > this.count) return false;
    for (let slot = 0; slot < slots; slot += 1) {
      if (!this.hasSlot(slot, other.columns[slot], other.elements[slot])) return false;
    }
    return true;
  }

  /** Appends a slot. */
  addSlot(column: number, element: number): void {
    const slot = this.count;
    this.#append(column, element, this.#nameOf(column, element));
    if (element < 0) this.#scalarSlots[column] = slot;
    else {
      this.#elementSlots[column] ??= [];
      const slots = this.#elementSlots[column];
      while (slots.length <= element) slots.push(-1);
      slots[element] = slot;
    }
  }

  /** A plan with the same first slots, and free to go on otherwise. */
  fork(slots: number): LayoutPlan {
    const forked = new LayoutPlan(this.#list);
    for (let slot = 0; slot < slots; slot += 1) forked.addSlot(this.columns[slot], this.elements[slot]);
    for (const [length, layout] of this.#layouts) {
      if (length > slots) continue;
      forked.#layouts.set(length, layout);
      forked.#layoutNames += length;
    }
    return forked;
  }

  #slotOf(column: number, element: number): number {
    if (element < 0) return this.#scalarSlots[column];
    const slots = this.#elementSlots[column];
    return slots !== undefined && element < slots.length ? slots[element] : -1;
  }

  #nameOf(column: number, element: number): string {
    const { name } = this.#list.columns[column];
    return element < 0 ? name : `${name}[${element}]`;
  }

  #append(column: number, element: number, name: string): void {
    const slot = this.count;
    if (slot + 1 >= this.columns.length) {
      this.columns = grown(this.columns);
      this.elements = grown(this.elements);
      this.ends = grown(this.ends);
    }
    if (element >= 0) {
      const first = slot - element;
      if (element === 0 || (first >= 0 && this.ends[first] === slot && this.columns[first] === column))
        this.ends[first] = slot + 1;
    }
    this.columns[slot] = column;
    this.elements[slot] = element;
    this.#names.push(name);
    this.#slotsByName?.set(name, slot);
    this.count = slot + 1;
    remembered.slots += 1;
  }
}

function grown(slots: Int32Array): Int32Array {
  const larger = new Int32Array(slots.length * 2).fill(-1);
  larger.set(slots);
  return larger;
}
