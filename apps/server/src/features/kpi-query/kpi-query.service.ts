import type {
  GranularityUse,
  KpiQueryMetadata,
  KpiQueryRequest,
  KpiQueryResponse,
  KpiRecord,
  UnknownKpi,
  Warning,
} from '@pegboard/contracts';
import type { Clock } from '../../platform/clock.ts';
import { utcText } from '../../platform/utc-text.ts';
import type { KpiStore } from '../../stores/kpi/kpi-store.ts';
import { bucketBounds } from '../aggregation/buckets.ts';
import type { MeasuredValue } from '../aggregation/measured-value.ts';
import type { KpiBookReader } from '../kpis/kpi-book-reader.ts';
import { GranularityLog } from './granularity-log.ts';
import { localHourReader } from './local-time.ts';
import { decodeCursor, encodeCursor, requestFingerprint } from './query-cursor.ts';
import { compareRows, type ReadRowsOptions, type Row, type RowKey, readRows } from './read-rows.ts';
import { aggregationOf, planSamples, type SamplePlan } from './sample-plan.ts';

export interface KpiQueryDependencies {
  readonly store: KpiStore;
  readonly kpis: KpiBookReader;
  readonly clock: Clock;
  /** Zone of requests that name none. */
  readonly timeZone: string;
  /** What answers call the store. */
  readonly dataSource: string;
}

export interface KpiRecordStream {
  /** All records of the request, in order of time, some at a time. */
  readonly records: AsyncIterable<readonly KpiRecord[]>;
  /** Names that stand for nothing, and KPIs that the counters at hand do not give. */
  readonly unknown: readonly UnknownKpi[];
  /** To be asked for once all records were taken. */
  about(): Pick<KpiQueryMetadata, 'units' | 'granularities'> & { readonly warnings: readonly Warning[] };
}

export interface KpiQueryService {
  /** One page. Rejects as `planSamples` does, and with DATA_VALIDATION_ERROR for a bad cursor. */
  query(request: KpiQueryRequest, signal?: AbortSignal): Promise<KpiQueryResponse>;
  /** All records from the request's cursor on, whatever its limit. */
  stream(request: KpiQueryRequest, signal?: AbortSignal): Promise<KpiRecordStream>;
}

export function createKpiQueryService(dependencies: KpiQueryDependencies): KpiQueryService {
  const { store, kpis, clock, timeZone } = dependencies;

  const start = async (request: KpiQueryRequest, signal: AbortSignal | undefined) => {
    const plan = planSamples(request, await kpis.read(), timeZone);
    const fingerprint = requestFingerprint(request);
    const after = request.cursor === undefined ? null : decodeCursor(fingerprint, request.cursor);
    const minutes = request.interval_minutes;
    const bounds = minutes === undefined ? null : bucketBounds(plan.interval, minutes, plan.timeZone);
    const fromMs = after?.beginMs ?? plan.interval.fromMs;
    const log = new GranularityLog();
    const onSeries: ReadRowsOptions['onSeries'] = (column, series) => log.add(plan.columns[column].kpiType, series);
    const rows = readRows(store, plan, { fromMs, bounds, onSeries, ...(signal && { signal }) });
    return { plan, fingerprint, log, rows: after ? rowsBehind(rows, after) : rows };
  };

  return {
    async query(request, signal) {
      const { plan, fingerprint, log, rows } = await start(request, signal);
      const { page, last, truncated } = await takePage(rows, request.limit);
      const toRecord = recordMaker(plan);
      const data: Record<string, KpiRecord[]> = Object.fromEntries(plan.columns.map(({ kpiType }) => [kpiType, []]));
      for (const row of page) data[plan.columns[row.column].kpiType].push(toRecord(row));
      const metadata: KpiQueryMetadata = {
        ...planMetadata(plan, request, log),
        total_records: page.length,
        entity_count: new Set(page.map((row) => row.place.entityId)).size,
        truncated,
        next_cursor: truncated && last ? encodeCursor(fingerprint, last) : null,
        generated_at: utcText(clock.nowMs()),
        data_source: dependencies.dataSource,
      };
      return { success: true, data, metadata };
    },

    async stream(request, signal) {
      const { plan, log, rows } = await start(request, signal);
      const records = toRecords(rows, recordMaker(plan));
      const about = () => {
        const { units, granularities, warnings = [] } = planMetadata(plan, request, log);
        return { units, ...(granularities && { granularities }), warnings };
      };
      return { records: await begun(records), unknown: plan.unknown, about };
    },
  };
}

