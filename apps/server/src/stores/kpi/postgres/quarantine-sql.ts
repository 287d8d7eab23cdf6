/** All SQL of the quarantine, as functions over a client. Callers decide on transactions. */
import type pg from 'pg';
import type {
  QuarantineEntry,
  RefusalError,
  RefusedContent,
  RefusedOptions,
  RefusedSource,
} from '../quarantine-log.ts';
import { storableJson } from './sql.ts';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** A refusal with what is known of its content before any of it is kept. */
export interface RefusalRow {
  readonly origin: string;
  readonly sha256: string | null;
  readonly name: string;
  readonly format: string | null;
  readonly error: RefusalError;
  readonly source: RefusedSource;
  readonly options: RefusedOptions;
  readonly content: 'in_place' | 'not_kept';
  readonly contentNote: string | null;
}

/** Gives the id, and whether content is kept of an earlier time; that stays. Takes the place of an entry of an earlier version. */
export async function upsertRefusal(client: Queryable, row: RefusalRow): Promise<{ id: number; isKept: boolean }> {
  const { source, options, error, ...rest } = row;
  const parameter = storableJson({
    ...{ ...rest, source: source.kind, content_note: rest.contentNote },
    ...{ path: source.kind === 'path' ? source.path : null, entry: source.kind === 'unknown' ? null : source.entry },
    ...{ ne: options.ne, cell: options.cell, time_zone: options.timeZone },
    ...errorParameter(error),
  });
  const { rows } = await client.query<{ id: number; is_kept: boolean }>(
    `WITH legacy AS (
       DELETE FROM pegboard.ingest_file WHERE status = 'quarantined' AND source = 'unknown' AND origin = $1::jsonb ->> 'sha256')
     INSERT INTO pegboard.ingest_file AS stored (status, "values", numbers, first_seen_at, times, ${REFUSAL_COLUMNS})
     SELECT 'quarantined', 0, 0, now(), 1, ${REFUSAL_COLUMNS} FROM jsonb_to_record($1::jsonb) AS t(sha256 text, name text,
       format text, error_code text, error_message text, error_hint text, error_line int, error_column int, origin text,
       source text, path text, entry text, ne text, cell text, time_zone text, content text, content_note text)
     ON CONFLICT (origin) WHERE status = 'quarantined' DO UPDATE SET
       ${REFUSAL_COLUMNS_BUT_CONTENT.map((column) => `${column} = excluded.${column}`).join(', ')},
       content = CASE stored.content WHEN 'kept' THEN 'kept' ELSE excluded.content END,
       content_note = CASE stored.content WHEN 'kept' THEN NULL ELSE excluded.content_note END,
       times = stored.times + 1, ingested_at = now()
     RETURNING id::float8 AS id, content = 'kept' AS is_kept`,
    [parameter],
  );
  const stored = rows[0] as { id: number; is_kept: boolean };
  return { id: stored.id, isKept: stored.is_kept };
}

const REFUSAL_COLUMNS_BUT_CONTENT = [
  ...['sha256', 'name', 'format', 'error_code', 'error_message', 'error_hint', 'error_line', 'error_column'],
  ...['origin', 'source', 'path', 'entry', 'ne', 'cell', 'time_zone'],
] as const;
const REFUSAL_COLUMNS = [...REFUSAL_COLUMNS_BUT_CONTENT, 'content', 'content_note'].join(', ');

function errorParameter({ code, message, hint, line, column }: RefusalError) {
  return { error_code: code, error_message: message, error_hint: hint, error_line: line, error_column: column };
}

/** Refuses an entry anew; `sha256` is absent where the entry keeps its own. */
export async function updateRefusal(
  client: Queryable,
  id: number,
  { sha256, format, error }: { sha256?: string | null; format: string | null; error: RefusalError },
): Promise<boolean> {
  const given = { format, ...errorParameter(error), ...(sha256 !== undefined && { sha256 }) };
  const columns = Object.keys(given);
  const { rowCount } = await client.query(
    `UPDATE pegboard.ingest_file SET ${columns.map((column) => `${column} = new.${column}`).join(', ')},
       times = times + 1, ingested_at = now()
     FROM jsonb_to_record($2::jsonb) AS new(sha256 text, format text, error_code text, error_message text, error_hint text,
       error_line int, error_column int)
     WHERE id = $1 AND status = 'quarantined'`,
    [id, storableJson(given)],
  );
  return rowCount === 1;
}

export async function insertContentPart(client: Queryable, id: number, part: number, bytes: Buffer): Promise<void> {
  await client.query('INSERT INTO pegboard.quarantine_content (file_id, part, bytes) VALUES ($1, $2, $3)', [
    id,
    part,
    bytes,
  ]);
}

