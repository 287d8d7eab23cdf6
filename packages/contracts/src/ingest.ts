/** `POST /api/ingest`, `GET /api/ingest/files`, and what `ingest --json` prints. */
import { z } from 'zod';
import { cursor, nextCursor, utcTime } from './fields.ts';
import { strictObject } from './strict-object.ts';

export const INGEST_STATUSES = ['ok', 'duplicate', 'skipped', 'quarantined'] as const;
export type IngestStatus = (typeof INGEST_STATUSES)[number];

const line = z.int().min(1).nullable().describe('Line in the unpacked file, from 1; null where there is none.');
const count = z.int().min(0);

export const ingestWarning = z
  .object({
    code: z.string().describe('Stable machine-readable code.'),
    message: z.string().describe('What was tolerated.'),
    line,
    count: count.describe('How often it was seen.'),
  })
  .describe('Something harmless that was tolerated.');
export type IngestWarning = z.output<typeof ingestWarning>;

export const ingestError = z
  .object({
    code: z.string().describe('Stable machine-readable code.'),
    message: z.string().describe('Why the file was refused.'),
    hint: z.string().nullable().describe('How to mend it.'),
    line,
    column: z.int().min(1).nullable().describe('Column in the line, from 1; null where there is none.'),
  })
  .describe('Why a file was refused.');
export type IngestError = z.output<typeof ingestError>;

const period = z
  .object({
    start: utcTime.describe('Begin of the first sample.'),
    end: utcTime.describe('End of the last sample, exclusive.'),
  })
  .nullable()
  .describe('Time that the samples cover; null without samples.');

export const ingestFileReport = z
  .object({
    name: z.string().describe('Name of the file.'),
    sha256: z.string().nullable().describe('SHA-256 of its content in hex; null where it could not be read.'),
    status: z
      .enum(INGEST_STATUSES)
      .describe('`duplicate`: taken before; `skipped`: no PM file; `quarantined`: refused, see `error`.'),
    format: z.string().nullable().describe('Recognised format; null where none was.'),
    values: count.describe('Measured values as written in the file; a vector counts once.'),
    numbers: count.describe('Numbers once vectors are split, with those of `missing` and `not_numbers`.'),
    missing: count.describe('Of the numbers, those that the file marks as missing.'),
    not_numbers: count.describe('Of the numbers, those that were text; kept as missing.'),
    objects: count.describe('Distinct measured objects.'),
    blocks: count.describe('Blocks: one a measured object and granularity period.'),
    period,
    reason: z.string().nullable().describe('Why it was skipped, or of which file it is a duplicate.'),
    error: ingestError.nullable().describe('Why it was refused; null where it was not.'),
    warnings: z.array(ingestWarning).describe('What was tolerated.'),
  })
  .describe('What became of one file.');
export type IngestFileReport = z.output<typeof ingestFileReport>;

/** A line of what `ingest --watch --json` prints. */
export const ingestWatchLine = ingestFileReport
  .extend({
    status: z
      .enum([...INGEST_STATUSES, 'waiting'])
      .describe('As of `ingest`; `waiting`: it is not complete for too long, see `reason`; it is watched on.'),
    path: z.string().describe('Path of the file, or of the archive that it is an entry of.'),
    at: utcTime.describe('When that was certain, UTC.'),
  })
  .describe('What became of one file of a watched folder.');
export type IngestWatchLine = z.output<typeof ingestWatchLine>;

/** Answer of `POST /api/ingest`. */
export const ingestResponse = z
  .object({
    success: z.literal(true).describe('The files were worked through; each says what became of it.'),
    files: z.array(ingestFileReport).describe('One entry a file, in the order received.'),
    totals: z
      .object({
        files: count.describe('Files received.'),
        ok: count.describe('Files taken.'),
        duplicate: count.describe('Files taken before.'),
        skipped: count.describe('Files that are no PM files.'),
        quarantined: count.describe('Files refused.'),
        values: count.describe('Measured values in the files taken.'),
        numbers: count.describe('Numbers in them once vectors are split, the missing ones included.'),
        missing: count.describe('Of the numbers, those that the files mark as missing.'),
        not_numbers: count.describe('Of the numbers, those that were text; kept as missing.'),
        inserted_blocks: count.describe('Blocks that were new.'),
        merged_blocks: count.describe('Blocks that existed and were merged.'),
      })
      .describe('Sums over the files.'),
    elapsed_ms: z.number().min(0).describe('Time it took, in ms.'),
    values_per_s: z
      .number()
      .min(0)
      .nullable()
      .describe('Values of files taken per second; null where nothing was taken.'),
  })
  .describe('Report of an ingest.');
