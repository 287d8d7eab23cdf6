/** All SQL of the KPI store, as functions over a client. Callers decide on transactions. */
import type pg from 'pg';
import { type PegDefaults, pegDefaults } from '../catalogue-defaults.ts';
import type {
  IngestFileRecord,
  IngestFileRow,
  MeasuredObject,
  NetworkElement,
  Peg,
  PegMetadata,
} from '../kpi-store.ts';
import { CAN_READ_RAW, RAW_SAMPLE } from './block-decoder.ts';
import { COPY_COLUMNS } from './block-encoder.ts';

export interface CounterGroup {
  readonly id: number;
  readonly pegIds: number[];
}

type Queryable = Pick<pg.ClientBase, 'query'>;

const DAY_MS = 86_400_000;

// --- identities ---------------------------------------------------------------------------------------------------

/** What the store gave to a name. */
export interface GivenId {
  readonly id: number;
  /** False: no file that brings it has been taken yet. */
  readonly seen: boolean;
}

/**
 * Inserts or updates by name; what is null stays as it was. Rows are locked in the order of names.
 * @param seen whether the file that brings them is certain to be taken, or only tried
 */
export async function upsertNetworkElements(
  client: Queryable,
  nes: readonly { name: string; userLabel: string | null; vendor: string | null; swVersion: string | null }[],
  seen: boolean,
): Promise<Map<string, GivenId>> {
  const sorted = [...nes].sort((a, b) => (a.name < b.name ? -1 : 1));
  const { rows } = await client.query<GivenId & { name: string }>(
    `INSERT INTO pegboard.network_element AS ne (name, user_label, vendor, sw_version, seen)
     SELECT *, $5::boolean FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
     ON CONFLICT (name) DO UPDATE SET
       user_label = coalesce(excluded.user_label, ne.user_label),
       vendor = coalesce(excluded.vendor, ne.vendor),
       sw_version = coalesce(excluded.sw_version, ne.sw_version),
       seen = ne.seen OR excluded.seen
     RETURNING id, name, seen`,
    [
      sorted.map((ne) => ne.name),
      sorted.map((ne) => ne.userLabel),
      sorted.map((ne) => ne.vendor),
      sorted.map((ne) => ne.swVersion),
      seen,
    ],
  );
  return new Map(rows.map((row) => [row.name, row]));
}

/** Returns the ids by `<neId>\0<ldn>`, of those that were there and of those that are new; `seen` as above. */
export async function insertMeasuredObjects(
  client: Queryable,
  objects: readonly { neId: number; ldn: string; objectClass: string; cellId: string | null; rat: string | null }[],
  seen: boolean,
): Promise<Map<string, GivenId>> {
  const columns = [
    objects.map((o) => o.neId),
    objects.map((o) => o.ldn),
    objects.map((o) => o.objectClass),
    objects.map((o) => o.cellId),
    objects.map((o) => o.rat),
  ];
  await client.query(
    `INSERT INTO pegboard.measured_object (ne_id, ldn, class, cell_id, rat, seen)
     SELECT *, $6::boolean
     FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[]) AS t(ne_id, ldn, class, cell_id, rat)
     ORDER BY ne_id, ldn ON CONFLICT DO NOTHING`,
    [...columns, seen],
  );
  const { rows } = await client.query<GivenId & { ne_id: number; ldn: string }>(
    `SELECT o.id, o.ne_id, o.ldn, o.seen FROM unnest($1::int[], $2::text[]) AS t(ne_id, ldn)
     JOIN pegboard.measured_object o USING (ne_id, ldn)`,
    columns.slice(0, 2),
  );
  if (seen) await markSeen(client, 'measured_object', rows);
  return new Map(rows.map((row) => [`${row.ne_id}\0${row.ldn}`, row]));
}

