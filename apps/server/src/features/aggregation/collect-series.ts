import type { CompareLevel } from '@pegboard/contracts';
import type { KpiStore, MeasuredObject, TimeInterval } from '../../stores/kpi/kpi-store.ts';
import { Bins, type MeasuredValue } from './bins.ts';
import { bucketIndex } from './buckets.ts';
import { type Measure, pegIdsOf } from './measure.ts';
import { type EntitySamples, SampleTables, TooManyValues } from './sample-tables.ts';

/** What a series is about. */
export interface Place {
  /** Distinct within a level; ascending in the order of names. */
  readonly id: number;
  readonly ne: string | null;
  /** Null where several objects are pooled. */
  readonly object: string | null;
  readonly cellId: string | null;
  /** `<ne>#<cell id or object>`, `<ne>`, or `network`. */
  readonly entityId: string;
}

/** The values of a measure at a place: by granularity period, or by bucket. */
export interface MeasureSeries {
  /** Index of the measure. */
  readonly measure: number;
  readonly place: Place;
  /** Index of the binning. */
  readonly binning: number;
  /** Of granularity periods; null: buckets. */
  readonly granularityS: number | null;
  readonly bins: Bins;
  /** Begins of the bins that have samples, ascending. */
  readonly begins: Float64Array;
  valueAt(binMs: number): MeasuredValue;
  /** Over the whole interval. */
  total(): MeasuredValue;
}

export interface CollectRequest {
  readonly measures: readonly Measure[];
  /** Objects of the selection, in the order of names. */
  readonly objects: readonly MeasuredObject[];
  /** They are all that the store has. */
  readonly allObjects: boolean;
  readonly interval: TimeInterval;
  readonly level: CompareLevel;
  /** The time that samples are expected of, where it is more than what is read. */
  readonly expected?: TimeInterval;
  /** Begins of buckets and the end of the last (see `bucketBounds`); null: granularity periods. */
  readonly binnings: readonly (Float64Array | null)[];
  readonly signal?: AbortSignal | undefined;
}

/** Values held at once, some 16 bytes each. */
const MAX_HELD_VALUES = 6_000_000;
/** Objects of one read: their ids stand in its statement. */
const MAX_OBJECTS_AT_ONCE = 20_000;

/**
 * Series as they are complete, by part of the objects, in each by measure and place.
 *
 * The one way in which counters become values: samples are put together by cell, combined over cells and time by the kind
 * of each counter, and then the formula is applied. Reads the store in parts that fit into memory; the result does not
 * depend on the order in which samples were delivered.
 */
export async function* collectSeries(
  store: Pick<KpiStore, 'scan'>,
  request: CollectRequest,
): AsyncGenerator<MeasureSeries> {
  if (request.measures.length === 0) return;
  let collected = newCollection();
  for (const part of partsOf(request.objects)) {
    await readPart(store, request, part, collected);
    // What is about one cell is complete now.
    if (request.level !== 'cell') continue;
    yield* seriesIn(collected, request);
    collected = newCollection();
  }
  yield* seriesIn(collected, request);
}

function newCollection(): Collected {
  return { groups: new Map(), silent: new Map() };
}

function* seriesIn(collected: Collected, request: CollectRequest): Generator<MeasureSeries> {
  const groups = [...collected.groups.values()].sort(
    (a, b) =>
      a.measure - b.measure ||
      a.place.id - b.place.id ||
      a.binning - b.binning ||
      (a.granularityS ?? 0) - (b.granularityS ?? 0),
  );
  for (const group of groups) yield seriesOf(group, collected, request);
}

/** Bins under way, with the entities that should have samples. */
interface Group {
  readonly measure: number;
  readonly binning: number;
  readonly place: Place;
  readonly granularityS: number | null;
  readonly bins: Bins;
  /** Cells or objects that gave samples. */
  entities: number;
}

interface Collected {
  readonly groups: Map<string, Group>;
  /** Entities that should have samples and have none, by measure and place. */
  readonly silent: Map<string, number>;
}

/** Objects that are one cell stay together. */
type Entity = readonly MeasuredObject[];

function partsOf(objects: readonly MeasuredObject[]): Entity[][] {
  const cells = new Map<string, MeasuredObject[]>();
  for (const object of objects) {
    const { id, neId, rat, cellId } = object;
    const key = cellId === null ? `${id}` : JSON.stringify([neId, rat, cellId]);
    const cell = cells.get(key);
    if (cell) cell.push(object);
    else cells.set(key, [object]);
  }
  const parts: Entity[][] = [];
  let size = MAX_OBJECTS_AT_ONCE;
  for (const cell of cells.values()) {
    if (size >= MAX_OBJECTS_AT_ONCE) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(cell);
    size += cell.length;
  }
  return parts;
}

