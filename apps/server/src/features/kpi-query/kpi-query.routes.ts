import { Readable } from 'node:stream';
import {
  kpiQueryRequest,
  kpiQueryResponse,
  kpiRecord,
  kpiStatisticsRequest,
  kpiStatisticsResponse,
} from '@pegboard/contracts';
import { z } from 'zod';
import type { FeatureRoutes } from '../../http/routes.ts';
import type { KpiQueryService } from './kpi-query.service.ts';
import type { KpiStatisticsService } from './kpi-statistics.service.ts';
import { preferredFormat, toCsv, toNdjson } from './record-format.ts';

/** A stream may take long: as long as its reader needs. */
const QUERY_TIMEOUT_MS = 15 * 60_000;

export function kpiQueryRoutes(queries: KpiQueryService, statistics: KpiStatisticsService): FeatureRoutes {
  return (routes) => {
    routes.add({
      method: 'POST',
      url: '/api/kpi/query',
      permission: 'kpi:read',
      operationId: 'queryKpis',
      summary: 'Samples of PEGs and KPIs',
      description:
        'Samples as stored, or aggregated into buckets, in order of time. JSON comes in pages (`limit`, `cursor`); `Accept: application/x-ndjson` or `text/csv` streams all records, whatever the limit. Counters are aggregated by their kind over cells (`by`) and time, and the formula of a KPI is applied to what they come to: ratios are ratios of sums. PEGs are named by name, by `Family/Name`, or by a glob; KPIs by id, name, or a formula in `peg_definitions`. A name that nothing has, or a KPI that the counters at hand do not give, is listed in `unknown_kpi_types` (streams: in the header `X-Unknown-Kpi-Types`, URI-encoded, separated by commas); one that several families have is refused, with the names that would do.',
      tag: 'kpi',
      body: kpiQueryRequest,
      success: {
        description: 'A page of records, or all of them.',
        schema: kpiQueryResponse,
        alternatives: {
          'application/x-ndjson': { schema: kpiRecord },
          'text/csv': { schema: z.string().describe('A header line, then a line a record.') },
        },
      },
      errors: ['UNKNOWN_NAME', 'UNPROCESSABLE', 'STORE_UNAVAILABLE'],
      timeoutMs: QUERY_TIMEOUT_MS,
      handler: async ({ body, signal, request, reply }) => {
        const format = preferredFormat(request.headers.accept);
        reply.header('vary', 'accept');
        if (format === 'application/json') return queries.query(body, signal);
        const { records, unknown } = await queries.stream(body, signal);
        if (unknown.length > 0) {
          reply.header('x-unknown-kpi-types', unknown.map(({ kpi_type }) => encodeURIComponent(kpi_type)).join(','));
        }
        const lines = format === 'text/csv' ? toCsv(records) : toNdjson(records);
        return reply.type(`${format}; charset=utf-8`).send(Readable.from(lines, { objectMode: false }));
      },
    });
    routes.add({
      method: 'POST',
      url: '/api/kpi/statistics/batch',
      permission: 'kpi:read',
      operationId: 'summarizeKpis',
      summary: 'Statistics of PEGs and KPIs',
      description:
        'Bucketed series, and statistics of the samples of each PEG or KPI of each entity (of a KPI: its values by granularity period). Percentiles interpolate linearly (Hyndman and Fan, type 7); `completeness` is the share of the granularity periods of the range that have a value. Of a series with samples of several granularities the shortest count.',
      tag: 'kpi',
      body: kpiStatisticsRequest,
      success: { description: 'Series and statistics.', schema: kpiStatisticsResponse },
      errors: ['UNKNOWN_NAME', 'UNPROCESSABLE', 'PAYLOAD_TOO_LARGE', 'STORE_UNAVAILABLE'],
      handler: ({ body, signal }) => statistics.statistics(body, signal),
    });
  };
}
