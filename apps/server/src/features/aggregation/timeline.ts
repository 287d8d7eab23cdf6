import { bucketIndex } from './buckets.ts';

/** Bins of time: where a time falls, and when a bin begins. */
export interface Timeline {
  /** Bins so far. */
  readonly slots: number;
  /** Slot by place in `begins`; −1: outside. The same array for the same `begins`. */
  slotsOf(begins: Float64Array): Int32Array;
  beginAt(slot: number): number;
  /** ms; infinite where bins have no length of their own. */
  endAt(slot: number): number;
  /** All slots in the order of time. */
  order(): readonly number[];
}

/** A bin for each begin of a granularity period, made as they come. */
export class PeriodTimeline implements Timeline {
  readonly #slots = new Map<number, number>();
  readonly #begins: number[] = [];
  #order: readonly number[] = [];
  #last: { readonly begins: Float64Array; readonly slots: Int32Array } | null = null;

  get slots(): number {
    return this.#begins.length;
  }

  slotsOf(begins: Float64Array): Int32Array {
    // Many measures follow one another with the same periods.
    if (this.#last?.begins === begins) return this.#last.slots;
    const slots = Int32Array.from(begins, (beginMs) => this.#slotOf(beginMs));
    this.#last = { begins, slots };
    return slots;
  }

  beginAt(slot: number): number {
    return this.#begins[slot];
  }

  endAt(): number {
    return Number.POSITIVE_INFINITY;
  }

  order(): readonly number[] {
    if (this.#order.length !== this.#begins.length)
      this.#order = [...this.#begins.keys()].sort((a, b) => this.#begins[a] - this.#begins[b]);
    return this.#order;
  }

  #slotOf(beginMs: number): number {
    let slot = this.#slots.get(beginMs);
    if (slot === undefined) {
      slot = this.#begins.length;
      this.#slots.set(beginMs, slot);
      this.#begins.push(beginMs);
    }
    return slot;
  }
}

/** The buckets of `bucketBounds`. */
export class BucketTimeline implements Timeline {
  readonly #bounds: Float64Array;
  readonly #order: readonly number[];
  #last: { readonly begins: Float64Array; readonly slots: Int32Array } | null = null;

  constructor(bounds: Float64Array) {
    this.#bounds = bounds;
    this.#order = [...bounds.subarray(0, -1).keys()];
  }

  get slots(): number {
    return this.#order.length;
  }

  slotsOf(begins: Float64Array): Int32Array {
    if (this.#last?.begins === begins) return this.#last.slots;
    const slots = Int32Array.from(begins, (beginMs) => bucketIndex(this.#bounds, beginMs));
    this.#last = { begins, slots };
    return slots;
  }

  beginAt(slot: number): number {
    return this.#bounds[slot];
  }

  endAt(slot: number): number {
    return this.#bounds[slot + 1];
  }

  order(): readonly number[] {
    return this.#order;
  }
}
