import type { KpiStore, TimeInterval } from '../../stores/kpi/kpi-store.ts';
import { bucketIndex } from '../aggregation/buckets.ts';
import { collectSeries } from '../aggregation/collect-series.ts';
import type { MeasureSeries } from '../aggregation/measure-series.ts';
import type { MeasuredValue } from '../aggregation/measured-value.ts';
import type { Place } from '../aggregation/places.ts';
import { placeOfObject, type SamplePlan } from './sample-plan.ts';

/** One value of the answer: a sample as stored, or a bucket. */
export interface Row {
  readonly beginMs: number;
  /** Id of the place. */
  readonly placeId: number;
  readonly place: Place;
  /** Index into the columns of the plan. */
  readonly column: number;
  readonly granularityS: number;
  readonly value: number | null;
  /** What is behind the value; null: it is a sample as stored. */
  readonly measured: MeasuredValue | null;
  readonly suspect: boolean;
}

/** Rows come in this order; no two are equal. */
export function compareRows(a: RowKey, b: RowKey): number {
  return a.beginMs - b.beginMs || a.placeId - b.placeId || a.column - b.column || a.granularityS - b.granularityS;
}

export type RowKey = Pick<Row, 'beginMs' | 'placeId' | 'column' | 'granularityS'>;

/** Rows held at once, aimed at; and the most, at which a slice of time is read again in smaller ones. */
const TARGET_ROWS = 100_000;
const MAX_ROWS = 400_000;
const FIRST_GUESS_GRANULARITY_MS = 900_000;
const MIN_SLICE_MS = 1000;
const MAX_SLICE_MS = 31 * 86_400_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface ReadRowsOptions {
  readonly fromMs: number;
  /** Makes buckets of the rows (see `bucketBounds`); null: granularity periods. */
  readonly bounds: Float64Array | null;
  /** Told of each series that rows were made of, with the index of its column. */
  readonly onSeries: (column: number, series: MeasureSeries) => void;
  readonly signal?: AbortSignal;
}

/**
 * The rows of a plan from a time on, in order, slice by slice of time, so that memory stays bounded however long the
 * interval is.
 */
export async function* readRows(
  store: Pick<KpiStore, 'scan' | 'extent'>,
  plan: SamplePlan,
  options: ReadRowsOptions,
): AsyncGenerator<readonly Row[]> {
  const { bounds } = options;
  const extent = plan.columns.length === 0 || plan.objects.length === 0 ? null : await store.extent();
  if (!extent) return;
  const toMs = Math.min(plan.interval.toMs, extent.toMs);
  let fromMs = Math.max(options.fromMs, plan.interval.fromMs, extent.fromMs);
  let sliceMs = firstSlice(plan);
  while (fromMs < toMs) {
    const untilMs = Math.min(toMs, sliceEnd(fromMs, sliceMs, bounds));
    const rows = await readSlice(store, plan, { fromMs, toMs: untilMs }, options);
    if (rows === null && untilMs - fromMs > MIN_SLICE_MS && sliceEnd(fromMs, sliceMs / 4, bounds) < untilMs) {
      sliceMs = Math.max(MIN_SLICE_MS, sliceMs / 4);
      continue;
    }
    const whole = rows ?? (await readSlice(store, plan, { fromMs, toMs: untilMs }, options, Infinity)) ?? [];
    if (whole.length > 0) yield whole;
    fromMs = untilMs;
    if (whole.length < TARGET_ROWS / 4) sliceMs = Math.min(MAX_SLICE_MS, sliceMs * 4);
    else if (whole.length > TARGET_ROWS * 2) sliceMs = Math.max(MIN_SLICE_MS, sliceMs / 2);
  }
}

function firstSlice(plan: SamplePlan): number {
  const series = plan.objects.length * plan.columns.length;
  return Math.min(MAX_SLICE_MS, Math.max(MIN_SLICE_MS, (TARGET_ROWS / series) * FIRST_GUESS_GRANULARITY_MS));
}

/**
 * Buckets are never cut: the slice ends with the bucket that it would end in. Nor are hours and days: granularity periods
 * of different length are put together within them.
 */
