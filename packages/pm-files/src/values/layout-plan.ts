import type { CounterLayout } from '../measurement.ts';

/** One counter of a list of `measTypes`. */
export interface CounterColumn {
  readonly p: number | string;
  readonly name: string;
  /** Place in the list; for a name that is listed again, the place of the first. */
  readonly index: number;
}

/** So many plans, and names in them, are remembered; then all are forgotten, to bound memory. */
const MAX_PLANS = 1024;
const MAX_NAMES = 1_000_000;
const MAX_LAYOUT_NAMES_OF_A_PLAN = 200_000;

/** `x[0]` as the name of a counter could also be the first element of the vector `x`. */
const LOOKS_LIKE_ELEMENT = /\[\d+\]$/;

/**
 * A list of counters, the order in which they got their first values, and the layouts that came of it. Network elements
 * of a kind send the same lists period after period, so what was made for one file mostly fits the next: names need not
 * be built again, and the layout objects stay the same across files.
 */
export class LayoutPlan {
  readonly columns: readonly CounterColumn[];
  /** Whether names of counters can coincide with names of vector elements. */
  readonly hasElementNames: boolean;
  /** Slot → the counter's place in the list. */
  readonly slotColumns: number[] = [];
  /** Slot → element of the vector; -1: a scalar. */
  readonly slotElements: number[] = [];
  readonly slotNames: string[] = [];
  readonly #byP: Map<number | string, CounterColumn>;
  readonly #layouts = new Map<number, CounterLayout>();
  #layoutNames = 0;

  readonly #key: string;

  constructor(key: string, columns: readonly CounterColumn[]) {
    this.#key = key;
    this.columns = columns;
    this.hasElementNames = columns.some(({ name }) => LOOKS_LIKE_ELEMENT.test(name));
    this.#byP = new Map(columns.map((column) => [column.p, column]));
  }

  /** The counter with this `p`. */
  columnOf(p: number | string): CounterColumn | undefined {
    return this.#byP.get(p);
  }

  /** The layout of the first `slots` slots. */
  layout(slots: number): CounterLayout {
    const known = this.#layouts.get(slots);
    if (known !== undefined) return known;
    const layout: CounterLayout = { family: null, names: this.slotNames.slice(0, slots) };
    this.#layoutNames += slots;
    if (this.#layoutNames > MAX_LAYOUT_NAMES_OF_A_PLAN) return layout;
    this.#layouts.set(slots, layout);
    rememberedNames += slots;
    return layout;
  }

  /** Appends a slot. */
  addSlot(column: number, element: number, name: string): void {
    this.slotColumns.push(column);
    this.slotElements.push(element);
    this.slotNames.push(name);
    rememberedNames += 1;
  }

  /** A plan with the same first slots, and free to go on otherwise. It is remembered in place of this one: the newest file is the best guess. */
  fork(slots: number): LayoutPlan {
    const forked = new LayoutPlan(this.#key, this.columns);
    for (let slot = 0; slot < slots; slot += 1) {
      forked.addSlot(this.slotColumns[slot], this.slotElements[slot], this.slotNames[slot]);
    }
    for (const [length, layout] of this.#layouts) if (length <= slots) forked.#layouts.set(length, layout);
    if (plans.get(this.#key) === this) plans.set(this.#key, forked);
    return forked;
  }
}

const plans = new Map<string, LayoutPlan>();
let rememberedNames = 0;

/** The plan for a list of counters as the file writes it, made by `make` where it is new. A memo: results do not depend on it. */
export function planFor(key: string, make: () => readonly CounterColumn[]): LayoutPlan {
  const known = plans.get(key);
  if (known !== undefined) return known;
  if (plans.size >= MAX_PLANS || rememberedNames > MAX_NAMES) {
    plans.clear();
    rememberedNames = 0;
  }
  const plan = new LayoutPlan(key, make());
  rememberedNames += plan.columns.length;
  plans.set(key, plan);
  return plan;
}