/** A file that brings them is taken. */
export async function markSeen(
  client: Queryable,
  table: 'network_element' | 'measured_object' | 'peg',
  given: readonly GivenId[],
): Promise<void> {
  const ids = given.filter(({ seen }) => !seen).map(({ id }) => id);
  if (ids.length === 0) return;
  // In the order of ids, so that two writers wait instead of deadlocking.
  await client.query(
    `UPDATE pegboard.${table} SET seen = true
     WHERE id IN (SELECT id FROM pegboard.${table} WHERE id = ANY($1) AND NOT seen ORDER BY id FOR UPDATE)`,
    [ids],
  );
}

/** Returns the ids by `<family>\0<name>`, of those that were there and of those that are new; `seen` as above. */
export async function insertPegs(
  client: Queryable,
  pegs: readonly { family: string; name: string; rat: string | null }[],
  seen: boolean,
): Promise<Map<string, GivenId>> {
  const ratByFamily = new Map(pegs.map(({ family, rat }) => [family, rat]));
  const columns = [pegs.map((peg) => peg.family), pegs.map((peg) => peg.name), pegs.map((peg) => peg.rat)];
  await client.query(
    `INSERT INTO pegboard.peg (family, name, rat, seen)
     SELECT *, $4::boolean FROM unnest($1::text[], $2::text[], $3::text[]) AS t(family, name, rat)
     ORDER BY family, name ON CONFLICT DO NOTHING`,
    [...columns, seen],
  );
  const { rows } = await client.query<GivenId & { family: string; name: string }>(
    `SELECT p.id, p.family, p.name, p.seen FROM unnest($1::text[], $2::text[]) AS t(family, name)
     JOIN pegboard.peg p USING (family, name)`,
    columns.slice(0, 2),
  );
  if (seen) await markSeen(client, 'peg', rows);
  await insertPegDefaults(
    client,
    rows.map(({ id, family, name }) => ({ id, name, rat: ratByFamily.get(family) ?? null })),
  );
  // In the order of the file, so that counters that come together are stored together.
  const given = new Map(rows.map((row) => [`${row.family}\0${row.name}`, row]));
  return new Map(
    pegs.flatMap(({ family, name }) => {
      const peg = given.get(`${family}\0${name}`);
      return peg === undefined ? [] : [[`${family}\0${name}`, peg] as const];
    }),
  );
}

/** Says what the catalogue says of PEGs of which it has not been said yet. */
async function insertPegDefaults(
  client: Queryable,
  pegs: readonly { id: number; name: string; rat: string | null }[],
): Promise<void> {
  const entries = pegs.map(({ id, name, rat }) => defaultsEntry(id, pegDefaults(rat, name)));
  await client.query(
    `INSERT INTO pegboard.peg_default (${DEFAULT_COLUMNS})
     SELECT ${DEFAULT_COLUMNS} FROM jsonb_to_recordset($1::jsonb) AS t(peg_id int, base text, dimensions jsonb, is_total boolean,
       kind text, unit text, weighted_by text, polarity text, weight smallint, thresholds jsonb, category text, clause text)
     ORDER BY peg_id ON CONFLICT DO NOTHING`,
    [storableJson(entries)],
  );
}

const DEFAULT_COLUMNS = `peg_id, base, dimensions, is_total, kind, unit, weighted_by, polarity, weight, thresholds, category, clause`;

function defaultsEntry(id: number, { isTotal, weightedBy, ...defaults }: PegDefaults) {
  return { peg_id: id, ...defaults, is_total: isTotal, weighted_by: weightedBy };
}

/**
 * Loads what the catalogue of a version says of all PEGs, in place of what an earlier version said. Does nothing where that
 * has been done. Returns whether it loaded.
 */
