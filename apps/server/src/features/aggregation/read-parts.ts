import type { KpiStore, TimeInterval } from '../../stores/kpi/kpi-store.ts';
import { type Measure, pegIdsOf } from './measure.ts';
import { NumberPool } from './number-pool.ts';
import type { Entity } from './places.ts';
import { SampleTables } from './sample-tables.ts';

export interface PartsRequest {
  readonly measures: readonly Measure[];
  readonly entities: readonly Entity[];
  /** They are all that the store has. */
  readonly allObjects: boolean;
  readonly intervals: readonly TimeInterval[];
  readonly signal?: AbortSignal | undefined;
}

/** Entities, with their samples in each interval; valid until the next part is asked for. */
export interface Part {
  readonly entities: readonly Entity[];
  readonly tables: readonly SampleTables[];
}

/** Numbers held at once, 8 bytes each. */
const MAX_HELD_NUMBERS = 4_000_000;
/** Objects of one read: their ids stand in its statement. */
const MAX_OBJECTS_AT_ONCE = 20_000;
const USUAL_GRANULARITY_MS = 900_000;

/**
 * Reads the samples of entities in parts that fit into memory, each sample once: how many entities make a part is judged by their
 * counters and the length of the intervals; where that was too many, the last ones wait for the next part. A single entity is
 * read whole, however long the interval is.
 */
export async function* readParts(
  store: Pick<KpiStore, 'scan' | 'extent'>,
  request: PartsRequest,
  maxHeldNumbers = MAX_HELD_NUMBERS,
): AsyncGenerator<Part> {
  const waiting = [...request.entities];
  const numbersOf = await estimator(store, request, maxHeldNumbers);
  const pool = new NumberPool();
  while (waiting.length > 0) {
    const entities = waiting.splice(0, entitiesThatFit(waiting, numbersOf, maxHeldNumbers));
    const { part, shed } = await readPart(store, request, entities, { maxHeldNumbers, pool });
    waiting.unshift(...shed);
    yield part;
    for (const tables of part.tables) tables.release();
  }
}

function entitiesThatFit(
  waiting: readonly Entity[],
  numbersOf: (entity: Entity) => number,
  maxHeldNumbers: number,
): number {
  let [numbers, objects, count] = [0, 0, 0];
  for (const entity of waiting) {
    numbers += numbersOf(entity);
    objects += entity.length;
    if (count > 0 && (numbers > maxHeldNumbers || objects > MAX_OBJECTS_AT_ONCE)) break;
    count++;
  }
  return count;
}

/** How many numbers the tables of an entity will hold, as far as one can tell before they are read. */
async function estimator(
  store: Pick<KpiStore, 'extent'>,
  { measures, intervals, entities }: PartsRequest,
  maxHeldNumbers: number,
): Promise<(entity: Entity) => number> {
  const pegsOf = new Map<string, Set<number>>();
  for (const { family, parts } of measures.flatMap(({ inputs }) => inputs.flatMap(({ sources }) => sources))) {
    const pegs = pegsOf.get(family) ?? new Set();
    pegsOf.set(family, pegs);
    for (const { pegId } of parts) pegs.add(pegId);
  }
  const pegsOfEntity = (entity: Entity) =>
    entity.reduce((sum, { objectClass }) => sum + (pegsOf.get(objectClass)?.size ?? 0), 0);
  const all = entities.reduce((sum, entity) => sum + pegsOfEntity(entity), 0);
  const asked = periodsOf(intervals);
  if (all * asked <= maxHeldNumbers) return () => 0;
  // An interval may be much longer than what there is.
  const extent = await store.extent();
  const periods = extent === null ? 0 : periodsOf(intervals.map((interval) => common(interval, extent)));
  return (entity) => periods * pegsOfEntity(entity);
}

function periodsOf(intervals: readonly TimeInterval[]): number {
  return intervals.reduce((sum, { fromMs, toMs }) => sum + Math.max(0, toMs - fromMs) / USUAL_GRANULARITY_MS, 0);
}

function common(a: TimeInterval, b: TimeInterval): TimeInterval {
  return { fromMs: Math.max(a.fromMs, b.fromMs), toMs: Math.min(a.toMs, b.toMs) };
}

async function readPart(
  store: Pick<KpiStore, 'scan'>,
  { measures, entities: all, allObjects, intervals, signal }: PartsRequest,
  entities: readonly Entity[],
  { maxHeldNumbers, pool }: { readonly maxHeldNumbers: number; readonly pool: NumberPool },
): Promise<{ readonly part: Part; readonly shed: readonly Entity[] }> {
  const kept = [...entities];
  const shed: Entity[] = [];
  const room = {
    numbers: 0,
    limit: maxHeldNumbers,
    shed: () => {
      const dropped = kept.splice(Math.ceil(kept.length / 2));
      for (const { id } of dropped.flat()) for (const table of tables) table.shed(id);
      shed.unshift(...dropped);
    },
  };
  const tables = intervals.map((interval) => new SampleTables(interval, room, pool));
  const objectIds = allObjects && entities.length === all.length ? null : entities.flat().map(({ id }) => id);
  const pegIds = pegIdsOf(measures);
  await Promise.all(
    intervals.map((interval, at) =>
      store.scan({ objectIds, pegIds, interval, order: 'none' }, (block) => tables[at].add(block), signal),
    ),
  );
  for (const table of tables) table.settle();
  return { part: { entities: kept, tables }, shed };
}
