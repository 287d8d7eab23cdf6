/** `POST /api/kpi/query` */
import { z } from 'zod';
import {
  COMPARE_LEVELS,
  cellId,
  cursor,
  endDate,
  nameList,
  ne,
  nextCursor,
  object,
  startDate,
  timeZone,
  utcTime,
  warning,
} from './fields.ts';
import { measuredShape, pegDefinitions } from './kpi-definitions.ts';
import { oneOf, strictObject } from './strict-object.ts';

export const DEFAULT_QUERY_LIMIT = 10_000;
export const MAX_QUERY_LIMIT = 100_000;
/** 31 days. */
export const MAX_INTERVAL_MINUTES = 44_640;

export const intervalMinutes = z
  .int()
  .min(1)
  .max(MAX_INTERVAL_MINUTES)
  .describe('Length of a bucket in minutes; buckets start at midnight of `timezone`.');

/** The filters that queries of samples share, with their aliases. */
export const sampleFilterShape = {
  start_date: startDate,
  end_date: endDate,
  kpi_types: nameList
    .optional()
    .describe(
      'PEGs and KPIs: names, `Family/Name` where a name is in several families, ids of the catalogue such as `L01`, names in `peg_definitions`. Required.',
    ),
  kpi_type: nameList.optional().describe('Alias of `kpi_types`.'),
  ne: nameList.optional().describe('Network elements; none: all.'),
  cellid: nameList.optional().describe('Cell ids, exact (20 is not 200); none: all.'),
  cell_id: nameList.optional().describe('Alias of `cellid`.'),
  cell: nameList.optional().describe('Alias of `cellid`.'),
  timezone: timeZone.optional(),
  by: z
    .enum(COMPARE_LEVELS)
    .default('cell')
    .describe('What a series is about: each cell, each network element, or all that is selected together.'),
  peg_definitions: pegDefinitions.optional().describe('KPIs by their formulas, to be named in `kpi_types`.'),
};

interface AliasedFilters {
  readonly kpi_types?: string[] | undefined;
  readonly kpi_type?: string[] | undefined;
  readonly ne?: string[] | undefined;
  readonly cellid?: string[] | undefined;
  readonly cell_id?: string[] | undefined;
  readonly cell?: string[] | undefined;
}

/** Takes the aliases out of the filters; reports names given twice and a missing or empty `kpi_types`. */
export function resolveAliases<Request extends AliasedFilters>(request: Request, context: z.core.$RefinementCtx) {
  const { kpi_types, kpi_type, ne: neNames, cellid, cell_id, cell, ...rest } = request;
  const names = oneOf(context, { kpi_types, kpi_type }, true) ?? [];
  if (names.length === 0 && (kpi_types ?? kpi_type) !== undefined) {
    context.addIssue({ code: 'custom', path: ['kpi_types'], message: 'name at least one KPI or PEG', input: names });
  }
  return { ...rest, kpi_types: names, ne: neNames ?? [], cellid: oneOf(context, { cellid, cell_id, cell }) ?? [] };
}

/** Body of `POST /api/kpi/query`. Parsing gives `kpi_types`, `ne` and `cellid` as arrays whatever was written. */
export const kpiQueryRequest = strictObject({
  ...sampleFilterShape,
  interval_minutes: intervalMinutes
    .optional()
    .describe(
      'Aggregates into buckets of so many minutes, starting at midnight of `timezone`; absent: the samples as stored.',
    ),
  limit: z
    .int()
    .min(1)
    .max(MAX_QUERY_LIMIT)
    .default(DEFAULT_QUERY_LIMIT)
    .describe('Largest number of records of one answer.'),
  cursor: cursor.optional(),
}).transform(resolveAliases);
export type KpiQueryRequest = z.output<typeof kpiQueryRequest>;
export type KpiQueryRequestInput = z.input<typeof kpiQueryRequest>;

export const localDate = z.iso.date().describe('Date in the requested time zone.');

export const kpiRecord = z
  .object({
    timestamp: utcTime.describe('Begin of the granularity period or bucket, UTC.'),
    entity_id: z.string().describe('`<ne>#<cell id>`, or `<ne>#<object>` for objects that are no cells.'),
    ne,
    object,
    cell_id: cellId,
    peg_name: z.string().describe('Name of the PEG or KPI.'),
    kpi_type: z.string().describe('The KPI as asked for.'),
    value: z.number().nullable().describe('The value; null where it is missing.'),
    granularity_s: z.int().min(1).describe('Length of the granularity period or bucket in seconds.'),
    suspect: z.boolean().describe('The network element marked the sample as suspect.'),
    date: localDate,
    hour: z.int().min(0).max(23).describe('Hour in the requested time zone.'),
    ...z.object(measuredShape).partial().shape,
  })
  .describe('One sample or bucket. What was aggregated or computed has its completeness and reason beside it.');
export type KpiRecord = z.output<typeof kpiRecord>;

