/** `GET /api/ingest/quarantine`, the retry and the discarding of an entry, and what `quarantine --json` prints. */
import { z } from 'zod';
import { cursor, nextCursor, utcTime } from './fields.ts';
import { ingestError, ingestFileReport } from './ingest.ts';
import { strictObject } from './strict-object.ts';

const count = z.int().min(0);
const id = z.int().min(1).describe('Id of the entry.');

const source = z
  .object({
    kind: z
      .enum(['path', 'upload', 'unknown'])
      .describe('`path`: a file that stays where it is; `upload`: sent by a client; `unknown`: of an earlier version.'),
    path: z.string().nullable().describe('Absolute path of the file, or of the archive; null where there is none.'),
    entry: z.string().nullable().describe('Entry of the archive; null where it was none.'),
  })
  .describe('Where the file came from.');

const content = z
  .object({
    state: z
      .enum(['in_place', 'kept', 'not_kept'])
      .describe(
        '`in_place`: a retry reads the file where it is; `kept`: it reads what was sent; `not_kept`: see `note`.',
      ),
    packed_bytes: count.nullable().describe('Bytes that are kept, packed; null where none are.'),
    note: z.string().nullable().describe('Why the content is not kept; null where it is.'),
  })
  .describe('What a retry reads.');

export const quarantineEntry = z
  .object({
    id,
    name: z.string().describe('Name of the file.'),
    sha256: z.string().nullable().describe('SHA-256 of its content in hex; null where it could not be read.'),
    format: z.string().nullable().describe('Recognised format; null where none was.'),
    error: ingestError,
    source,
    content,
    options: z
      .object({
        ne: z.string().nullable().describe('Network element for files that name none; null where none was given.'),
        cell: z.string().nullable().describe('Cell for files that name none; null where none was given.'),
        timezone: z.string().nullable().describe('Time zone for times without one; null where it is not known.'),
      })
      .describe('With which options it was read; a retry takes them again.'),
    first_seen: utcTime.describe('When it was refused for the first time, UTC.'),
    last_seen: utcTime.describe('When it was refused last, UTC.'),
    times: z.int().min(1).describe('How often it was refused.'),
  })
  .describe('A file that was refused.');
export type QuarantineEntryDocument = z.output<typeof quarantineEntry>;

/** Query of `GET /api/ingest/quarantine`. */
export const quarantineQuery = strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('Largest number of entries of one answer.'),
  cursor: cursor.optional(),
});
export type QuarantineQuery = z.output<typeof quarantineQuery>;

/** Answer of `GET /api/ingest/quarantine`. */
export const quarantineResponse = z
  .object({
    items: z.array(quarantineEntry).describe('Entries, the newest first.'),
    total: count.describe('Entries that there are, on all pages.'),
    next_cursor: nextCursor,
  })
  .describe('Files that were refused.');
export type QuarantineResponse = z.output<typeof quarantineResponse>;

/** Answer of `POST /api/ingest/quarantine/{id}/retry`. */
export const quarantineRetryResponse = z
  .object({
    success: z.literal(true).describe('The file was read; `outcome` says what became of it.'),
    id,
    name: z.string().describe('Name of the file.'),
    outcome: z
      .enum(['taken', 'duplicate', 'refused', 'skipped'])
      .describe(
        '`duplicate`: the same content had been taken; `refused`: again, see `files`; `skipped`: it is no PM file.',
      ),
    resolved: z.boolean().describe('Whether the entry has left the quarantine.'),
    files: z.array(ingestFileReport).describe('What became of the file, or of each entry of the archive that it is.'),
  })
  .describe('What became of an entry.');
export type QuarantineRetryResponse = z.output<typeof quarantineRetryResponse>;

/** Answer of `DELETE /api/ingest/quarantine/{id}`. */
export const quarantineDiscarded = z
  .object({ id, discarded: z.literal(true).describe('It is gone, with what was kept of it.') })
  .describe('An entry that was discarded.');

const EXAMPLE_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export const QUARANTINE_RESPONSE_EXAMPLE: QuarantineResponse = {
  items: [
    {
      id: 17,
      name: 'pm/A20250813.0000+0900-0015+0900_nvgnb10000.xml',
      sha256: EXAMPLE_SHA256,
      format: '3gpp-32.435-xml',
      error: {
        code: 'truncated',
        message: 'the file ends inside <measInfo>',
        hint: 'The file seems to be cut off; transfer it again.',
        line: 212,
        column: 9,
      },
      source: { kind: 'path', path: '/data/pm/A20250813.0000+0900-0015+0900_nvgnb10000.xml', entry: null },
      content: { state: 'in_place', packed_bytes: null, note: null },
      options: { ne: null, cell: null, timezone: 'Asia/Seoul' },
      first_seen: '2025-08-13T00:20:00Z',
      last_seen: '2025-08-13T00:35:00Z',
      times: 2,
    },
  ],
  total: 1,
  next_cursor: null,
};

export const QUARANTINE_RETRY_RESPONSE_EXAMPLE: QuarantineRetryResponse = {
  success: true,
  id: 17,
  name: 'pm/A20250813.0000+0900-0015+0900_nvgnb10000.xml',
  outcome: 'taken',
  resolved: true,
  files: [
    {
      name: 'pm/A20250813.0000+0900-0015+0900_nvgnb10000.xml',
      sha256: EXAMPLE_SHA256,
      status: 'ok',
      format: '3gpp-32.435-xml',
      values: 4800,
      numbers: 5200,
      missing: 3,
      not_numbers: 0,
      objects: 48,
      blocks: 48,
      period: { start: '2025-08-12T15:00:00Z', end: '2025-08-12T15:15:00Z' },
      reason: null,
      error: null,
      warnings: [],
    },
  ],
};
