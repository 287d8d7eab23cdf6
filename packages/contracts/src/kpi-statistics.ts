/** `POST /api/kpi/statistics/batch` */
import { z } from 'zod';
import { cellId, nameList, ne, object, utcTime } from './fields.ts';
import { measuredShape } from './kpi-definitions.ts';
import { intervalMinutes, kpiQueryMetadata, resolveAliases, sampleFilterShape } from './kpi-query.ts';
import { strictObject } from './strict-object.ts';

export const DEFAULT_STATISTICS_INTERVAL_MINUTES = 60;

/** Body of `POST /api/kpi/statistics/batch`. Parsing gives all lists as arrays. */
export const kpiStatisticsRequest = strictObject({
  ...sampleFilterShape,
  entity_ids: nameList.optional().describe('Entities as answers name them (`<ne>#<cell id>`); none: all.'),
  interval_minutes: intervalMinutes.default(DEFAULT_STATISTICS_INTERVAL_MINUTES),
}).transform(({ entity_ids, ...filters }, context) => ({
  ...resolveAliases(filters, context),
  entity_ids: entity_ids ?? [],
}));
export type KpiStatisticsRequest = z.output<typeof kpiStatisticsRequest>;
export type KpiStatisticsRequestInput = z.input<typeof kpiStatisticsRequest>;

export const kpiBucket = z
  .object({
    timestamp: utcTime.describe('Begin of the bucket, UTC.'),
    entity_id: z.string().describe('`<ne>#<cell id>`, or `<ne>#<object>` for objects that are no cells.'),
    kpi_type: z.string().describe('The KPI as asked for.'),
    value: z
      .number()
      .nullable()
      .describe('By the kind of the counter, or of the KPI over the bucket; null where there is none, see `reason`.'),
    ...z.object(measuredShape).partial().shape,
  })
  .describe('One bucket of one entity.');
export type KpiBucket = z.output<typeof kpiBucket>;

const statistic = z.number().nullable();

export const kpiStatistics = z
  .object({
    entity_id: z.string().describe('`<ne>#<cell id>`, or `<ne>#<object>` for objects that are no cells.'),
    ne,
    object,
    cell_id: cellId,
    granularity_s: z
      .int()
      .min(1)
      .nullable()
      .describe(
        'Length of the samples in seconds: the mean of a count is one of counts of so many seconds. Null without samples.',
      ),
    count: z.int().min(0).describe('Samples.'),
    mean: statistic.describe('Arithmetic mean; null without samples.'),
    std: statistic.describe('Sample standard deviation (n−1); null below two samples.'),
    min: statistic.describe('Smallest sample.'),
    max: statistic.describe('Largest sample.'),
    p50: statistic.describe('Median, by linear interpolation (Hyndman and Fan 1996, type 7).'),
    p95: statistic.describe('95th percentile, type 7.'),
    p99: statistic.describe('99th percentile, type 7.'),
    completeness: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe('Present over expected samples, 0–1; null where the granularity is unknown.'),
  })
  .describe('Statistics of the samples (not of the buckets) of one KPI of one entity.');
export type KpiStatistics = z.output<typeof kpiStatistics>;

/** Answer of `POST /api/kpi/statistics/batch`. */
export const kpiStatisticsResponse = z
  .object({
    success: z.literal(true).describe('Always true; errors are problem documents.'),
    data: z.record(z.string(), z.array(kpiBucket)).describe('Buckets by KPI, in time order.'),
    statistics: z.record(z.string(), z.array(kpiStatistics)).describe('Statistics by KPI, one entry an entity.'),
    metadata: kpiQueryMetadata,
  })
  .describe('Bucketed series and statistics of the KPIs asked for.');
export type KpiStatisticsResponse = z.output<typeof kpiStatisticsResponse>;

export const KPI_STATISTICS_REQUEST_EXAMPLE: KpiStatisticsRequestInput = {
  start_date: '2025-08-08',
  end_date: '2025-08-08',
  kpi_types: ['AirMacDLThruAvg(Kbps)'],
  entity_ids: ['NVGNB#101086#20'],
  interval_minutes: 60,
  timezone: 'UTC',
};

export const KPI_STATISTICS_RESPONSE_EXAMPLE: KpiStatisticsResponse = {
  success: true,
  data: {
    'AirMacDLThruAvg(Kbps)': [
      {
        timestamp: '2025-08-08T08:00:00Z',
        entity_id: 'NVGNB#101086#20',
        kpi_type: 'AirMacDLThruAvg(Kbps)',
        value: 266510.5,
      },
    ],
  },
  statistics: {
    'AirMacDLThruAvg(Kbps)': [
      {
        entity_id: 'NVGNB#101086#20',
        ne: 'NVGNB#101086',
        object: 'NRCellDU=20',
        cell_id: '20',
        granularity_s: 900,
        count: 1,
        mean: 266510.5,
        std: null,
        min: 266510.5,
        max: 266510.5,
        p50: 266510.5,
        p95: 266510.5,
        p99: 266510.5,
        completeness: 0.25,
      },
    ],
  },
  metadata: {
    total_records: 1,
    kpi_types: ['AirMacDLThruAvg(Kbps)'],
    date_range: '2025-08-08 ~ 2025-08-08',
    entity_count: 1,
    ne_filters: [],
    cellid_filters: [],
    unknown_kpi_types: [],
    truncated: false,
    next_cursor: null,
    generated_at: '2025-08-09T00:00:00Z',
    data_source: 'PostgreSQL',
    aggregation: { 'AirMacDLThruAvg(Kbps)': 'mean' },
    units: { 'AirMacDLThruAvg(Kbps)': 'Kbps' },
    granularities: { 'AirMacDLThruAvg(Kbps)': { used_s: [900], left_out: [] } },
  },
};
