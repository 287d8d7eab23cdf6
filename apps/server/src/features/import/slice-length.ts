import type { Interval } from './slice-query.ts';

const HOUR_MS = 3_600_000;
const SHORTEST_MS = 60_000;
const LONGEST_MS = 31 * 24 * HOUR_MS;
/** Values that a slice is to have: some seconds of work, so that little is read again after an interruption. */
const WANTED_VALUES = 1_000_000;
/** Where each slice costs a look at the whole table. */
const WANTED_VALUES_UNINDEXED = 16_000_000;

/** How much of the source's time is asked for at once. It follows the density of the data. */
export class SliceLength {
  readonly #wanted: number;
  #ms = HOUR_MS;
  #valuesPerMs = 0;

  /** `isIndexed`: whether times are found by an index; null: not known, taken for yes. */
  constructor(isIndexed: boolean | null) {
    this.#wanted = isIndexed === false ? WANTED_VALUES_UNINDEXED : WANTED_VALUES;
  }

  get ms(): number {
    return this.#ms;
  }

  /** Values that a slice will have if it is like the one before; null where that had none. */
  expectedValues({ fromMs, toMs }: Interval): number | null {
    return this.#valuesPerMs > 0 ? this.#valuesPerMs * (toMs - fromMs) : null;
  }

  /** After a slice that had so many values. */
  adapt({ fromMs, toMs }: Interval, values: number): void {
    this.#valuesPerMs = values / (toMs - fromMs);
    if (values > 2 * this.#wanted) this.#ms = Math.max(Math.floor(this.#ms / 2), SHORTEST_MS);
    else if (values < this.#wanted / 8) this.#ms = Math.min(this.#ms * 4, LONGEST_MS);
    else if (values < this.#wanted / 2) this.#ms = Math.min(this.#ms * 2, LONGEST_MS);
  }
}