function sliceEnd(fromMs: number, sliceMs: number, bounds: Float64Array | null): number {
  if (bounds === null) {
    const unit = sliceMs >= DAY_MS ? DAY_MS : HOUR_MS;
    return Math.ceil((fromMs + sliceMs) / unit) * unit;
  }
  const index = bucketIndex(bounds, fromMs + sliceMs);
  return bounds[index < 0 ? bounds.length - 1 : index + 1];
}

const TOO_MANY_ROWS = Symbol('too many rows');

/** Null: the slice holds more than the most. */
async function readSlice(
  store: Pick<KpiStore, 'scan' | 'extent'>,
  plan: SamplePlan,
  interval: TimeInterval,
  options: ReadRowsOptions,
  maxRows = MAX_ROWS,
): Promise<Row[] | null> {
  const rows: Row[] = [];
  const add = (row: Row) => {
    rows.push(row);
    if (rows.length > maxRows) throw TOO_MANY_ROWS;
  };
  try {
    if (plan.isStored) await readStored(store, plan, interval, add, options.signal);
    else await readMeasured(store, plan, interval, options, add);
  } catch (error) {
    if (error === TOO_MANY_ROWS) return null;
    throw error;
  }
  return rows.sort(compareRows);
}

/** Samples of PEGs as they are. */
async function readStored(
  store: Pick<KpiStore, 'scan'>,
  plan: SamplePlan,
  interval: TimeInterval,
  add: (row: Row) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const places = new Map(plan.objects.map((object) => [object.id, placeOfObject(object)]));
  const columnsOfPeg = Map.groupBy(plan.columns.keys(), (column) => plan.columns[column].peg?.id ?? 0);
  const selection = {
    objectIds: plan.allObjects ? null : [...places.keys()],
    pegIds: [...columnsOfPeg.keys()],
    interval,
    order: 'none',
  } as const;
  await store.scan(
    selection,
    ({ objectId, pegIds, beginMs, granularityS, suspect, values, length }) => {
      const place = places.get(objectId);
      if (!place) return;
      for (let at = 0; at < length; at++) {
        const value = values[at];
        if (Number.isNaN(value)) continue;
        for (const column of columnsOfPeg.get(pegIds[at]) ?? []) {
          add({ beginMs, placeId: objectId, place, column, granularityS, value, measured: null, suspect });
        }
      }
    },
    signal,
  );
}

/** KPIs, and PEGs that are pooled or put into buckets. */
async function readMeasured(
  store: Pick<KpiStore, 'scan' | 'extent'>,
  plan: SamplePlan,
  interval: TimeInterval,
  { bounds, onSeries, signal }: ReadRowsOptions,
  add: (row: Row) => void,
): Promise<void> {
  const { columns, objects, allObjects, level } = plan;
  const measures = columns.map(({ measure }) => measure);
  const request = {
    measures,
    objects,
    allObjects,
    intervals: [interval],
    expected: plan.interval,
    level,
    binnings: [bounds && boundsWithin(bounds, interval)],
    signal,
  };
  for await (const { measure: column, place, series: all } of collectSeries(store, request)) {
    for (const { series } of all) {
      onSeries(column, series);
      for (const [bin, beginMs] of series.begins.entries()) {
        if (!series.hasSamples(bin)) continue;
        const measured = series.measuredAt(bin);
        add({
          beginMs,
          placeId: place.id,
          place,
          column,
          granularityS: series.granularityS ?? bucketSeconds(bounds, beginMs),
          value: measured.value,
          measured,
          suspect: series.isSuspect(bin),
        });
      }
    }
  }
}

/** The buckets of a slice: it begins and ends with one. */
function boundsWithin(bounds: Float64Array, { fromMs, toMs }: TimeInterval): Float64Array {
  return bounds.subarray(bucketIndex(bounds, fromMs), bucketIndex(bounds, toMs - 1) + 2);
}

function bucketSeconds(bounds: Float64Array | null, beginMs: number): number {
  if (bounds === null) return 0;
  const index = bucketIndex(bounds, beginMs);
  return Math.round((bounds[index + 1] - bounds[index]) / 1000);
}
