import type { StoredBlock } from '../../stores/kpi/kpi-store.ts';
import type { NumberPool } from './number-pool.ts';

/** Ten days of quarters: longer tables grow. */
const FIRST_ROWS = 1000;

/**
 * The samples of one counter group of one object at one granularity: a row a period, a column a PEG. Columns are held one behind the
 * other, so that a PEG can be read without being copied.
 */
export class GroupTable {
  readonly granularityS: number;
  readonly pegIds: Int32Array;
  length = 0;
  readonly #pool: NumberPool;
  readonly #rowsExpected: number;
  readonly #suspect = new Set<number>();
  #capacity: number;
  #begins: Float64Array;
  #columns: Float64Array;
  #isOrdered = true;

  /** @param rowsExpected periods that the interval has: memory grows no further than that without need */
  constructor(
    { granularityS, pegIds }: Pick<StoredBlock, 'granularityS' | 'pegIds'>,
    rowsExpected: number,
    pool: NumberPool,
  ) {
    this.granularityS = granularityS;
    this.pegIds = pegIds;
    this.#pool = pool;
    this.#rowsExpected = rowsExpected;
    this.#capacity = Math.min(FIRST_ROWS, Math.max(1, rowsExpected));
    this.#begins = new Float64Array(this.#capacity);
    this.#columns = pool.take(this.#capacity * pegIds.length);
  }

  /** How many numbers the table has room for. */
  get room(): number {
    return this.#columns.length;
  }

  get hasSuspect(): boolean {
    return this.#suspect.size > 0;
  }

  /** Begins of the periods, ascending once `settle` was called. */
  get begins(): Float64Array {
    return this.#begins.subarray(0, this.length);
  }

  add({ beginMs, values, length, suspect }: StoredBlock): void {
    if (this.length === this.#capacity) this.#grow();
    const row = this.length++;
    const columns = this.#columns;
    const capacity = this.#capacity;
    let at = row;
    for (let place = 0; place < length; place++, at += capacity) {
      const value = values[place];
      // NaN and the infinities, which no counter has, are missing.
      columns[at] = value - value === 0 ? value : Number.NaN;
    }
    for (let place = length; place < this.pegIds.length; place++, at += capacity) columns[at] = Number.NaN;
    this.#begins[row] = beginMs;
    if (row > 0 && beginMs < this.#begins[row - 1]) this.#isOrdered = false;
    if (suspect) this.#suspect.add(beginMs);
  }

  /** The values of the PEG at a place, NaN where missing; not to be changed. */
  column(place: number): Float64Array {
    const at = place * this.#capacity;
    return this.#columns.subarray(at, at + this.length);
  }

  isSuspect(beginMs: number): boolean {
    return this.#suspect.has(beginMs);
  }

  /** Puts the periods in the order of time: sums depend on it in their last digits, and blocks come as they were delivered. */
  settle(): void {
    if (this.#isOrdered) return;
    this.#isOrdered = true;
    const begins = this.begins;
    const order = Uint32Array.from({ length: this.length }, (_, row) => row).sort((a, b) => begins[a] - begins[b]);
    const ordered = new Float64Array(this.length);
    const put = (values: Float64Array) => {
      for (let to = 0; to < order.length; to++) ordered[to] = values[order[to]];
      values.set(ordered);
    };
    for (let place = 0; place < this.pegIds.length; place++) put(this.column(place));
    put(begins);
  }

  /** Gives the memory back: what was read from the table is no longer valid. */
  release(): void {
    this.#pool.give(this.#columns);
  }

  #grow(): void {
    const before = this.#capacity;
    const wanted = before < this.#rowsExpected ? Math.min(before * 2, this.#rowsExpected) : before * 2;
    const begins = new Float64Array(wanted);
    begins.set(this.#begins);
    const columns = this.#pool.take(wanted * this.pegIds.length);
    for (let place = 0; place < this.pegIds.length; place++)
      columns.set(this.#columns.subarray(place * before, (place + 1) * before), place * wanted);
    this.release();
    this.#capacity = wanted;
    this.#begins = begins;
    this.#columns = columns;
  }
}
