import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { manualClock } from '../../../platform/clock.ts';
import { Secret } from '../../../platform/secret.ts';
import type { KpiStore } from '../../../stores/kpi/kpi-store.ts';
import { createPostgresKpiStore } from '../../../stores/kpi/kpi-store-postgres.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/test-database.ts';
import { createImportService } from '../import.service.ts';
import { createPostgresImportProgressStore } from '../import-progress.store-postgres.ts';
import type { ImportOptions, ImportReport, ImportRequest } from '../import-request.ts';

/** Time of the fixture's clock: after all samples. */
const NOW_MS = Date.UTC(2026, 0, 15);

export interface FixtureOptions extends ImportOptions {
  /** Of the user in `from`, where that is not the fixture's. */
  readonly password?: string;
}

/** A source database and a target, both of this test alone. */
export interface ImportFixture {
  readonly source: TestDatabase;
  readonly target: TestDatabase;
  readonly store: KpiStore;
  /** URL of the source without a password. */
  readonly url: string;
  run(request: Partial<ImportRequest> & { table: string }, options?: FixtureOptions): Promise<ImportReport>;
  /**
   * Follows while `act` does what it does, then ends the run. `until` waits for samples in the target.
   */
  follow(
    request: Partial<ImportRequest> & { table: string },
    act: (until: (isThere: (samples: readonly string[]) => boolean) => Promise<void>) => Promise<void>,
    options?: FixtureOptions,
  ): Promise<ImportReport>;
  /** Removes all samples and progress of the target. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

async function openImportFixture(): Promise<ImportFixture> {
  const [source, target] = await Promise.all([createTestDatabase({ migrated: false }), createTestDatabase()]);
  const { host, port, user, database, password } = source.connection;
  const url = `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
  const store = createPostgresKpiStore(target.pool);
  const run: ImportFixture['run'] = (request, options = {}) => {
    const secret = options.password === undefined ? password : new Secret(options.password);
    return serviceOf(target, store, secret).run({ ...requestTo(url), ...request }, options);
  };
  return {
    source,
    target,
    store,
    url,
    run,
    follow: async (request, act, options = {}) => {
      const stop = new AbortController();
      const running = run({ follow: { pollMs: 50 }, ...request }, { ...options, signal: stop.signal });
      const until = async (isThere: (samples: readonly string[]) => boolean) => {
        while (!isThere(await samplesOf(target))) await Promise.race([running, sleep(20)]);
      };
      try {
        await Promise.race([running, act(until)]);
      } finally {
        stop.abort();
      }
      return await running;
    },
    empty: async () => {
      await target.pool.query(
        'TRUNCATE pegboard.pm_block; TRUNCATE pegboard.import_progress, pegboard.ingest_file CASCADE',
      );
    },
    close: async () => {
      await Promise.all([source.drop(), target.drop()]);
    },
  };
}

/** The fixture of a test file, whose source has an empty `summary` and `summary_json` before each test. */
export function useImportFixture(): Omit<ImportFixture, 'close'> {
  let opened: ImportFixture;
  beforeAll(async () => {
    opened = await openImportFixture();
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.empty();
    await opened.source.pool.query(`
      DROP SCHEMA public CASCADE; CREATE SCHEMA public;
      CREATE TABLE summary (${NARROW_COLUMNS});
      CREATE TABLE summary_json (${JSONB_COLUMNS})`);
  });
  return {
    get source() {
      return opened.source;
    },
    get target() {
      return opened.target;
    },
    get store() {
      return opened.store;
    },
    get url() {
      return opened.url;
    },
    run: (...args) => opened.run(...args),
    follow: (...args) => opened.follow(...args),
    empty: () => opened.empty(),
  };
}

function serviceOf(target: TestDatabase, store: KpiStore, password: Secret | null) {
  return createImportService({
    store,
    progress: createPostgresImportProgressStore(target.pool),
    clock: manualClock(NOW_MS),
    sources: { sourcesFile: null, password, passFile: '/nonexistent', user: null },
  });
}

function requestTo(from: string): Omit<ImportRequest, 'table'> {
  return {
    from,
    layout: 'auto',
    columns: {},
    sinceMs: null,
    untilMs: null,
    sourceTimeZone: 'UTC',
    timestamp: 'begin',
    granularityS: null,
    familyGranularityS: {},
    decimalMark: 'either',
    cellDimensions: null,
    overlapMs: 2 * 3_600_000,
    follow: null,
    restart: false,
  };
}

const NARROW_COLUMNS =
  'id bigint GENERATED ALWAYS AS IDENTITY, host text, ne text, version text, family_name text, cellid text, peg_name text, datetime timestamptz, value text';
const JSONB_COLUMNS =
  'datetime timestamptz, family_id int, family_name text, ne_key text, rel_ver text, swname text, "values" jsonb';

export interface NarrowRow {
  readonly ne?: string | null;
  readonly version?: string | null;
  readonly family?: string | null;
  readonly cell?: string | null;
  readonly peg?: string | null;
  readonly at: string | null;
  readonly value: string | null;
}

export async function insertNarrow(
  { pool }: Pick<TestDatabase, 'pool'>,
  table: string,
  rows: readonly NarrowRow[],
): Promise<void> {
  const columns = (pick: (row: NarrowRow) => string | null) => rows.map(pick);
  await pool.query(
    `INSERT INTO ${table} (ne, version, family_name, cellid, peg_name, datetime, value)
     SELECT ne, version, family, cell, peg, at::timestamptz, value
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS t(ne, version, family, cell, peg, at, value)`,
    [
      columns((row) => (row.ne === undefined ? 'NE1' : row.ne)),
      columns((row) => row.version ?? null),
      columns((row) => (row.family === undefined ? 'F' : row.family)),
      columns((row) => (row.cell === undefined ? '20' : row.cell)),
      columns((row) => (row.peg === undefined ? 'P' : row.peg)),
      columns((row) => row.at),
      columns((row) => row.value),
    ],
  );
}

export interface JsonRow {
  readonly ne?: string;
  readonly family?: string;
  readonly at: string;
  readonly swname?: string;
  readonly values: unknown;
}

export async function insertJson(
  { pool }: Pick<TestDatabase, 'pool'>,
  table: string,
  rows: readonly JsonRow[],
): Promise<void> {
  await pool.query(
    `INSERT INTO ${table} (ne_key, family_name, datetime, swname, "values")
     SELECT ne, family, at::timestamptz, swname, v::jsonb
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS t(ne, family, at, swname, v)`,
    [
      rows.map((row) => row.ne ?? 'NE1'),
      rows.map((row) => row.family ?? 'F'),
      rows.map((row) => row.at),
      rows.map((row) => row.swname ?? null),
      rows.map((row) => (row.values === undefined ? null : JSON.stringify(row.values))),
    ],
  );
}

/** `begin granularity ne object family/peg = value`, sorted. */
export async function samplesOf({ pool }: { pool: Pick<pg.Pool, 'query'> }): Promise<string[]> {
  const { rows } = await pool.query<Record<'begin', Date> & Record<string, string | number>>(
    'SELECT begin, granularity_s, ne, object, family, peg, value FROM pm_sample',
  );
  return rows
    .map(
      ({ begin, granularity_s, ne, object, family, peg, value }) =>
        `${begin.toISOString().slice(0, 16)} ${granularity_s} ${ne} ${object || '-'} ${family}/${peg} = ${value}`,
    )
    .sort();
}

/**
 * Fills `summary` with a row for each of some cells, PEGs and quarters of an hour, and returns their number. Every 97th value
 * is no number.
 */
export async function fillSource(
  { pool }: Pick<TestDatabase, 'pool'>,
  cells: number,
  pegs: number,
  periods: number,
): Promise<number> {
  await pool.query(`
    INSERT INTO summary (ne, family_name, cellid, peg_name, datetime, value)
    SELECT 'N' || cell % 3, 'F' || peg % 2, cell::text, 'peg' || peg, TIMESTAMPTZ '2025-08-08Z' + t * INTERVAL '15 min',
      CASE WHEN (cell * 7 + peg * 3 + t) % 97 = 0 THEN 'NA' ELSE (cell * peg + t / 8.0)::text END
    FROM generate_series(1, ${cells}) AS cell, generate_series(1, ${pegs}) AS peg, generate_series(0, ${periods - 1}) AS t;
    CREATE INDEX ON summary (datetime)`);
  return cells * pegs * periods;
}

/** Number and checksum of all samples. */
export async function checksumOf({ pool }: Pick<TestDatabase, 'pool'>): Promise<{ n: number; sum: string }> {
  const { rows } = await pool.query<{ n: number; sum: string }>(
    `SELECT count(*) AS n, sum(hashtextextended(concat_ws(' ', begin, granularity_s, ne, object, family, peg, value), 0)::numeric)::text AS sum
     FROM pm_sample`,
  );
  return rows[0];
}
