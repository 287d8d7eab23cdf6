import type { GroupTable } from './group-table.ts';

/** The samples of the objects that are one thing (a cell, or one object), by granularity. */
export interface EntityView {
  /** The shortest first. */
  readonly granularities: readonly GranularityView[];
}

/** The samples of an entity at one granularity, PEGs as columns over its periods. */
export class GranularityView {
  readonly granularityS: number;
  /** Begins of the periods in which any of the objects has a block, ascending. */
  readonly begins: Float64Array;
  readonly #tables: readonly { readonly table: GroupTable; readonly rowAt: Int32Array | null }[];
  readonly #columns = new Map<number, Float64Array | null>();
  readonly #weights = new Map<string, Float64Array | null>();

  constructor(granularityS: number, tables: readonly GroupTable[]) {
    this.granularityS = granularityS;
    this.begins = commonBegins(tables);
    this.#tables = tables.map((table) => ({ table, rowAt: rowsAt(this.begins, table) }));
  }

  /**
   * The values of a PEG, NaN where missing, not to be changed; null where it has none at all. Of several objects that have it the
   * first counts.
   */
  column(pegId: number): Float64Array | null {
    let column = this.#columns.get(pegId);
    if (column === undefined) {
      column = this.#read(pegId);
      this.#columns.set(pegId, column);
    }
    return column;
  }

  /**
   * What several PEGs weigh together, at the view's times or others: below 0 counts as 0, NaN where none has a value; null where none has
   * any. The same array for all that are weighted by the same.
   */
  weights(pegIds: readonly number[], begins: Float64Array): Float64Array | null {
    const key = pegIds.join();
    let weights = this.#weights.get(key);
    if (weights === undefined) {
      weights = this.#readWeights(pegIds);
      this.#weights.set(key, weights);
    }
    return weights === null || begins === this.begins ? weights : this.#at(weights, begins);
  }

  #readWeights(pegIds: readonly number[]): Float64Array | null {
    const columns = pegIds.map((pegId) => this.column(pegId)).filter((column) => column !== null);
    if (columns.length === 0) return null;
    const sums = new Float64Array(this.begins.length).fill(Number.NaN);
    for (const column of columns) {
      for (let at = 0; at < sums.length; at++) {
        const value = Math.max(0, column[at]);
        if (!Number.isNaN(value)) sums[at] = Number.isNaN(sums[at]) ? value : sums[at] + value;
      }
    }
    return sums;
  }

  #at(column: Float64Array, begins: Float64Array): Float64Array {
    const places = new Map(Array.from(this.begins, (beginMs, at) => [beginMs, at] as const));
    return begins.map((beginMs) => {
      const at = places.get(beginMs);
      return at === undefined ? Number.NaN : column[at];
    });
  }

  /** PEG ids of the tables, an array a table. */
  *pegIds(): Generator<Int32Array> {
    for (const { table } of this.#tables) yield table.pegIds;
  }

  get hasSuspect(): boolean {
    return this.#tables.some(({ table }) => table.hasSuspect);
  }

  isSuspect(at: number): boolean {
    return this.#tables.some(({ table }) => table.isSuspect(this.begins[at]));
  }

  #read(pegId: number): Float64Array | null {
    for (const { table, rowAt } of this.#tables) {
      const place = table.pegIds.indexOf(pegId);
      const column = place < 0 ? null : readColumn(table, place, rowAt);
      if (column) return column;
    }
    return null;
  }
}

export function entityView(tables: readonly GroupTable[]): EntityView {
  const byGranularity = Map.groupBy(tables, ({ granularityS }) => granularityS);
  const granularities = [...byGranularity]
    .sort(([a], [b]) => a - b)
    .map(([granularityS, group]) => new GranularityView(granularityS, group));
  return { granularities };
}

/** Null: not a single value. */
function readColumn(table: GroupTable, place: number, rowAt: Int32Array | null): Float64Array | null {
  const own = table.column(place);
  if (!hasValue(own)) return null;
  if (rowAt === null) return own;
  return Float64Array.from(rowAt, (row) => (row < 0 ? Number.NaN : own[row]));
}

function hasValue(column: Float64Array): boolean {
  for (let at = 0; at < column.length; at++) if (!Number.isNaN(column[at])) return true;
  return false;
}

function commonBegins(tables: readonly GroupTable[]): Float64Array {
  const [first, ...others] = tables.map(({ begins }) => begins);
  if (others.every((other) => isSame(first, other))) return first;
  return Float64Array.from(new Set([first, ...others].flatMap((begins) => [...begins]))).sort();
}

/** Row of the table by place in `begins`, −1 where it has none; null: the same places. */
function rowsAt(begins: Float64Array, table: GroupTable): Int32Array | null {
  if (table.length === begins.length) return null;
  const places = new Int32Array(begins.length).fill(-1);
  const own = table.begins;
  let row = 0;
  for (let at = 0; at < begins.length; at++) if (row < own.length && own[row] === begins[at]) places[at] = row++;
  return places;
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}
