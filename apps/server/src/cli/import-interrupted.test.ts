import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CliProcess, databaseEnv, runCli } from '../testing/run-cli.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

const CELLS = 20;
const PEGS = 10;
const PERIODS = 96;
const ROWS = CELLS * PEGS * PERIODS;
/** Advisory lock that values of the afternoon wait for. */
const GATE = 7;

let folder: string;
let source: TestDatabase;
let target: TestDatabase;
let gate: pg.Client;
let args: string[];
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-cli-'));
  [source, target] = await Promise.all([createTestDatabase({ migrated: false }), createTestDatabase()]);
  const { host, port, user, database, password } = source.connection;
  const from = `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
  args = ['import', '--from', from, '--table', 'gated', '--json'];
  env = { ...databaseEnv(target), PGPASSWORD: password?.reveal() ?? '', HOME: folder };
  gate = await source.connect();
  await source.pool.query(`
    CREATE TABLE summary AS
      SELECT 'NE1' AS ne, 'F' AS family, cell::text AS cellid, 'P' || peg AS peg, TIMESTAMPTZ '2025-08-08Z' + t * INTERVAL '15 min' AS datetime, cell * peg + t AS value
      FROM generate_series(1, ${CELLS}) AS cell, generate_series(1, ${PEGS}) AS peg, generate_series(0, ${PERIODS - 1}) AS t;
    CREATE FUNCTION gated(value int, at timestamptz) RETURNS int STABLE LANGUAGE plpgsql AS $$
      BEGIN
        IF at >= '2025-08-08 12:00Z' THEN
          PERFORM pg_advisory_lock_shared(${GATE});
          PERFORM pg_advisory_unlock_shared(${GATE});
        END IF;
        RETURN value;
      END $$;
    CREATE VIEW gated AS SELECT ne, family, cellid, peg, datetime, gated(value, datetime) AS value FROM summary`);
});
afterAll(async () => {
  await gate.end();
  await Promise.all([source.drop(), target.drop()]);
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await target.pool.query('TRUNCATE pegboard.pm_block; TRUNCATE pegboard.import_progress');
  await gate.query(`SELECT pg_advisory_unlock_all(); SELECT pg_advisory_lock(${GATE})`);
});

const samples = async () => {
  const { rows } = await target.pool.query('SELECT count(*) AS n, sum(value) AS sum FROM pm_sample');
  return rows[0];
};
const EXPECTED = {
  n: ROWS,
  sum: (PERIODS * (CELLS * (CELLS + 1) * PEGS * (PEGS + 1))) / 4 + (CELLS * PEGS * PERIODS * (PERIODS - 1)) / 2,
};

/** A run that has read the morning and waits for the afternoon. */
async function runToTheGate(): Promise<CliProcess> {
  const running = new CliProcess(args, { cwd: folder, env });
  const waiting = `SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  while ((await source.pool.query(waiting)).rows[0].n === 0) await sleep(20);
  return running;
}

const openGate = () => gate.query(`SELECT pg_advisory_unlock(${GATE})`);

describe('an import that is interrupted in the middle', () => {
  it('has kept what it read when it is killed, and gives all samples when it is run again', async () => {
    const running = await runToTheGate();
    while ((await target.pool.query('SELECT count(*) AS n FROM pegboard.import_progress')).rows[0].n === 0)
      await sleep(20);
    const { exitCode, stdout } = await running.end('SIGKILL');
    expect({ exitCode, stdout }).toEqual({ exitCode: 137, stdout: '' });
    const { n } = await samples();
    expect(n).toBeGreaterThan(0);
    expect(n).toBeLessThan(ROWS);
    await openGate();
    const again = await runCli(args, { cwd: folder, env });
    expect(again.exitCode).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ completed: true, continued: true, repeated: { count: 0 } });
    expect(await samples()).toEqual(EXPECTED);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends on %s with %i at once, reports what it read, and goes on from there', async (signal, code) => {
    const running = await runToTheGate();
    const { exitCode, stdout } = await running.end(signal);
    expect(exitCode).toBe(code);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ completed: false, continued: false });
    expect(report.rows).toBeGreaterThan(0);
    await openGate();
    const again = await runCli(args, { cwd: folder, env });
    expect(JSON.parse(again.stdout)).toMatchObject({ completed: true, continued: true });
    expect(await samples()).toEqual(EXPECTED);
  });

  it('ends at once while the source looks for the first and last time, and so does the look', async () => {
    await source.pool.query('CREATE VIEW slow AS SELECT summary.*, pg_sleep(600)::text AS slept FROM summary');
    const running = new CliProcess([...args, '--table', 'slow'], { cwd: folder, env });
    const looking = `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%"slow"%' AND wait_event = 'PgSleep'`;
    const looks = async () => (await source.pool.query<{ n: number }>(looking)).rows[0].n;
    while ((await looks()) === 0) await sleep(20);
    const { exitCode, stdout } = await running.end('SIGINT');
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ completed: false, rows: 0 });
    while ((await looks()) > 0) await sleep(100);
  });

  it('gives the same samples where two processes import at once', async () => {
    const first = await runToTheGate();
    const second = new CliProcess(args, { cwd: folder, env });
    await openGate();
    const ended = await Promise.all([first.ended(), second.ended()]);
    expect(ended.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual([
      { exitCode: 0, stderr: '' },
      { exitCode: 0, stderr: '' },
    ]);
    expect(await samples()).toEqual(EXPECTED);
  });
});
