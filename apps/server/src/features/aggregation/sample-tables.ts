import type { StoredBlock } from '../../stores/kpi/kpi-store.ts';
import type { Measure, MeasureInput } from './measure.ts';

/** Samples of one object at one granularity: a row a period, a column a PEG. */
interface SampleTable {
  readonly rowOf: Map<number, number>;
  readonly columns: Map<number, number[]>;
  readonly suspect: Set<number>;
}

/** One input of a measure over the periods of an entity; NaN where it is missing. */
export interface InputColumn {
  /** Sum of values, or of value × weight. */
  readonly sums: Float64Array;
  /** Sum of weights; of counts: unused. */
  readonly weights: Float64Array;
}

/** The inputs of a measure for one entity (a cell or object) at one granularity. */
export interface EntitySamples {
  readonly granularityS: number;
  readonly beginsMs: Float64Array;
  /** Null: the entity has no samples of the input at this granularity. */
  readonly columns: readonly (InputColumn | null)[];
  readonly isSuspect: (beginMs: number) => boolean;
}

/** Thrown by `add` when more values come than may be held. */
export class TooManyValues extends Error {}

/** Holds the samples of some objects until they are combined. */
export class SampleTables {
  readonly #byObject = new Map<number, Map<number, SampleTable>>();
  readonly #maxValues: number;
  #values = 0;

  constructor(maxValues: number) {
    this.#maxValues = maxValues;
  }

