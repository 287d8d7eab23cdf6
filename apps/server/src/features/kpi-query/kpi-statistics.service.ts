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
import { bucketBounds, bucketIndex } from './buckets.ts';
import type { KpiQueryDependencies } from './kpi-query.service.ts';
import { planMetadata } from './kpi-query.service.ts';
import { aggregationOf, entityId, planSamples, type SamplePlan } from './sample-plan.ts';
import { type PlanVisitor, scanPlan } from './scan-plan.ts';

/** Samples that one request may hold in memory, 16 bytes each. */
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
  const { store, catalogue, clock, timeZone, dataSource } = dependencies;
  return {
    async statistics(request, signal) {
      const plan = planSamples(request, await catalogue.read(), timeZone);
      const bounds = bucketBounds(plan.interval, request.interval_minutes, plan.timeZone);
      const collected = await collectSeries(store, plan, signal);
      const series = [...collected.values()].sort((a, b) => a.column - b.column || a.objectId - b.objectId);
      const answers = answerByKpi(plan, series, bounds);
      return {
        success: true,
        ...answers,
        metadata: {
          ...planMetadata(plan, request, { bucketed: true }),
          total_records: Object.values(answers.data).reduce((sum, buckets) => sum + buckets.length, 0),
          entity_count: new Set(series.map((one) => entityOf(plan, one.objectId))).size,
          truncated: false,
          next_cursor: null,
          generated_at: utcText(clock.nowMs()),
          data_source: dataSource,
          warnings: mixedGranularityWarnings(plan, series),
        },
      };
    },
  };
}

/** The samples of one column of one object, of the shortest granularity that it has. */
interface Series {
  readonly objectId: number;
  readonly column: number;
  granularityS: number;
  /** Whether samples of a longer granularity were left out. */
  mixed: boolean;
  beginsMs: number[];
  values: number[];
}

async function collectSeries(
  store: KpiQueryDependencies['store'],
  plan: SamplePlan,
  signal: AbortSignal | undefined,
): Promise<Map<string, Series>> {
  const series = new Map<string, Series>();
  let samples = 0;
  if (plan.columns.length === 0 || plan.objects.size === 0) return series;
  const visitor: PlanVisitor = {
    sample(column, value, block) {
      addSample(seriesOf(series, block.objectId, column, block.granularityS), block, value);
      samples++;
    },
    blockEnd() {
      if (samples > MAX_SAMPLES) throw tooLarge(`the selection has more than ${MAX_SAMPLES} samples`);
    },
  };
  await scanPlan(store, plan, plan.interval, visitor, signal);
  return series;
}

function seriesOf(all: Map<string, Series>, objectId: number, column: number, granularityS: number): Series {
  const key = `${objectId} ${column}`;
  const found = all.get(key);
  if (found) return found;
  const created: Series = { objectId, column, granularityS, mixed: false, beginsMs: [], values: [] };
  all.set(key, created);
  return created;
}

function addSample(
  series: Series,
  { beginMs, granularityS }: { readonly beginMs: number; readonly granularityS: number },
  value: number,
): void {
  if (granularityS !== series.granularityS) {
    series.mixed = true;
    if (granularityS > series.granularityS) return;
    series.granularityS = granularityS;
    series.beginsMs = [];
    series.values = [];
  }
  series.beginsMs.push(beginMs);
  series.values.push(value);
}

function answerByKpi(plan: SamplePlan, series: readonly Series[], bounds: Float64Array) {
  const empty = <Item>(): Record<string, Item[]> =>
    Object.fromEntries(plan.columns.map(({ kpiType }) => [kpiType, []]));
  const data = empty<KpiBucket>();
  const statistics = empty<KpiStatistics>();
  let buckets = 0;
  for (const one of series) {
    const { kpiType } = plan.columns[one.column];
    const ofSeries = bucketsOf(plan, one, bounds);
    buckets += ofSeries.length;
    if (buckets > MAX_BUCKETS) throw tooLarge(`the answer would have more than ${MAX_BUCKETS} buckets`);
    data[kpiType].push(...ofSeries);
    statistics[kpiType].push(statisticsOf(plan, one));
  }
  for (const list of Object.values(data))
    list.sort((a, b) => (a.timestamp < b.timestamp ? -1 : Number(a.timestamp > b.timestamp)));
  return { data, statistics };
}

function bucketsOf(plan: SamplePlan, series: Series, bounds: Float64Array): KpiBucket[] {
  const { kpiType, peg } = plan.columns[series.column];
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [at, beginMs] of series.beginsMs.entries()) {
    const index = bucketIndex(bounds, beginMs);
    const bucket = sums.get(index) ?? { sum: 0, count: 0 };
    bucket.sum += series.values[at];
    bucket.count++;
    sums.set(index, bucket);
  }
  const entity = entityOf(plan, series.objectId);
  const isSum = aggregationOf(peg) === 'sum';
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([index, { sum, count }]) => ({
      timestamp: utcText(bounds[index]),
      entity_id: entity,
      kpi_type: kpiType,
      value: finiteOrNull(isSum ? sum : sum / count),
    }));
}

function statisticsOf(plan: SamplePlan, series: Series): KpiStatistics {
  const object = plan.objects.get(series.objectId);
  const values = Float64Array.from(series.values);
  const { count, mean, std, min, max } = summarize(values);
  values.sort();
  const expected = (plan.interval.toMs - plan.interval.fromMs) / (series.granularityS * 1000);
  return {
    entity_id: entityOf(plan, series.objectId),
    ne: object?.ne ?? null,
    object: object?.ldn ?? null,
    cell_id: object?.cellId ?? null,
    count,
    mean,
    std,
    min,
    max,
    p50: sortedQuantile(values, 0.5),
    p95: sortedQuantile(values, 0.95),
    p99: sortedQuantile(values, 0.99),
    completeness: Math.min(1, count / Math.max(1, expected)),
  };
}

function mixedGranularityWarnings(plan: SamplePlan, series: readonly Series[]): Warning[] {
  const mixed = series
    .filter((one) => one.mixed)
    .map((one) => `${entityOf(plan, one.objectId)} ${plan.columns[one.column].kpiType}`);
  if (mixed.length === 0) return [];
  const named = mixed.slice(0, 5).join(', ');
  const message = `${mixed.length} series have samples of several granularities; the shortest count: ${named}`;
  return [{ code: 'mixed_granularity', message }];
}

function entityOf(plan: SamplePlan, objectId: number): string {
  const object = plan.objects.get(objectId);
  return object ? entityId(object) : String(objectId);
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function tooLarge(message: string): PegboardError {
  return new PegboardError('PAYLOAD_TOO_LARGE', message, {
    hint: 'ask for fewer KPIs or cells, a shorter range, or longer buckets',
  });
}
