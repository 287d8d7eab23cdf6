import type { CounterLayout } from '../measurement.ts';
import type { BlockValues } from './block-values.ts';
import type { CounterColumn, KnownList } from './known-list.ts';
import type { LayoutPlan } from './layout-plan.ts';

/** Layouts up to this length need not be filled. */
const FREELY_SPARSE_SLOTS = 64;
/** A longer layout has at most so many places a number of the block. */
const MAX_SLOTS_A_NUMBER = 8;

/**
 * The counters of one list of `measTypes` in one file, and the values of the block being read. A slot is made when its
 * counter has its first value in the file, and stays: the layout grows, and changes rarely. Only where a block fills
 * little of a long layout does the table begin anew with the counters of that block, so that the work stays in
 * proportion to the values in the file.
 */
export class CounterTable {
  readonly list: KnownList;
  /** Slots in use: the first ones of the plan. */
  count = 0;
  plan: LayoutPlan;
  /** So many of the slots in use have been counted by name. */
  counted = 0;
  /** Place in the list of the counter that is expected next. */
  next = 0;
  readonly #values: BlockValues;
  #nextSlot = 0;
  /** The slots before this one hold the block's values, NaN where there is none; no slot from here on has one yet. */
  #used = 0;
  #layout: CounterLayout | null = null;

  constructor(list: KnownList, values: BlockValues) {
    this.#values = values;
    this.list = list;
    this.plan = list.plan;
  }

  /** The counter with this `p`. Files mostly go through them in order, so the next one is tried first. */
  find(p: number | string): CounterColumn | undefined {
    const { columns } = this.list;
    const next = this.next;
    this.next = next + 1;
    if (next < columns.length && columns[next].p === p) return columns[next];
    const column = this.list.columnOf(p);
    if (column !== undefined) this.next = column.index + 1;
    return column;
  }

  /** Makes all values missing. */
  beginBlock(): void {
    this.next = 0;
    this.#nextSlot = 0;
    this.#used = 0;
  }

  /** The slot that is expected to be the next one; -1 where it has, or one behind it, a value already. */
  get freshSlot(): number {
    return this.#nextSlot < this.#used ? -1 : this.#nextSlot;
  }

  /** The slots from the fresh one up to this one, which is not among them, have been given values in `room`. */
  useTo(slot: number): void {
    this.#nextSlot = slot;
    this.#used = slot;
    if (slot > this.count) this.#useSlots(slot);
  }

  /** Sets a scalar (`element` -1) or vector element; false where the block had another value there. */
  set(column: CounterColumn, element: number, value: number): boolean {
    const slot = this.slotFor(column.index, element);
    const before = this.#valueAt(slot);
    this.#put(slot, value);
    return Number.isNaN(before) || before === value;
  }

  /**
   * As `set`, for values that mostly come in the order of the plan. False, and nothing is changed, where the block had
   * another value there.
   */
  setNext(column: number, element: number, value: number): boolean {
    const { plan } = this;
    let slot = this.#nextSlot;
    if (plan.columns[slot] !== column || plan.elements[slot] !== element) slot = this.slotFor(column, element);
    else if (slot === this.count) this.#useSlots(slot + 1);
    const before = this.#valueAt(slot);
    if (before !== value && !Number.isNaN(before)) return false;
    this.#put(slot, value);
    return true;
  }

  /** The slot of a scalar or vector element of the counter at a place of the list, made where there is none. */
  slotFor(column: number, element: number): number {
    const known = this.plan.slotOf(column, element);
    const slot = this.count;
    if (known >= 0 && known < slot) return known;
    if (known !== slot) {
      if (slot < this.plan.count) this.plan = this.list.planLike(this.plan, slot, column, element);
      else this.plan.addSlot(column, element);
    }
    this.#useSlots(slot + 1);
    return slot;
  }

  #valueAt(slot: number): number {
    return slot < this.#used ? this.#values.numbers[slot] : Number.NaN;
  }

  /** Sets a slot, and expects the one behind it next. */
  #put(slot: number, value: number): void {
    const { numbers } = this.#values;
    if (slot > this.#used) numbers.fill(Number.NaN, this.#used, slot);
    if (slot >= this.#used) this.#used = slot + 1;
    numbers[slot] = value;
    this.#nextSlot = slot + 1;
  }

  #useSlots(count: number): void {
    this.count = count;
    this.#layout = null;
    if (count > this.#values.numbers.length) this.#values.grow(count);
  }

  /** The values of the block being read; NaN where missing. */
  get values(): Float64Array {
    const { numbers } = this.#values;
    if (this.#used < this.count) {
      numbers.fill(Number.NaN, this.#used, this.count);
      this.#used = this.count;
    }
    return numbers;
  }

  /** Where the values are: from the fresh slot on they can be set here, if `useTo` is told. */
  get room(): Float64Array {
    return this.#values.numbers;
  }

  /** The counters that had a value so far; the same object as long as there are no new ones. */
  layout(): CounterLayout {
    this.#layout ??= this.plan.layout(this.count);
    return this.#layout;
  }

  /** Whether a block with so many numbers fills too little of the layout. */
  isSparse(numbers: number): boolean {
    return this.count > FREELY_SPARSE_SLOTS && this.count > numbers * MAX_SLOTS_A_NUMBER;
  }

  /** Begins anew with the counters, and the values, of the current block alone. */
  compact(): void {
    const { count, plan, values } = this;
    const kept: number[] = [];
    for (let slot = 0; slot < count; slot += 1) if (!Number.isNaN(values[slot])) kept.push(slot);
    const numbers = kept.map((slot) => values[slot]);
    this.plan = this.list.plan;
    this.#useSlots(0);
    this.#used = 0;
    for (const [i, slot] of kept.entries())
      this.#put(this.slotFor(plan.columns[slot], plan.elements[slot]), numbers[i]);
  }
}