  add(block: StoredBlock): void {
    const { beginMs, pegIds, values, length } = block;
    let table: SampleTable | null = null;
    let row = 0;
    for (let place = 0; place < length; place++) {
      const value = values[place];
      if (!Number.isFinite(value)) continue;
      if (table === null) {
        table = this.#table(block);
        row = table.rowOf.get(beginMs) ?? table.rowOf.size;
        table.rowOf.set(beginMs, row);
        if (block.suspect) table.suspect.add(beginMs);
      }
      let column = table.columns.get(pegIds[place]);
      if (!column) {
        column = [];
        table.columns.set(pegIds[place], column);
      }
      while (column.length < row) column.push(Number.NaN);
      column[row] = value;
      this.#values++;
    }
    if (this.#values > this.#maxValues) throw new TooManyValues();
  }

  /**
   * The samples of a measure for the objects that are one cell, by granularity, the shortest first. A granularity counts where it
   * has all inputs that the entity has at all; where none has (one object reports quarters, another hours) the shorter
   * ones are added up to the longest that is needed.
   */
  entity(measure: Measure, objectIds: readonly number[]): readonly EntitySamples[] {
    const tables = objectIds.flatMap((id) => [...(this.#byObject.get(id) ?? [])]);
    if (tables.length === 0) return [];
    const byGranularity = Map.groupBy(tables, ([granularityS]) => granularityS);
    const found = [...byGranularity]
      .sort(([a], [b]) => a - b)
      .map(([granularityS, at]) =>
        align(
          measure,
          granularityS,
          at.map(([, table]) => table),
        ),
      )
      .filter(({ columns }) => columns.some((column) => column !== null));
    const places = measure.inputs.map((_, place) => place);
    const needed = places.filter((place) => found.some(({ columns }) => columns[place] !== null));
    const complete = found.filter(({ columns }) => needed.every((place) => columns[place] !== null));
    if (complete.length > 0 || found.length === 0) return complete;
    return [lengthened(found, needed)];
  }

  #table({ objectId, granularityS }: StoredBlock): SampleTable {
    let tables = this.#byObject.get(objectId);
    if (!tables) {
      tables = new Map();
      this.#byObject.set(objectId, tables);
    }
    let table = tables.get(granularityS);
    if (!table) {
      table = { rowOf: new Map(), columns: new Map(), suspect: new Set() };
      tables.set(granularityS, table);
    }
    return table;
  }
}

function align(measure: Measure, granularityS: number, tables: readonly SampleTable[]): EntitySamples {
  const begins = new Set<number>();
  for (const table of tables) for (const beginMs of table.rowOf.keys()) begins.add(beginMs);
  const beginsMs = Float64Array.from(begins).sort();
  const rows = new Map(tables.map((table) => [table, beginsMs.map((beginMs) => table.rowOf.get(beginMs) ?? -1)]));
  return {
    granularityS,
    beginsMs,
    columns: measure.inputs.map((input) => columnOf(input, granularityS, beginsMs.length, rows)),
    isSuspect: (beginMs) => tables.some((table) => table.suspect.has(beginMs)),
  };
}

type Rows = ReadonlyMap<SampleTable, Float64Array>;

/** Reads a PEG by period; null where no object has it. Of several objects of a cell that have it the first counts. */
function reader(pegId: number, rows: Rows): ((at: number) => number) | null {
  for (const [table, places] of rows) {
    const column = table.columns.get(pegId);
    if (column) return (at) => (places[at] < 0 ? Number.NaN : (column[places[at]] ?? Number.NaN));
  }
  return null;
}

function columnOf(input: MeasureInput, granularityS: number, length: number, rows: Rows): InputColumn | null {
  for (const { parts } of input.sources) {
    const read = parts.map(({ pegId }) => reader(pegId, rows));
    if (read.every((each) => each === null)) continue;
    const sums = new Float64Array(length).fill(Number.NaN);
    const weights = new Float64Array(length);
    for (const [place, part] of parts.entries()) {
      const valueAt = read[place];
      if (valueAt === null) continue;
      const weightAt = input.combination === 'weighted' ? weightReader(part.weights, rows) : null;
      for (let at = 0; at < length; at++) {
        const value = valueAt(at);
        if (Number.isNaN(value)) continue;
        const before = Number.isNaN(sums[at]) ? 0 : sums[at];
        if (input.seconds) sums[at] = granularityS;
        else if (input.combination === 'sum') sums[at] = before + value * part.factor;
        else {
          const weight = input.combination === 'mean' ? granularityS : (weightAt?.(at) ?? Number.NaN);
          if (Number.isNaN(weight)) continue;
          sums[at] = before + value * part.factor * weight;
          // Sub-counters of a state add up; those of a derived counter share the weight.
          weights[at] = input.combination === 'mean' ? granularityS : weights[at] + weight;
        }
      }
    }
    return { sums, weights };
  }
  return null;
}

/** The first weight that the entity has samples of; NaN where one is missing. */
function weightReader(weights: readonly (readonly number[])[], rows: Rows): ((at: number) => number) | null {
  for (const pegIds of weights) {
    const read = pegIds.map((pegId) => reader(pegId, rows)).filter((each) => each !== null);
    if (read.length === 0) continue;
    return (at) => {
      const present = read.map((each) => each(at)).filter((value) => !Number.isNaN(value));
      return present.length === 0 ? Number.NaN : present.reduce((sum, value) => sum + Math.max(0, value), 0);
    };
  }
  return null;
}

/** Samples of several granularities on the periods of the longest that an input needs. */
function lengthened(found: readonly EntitySamples[], needed: readonly number[]): EntitySamples {
  const finest = new Map(
    needed.map((place) => [place, found.find(({ columns }) => columns[place] !== null) as EntitySamples]),
  );
  const longest = [...finest.values()].reduce((a, b) => (b.granularityS > a.granularityS ? b : a));
  const { beginsMs, granularityS } = longest;
  const columns = longest.columns.map((_, place) => {
    const samples = finest.get(place);
    const column = samples?.columns[place];
    if (!samples || !column || samples === longest) return column ?? null;
    const sums = new Float64Array(beginsMs.length).fill(Number.NaN);
    const weights = new Float64Array(beginsMs.length);
    let at = 0;
    for (const [from, beginMs] of samples.beginsMs.entries()) {
      while (at < beginsMs.length && beginsMs[at] + granularityS * 1000 <= beginMs) at++;
      if (at === beginsMs.length) break;
      if (beginMs < beginsMs[at] || Number.isNaN(column.sums[from])) continue;
      sums[at] = (Number.isNaN(sums[at]) ? 0 : sums[at]) + column.sums[from];
      weights[at] += column.weights[from];
    }
    return { sums, weights };
  });
  const isSuspect = (beginMs: number) =>
    found.some((samples) =>
      samples.beginsMs.some((at) => at >= beginMs && at < beginMs + granularityS * 1000 && samples.isSuspect(at)),
    );
  return { granularityS, beginsMs, columns, isSuspect };
}