export async function loadCatalogue(client: Queryable, version: string): Promise<boolean> {
  const { rows } = await client.query<{ loaded: boolean }>(
    `SELECT EXISTS (SELECT FROM pegboard.catalogue_version WHERE version = $1)
       AND NOT EXISTS (SELECT FROM pegboard.peg p WHERE NOT EXISTS (SELECT FROM pegboard.peg_default d WHERE d.peg_id = p.id)) AS loaded`,
    [version],
  );
  if (rows[0]?.loaded) return false;
  await inTransaction(client, async () => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('pegboard.catalogue_version'), 0)`);
    await client.query('DELETE FROM pegboard.peg_default');
    const known = await client.query<{ id: number; name: string; rat: string | null }>(
      'SELECT id, name, rat FROM pegboard.peg ORDER BY id',
    );
    await insertPegDefaults(client, known.rows);
    await client.query(
      `INSERT INTO pegboard.catalogue_version (version) VALUES ($1)
       ON CONFLICT (single) DO UPDATE SET version = excluded.version, loaded_at = now()`,
      [version],
    );
  });
  return true;
}

/** Runs `change` in a transaction in which nobody else can change the groups of the class. */
export async function withGroupsLocked(
  client: Queryable,
  objectClass: string,
  change: (groups: CounterGroup[]) => Promise<void>,
): Promise<void> {
  await inTransaction(client, async () => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('pegboard.counter_group'), hashtext($1))`, [objectClass]);
    const { rows } = await client.query<{ id: number; peg_ids: number[] }>(
      'SELECT id, peg_ids FROM pegboard.counter_group WHERE object_class = $1 ORDER BY id',
      [objectClass],
    );
    await change(rows.map((row) => ({ id: row.id, pegIds: row.peg_ids })));
  });
}

export async function insertCounterGroup(client: Queryable, objectClass: string): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO pegboard.counter_group (object_class, peg_ids) VALUES ($1, '{}') RETURNING id`,
    [objectClass],
  );
  return (rows[0] as { id: number }).id;
}

export async function extendCounterGroup(client: Queryable, groupId: number, pegIds: readonly number[]): Promise<void> {
  await client.query('UPDATE pegboard.counter_group SET peg_ids = peg_ids || $2::int[] WHERE id = $1', [
    groupId,
    pegIds,
  ]);
}

export async function counterGroups(client: Queryable): Promise<Map<number, Int32Array>> {
  const { rows } = await client.query<{ id: number; peg_ids: number[] }>(
    'SELECT id, peg_ids FROM pegboard.counter_group',
  );
  return new Map(rows.map((row) => [row.id, Int32Array.from(row.peg_ids)]));
}

// --- blocks -------------------------------------------------------------------------------------------------------

/** Straight into the partition: the server has no row to route. */
export function copyBlocksOfDay(day: number): string {
  return `COPY ${partitionName(day)} (${COPY_COLUMNS}) FROM STDIN BINARY`;
}

export const COPY_STAGED_BLOCKS = `COPY pm_block_stage (${COPY_COLUMNS}) FROM STDIN BINARY`;

/**
 * Held to the end of the transaction. Writers of small files write side by side: a deadlock ends one of them, which tries
 * again. A large file cannot be tried again from memory, so it is written alone.
 */
export async function lockWriting(client: Queryable, mode: 'shared' | 'alone'): Promise<void> {
  const lock = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await client.query(`SELECT ${lock}(hashtext('pegboard.pm_block writers'), 0)`);
}

/** A place for deliveries that meet stored blocks; of the connection, empty after each transaction. */
export async function createStage(client: Queryable): Promise<void> {
  await client.query(`CREATE TEMP TABLE IF NOT EXISTS pm_block_stage (LIKE pegboard.pm_block) ON COMMIT DELETE ROWS`);
}

/** Merges the staged blocks into the stored ones, day by day in the order of keys, as they are copied, so that two writers wait instead of deadlocking. */
export async function mergeStage(client: Queryable): Promise<{ inserted: number; merged: number }> {
  const met = await client.query<{ blocks: string }>(
    `SELECT count(*) AS blocks FROM pm_block_stage JOIN pegboard.pm_block USING (object_id, group_id, "begin", granularity_s)`,
  );
  const written = await client.query(
    `INSERT INTO pegboard.pm_block AS stored (${COPY_COLUMNS})
     SELECT ${COPY_COLUMNS} FROM pm_block_stage
     ORDER BY date_trunc('day', "begin", 'UTC'), object_id, group_id, "begin", granularity_s
     ON CONFLICT (object_id, group_id, "begin", granularity_s) DO UPDATE SET
       "values" = pegboard.merge_values(stored."values", excluded."values"),
       suspect = excluded.suspect OR (stored.suspect AND pegboard.keeps_stored(stored."values", excluded."values"))`,
  );
  await client.query('TRUNCATE pm_block_stage');
  const merged = Number(met.rows[0]?.blocks);
  return { inserted: (written.rowCount ?? 0) - merged, merged };
}

/** Days (since 1970-01-01, UTC) that have a partition, ascending. */
export async function partitionDays(client: Queryable): Promise<number[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'pegboard.pm_block'::regclass AND NOT i.inhdetachpending ORDER BY c.relname`,
  );
  return rows.map((row) => dayOfPartition(row.name));
}

