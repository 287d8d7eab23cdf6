import { quarantineDiscarded, quarantineQuery, quarantineResponse, quarantineRetryResponse } from '@pegboard/contracts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { FeatureRoutes } from '../../http/routes.ts';
import { PegboardError } from '../../platform/errors.ts';
import type { EmitMetric } from '../../platform/metrics.ts';
import type { CatalogueReader } from '../catalogue/catalogue-reader.ts';
import { isAllowed } from '../identity/roles.ts';
import { defaultsOf, ingestQuery } from './ingest-query.ts';
import type { QuarantineService, RetriedFile, RetryOptions } from './quarantine.service.ts';
import { toQuarantineDocument } from './quarantine-document.ts';
import type { MendedFile } from './retry-inputs.ts';
import { withUploadedFiles } from './upload.ts';

const RETRY_TIMEOUT_MS = 15 * 60_000;

const entryId = z.object({
  id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).describe('Id of the entry.'),
});

export interface QuarantineRouteDependencies {
  readonly quarantine: QuarantineService;
  readonly catalogue: Pick<CatalogueReader, 'forget'>;
  readonly emit: EmitMetric;
  readonly maxUploadBytes: number;
}

export function quarantineRoutes({
  quarantine,
  catalogue,
  emit,
  maxUploadBytes,
}: QuarantineRouteDependencies): FeatureRoutes {
  return (routes) => {
    routes.add({
      method: 'GET',
      url: '/api/ingest/quarantine',
      permission: 'ingest:read',
      operationId: 'listQuarantine',
      summary: 'Refused files',
      description:
        'Files that were refused and not taken since, the newest first, with the reason and what a retry would read.',
      tag: 'ingest',
      query: quarantineQuery,
      success: { description: 'Entries.', schema: quarantineResponse },
      errors: ['STORE_UNAVAILABLE'],
      handler: async ({ query: { limit, cursor } }) => {
        const page = await quarantine.list({ limit, ...(cursor !== undefined && { cursor }) });
        const total = await quarantine.count();
        return { items: page.items.map(toQuarantineDocument), total, next_cursor: page.nextCursor };
      },
    });
    routes.add({
      method: 'POST',
      url: '/api/ingest/quarantine/:id/retry',
      permission: 'kpi:ingest',
      operationId: 'retryQuarantined',
      summary: 'Read a refused file again',
      description:
        'Reads the file where it is, or what was kept of an upload, with the options that it had unless others are given; or, where the body is multipart with one file, that file in its place. What is taken leaves the quarantine; what is refused again stays with the new reason. 404 where there is no such entry, or nothing to read any more: the entry then stays.',
      tag: 'ingest',
      params: entryId,
      query: ingestQuery,
      multipart: { field: 'file', description: 'The mended file. Without a body the refused file is read again.' },
      success: { description: 'What became of the file.', schema: quarantineRetryResponse },
      errors: ['NOT_FOUND', 'STORE_UNAVAILABLE'],
      timeoutMs: RETRY_TIMEOUT_MS,
      handler: async ({ params: { id }, query, principal, request, signal, log }) => {
        refuseOtherBody(request);
        const options: RetryOptions = {
          defaults: defaultsOf(query),
          mayDescribePegs: isAllowed(principal.role, 'master:write'),
          onFile: ({ status, values }) => emit({ type: 'file_ingested', status, values }),
          signal,
        };
        const retry = async (mended?: MendedFile) => quarantine.retry([id], { ...options, ...(mended && { mended }) });
        try {
          const [retried] = await (request.isMultipart()
            ? withMendedFile(request, { maxBytes: maxUploadBytes, signal }, retry)
            : retry());
          log.info({ user: principal.user, entry: id, outcome: retried.outcome }, 'refused file read again');
          return toResponse(retried);
        } finally {
          catalogue.forget();
        }
      },
    });
    routes.add({
      method: 'DELETE',
      url: '/api/ingest/quarantine/:id',
      permission: 'ingest:discard',
      operationId: 'discardQuarantined',
      summary: 'Discard a refused file',
      description: 'Removes an entry, with what was kept of its upload. A file that lies somewhere is not touched.',
      tag: 'ingest',
      params: entryId,
      success: { description: 'It is gone.', schema: quarantineDiscarded },
      errors: ['NOT_FOUND', 'STORE_UNAVAILABLE'],
      handler: async ({ params: { id }, principal, log }) => {
        await quarantine.discard([id]);
        log.info({ user: principal.user, entry: id }, 'refused file discarded');
        return { id, discarded: true as const };
      },
    });
  };
}

/** Options belong into the query: they must not be passed over silently. */
function refuseOtherBody({ body }: FastifyRequest): void {
  if (body === undefined || body === null || (typeof body === 'object' && Object.keys(body).length === 0)) return;
  throw new PegboardError('UNSUPPORTED_MEDIA_TYPE', 'the body of a retry is multipart with the mended file, or empty', {
    hint: 'Give ne, cell and timezone in the query.',
  });
}

function withMendedFile<Result>(
  request: FastifyRequest,
  options: { readonly maxBytes: number; readonly signal: AbortSignal },
  use: (mended: MendedFile) => Promise<Result>,
): Promise<Result> {
  return withUploadedFiles(request.files(), options, (files) => {
    const [file, ...others] = files;
    if (others.length > 0) {
      const message = `one mended file takes the place of an entry, not ${files.length}`;
      throw new PegboardError('DATA_VALIDATION_ERROR', message, { details: [{ path: 'file', message }] });
    }
    return use({ path: file.path, name: file.displayName, isUpload: true });
  });
}

function toResponse({ id, name, outcome, resolved, reason, files }: RetriedFile) {
  if (outcome === 'gone') {
    throw new PegboardError('NOT_FOUND', `entry ${id} cannot be read again: ${reason}`, {
      hint: 'Send the file as the multipart body, or discard the entry.',
      details: [{ path: 'id', message: reason ?? '' }],
    });
  }
  return { success: true as const, id, name, outcome, resolved, files: [...files] };
}