export type IngestResponse = z.output<typeof ingestResponse>;

/** Query of `GET /api/ingest/files`. */
export const ingestFilesQuery = strictObject({
  status: z.enum(['ok', 'quarantined']).optional().describe('Files with this status only.'),
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('Largest number of entries of one answer.'),
  cursor: cursor.optional(),
});
export type IngestFilesQuery = z.output<typeof ingestFilesQuery>;

export const ingestLogEntry = z
  .object({
    id: z.int().describe('Id of the entry.'),
    name: z.string().describe('Name of the file.'),
    sha256: z.string().nullable().describe('SHA-256 of its content in hex; null where it could not be read.'),
    status: z.enum(['ok', 'quarantined']).describe('Taken, or refused.'),
    format: z.string().nullable().describe('Recognised format; null where none was.'),
    sender: z.string().nullable().describe('Sender named in the file.'),
    sw_version: z.string().nullable().describe('Software version named in the file.'),
    period,
    values: count.describe('Measured values as written in the file.'),
    numbers: count.describe('Numbers once vectors are split, the missing ones included.'),
    error: ingestError
      .omit({ hint: true, column: true })
      .nullable()
      .describe('Why it was refused; null where it was not.'),
    warnings: z.array(ingestWarning).describe('What was tolerated.'),
    ingested_at: utcTime.describe('When it was ingested, UTC.'),
  })
  .describe('An entry of the ingest log.');
export type IngestLogEntry = z.output<typeof ingestLogEntry>;

/** Answer of `GET /api/ingest/files`. */
export const ingestFilesResponse = z
  .object({
    items: z.array(ingestLogEntry).describe('Entries, the newest first.'),
    next_cursor: nextCursor,
  })
  .describe('The ingest log.');
export type IngestFilesResponse = z.output<typeof ingestFilesResponse>;

const EXAMPLE_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export const INGEST_RESPONSE_EXAMPLE: IngestResponse = {
  success: true,
  files: [
    {
      name: 'A20250813.0000+0900-0015+0900_nvgnb10000.xml',
      sha256: EXAMPLE_SHA256,
      status: 'ok',
      format: 'ts-32.435',
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
    {
      name: 'broken.xml',
      sha256: null,
      status: 'quarantined',
      format: null,
      values: 0,
      numbers: 0,
      missing: 0,
      not_numbers: 0,
      objects: 0,
      blocks: 0,
      period: null,
      reason: null,
      error: {
        code: 'not_well_formed',
        message: 'the file ends inside <measInfo>',
        hint: 'fetch the file again',
        line: 212,
        column: 9,
      },
      warnings: [],
    },
  ],
  totals: {
    files: 2,
    ok: 1,
    duplicate: 0,
    skipped: 0,
    quarantined: 1,
    values: 4800,
    numbers: 5200,
    missing: 3,
    not_numbers: 0,
    inserted_blocks: 48,
    merged_blocks: 0,
  },
  elapsed_ms: 12.5,
  values_per_s: 384000,
};

export const INGEST_FILES_RESPONSE_EXAMPLE: IngestFilesResponse = {
  items: [
    {
      id: 1,
      name: 'A20250813.0000+0900-0015+0900_nvgnb10000.xml',
      sha256: EXAMPLE_SHA256,
      status: 'ok',
      format: 'ts-32.435',
      sender: 'nvgnb#10000',
      sw_version: '5.1.0',
      period: { start: '2025-08-12T15:00:00Z', end: '2025-08-12T15:15:00Z' },
      values: 4800,
      numbers: 5200,
      error: null,
      warnings: [],
      ingested_at: '2025-08-13T00:20:00Z',
    },
  ],
  next_cursor: null,
};