/** What the metadata of every answer about samples says of its request, and of what the answer was made of. */
export function planMetadata(
  plan: SamplePlan,
  request: Pick<KpiQueryRequest, 'kpi_types' | 'ne' | 'cellid'>,
  log: GranularityLog,
) {
  const localHour = localHourReader(plan.timeZone);
  const { fromMs, toMs } = plan.interval;
  const warnings = [...plan.warnings, ...log.warnings()];
  const granularities: Record<string, GranularityUse> | null = plan.isStored ? null : log.byKpi();
  return {
    kpi_types: [...request.kpi_types],
    date_range: `${localHour(fromMs).date} ~ ${localHour(toMs - 1).date}`,
    ne_filters: [...request.ne],
    cellid_filters: [...request.cellid],
    unknown_kpi_types: [...plan.unknown],
    aggregation: Object.fromEntries(plan.columns.map((column) => [column.kpiType, aggregationOf(column, plan)])),
    units: Object.fromEntries(plan.columns.map(({ kpiType, unit }) => [kpiType, unit])),
    ...(granularities && { granularities }),
    ...(warnings.length > 0 && { warnings }),
  };
}

async function* rowsBehind(rows: AsyncIterable<readonly Row[]>, after: RowKey): AsyncGenerator<readonly Row[]> {
  for await (const batch of rows) {
    const rest = batch.filter((row) => compareRows(row, after) > 0);
    if (rest.length > 0) yield rest;
  }
}

async function takePage(rows: AsyncIterable<readonly Row[]>, limit: number) {
  const page: Row[] = [];
  for await (const batch of rows) {
    for (const row of batch) {
      if (page.length === limit) return { page, last: page.at(-1), truncated: true };
      page.push(row);
    }
  }
  return { page, last: page.at(-1), truncated: false };
}

const RECORDS_AT_A_TIME = 1000;

async function* toRecords(
  rows: AsyncIterable<readonly Row[]>,
  toRecord: (row: Row) => KpiRecord,
): AsyncGenerator<readonly KpiRecord[]> {
  for await (const batch of rows) {
    for (let at = 0; at < batch.length; at += RECORDS_AT_A_TIME) {
      yield batch.slice(at, at + RECORDS_AT_A_TIME).map(toRecord);
    }
  }
}

/** Reads the first of a stream, so that a store that fails at once fails before the answer has begun. */
async function begun<Item>(items: AsyncGenerator<Item>): Promise<AsyncIterable<Item>> {
  const first = await items.next();
  return (async function* () {
    if (first.done) return;
    yield first.value;
    yield* items;
  })();
}

function recordMaker(plan: SamplePlan): (row: Row) => KpiRecord {
  const localHour = localHourReader(plan.timeZone);
  return (row) => {
    const { beginMs, place, granularityS, suspect, value, measured } = row;
    const { kpiType, name } = plan.columns[row.column];
    const { timestamp, date, hour } = localHour(beginMs);
    return {
      timestamp,
      entity_id: place.entityId,
      ne: place.ne,
      object: place.object,
      cell_id: place.cellId,
      peg_name: name,
      kpi_type: kpiType,
      value: value !== null && Number.isFinite(value) ? value : null,
      granularity_s: granularityS,
      suspect,
      date,
      hour,
      ...(measured && behind(measured)),
    };
  };
}

/** What stands beside an aggregated value. */
function behind({ numerator, denominator, completeness, reason, flags }: MeasuredValue) {
  return { numerator, denominator, completeness, reason, flags: [...flags] };
}