async function readPart(
  store: Pick<KpiStore, 'scan'>,
  request: CollectRequest,
  entities: readonly Entity[],
  collected: Collected,
): Promise<void> {
  const { measures, interval, signal } = request;
  // A single cell is read whole, however long the interval is.
  const tables = new SampleTables(entities.length > 1 ? MAX_HELD_VALUES : Number.POSITIVE_INFINITY);
  const ids = entities.flat().map(({ id }) => id);
  const objectIds = request.allObjects && ids.length === request.objects.length ? null : ids;
  const pegIds = pegIdsOf(measures);
  try {
    await store.scan({ objectIds, pegIds, interval, order: 'none' }, (block) => tables.add(block), signal);
  } catch (error) {
    if (!(error instanceof TooManyValues)) throw error;
    const half = Math.ceil(entities.length / 2);
    await readPart(store, request, entities.slice(0, half), collected);
    await readPart(store, request, entities.slice(half), collected);
    return;
  }
  for (const entity of entities) addEntity(request, tables, entity, collected);
}

function addEntity(request: CollectRequest, tables: SampleTables, entity: Entity, collected: Collected): void {
  for (const [index, measure] of request.measures.entries()) {
    const units = measure.entity === 'object' ? entity.map((object) => [object]) : [entity];
    for (const unit of units) {
      const found = tables.entity(
        measure,
        unit.map(({ id }) => id),
      );
      addSamples(request, index, unit, found, collected);
    }
  }
}

function addSamples(
  request: CollectRequest,
  index: number,
  unit: Entity,
  found: readonly EntitySamples[],
  collected: Collected,
): void {
  const { binnings, level, measures } = request;
  const measure = measures[index];
  const place = placeOf(level, unit);
  const groupAt = (binning: number, granularityS: number | null): Group => {
    const key = `${index} ${place.id} ${binning} ${granularityS}`;
    let group = collected.groups.get(key);
    if (!group) {
      group = { measure: index, binning, place, granularityS, bins: new Bins(measure), entities: 0 };
      collected.groups.set(key, group);
    }
    group.entities++;
    return group;
  };
  if (found.length === 0) {
    // A cell that should have samples and has none lowers the completeness of what it is pooled in.
    const key = `${index} ${place.id}`;
    if (shouldHave(measure, unit)) collected.silent.set(key, (collected.silent.get(key) ?? 0) + 1);
    return;
  }
  for (const [binning, bounds] of binnings.entries()) {
    if (bounds) addToBuckets(groupAt(binning, null).bins, found, bounds);
    else for (const samples of found) addToPeriods(groupAt(binning, samples.granularityS).bins, samples);
  }
}

function addToPeriods(bins: Bins, samples: EntitySamples): void {
  for (let at = 0; at < samples.beginsMs.length; at++) bins.add(samples.beginsMs[at], samples, at);
}

/** An hourly value repeats what the quarters say: the shortest granularity of a bucket counts. */
function addToBuckets(bins: Bins, found: readonly EntitySamples[], bounds: Float64Array): void {
  const shortest = new Map<number, number>();
  for (const samples of found) {
    for (let at = 0; at < samples.beginsMs.length; at++) {
      if (!hasSample(samples, at)) continue;
      const bucket = bucketIndex(bounds, samples.beginsMs[at]);
      if (bucket < 0) continue;
      const taken = shortest.get(bucket) ?? samples.granularityS;
      if (taken !== samples.granularityS) continue;
      shortest.set(bucket, taken);
      bins.add(bounds[bucket], samples, at);
    }
  }
}

function hasSample({ columns }: EntitySamples, at: number): boolean {
  return columns.some((column) => column !== null && !Number.isNaN(column.sums[at]));
}

function seriesOf(group: Group, { silent }: Collected, request: CollectRequest): MeasureSeries {
  const { measure, binning, place, granularityS, bins } = group;
  const bounds = request.binnings[binning];
  const interval = request.expected ?? request.interval;
  const entities = group.entities + (silent.get(`${measure} ${place.id}`) ?? 0);
  const secondsOf = (binMs: number): number => {
    if (granularityS !== null || bounds === null) return granularityS ?? 0;
    const endMs = bounds[bucketIndex(bounds, binMs) + 1];
    return (Math.min(endMs, interval.toMs) - Math.max(binMs, interval.fromMs)) / 1000;
  };
  return {
    measure,
    binning,
    place,
    granularityS,
    bins,
    begins: bins.begins(),
    valueAt: (binMs) => bins.valueAt(binMs, entities * secondsOf(binMs)),
    total: () => bins.total((entities * (interval.toMs - interval.fromMs)) / 1000),
  };
}

function shouldHave({ inputs }: Measure, unit: Entity): boolean {
  const families = new Set(inputs.flatMap(({ sources }) => sources.map(({ family }) => family)));
  return unit.some(({ objectClass }) => families.has(objectClass));
}

function placeOf(level: CompareLevel, unit: Entity): Place {
  const [{ id, ne, neId, ldn, cellId }, ...others] = unit;
  if (level === 'network') return { id: 0, ne: null, object: null, cellId: null, entityId: 'network' };
  if (level === 'ne') return { id: neId, ne, object: null, cellId: null, entityId: ne };
  return { id, ne, object: others.length === 0 ? ldn : null, cellId, entityId: `${ne}#${cellId ?? ldn}` };
}
