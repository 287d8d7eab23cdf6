import type { CounterLayout } from '../measurement.ts';

/** Layouts up to this length need not be filled. */
const FREELY_SPARSE_SLOTS = 64;
/** A longer layout has at most so many places a number of the block. */
const MAX_SLOTS_A_NUMBER = 8;

/**
 * The values of one block after another where counters are told by name and any may be left out. The layout grows with
 * the names; where a block fills little of a long layout, it begins anew with the names of that block, so that the work
 * stays in proportion to the values in the file.
 */
export class NamedCounters {
  /** Of the block being read; NaN where missing. */
  values = new Float64Array(64);
  readonly #family: string | null;
  #slots = new Map<string, number>();
  #names: string[] = [];
  #layout: CounterLayout | null = null;
  #numbers = 0;

  constructor(family: string | null) {
    this.#family = family;
  }

  beginBlock(): void {
    this.values.fill(Number.NaN, 0, this.#names.length);
    this.#numbers = 0;
  }

  /** The name as the file's counters are counted by. */
  qualified(name: string): string {
    return this.#family === null ? name : `${this.#family}/${name}`;
  }

  /** Names in the layout so far; grows with each new one. */
  get count(): number {
    return this.#names.length;
  }

  /** Sets a value of the block; false where the block had another one there. */
  set(name: string, value: number): boolean {
    let slot = this.#slots.get(name);
    if (slot === undefined) {
      slot = this.#names.length;
      this.#slots.set(name, slot);
      this.#names.push(name);
      this.#layout = null;
      this.#growTo(slot + 1);
      this.values[slot] = Number.NaN;
    }
    const before = this.values[slot];
    this.values[slot] = value;
    this.#numbers += 1;
    return Number.isNaN(before) || before === value;
  }

  /** The layout of the block, whose values are in `values`. */
  endBlock(): CounterLayout {
    const slots = this.#names.length;
    if (slots > FREELY_SPARSE_SLOTS && slots > this.#numbers * MAX_SLOTS_A_NUMBER) this.#compact();
    this.#layout ??= { family: this.#family, names: this.#names.slice() };
    return this.#layout;
  }

  #growTo(slots: number): void {
    if (slots <= this.values.length) return;
    const grown = new Float64Array(this.values.length * 2);
    grown.set(this.values);
    this.values = grown;
  }

  #compact(): void {
    const { values } = this;
    const names = this.#names.filter((_, slot) => !Number.isNaN(values[slot]));
    const numbers = values.filter((value, slot) => slot < this.#names.length && !Number.isNaN(value));
    this.#names = names;
    this.#slots = new Map(names.map((name, slot) => [name, slot]));
    this.#layout = null;
    this.values = new Float64Array(Math.max(64, numbers.length));
    this.values.set(numbers);
  }
}
