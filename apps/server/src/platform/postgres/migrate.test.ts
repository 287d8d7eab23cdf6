import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
let migrationsDir: string;

beforeEach(async () => {
  database = await createTestDatabase({ migrated: false });
  migrationsDir = await mkdtemp(join(tmpdir(), 'pegboard-migrations-'));
});
afterEach(async () => {
  await database.drop();
  await rm(migrationsDir, { recursive: true, force: true });
});

const write = (name: string, sql: string) => writeFile(join(migrationsDir, name), sql);
const run = () => migrate(database, { migrationsDir });
const tables = async (): Promise<string[]> => {
  const { rows } = await database.pool.query<{ tablename: string }>(
    `SELECT tablename FROM pg_tables WHERE schemaname = 'pegboard' ORDER BY tablename`,
  );
  return rows.map(({ tablename }) => tablename);
};

describe('migrate', () => {
  it('applies what is pending, in order, once', async () => {
    await write('0001-first.sql', 'CREATE TABLE pegboard.a (n int); -- one');
    await write('0002-second-step.sql', 'ALTER TABLE pegboard.a ADD m int; CREATE TABLE pegboard.b (n int);');
    expect(await run()).toEqual({ applied: ['0001-first.sql', '0002-second-step.sql'] });
    expect(await run()).toEqual({ applied: [] });
    await write('0003-third.sql', 'DROP TABLE pegboard.b;');
    expect(await run()).toEqual({ applied: ['0003-third.sql'] });
    expect(await tables()).toEqual(['a', 'schema_migration']);
    const { rows } = await database.pool.query(
      'SELECT version, name, length(sha256) AS length FROM pegboard.schema_migration ORDER BY version',
    );
    expect(rows).toEqual([
      { version: 1, name: '0001-first.sql', length: 64 },
      { version: 2, name: '0002-second-step.sql', length: 64 },
      { version: 3, name: '0003-third.sql', length: 64 },
    ]);
  });

  it('lets one of several migrators at once do the work', async () => {
    await write('0001-slow.sql', 'SELECT pg_sleep(0.3); CREATE TABLE pegboard.a (n int);');
    const reports = await Promise.all([run(), run(), run()]);
    expect(reports.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 1]);
  });

  it('refuses a file that was changed after use, but not other line endings', async () => {
    await write('0001-first.sql', 'CREATE TABLE pegboard.a\n(n int);');
    await run();
    await write('0001-first.sql', 'CREATE TABLE pegboard.a\r\n(n int);');
    expect(await run()).toEqual({ applied: [] });
    await write('0001-first.sql', 'CREATE TABLE pegboard.a\n(n bigint);');
    await write('0002-second.sql', 'CREATE TABLE pegboard.b (n int);');
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_ERROR',
      message: expect.stringContaining('0001-first.sql differs from the one that this database was made with'),
    });
    expect(await tables()).toEqual(['a', 'schema_migration']);
  });

  it('refuses a database that a newer program made', async () => {
    await write('0001-first.sql', 'SELECT 1;');
    await write('0002-future.sql', 'SELECT 1;');
    await run();
    await rm(join(migrationsDir, '0002-future.sql'));
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_ERROR',
      message: expect.stringMatching(/0002-future\.sql.*newer Pegboard/),
    });
  });

  it('undoes a migration that fails, names file and line, and keeps the earlier ones', async () => {
    await write('0001-good.sql', 'CREATE TABLE pegboard.a (n int);');
    await write('0002-bad.sql', 'CREATE TABLE pegboard.b (n int);\n\nCREATE TABLE pegboard.c (n nonsense);\n');
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_ERROR',
      message: 'The migration 0002-bad.sql failed: type "nonsense" does not exist (line 3).',
    });
    expect(await tables()).toEqual(['a', 'schema_migration']);
    await write('0002-bad.sql', 'CREATE TABLE pegboard.b (n int);');
    expect(await run()).toEqual({ applied: ['0002-bad.sql'] });
  });

  it('refuses a migration that ends its transaction', async () => {
    await write('0001-commits.sql', 'CREATE TABLE pegboard.a (n int); COMMIT;');
    await expect(run()).rejects.toMatchObject({
      code: 'MIGRATION_ERROR',
      message: expect.stringContaining('it ends the transaction that it runs in'),
    });
  });

  it.each([
    ['a gap', '0002-second.sql', '0001-<name>.sql'],
    ['no number', 'first.sql', '0001-<name>.sql'],
    ['upper case', '0001-First.sql', '0001-<name>.sql'],
  ])('refuses file names with %s', async (_case, name, expected) => {
    await write(name, 'SELECT 1;');
    await expect(run()).rejects.toMatchObject({ code: 'MIGRATION_ERROR', message: expect.stringContaining(expected) });
  });

  it('says which right is missing where the user may not create the schema', async () => {
    await write('0001-first.sql', 'SELECT 1;');
    const role = `guest_${database.name}`;
    await database.pool.query(`CREATE ROLE ${role}`);
    const asGuest = {
      connect: async () => {
        const client = await database.connect();
        await client.query(`SET ROLE ${role}`);
        return client;
      },
    };
    await expect(migrate(asGuest, { migrationsDir })).rejects.toMatchObject({
      code: 'MIGRATION_ERROR',
      hint: expect.stringContaining(`GRANT CREATE ON DATABASE "${database.name}"`),
    });
    await database.pool.query(`DROP ROLE ${role}`);
  });
});
