import { type IngestLogEntry, ingestFilesQuery, ingestFilesResponse, ingestResponse } from '@pegboard/contracts';
import type { FeatureRoutes } from '../../http/routes.ts';
import type { EmitMetric } from '../../platform/metrics.ts';
import { utcText } from '../../platform/utc-text.ts';
import type { IngestFileRow, KpiStore } from '../../stores/kpi/kpi-store.ts';
import type { CatalogueReader } from '../catalogue/catalogue-reader.ts';
import { isAllowed } from '../identity/roles.ts';
import type { IngestService } from './ingest.service.ts';
import { defaultsOf, ingestQuery } from './ingest-query.ts';
import { withUploadedFiles } from './upload.ts';

const INGEST_TIMEOUT_MS = 15 * 60_000;

export interface IngestRouteDependencies {
  readonly ingest: IngestService;
  readonly store: Pick<KpiStore, 'listFiles'>;
  readonly catalogue: Pick<CatalogueReader, 'forget'>;
  readonly emit: EmitMetric;
  readonly maxUploadBytes: number;
}

export function ingestRoutes({
  ingest,
  store,
  catalogue,
  emit,
  maxUploadBytes,
}: IngestRouteDependencies): FeatureRoutes {
  return (routes) => {
    routes.add({
      method: 'POST',
      url: '/api/ingest',
      permission: 'kpi:ingest',
      operationId: 'ingestFiles',
      summary: 'Take PM files',
      description:
        'Takes PM files of any known format, packed or not. Each file goes in whole or not at all; those that are refused are named with the reason and kept in the quarantine, and the others go in. A PEG catalogue is taken from administrators only.',
      tag: 'ingest',
      query: ingestQuery,
      multipart: { field: 'file', description: 'PM files, each a part with a file name.' },
      success: { description: 'What became of each file.', schema: ingestResponse },
      errors: ['DATA_VALIDATION_ERROR', 'STORE_UNAVAILABLE'],
      timeoutMs: INGEST_TIMEOUT_MS,
      handler: ({ query, principal, request, signal }) =>
        withUploadedFiles(request.files(), { maxBytes: maxUploadBytes, signal }, async (files) => {
          try {
            return await ingest.ingestPaths(files, {
              defaults: defaultsOf(query),
              mayDescribePegs: isAllowed(principal.role, 'master:write'),
              onFile: ({ status, values }) => emit({ type: 'file_ingested', status, values }),
              signal,
            });
          } finally {
            catalogue.forget();
          }
        }),
    });
    routes.add({
      method: 'GET',
      url: '/api/ingest/files',
      permission: 'ingest:read',
      operationId: 'listIngestedFiles',
      summary: 'The ingest log',
      description: 'Files that were taken or refused, the newest first.',
      tag: 'ingest',
      query: ingestFilesQuery,
      success: { description: 'Entries.', schema: ingestFilesResponse },
      errors: ['STORE_UNAVAILABLE'],
      handler: async ({ query }) => {
        const { status, limit, cursor } = query;
        const page = await store.listFiles({
          limit,
          ...(status && { status }),
          ...(cursor !== undefined && { cursor }),
        });
        return { items: page.items.map(toLogEntry), next_cursor: page.nextCursor };
      },
    });
  };
}

function toLogEntry(row: IngestFileRow): IngestLogEntry {
  const { id, name: fileName, sha256, status, format, sender, swVersion, values, numbers, warnings } = row;
  const hasPeriod = row.periodBeginMs !== null && row.periodEndMs !== null;
  return {
    id,
    name: fileName,
    sha256,
    status,
    format,
    sender,
    sw_version: swVersion,
    period: hasPeriod ? { start: utcText(row.periodBeginMs), end: utcText(row.periodEndMs) } : null,
    values,
    numbers,
    error:
      row.errorCode === null
        ? null
        : { code: row.errorCode, message: row.errorMessage ?? row.errorCode, line: row.errorLine },
    warnings: warnings.map((warning) => ({ ...warning })),
    ingested_at: utcText(row.ingestedAtMs),
  };
}
