import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectAsReader, readerRole } from '../../platform/postgres/reader-role.ts';
import { createPostgresKpiStore } from '../../stores/kpi/kpi-store-postgres.ts';
import { deliver } from '../../stores/kpi/testing/store-fixture.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { runSql } from './sql.service.ts';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  await deliver(createPostgresKpiStore(database.pool), { blocks: [{ values: { Thru: 1.5 } }] });
});
afterAll(() => database.drop());
beforeEach(async () => {
  client = await connectAsReader(database, readerRole(database.connection, null), 10_000);
});
afterEach(() => client.end());

const run = (text: string, signal = new AbortController().signal) =>
  runSql(client, text, { signal, pool: database.pool });

describe('runSql', () => {
  it('reads the views', async () => {
    const result = await run('SELECT ne, cell, peg, value FROM pm_sample');
    expect(result).toEqual({ columns: ['ne', 'cell', 'peg', 'value'], rows: [['NE1', '20', 'Thru', 1.5]] });
    const { rows } = await run(`SELECT to_char("begin", 'YYYY-MM-DD HH24:MI:SSOF') FROM pm_sample`);
    expect(rows).toEqual([['2025-08-07 00:00:00+00']]);
    for (const view of ['peg', 'network_element', 'measured_object', 'ingest_file']) {
      expect((await run(`SELECT * FROM ${view}`)).rows).toHaveLength(1);
    }
  });

  it('stops reading where nobody can want more', async () => {
    await expect(run('SELECT generate_series(1, 100000000)')).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    client = await connectAsReader(database, readerRole(database.connection, null), 10_000);
    await expect(run(`SELECT repeat('a', 1000000) FROM generate_series(1, 500)`)).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
    });
    client = await connectAsReader(database, readerRole(database.connection, null), 10_000);
    expect((await run('SELECT 1 AS a')).rows).toEqual([[1]]);
  });

  it('takes no reader that may see the tables', async () => {
    await database.pool.query(
      'CREATE ROLE pegboard_test_strong LOGIN; GRANT USAGE ON SCHEMA pegboard TO pegboard_test_strong',
    );
    try {
      const reader = { user: 'pegboard_test_strong', password: null };
      await expect(connectAsReader(database, reader, 10_000)).rejects.toMatchObject({ code: 'CONFIGURATION_ERROR' });
    } finally {
      await database.pool.query('DROP OWNED BY pegboard_test_strong; DROP ROLE pegboard_test_strong');
    }
  });

  it('numbers columns of one name, and takes a statement with its semicolon', async () => {
    expect(await run('SELECT 1 AS a, 2 AS a, 3 AS a;')).toEqual({ columns: ['a', 'a_2', 'a_3'], rows: [[1, 2, 3]] });
  });

  it.each([
    ['a program', `COPY (SELECT 1) TO PROGRAM 'id > /tmp/pegboard-sql-test'`],
    ['a program as source', `COPY pm_sample FROM PROGRAM 'id'`],
    ['a file', `COPY (SELECT 1) TO '/tmp/pegboard-sql-test'`],
    ['a file by a function', `SELECT pg_read_file('/etc/passwd')`],
    ['a folder', `SELECT pg_ls_dir('.')`],
    ['a large object', `SELECT lo_import('/etc/passwd')`],
    ['a table', 'SELECT * FROM pegboard.pm_block'],
    ['the migrations', 'SELECT * FROM pegboard.schema_migration'],
    ['an internal function', `SELECT pegboard.merge_values('{1}', '{2}')`],
    ['passwords', 'SELECT * FROM pg_authid'],
    ['a view to write', `DELETE FROM pm_sample`],
    ['a view to change', `UPDATE peg SET weight = 1`],
    ['a table to make', 'CREATE TABLE public.mine (a int)'],
    ['a temporary table', 'CREATE TEMP TABLE mine (a int)'],
    ['a function', `CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'`],
    ['the role', 'SET ROLE postgres'],
    ['the session', 'SET SESSION AUTHORIZATION postgres'],
    ['the settings', `SELECT set_config('log_statement', 'all', false)`],
    ['the server', 'ALTER SYSTEM SET port = 1'],
    ['a block that commits', `DO $$ BEGIN COMMIT; EXECUTE 'CREATE TABLE public.mine (a int)'; END $$`],
    ['two statements', 'SELECT 1; SELECT 2'],
    ['an end and more', 'COMMIT; DELETE FROM pegboard.pm_block'],
    ['nothing', '  '],
    ['rows from the client', 'COPY peg FROM STDIN'],
  ])('refuses %s', async (_what, statement) => {
    await expect(run(statement)).rejects.toMatchObject({ code: 'DATA_VALIDATION_ERROR' });
    expect((await run('SELECT count(*)::int FROM pm_sample')).rows).toEqual([[1]]);
  });

  it('refuses to end another session', async () => {
    const { rows } = await database.pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    for (const end of ['pg_terminate_backend', 'pg_cancel_backend']) {
      await expect(run(`SELECT ${end}(${rows[0].pid})`)).rejects.toMatchObject({ code: 'DATA_VALIDATION_ERROR' });
    }
  });

  it.each(['COMMIT', 'ROLLBACK', 'BEGIN', 'SET TRANSACTION READ WRITE', 'SET statement_timeout = 0', 'RESET ALL'])(
    'is not loosened by %s',
    async (statement) => {
      await run(statement).catch(() => undefined);
      await expect(run('CREATE TEMP TABLE mine (a int)')).rejects.toMatchObject({ code: 'DATA_VALIDATION_ERROR' });
      expect((await run('SHOW statement_timeout')).rows).toEqual([['10s']]);
    },
  );

  it('says where in the text the fault is', async () => {
    await expect(run('SELECT ne\nFROM pm_sampel')).rejects.toThrow(/pm_sampel.*line 2, column 6/);
    await expect(run(`SELECT '한🙂', nothing`)).rejects.toThrow(/line 1, column 14/);
  });

  it('ends a statement that takes too long, and one that is aborted', async () => {
    const short = await connectAsReader(database, readerRole(database.connection, null), 50);
    const options = { signal: new AbortController().signal, pool: database.pool };
    await expect(runSql(short, 'SELECT pg_sleep(10)', options)).rejects.toMatchObject({ code: 'PROCESSING_TIMEOUT' });
    await short.end();
    const ending = new AbortController();
    const sleeping = run('SELECT pg_sleep(9)', ending.signal);
    setTimeout(() => ending.abort(new Error('stopped')), 50);
    await expect(sleeping).rejects.toThrow('stopped');
    expect((await run('SELECT 1 AS a')).rows).toEqual([[1]]);
  });
});
