import type { KpiBucket, KpiStatistics, KpiStatisticsRequest, KpiStatisticsResponse } from '@pegboard/contracts';
import { addBlockToMoments, createMoments, quantileInPlace, readMoments } from '@pegboard/stats';
import { PegboardError } from '../../platform/errors.ts';
import { utcText } from '../../platform/utc-text.ts';
import { bucketBounds } from '../aggregation/buckets.ts';
import { collectSeries } from '../aggregation/collect-series.ts';
import type { MeasureSeries } from '../aggregation/measure-series.ts';
import type { Place } from '../aggregation/places.ts';
import { GranularityLog } from './granularity-log.ts';
import type { KpiQueryDependencies } from './kpi-query.service.ts';
import { planMetadata } from './kpi-query.service.ts';
import { localHourReader } from './local-time.ts';
import { planSamples, type SamplePlan } from './sample-plan.ts';

/** Buckets that one answer may have. */
const MAX_BUCKETS = 200_000;
/** Series (KPIs and PEGs × entities) that one answer may have statistics of. */
const MAX_SERIES = 100_000;

export interface KpiStatisticsService {
  /**
   * Statistics and bucketed series, in one pass over the store. Rejects as `planSamples` does, and with PAYLOAD_TOO_LARGE when the
   * answer would have too many series or buckets.
   */
  statistics(request: KpiStatisticsRequest, signal?: AbortSignal): Promise<KpiStatisticsResponse>;
}

export function createKpiStatisticsService(dependencies: KpiQueryDependencies): KpiStatisticsService {
  const { store, kpis, clock, timeZone, dataSource } = dependencies;
  return {
    async statistics(request, signal) {
      const plan = planSamples(request, await kpis.read(), timeZone);
      const bounds = bucketBounds(plan.interval, request.interval_minutes, plan.timeZone);
      const logs = { buckets: new GranularityLog(), statistics: new GranularityLog() };
      const collected = await collect(store, plan, bounds, logs, signal);
      const answers = answerByKpi(plan, collected);
      // What is left out of a bucket is left out of the statistics too.
      const warnings = [...plan.warnings, ...logs.statistics.warnings(SHORTEST_COUNT)];
      return {
        success: true,
        ...answers,
        metadata: {
          ...planMetadata(plan, request, logs.buckets),
          total_records: Object.values(answers.data).reduce((sum, buckets) => sum + buckets.length, 0),
          entity_count: new Set(collected.map(({ place }) => place.entityId)).size,
          truncated: false,
          next_cursor: null,
          generated_at: utcText(clock.nowMs()),
          data_source: dataSource,
          warnings,
        },
      };
    },
  };
}

const SHORTEST_COUNT = 'in each bucket of a cell, and in the statistics of a series, the shortest count';

/** What is answered of one column at one place. */
interface Collected {
  readonly column: number;
  readonly place: Place;
  readonly buckets: KpiBucket[];
  readonly statistics: KpiStatistics;
}

async function collect(
  store: KpiQueryDependencies['store'],
  plan: SamplePlan,
  bounds: Float64Array,
  logs: { readonly buckets: GranularityLog; readonly statistics: GranularityLog },
  signal: AbortSignal | undefined,
): Promise<Collected[]> {
  const { columns, objects, allObjects, interval, level } = plan;
  const measures = columns.map(({ measure }) => measure);
  const all: Collected[] = [];
  let buckets = 0;
  const localHour = localHourReader(plan.timeZone);
  const textOf = (timeMs: number) => localHour(timeMs).timestamp;
  const scratch = new Scratch();
  const request = { measures, objects, allObjects, intervals: [interval], level, binnings: [null, bounds], signal };
  for await (const { measure: column, place, series } of collectSeries(store, request)) {
    const { kpiType } = columns[column];
    const bucketed = series.filter(({ series: { granularityS } }) => granularityS === null).map((one) => one.series);
    // The shortest granularity comes first.
    const [samples, ...others] = series.map((one) => one.series).filter(({ granularityS }) => granularityS !== null);
    for (const one of bucketed) logs.buckets.add(kpiType, one);
    if (samples) logs.statistics.add(kpiType, { used: samples.used, leftOut: samplesOf(others) });
    const own = bucketed.flatMap((one) => bucketsOf(one, place, kpiType, textOf));
    all.push({ column, place, buckets: own, statistics: statisticsOf(plan, place, samples, scratch) });
    buckets += own.length;
    if (buckets > MAX_BUCKETS) throw tooLarge(`the answer would have more than ${MAX_BUCKETS} buckets`);
    if (all.length > MAX_SERIES) throw tooLarge(`the answer would have more than ${MAX_SERIES} series`);
  }
  return all.sort((a, b) => a.column - b.column || a.place.id - b.place.id);
}

