import type {
  KpiBucket,
  KpiStatistics,
  KpiStatisticsRequest,
  KpiStatisticsResponse,
  Warning,
} from '@pegboard/contracts';
import { sortedQuantile, summarize } from '@pegboard/stats';
import { PegboardError } from '../../platform/errors.ts';
import { utcText } from '../../platform/utc-text.ts';
import { bucketBounds } from '../aggregation/buckets.ts';
import { collectSeries, type MeasureSeries, type Place } from '../aggregation/collect-series.ts';
import type { KpiQueryDependencies } from './kpi-query.service.ts';
import { behind, planMetadata } from './kpi-query.service.ts';
import { planSamples, type SamplePlan } from './sample-plan.ts';

/** Values of granularity periods that one request may hold in memory. */
const MAX_SAMPLES = 4_000_000;
/** Buckets that one answer may have. */
const MAX_BUCKETS = 200_000;

export interface KpiStatisticsService {
  /**
   * Statistics and bucketed series, in one pass over the store. Rejects as `planSamples` does, and with PAYLOAD_TOO_LARGE when the
   * selection has too many samples or buckets.
   */
  statistics(request: KpiStatisticsRequest, signal?: AbortSignal): Promise<KpiStatisticsResponse>;
}

export function createKpiStatisticsService(dependencies: KpiQueryDependencies): KpiStatisticsService {
  const { store, kpis, clock, timeZone, dataSource } = dependencies;
  return {
    async statistics(request, signal) {
      const plan = planSamples(request, await kpis.read(), timeZone);
      const bounds = bucketBounds(plan.interval, request.interval_minutes, plan.timeZone);
      const collected = await collect(store, plan, bounds, signal);
      const answers = answerByKpi(plan, collected);
      const warnings = [...plan.warnings, ...mixedGranularityWarnings(plan, collected)];
      return {
        success: true,
        ...answers,
        metadata: {
          ...planMetadata(plan, request, { bucketed: true }),
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

/** What is answered of one column at one place. */
interface Collected {
  readonly column: number;
  readonly place: Place;
  readonly buckets: KpiBucket[];
  /** Values of granularity periods, of the shortest granularity that has any. */
  samples: { readonly granularityS: number; readonly values: Float64Array } | null;
  /** Whether values of a longer granularity were left out. */
  mixed: boolean;
}

async function collect(
  store: KpiQueryDependencies['store'],
  plan: SamplePlan,
  bounds: Float64Array,
  signal: AbortSignal | undefined,
): Promise<Collected[]> {
  const { columns, objects, allObjects, interval, level } = plan;
  const measures = columns.map(({ measure }) => measure);
  const byKey = new Map<string, Collected>();
  let samples = 0;
  let buckets = 0;
  const request = { measures, objects, allObjects, interval, level, binnings: [null, bounds], signal };
  for await (const series of collectSeries(store, request)) {
    const key = `${series.measure} ${series.place.id}`;
    let one = byKey.get(key);
    if (!one) {
      one = { column: series.measure, place: series.place, buckets: [], samples: null, mixed: false };
      byKey.set(key, one);
    }
    if (series.granularityS === null) {
      one.buckets.push(...bucketsOf(series, columns[series.measure].kpiType));
      buckets += series.begins.length;
      if (buckets > MAX_BUCKETS) throw tooLarge(`the answer would have more than ${MAX_BUCKETS} buckets`);
    } else if (one.samples) {
      // They come by granularity, the shortest first.
      one.mixed = true;
    } else {
      const values = series.bins.values(series.begins).filter((value) => !Number.isNaN(value));
      one.samples = { granularityS: series.granularityS, values };
      samples += values.length;
      if (samples > MAX_SAMPLES) throw tooLarge(`the selection has more than ${MAX_SAMPLES} samples`);
    }
  }
  return [...byKey.values()].sort((a, b) => a.column - b.column || a.place.id - b.place.id);
}

function bucketsOf(series: MeasureSeries, kpiType: string): KpiBucket[] {
  return Array.from(series.begins, (beginMs) => {
    const measured = series.valueAt(beginMs);
    return {
      timestamp: utcText(beginMs),
      entity_id: series.place.entityId,
      kpi_type: kpiType,
      value: measured.value,
      ...behind(measured),
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
    statistics[kpiType].push(statisticsOf(plan, one));
  }
  for (const list of Object.values(data))
    list.sort((a, b) => (a.timestamp < b.timestamp ? -1 : Number(a.timestamp > b.timestamp)));
  return { data, statistics };
}

function statisticsOf(plan: SamplePlan, { place, samples }: Collected): KpiStatistics {
  const values = samples?.values ?? new Float64Array(0);
  const { count, mean, std, min, max } = summarize(values);
  values.sort();
  const expected = (plan.interval.toMs - plan.interval.fromMs) / ((samples?.granularityS ?? 1) * 1000);
  return {
    entity_id: place.entityId,
    ne: place.ne,
    object: place.object,
    cell_id: place.cellId,
    count,
    mean,
    std,
    min,
    max,
    p50: sortedQuantile(values, 0.5),
    p95: sortedQuantile(values, 0.95),
    p99: sortedQuantile(values, 0.99),
    completeness: samples ? Math.min(1, count / Math.max(1, expected)) : null,
  };
}

function mixedGranularityWarnings(plan: SamplePlan, collected: readonly Collected[]): Warning[] {
  const mixed = collected
    .filter((one) => one.mixed)
    .map((one) => `${one.place.entityId} ${plan.columns[one.column].kpiType}`);
  if (mixed.length === 0) return [];
  const named = mixed.slice(0, 5).join(', ');
  const message = `${mixed.length} series have samples of several granularities; the shortest count: ${named}`;
  return [{ code: 'mixed_granularity', message }];
}

function tooLarge(message: string): PegboardError {
  return new PegboardError('PAYLOAD_TOO_LARGE', message, {
    hint: 'ask for fewer KPIs or cells, a shorter range, or longer buckets',
  });
}
