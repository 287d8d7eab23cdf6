import type { KpiStore } from '../../stores/kpi/kpi-store.ts';
import { bucketIndex } from './buckets.ts';
import { aggregationOf, type SamplePlan } from './sample-plan.ts';
import { type PlanVisitor, scanPlan } from './scan-plan.ts';

/** One value of the answer: a sample as stored, or a bucket. */
export interface Row {
  readonly beginMs: number;
  readonly objectId: number;
  /** Index into the columns of the plan. */
  readonly column: number;
  readonly granularityS: number;
  readonly value: number;
  readonly suspect: boolean;
}

/** Rows come in this order; no two are equal. */
export function compareRows(a: RowKey, b: RowKey): number {
  return a.beginMs - b.beginMs || a.objectId - b.objectId || a.column - b.column || a.granularityS - b.granularityS;
}

export type RowKey = Pick<Row, 'beginMs' | 'objectId' | 'column' | 'granularityS'>;

/** Rows held at once, aimed at; and the most, at which a slice of time is read again in smaller ones. */
const TARGET_ROWS = 50_000;
const MAX_ROWS = 400_000;
const FIRST_GUESS_GRANULARITY_MS = 900_000;
const MIN_SLICE_MS = 1000;
const MAX_SLICE_MS = 31 * 86_400_000;

/**
 * The rows of a plan from a time on, in order, slice by slice of time, so that memory stays bounded however long the
 * interval is. `bounds` (see `bucketBounds`) makes buckets of them.
 */
export async function* readRows(
  store: Pick<KpiStore, 'scan' | 'extent'>,
  plan: SamplePlan,
  options: { readonly fromMs: number; readonly bounds: Float64Array | null; readonly signal?: AbortSignal },
): AsyncGenerator<readonly Row[]> {
  const { bounds, signal } = options;
  const extent = plan.columns.length === 0 || plan.objects.size === 0 ? null : await store.extent();
  if (!extent) return;
  const toMs = Math.min(plan.interval.toMs, extent.toMs);
  let fromMs = Math.max(options.fromMs, plan.interval.fromMs, extent.fromMs);
  let sliceMs = firstSlice(plan);
  while (fromMs < toMs) {
    const untilMs = Math.min(toMs, sliceEnd(fromMs, sliceMs, bounds));
    const rows = await readSlice(store, plan, { fromMs, toMs: untilMs }, bounds, signal);
    if (rows === null && untilMs - fromMs > MIN_SLICE_MS && sliceEnd(fromMs, sliceMs / 4, bounds) < untilMs) {
      sliceMs = Math.max(MIN_SLICE_MS, sliceMs / 4);
      continue;
    }
    const whole = rows ?? (await readSlice(store, plan, { fromMs, toMs: untilMs }, bounds, signal, Infinity)) ?? [];
    if (whole.length > 0) yield whole;
    fromMs = untilMs;
    if (whole.length < TARGET_ROWS / 4) sliceMs = Math.min(MAX_SLICE_MS, sliceMs * 4);
    else if (whole.length > TARGET_ROWS * 2) sliceMs = Math.max(MIN_SLICE_MS, sliceMs / 2);
  }
}

function firstSlice(plan: SamplePlan): number {
  const series = plan.objects.size * plan.columns.length;
  return Math.min(MAX_SLICE_MS, Math.max(MIN_SLICE_MS, (TARGET_ROWS / series) * FIRST_GUESS_GRANULARITY_MS));
}

/** Buckets are never cut: the slice ends with the bucket that it would end in. */
function sliceEnd(fromMs: number, sliceMs: number, bounds: Float64Array | null): number {
  if (bounds === null) return fromMs + sliceMs;
  const index = bucketIndex(bounds, fromMs + sliceMs);
  return bounds[index < 0 ? bounds.length - 1 : index + 1];
}

const TOO_MANY_ROWS = Symbol('too many rows');

/** Null: the slice holds more than the most. */
async function readSlice(
  store: Pick<KpiStore, 'scan'>,
  plan: SamplePlan,
  interval: { readonly fromMs: number; readonly toMs: number },
  bounds: Float64Array | null,
  signal: AbortSignal | undefined,
  maxRows = MAX_ROWS,
): Promise<Row[] | null> {
  const collector = bounds ? bucketCollector(plan, bounds) : rawCollector();
  const visitor: PlanVisitor = {
    sample(column, value, { beginMs, objectId, granularityS, suspect }) {
      collector.add({ beginMs, objectId, column, granularityS, value, suspect });
    },
    blockEnd() {
      if (collector.size() > maxRows) throw TOO_MANY_ROWS;
    },
  };
  try {
    await scanPlan(store, plan, interval, visitor, signal);
  } catch (error) {
    if (error === TOO_MANY_ROWS) return null;
    throw error;
  }
  return collector.rows().sort(compareRows);
}

interface Collector {
  add(row: Row): void;
  size(): number;
  rows(): Row[];
}

function rawCollector(): Collector {
  const rows: Row[] = [];
  return {
    add: (row) => {
      rows.push(row);
    },
    size: () => rows.length,
    rows: () => rows,
  };
}

interface Bucket {
  readonly objectId: number;
  readonly column: number;
  readonly index: number;
  granularityS: number;
  sum: number;
  count: number;
  suspect: boolean;
}

/** Of samples of several lengths in a bucket the shortest count: an hourly value repeats what the quarters say. */
function bucketCollector(plan: SamplePlan, bounds: Float64Array): Collector {
  const buckets = new Map<string, Bucket>();
  return {
    add: ({ beginMs, objectId, column, granularityS, value, suspect }) => {
      const index = bucketIndex(bounds, beginMs);
      const key = `${objectId} ${column} ${index}`;
      const bucket = buckets.get(key);
      if (!bucket || granularityS < bucket.granularityS) {
        buckets.set(key, { objectId, column, index, granularityS, sum: value, count: 1, suspect });
      } else if (granularityS === bucket.granularityS) {
        bucket.sum += value;
        bucket.count++;
        bucket.suspect ||= suspect;
      }
    },
    size: () => buckets.size,
    rows: () =>
      [...buckets.values()].map(({ objectId, column, index, sum, count, suspect }) => ({
        beginMs: bounds[index],
        objectId,
        column,
        granularityS: Math.round((bounds[index + 1] - bounds[index]) / 1000),
        value: aggregationOf(plan.columns[column].peg) === 'sum' ? sum : sum / count,
        suspect,
      })),
  };
}