function samplesOf(series: readonly MeasureSeries[]): Map<number, number> {
  return new Map(series.map(({ granularityS, count }) => [granularityS ?? 0, count]));
}

function bucketsOf(
  series: MeasureSeries,
  place: Place,
  kpiType: string,
  textOf: (timeMs: number) => string,
): KpiBucket[] {
  return Array.from(series.begins, (beginMs, bin) => {
    const { value, numerator, denominator, completeness, reason, flags } = series.measuredAt(bin);
    return {
      timestamp: textOf(beginMs),
      entity_id: place.entityId,
      kpi_type: kpiType,
      value,
      numerator,
      denominator,
      completeness,
      reason,
      flags: [...flags],
    };
  });
}

function answerByKpi(plan: SamplePlan, collected: readonly Collected[]) {
  const empty = <Item>(): Record<string, Item[]> =>
    Object.fromEntries(plan.columns.map(({ kpiType }) => [kpiType, []]));
  const data = empty<KpiBucket>();
  const statistics = empty<KpiStatistics>();
  for (const one of collected) {
    const { kpiType } = plan.columns[one.column];
    for (const bucket of one.buckets) data[kpiType].push(bucket);
    statistics[kpiType].push(one.statistics);
  }
  for (const list of Object.values(data))
    list.sort((a, b) => (a.timestamp < b.timestamp ? -1 : Number(a.timestamp > b.timestamp)));
  return { data, statistics };
}

function statisticsOf(
  plan: SamplePlan,
  place: Place,
  samples: MeasureSeries | undefined,
  scratch: Scratch,
): KpiStatistics {
  const values = scratch.valuesOf(samples);
  const moments = createMoments();
  addBlockToMoments(moments, values, values.length, 1);
  const { count, mean, std, min, max } = readMoments(moments);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((probability) => quantileInPlace(values, probability));
  const granularityS = samples?.granularityS ?? null;
  const expected = (plan.interval.toMs - plan.interval.fromMs) / ((granularityS ?? 1) * 1000);
  return {
    entity_id: place.entityId,
    ne: place.ne,
    object: place.object,
    cell_id: place.cellId,
    granularity_s: granularityS,
    count,
    mean,
    std,
    min,
    max,
    p50,
    p95,
    p99,
    completeness: granularityS === null ? null : Math.min(1, count / Math.max(1, expected)),
  };
}

/** One array for the values of one series after the other. */
class Scratch {
  #values = new Float64Array(0);

  /** The values that exist, to be changed at will; valid until the next call. */
  valuesOf(series: MeasureSeries | undefined): Float64Array {
    const all = series?.values ?? new Float64Array(0);
    if (this.#values.length < all.length) this.#values = new Float64Array(all.length);
    let count = 0;
    for (let bin = 0; bin < all.length; bin++) if (!Number.isNaN(all[bin])) this.#values[count++] = all[bin];
    return this.#values.subarray(0, count);
  }
}

function tooLarge(message: string): PegboardError {
  return new PegboardError('PAYLOAD_TOO_LARGE', message, {
    hint: 'ask for fewer KPIs or cells, a shorter range, or longer buckets',
  });
}