/**
 * Makes the partition of a day. Made apart and then attached, which blocks neither readers nor writers of other days.
 */
export async function createPartition(client: Queryable, day: number): Promise<void> {
  const name = partitionOfDay(day);
  await inTransaction(client, async () => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('pegboard.pm_block'), $1)`, [day]);
    const { rows } = await client.query<{ exists: boolean }>(`SELECT to_regclass($1) IS NOT NULL AS exists`, [
      `pegboard.${name}`,
    ]);
    if (rows[0]?.exists) return;
    const from = new Date(day * DAY_MS).toISOString();
    const to = new Date((day + 1) * DAY_MS).toISOString();
    await client.query(
      `CREATE TABLE pegboard.${name} (LIKE pegboard.pm_block INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)`,
    );
    await client.query(
      `ALTER TABLE pegboard.pm_block ATTACH PARTITION pegboard.${name} FOR VALUES FROM ('${from}') TO ('${to}')`,
    );
  });
}

/** Drops the partition of a day; waits for its readers. */
export async function dropPartition(client: Queryable, day: number): Promise<void> {
  await client.query(`DROP TABLE IF EXISTS pegboard.${partitionOfDay(day)}`);
}

function partitionName(day: number): string {
  return `pegboard.${partitionOfDay(day)}`;
}

function partitionOfDay(day: number): string {
  return `pm_block_${new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

function dayOfPartition(name: string): number {
  const date = name.slice('pm_block_'.length);
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) / DAY_MS;
}

/** First begin and last end of the samples of a day, ms since the epoch; null without samples. */
export async function dayExtent(client: Queryable, day: number): Promise<{ fromMs: number; toMs: number } | null> {
  const { rows } = await client.query<{ from_ms: number | null; to_ms: number | null }>(
    `SELECT (extract(epoch FROM min("begin")) * 1000)::float8 AS from_ms,
            (extract(epoch FROM max("begin" + granularity_s * interval '1 second')) * 1000)::float8 AS to_ms
     FROM ${partitionName(day)}`,
  );
  const row = rows[0];
  return row && row.from_ms !== null && row.to_ms !== null ? { fromMs: row.from_ms, toMs: row.to_ms } : null;
}

/** Whether the server hands out the values of blocks raw, in a layout that this program reads. */
export async function canSendRaw(client: Queryable): Promise<boolean> {
  const found = await client.query<{ found: boolean }>(
    `SELECT has_function_privilege(to_regprocedure('pegboard.block_bytes(double precision[])')::oid, 'EXECUTE') AS found`,
  );
  if (!CAN_READ_RAW || found.rows[0]?.found !== true) return false;
  const sample = await client.query<{ bytes: Buffer }>(`SELECT pegboard.block_bytes('{1,NULL,-2}') AS bytes`);
  return RAW_SAMPLE.equals(sample.rows[0]?.bytes ?? Buffer.alloc(0));
}

// --- ingest log ---------------------------------------------------------------------------------------------------

const TAKEN_COLUMNS = `sha256, name, format, status, sender, sw_version, period_begin, period_end, "values", numbers, warnings`;
const TAKEN_FILES = `SELECT sha256, name, format, 'ok', sender, sw_version, to_timestamp(begin_ms / 1000), to_timestamp(end_ms / 1000),
  n_values, numbers, warnings
  FROM jsonb_to_recordset($1::jsonb) AS t(sha256 text, name text, format text, sender text, sw_version text,
  begin_ms float8, end_ms float8, n_values bigint, numbers bigint, warnings jsonb)`;

function fileParameter(records: readonly IngestFileRecord[]): string {
  return storableJson(
    records.map((r) => ({
      sha256: r.sha256,
      name: r.name,
      format: r.format,
      sender: r.sender,
      sw_version: r.swVersion,
      begin_ms: r.periodBeginMs,
      end_ms: r.periodEndMs,
      n_values: r.values,
      numbers: r.numbers,
      warnings: r.warnings,
    })),
  );
}

/** JSON that PostgreSQL takes: texts quoted from files may hold NUL or half a surrogate pair, which it refuses. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? part.replaceAll('\0', '\ufffd').toWellFormed() : part,
  );
}

/** Takes files; returns the contents (sha256) that nobody had taken before. What they settle leaves the quarantine. */
export async function takeFiles(client: Queryable, records: readonly IngestFileRecord[]): Promise<Set<string>> {
  const { rows } = await client.query<{ sha256: string }>(
    `INSERT INTO pegboard.ingest_file (${TAKEN_COLUMNS}) ${TAKEN_FILES} ORDER BY sha256
     ON CONFLICT (sha256) WHERE status = 'ok' DO NOTHING RETURNING sha256`,
    [fileParameter(records)],
  );
  const taken = rows.map((row) => row.sha256);
  const origins = records.flatMap((record) => record.settles);
  await client.query(
    `DELETE FROM pegboard.ingest_file WHERE status = 'quarantined' AND (sha256 = ANY($1) OR origin = ANY($2))`,
    [taken, origins],
  );
  return new Set(taken);
}

export async function knownFiles(client: Queryable, sha256: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ sha256: string }>(
    `SELECT sha256 FROM pegboard.ingest_file WHERE status = 'ok' AND sha256 = ANY($1)`,
    [sha256],
  );
  return new Set(rows.map((row) => row.sha256));
}