/** One transaction after the other from here on, so that together they stay within the bound. Gives the bytes kept so far. */
export async function lockKeptBytes(client: Queryable): Promise<number> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('pegboard.quarantine_content'), 0)`);
  return keptBytes(client);
}

export async function keptBytes(client: Queryable): Promise<number> {
  const { rows } = await client.query<{ bytes: number }>(
    `SELECT coalesce(sum(content_bytes), 0)::float8 AS bytes FROM pegboard.ingest_file WHERE status = 'quarantined'`,
  );
  return rows[0]?.bytes ?? 0;
}

export async function setContent(client: Queryable, id: number, content: RefusedContent): Promise<void> {
  await client.query(
    `UPDATE pegboard.ingest_file SET content = $2, content_note = $3, content_bytes = $4 WHERE id = $1`,
    [
      id,
      content.state,
      content.state === 'not_kept' ? content.note : null,
      content.state === 'kept' ? content.packedBytes : null,
    ],
  );
}

/** A part of the kept content, null behind the last one; `isThere`: whether the entry still has content. */
export async function contentPart(
  client: Queryable,
  id: number,
  part: number,
): Promise<{ isThere: boolean; bytes: Buffer | null }> {
  const { rows } = await client.query<{ bytes: Buffer | null }>(
    `SELECT c.bytes FROM pegboard.ingest_file f LEFT JOIN pegboard.quarantine_content c ON c.file_id = f.id AND c.part = $2
     WHERE f.id = $1 AND f.status = 'quarantined' AND f.content = 'kept'`,
    [id, part],
  );
  return { isThere: rows.length > 0, bytes: rows[0]?.bytes ?? null };
}

// --- reading ------------------------------------------------------------------------------------------------------

const ENTRY = `SELECT id::float8 AS id, sha256, name, format, error_code, error_message, error_hint, error_line, error_column, origin, source,
  path, entry, ne, cell, time_zone, content, content_note, content_bytes::float8 AS content_bytes, times,
  (extract(epoch FROM first_seen_at) * 1000)::float8 AS first_seen_ms, (extract(epoch FROM ingested_at) * 1000)::float8 AS last_seen_ms
  FROM pegboard.ingest_file WHERE status = 'quarantined'`;

/** Newest first, below the id `before`. */
export async function listEntries(
  client: Queryable,
  { before, limit }: { before: number | null; limit: number },
): Promise<QuarantineEntry[]> {
  const { rows } = await client.query<EntryRow>(
    `${ENTRY} AND ($1::bigint IS NULL OR id < $1) ORDER BY id DESC LIMIT $2`,
    [before, limit],
  );
  return rows.map(fromRow);
}

export async function countEntries(client: Queryable): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::float8 AS n FROM pegboard.ingest_file WHERE status = 'quarantined'`,
  );
  return rows[0]?.n ?? 0;
}

export async function findEntries(client: Queryable, ids: readonly number[]): Promise<QuarantineEntry[]> {
  const { rows } = await client.query<EntryRow>(`${ENTRY} AND id = ANY($1::bigint[]) ORDER BY id DESC`, [ids]);
  return rows.map(fromRow);
}

export async function searchEntries(
  client: Queryable,
  { text, path, sha256Prefix }: { text: string; path: string; sha256Prefix: string | null },
  limit: number,
): Promise<QuarantineEntry[]> {
  const { rows } = await client.query<EntryRow>(
    `${ENTRY} AND (name = $1 OR right(name, length($1) + 1) = '/' || $1 OR path = $2 OR starts_with(sha256, $3))
     ORDER BY id DESC LIMIT $4`,
    [text, path, sha256Prefix, limit],
  );
  return rows.map(fromRow);
}

interface EntryRow {
  readonly id: number;
  readonly sha256: string | null;
  readonly name: string;
  readonly format: string | null;
  readonly error_code: string;
  readonly error_message: string;
  readonly error_hint: string | null;
  readonly error_line: number | null;
  readonly error_column: number | null;
  readonly origin: string;
  readonly source: RefusedSource['kind'];
  readonly path: string | null;
  readonly entry: string | null;
  readonly ne: string | null;
  readonly cell: string | null;
  readonly time_zone: string | null;
  readonly content: RefusedContent['state'];
  readonly content_note: string | null;
  readonly content_bytes: number | null;
  readonly times: number;
  readonly first_seen_ms: number;
  readonly last_seen_ms: number;
}

function fromRow(row: EntryRow): QuarantineEntry {
  return {
    id: row.id,
    origin: row.origin,
    sha256: row.sha256,
    name: row.name,
    format: row.format,
    error: {
      code: row.error_code,
      message: row.error_message,
      hint: row.error_hint,
      line: row.error_line,
      column: row.error_column,
    },
    source: sourceOf(row),
    options: { ne: row.ne, cell: row.cell, timeZone: row.time_zone },
    content: contentOf(row),
    firstSeenMs: row.first_seen_ms,
    lastSeenMs: row.last_seen_ms,
    times: row.times,
  };
}

function sourceOf({ source, path, entry }: EntryRow): RefusedSource {
  if (source === 'path') return { kind: 'path', path: path ?? '', entry };
  return source === 'upload' ? { kind: 'upload', entry } : { kind: 'unknown' };
}

function contentOf({ content, content_bytes, content_note }: EntryRow): RefusedContent {
  if (content === 'kept') return { state: 'kept', packedBytes: content_bytes ?? 0 };
  return content === 'in_place' ? { state: 'in_place' } : { state: 'not_kept', note: content_note ?? '' };
}

// --- removing -----------------------------------------------------------------------------------------------------

export async function deleteByOrigin(client: Queryable, origins: readonly string[]): Promise<void> {
  await client.query(`DELETE FROM pegboard.ingest_file WHERE status = 'quarantined' AND origin = ANY($1)`, [origins]);
}

export async function deleteById(client: Queryable, ids: readonly number[]): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `DELETE FROM pegboard.ingest_file WHERE status = 'quarantined' AND id = ANY($1::bigint[]) RETURNING id::float8 AS id`,
    [ids],
  );
  return rows.map((row) => row.id);
}
