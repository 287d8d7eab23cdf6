import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { Secret } from '../secret.ts';
import { connectAsReader, type ReaderRole, readerRole } from './reader-role.ts';

const TIMEOUT_MS = 10_000;
const roles: string[] = [];
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  for (const role of roles) await database.pool.query(`DROP OWNED BY ${role}`);
  for (const role of roles) await database.pool.query(`DROP ROLE ${role}`);
  await database.drop();
});

/** Roles belong to the server, not to a database: each test has one of its own. */
function newRole(): ReaderRole {
  const user = `reader_${randomBytes(4).toString('hex')}`;
  roles.push(user);
  return { user, password: new Secret(`it's a "secret"`) };
}

describe('readerRole', () => {
  it('is the configured one, else one with a password of its own that does not change', () => {
    const configured = newRole();
    roles.pop();
    expect(readerRole(database.connection, configured)).toBe(configured);
    const role = readerRole(database.connection, null);
    expect(role.user).toBe('pegboard_reader');
    const main = database.connection.password?.reveal() ?? '';
    expect(role.password?.reveal()).not.toContain(main);
    expect(readerRole(database.connection, null).password?.reveal()).toBe(role.password?.reveal());
  });
});

describe('connectAsReader', () => {
  it('makes the role when it is not there, also for many at once', async () => {
    for (let round = 0; round < 3; round++) {
      const role = newRole();
      const clients = await Promise.all(Array.from({ length: 6 }, () => connectAsReader(database, role, TIMEOUT_MS)));
      for (const client of clients) {
        const { rows } = await client.query('SELECT current_user AS me, (SELECT count(*) FROM pm_sample) AS samples');
        expect(rows).toEqual([{ me: role.user, samples: 0 }]);
        await client.end();
      }
    }
  });

  it('gives rights on the five views and on nothing else', async () => {
    const client = await connectAsReader(database, newRole(), TIMEOUT_MS);
    const readable = await client.query<{ name: string }>(
      `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relkind IN ('r', 'v', 'p', 'm', 'S', 'f')
         AND CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(c.oid, 'SELECT, USAGE')
                  ELSE has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE') END ORDER BY 1`,
    );
    const names = ['ingest_file', 'measured_object', 'network_element', 'peg', 'pm_sample'];
    expect(readable.rows.map((row) => row.name)).toEqual(names.map((name) => `public.${name}`));
    const writable = await client.query(
      `SELECT FROM unnest($1::text[]) AS view WHERE has_table_privilege(view, 'INSERT, UPDATE, DELETE, TRUNCATE')`,
      [names],
    );
    expect(writable.rows).toEqual([]);
    const schemas = await client.query(
      `SELECT has_schema_privilege('pegboard', 'USAGE') AS inside, has_schema_privilege('public', 'CREATE') AS makes`,
    );
    expect(schemas.rows).toEqual([{ inside: false, makes: false }]);
    await client.end();
  });

  it('ends statements that take too long', async () => {
    const client = await connectAsReader(database, newRole(), 50);
    await expect(client.query('SELECT pg_sleep(10)')).rejects.toMatchObject({ code: '57014' });
    await client.end();
  });

  it.each([
    ['a superuser', 'SUPERUSER'],
    ['a role that may make roles', 'CREATEROLE'],
    ['a member of another role', 'IN ROLE pg_read_server_files'],
  ])('refuses %s', async (_what, attributes) => {
    const role = newRole();
    await database.pool.query(`CREATE ROLE ${role.user} LOGIN PASSWORD 'x' ${attributes}`);
    await expect(connectAsReader(database, role, TIMEOUT_MS)).rejects.toMatchObject({
      code: 'CONFIGURATION_ERROR',
      message: expect.stringContaining(role.user),
      hint: expect.stringContaining('DB_READER_USER'),
    });
  });

  it('says what an administrator has to do when it cannot log in, without the password', async () => {
    const role = newRole();
    await database.pool.query(`CREATE ROLE ${role.user} NOLOGIN`);
    const error = await connectAsReader(database, role, TIMEOUT_MS).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'CONFIGURATION_ERROR', hint: expect.stringContaining('GRANT SELECT ON') });
    expect(JSON.stringify(error)).not.toContain('secret');
  });
});