/** Newest first, below the id `before`. */
export async function listFiles(
  client: Queryable,
  query: { status: string | null; before: number | null; limit: number },
): Promise<IngestFileRow[]> {
  const { rows } = await client.query<FileRow>(
    `SELECT id::float8 AS id, ${TAKEN_COLUMNS}, error_code, error_message, error_line, ingested_at FROM pegboard.ingest_file
     WHERE ($1::text IS NULL OR status = $1) AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [query.status, query.before, query.limit],
  );
  return rows.map(fromFileRow);
}

interface FileRow {
  id: number;
  sha256: string | null;
  name: string;
  format: string | null;
  status: 'ok' | 'quarantined';
  sender: string | null;
  sw_version: string | null;
  period_begin: Date | null;
  period_end: Date | null;
  values: string | number;
  numbers: string | number;
  error_code: string | null;
  error_message: string | null;
  error_line: number | null;
  warnings: IngestFileRecord['warnings'];
  ingested_at: Date;
}

function fromFileRow(row: FileRow): IngestFileRow {
  return {
    id: row.id,
    sha256: row.sha256,
    name: row.name,
    format: row.format,
    status: row.status,
    sender: row.sender,
    swVersion: row.sw_version,
    periodBeginMs: row.period_begin?.getTime() ?? null,
    periodEndMs: row.period_end?.getTime() ?? null,
    values: Number(row.values),
    numbers: Number(row.numbers),
    errorCode: row.error_code,
    errorMessage: row.error_message,
    errorLine: row.error_line,
    warnings: row.warnings,
    ingestedAtMs: row.ingested_at.getTime(),
  };
}

// --- master data --------------------------------------------------------------------------------------------------

export async function networkElements(client: Queryable): Promise<NetworkElement[]> {
  const { rows } = await client.query<NetworkElement>(
    `SELECT id, name, user_label AS "userLabel", vendor, sw_version AS "swVersion"
     FROM pegboard.network_element WHERE seen ORDER BY name COLLATE "C"`,
  );
  return rows;
}

export async function measuredObjects(client: Queryable): Promise<MeasuredObject[]> {
  const { rows } = await client.query<MeasuredObject>(
    `SELECT o.id, o.ne_id AS "neId", ne.name AS ne, o.ldn, o.class AS "objectClass", o.cell_id AS "cellId", o.rat
     FROM pegboard.measured_object o JOIN pegboard.network_element ne ON ne.id = o.ne_id WHERE o.seen
     ORDER BY ne.name COLLATE "C", o.ldn COLLATE "C"`,
  );
  return rows;
}

export async function pegs(client: Queryable): Promise<Peg[]> {
  const { rows } = await client.query<Peg>(
    `SELECT p.id, p.family, p.name, p.rat, coalesce(p.unit, d.unit) AS unit, coalesce(p.kind, d.kind) AS kind,
       coalesce(p.polarity, d.polarity) AS polarity, coalesce(p.weight, d.weight) AS weight, p.critical,
       coalesce(p.thresholds, d.thresholds) AS thresholds, p.description, coalesce(d.base, p.name) AS base,
       coalesce(d.dimensions, '{}') AS dimensions, coalesce(d.is_total, false) AS "isTotal", d.weighted_by AS "weightedBy",
       d.category
     FROM pegboard.peg p LEFT JOIN pegboard.peg_default d ON d.peg_id = p.id WHERE p.seen
     ORDER BY p.family COLLATE "C", p.name COLLATE "C"`,
  );
  return rows;
}

/** Columns of `pegboard.peg` that may be described from outside. */
const DESCRIBABLE = ['unit', 'kind', 'polarity', 'weight', 'critical', 'thresholds', 'description'] as const;

/** Inserts or updates by (family, name); keys that an entry lacks stay. Returns the number of rows that changed. */
export async function describePegs(
  client: Queryable,
  entries: readonly (PegMetadata & { readonly rat: string | null })[],
): Promise<number> {
  const set = DESCRIBABLE.map(
    (column) => `${column} = CASE WHEN given ? '${column}' THEN new.${column} ELSE peg.${column} END`,
  );
  const differs = DESCRIBABLE.map((column) => `(given ? '${column}' AND peg.${column} IS DISTINCT FROM new.${column})`);
  const record = `jsonb_to_record(given) AS new(family text, name text, rat text, unit text, kind text, polarity text,
    weight smallint, critical boolean, thresholds jsonb, description text)`;
  const parameter = [JSON.stringify(entries)];
  const inserted = await client.query<{ id: number; name: string; rat: string | null }>(
    `INSERT INTO pegboard.peg (family, name, rat)
     SELECT DISTINCT new.family, new.name, new.rat FROM jsonb_array_elements($1::jsonb) AS given, ${record} ORDER BY 1, 2
     ON CONFLICT DO NOTHING RETURNING id, name, rat`,
    parameter,
  );
  await insertPegDefaults(client, inserted.rows);
  // In the order of keys, so that two callers wait instead of deadlocking.
  await client.query(
    `SELECT FROM pegboard.peg JOIN jsonb_to_recordset($1::jsonb) AS new(family text, name text) USING (family, name)
     ORDER BY family, name FOR UPDATE OF peg`,
    parameter,
  );
  const updated = await client.query(
    `UPDATE pegboard.peg SET seen = true, ${set.join(', ')}
     FROM jsonb_array_elements($1::jsonb) AS given, ${record}
     WHERE peg.family = new.family AND peg.name = new.name AND (NOT peg.seen OR ${differs.join(' OR ')}) RETURNING peg.id`,
    parameter,
  );
  const changed = new Set([...inserted.rows, ...updated.rows].map((row: { id: number }) => row.id));
  return changed.size;
}

// --- transactions -------------------------------------------------------------------------------------------------

export async function inTransaction<T>(client: Queryable, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