export const unknownKpi = z
  .object({
    reason: z
      .string()
      .optional()
      .describe('Where it is known and cannot be computed: why, and which counter is missing.'),
    kpi_type: z.string().describe('The name as asked for.'),
    suggestions: z.array(z.string()).describe('Known names that are near it, or the families that it is in.'),
  })
  .describe('A name that stands for no PEG.');
export type UnknownKpi = z.output<typeof unknownKpi>;

export const AGGREGATIONS = ['none', 'sum', 'mean', 'weighted_mean', 'formula'] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

export const leftOutSamples = z.object({
  granularity_s: z.int().min(1).describe('Their length in seconds.'),
  samples: z.int().min(1).describe('How many.'),
});

export const granularityUse = z
  .object({
    used_s: z.array(z.int().min(1)).describe('Lengths of the samples that count, in seconds.'),
    left_out: z.array(leftOutSamples).describe('Samples that do not count, since shorter ones say the same.'),
  })
  .describe('Which samples a series is made of.');
export type GranularityUse = z.output<typeof granularityUse>;

export const kpiQueryMetadata = z
  .object({
    total_records: z.int().min(0).describe('Records in this answer.'),
    kpi_types: z.array(z.string()).describe('KPIs as asked for.'),
    date_range: z.string().describe('First and last local date, `2025-08-08 ~ 2025-08-08`.'),
    entity_count: z.int().min(0).describe('Distinct entities in this answer.'),
    ne_filters: z.array(z.string()).describe('NE filter; empty: all.'),
    cellid_filters: z.array(z.string()).describe('Cell filter; empty: all.'),
    unknown_kpi_types: z.array(unknownKpi).describe('Names that stand for no PEG.'),
    truncated: z.boolean().describe('There is more; ask with `next_cursor`.'),
    next_cursor: nextCursor,
    generated_at: utcTime.describe('When the answer was made, UTC.'),
    data_source: z.string().describe('The store that was read.'),
    aggregation: z
      .record(z.string(), z.enum(AGGREGATIONS))
      .describe(
        'By KPI, what a value is: the sum of samples (cumulative counters: an hour’s bucket has the hour’s sum), their mean over time, or their mean weighted by another counter (derived ones); `formula`: of a KPI, whose counters are aggregated first; `none`: samples as stored.',
      ),
    units: z.record(z.string(), z.string().nullable()).describe('By KPI, the unit of its values; null where unknown.'),
    granularities: z
      .record(z.string(), granularityUse)
      .optional()
      .describe(
        'By KPI, for aggregates: the lengths of the samples that the values of this answer are made of. Where samples of several lengths fall into a bucket of a cell, the shortest count: the longer ones say the same again.',
      ),
    warnings: z.array(warning).optional().describe('What the caller should know, e.g. unknown NEs or cells.'),
  })
  .describe('What the answer covers.');
export type KpiQueryMetadata = z.output<typeof kpiQueryMetadata>;

/** Answer of `POST /api/kpi/query`. */
export const kpiQueryResponse = z
  .object({
    success: z.literal(true).describe('Always true; errors are problem documents.'),
    data: z.record(z.string(), z.array(kpiRecord)).describe('Records by KPI, in time order.'),
    metadata: kpiQueryMetadata,
  })
  .describe('Samples of the KPIs asked for.');
export type KpiQueryResponse = z.output<typeof kpiQueryResponse>;

export const KPI_QUERY_REQUEST_EXAMPLE: KpiQueryRequestInput = {
  start_date: '2025-08-08',
  end_date: '2025-08-08',
  kpi_types: ['AirMacDLThruAvg(Kbps)'],
  ne: 'NVGNB#101086',
  cellid: '20',
  timezone: 'UTC',
};

export const KPI_QUERY_RESPONSE_EXAMPLE: KpiQueryResponse = {
  success: true,
  data: {
    'AirMacDLThruAvg(Kbps)': [
      {
        timestamp: '2025-08-08T08:45:00Z',
        entity_id: 'NVGNB#101086#20',
        ne: 'NVGNB#101086',
        object: 'NRCellDU=20',
        cell_id: '20',
        peg_name: 'AirMacDLThruAvg(Kbps)',
        kpi_type: 'AirMacDLThruAvg(Kbps)',
        value: 266510.5,
        granularity_s: 900,
        suspect: false,
        date: '2025-08-08',
        hour: 8,
      },
    ],
  },
  metadata: {
    total_records: 1,
    kpi_types: ['AirMacDLThruAvg(Kbps)'],
    date_range: '2025-08-08 ~ 2025-08-08',
    entity_count: 1,
    ne_filters: ['NVGNB#101086'],
    cellid_filters: ['20'],
    unknown_kpi_types: [],
    truncated: false,
    next_cursor: null,
    generated_at: '2025-08-09T00:00:00Z',
    data_source: 'PostgreSQL',
    aggregation: { 'AirMacDLThruAvg(Kbps)': 'none' },
    units: { 'AirMacDLThruAvg(Kbps)': 'Kbps' },
  },
};
