import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { Secret } from '../secret.ts';
import type { ConnectionSettings } from './connection.ts';
import { openDatabase } from './database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

function open(changes: Partial<ConnectionSettings>) {
  return openDatabase({ kind: 'outside', ...database.connection, host: '127.0.0.1', ...changes });
}

async function listen(onConnection: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer(onConnection);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return { server, port: typeof address === 'object' ? address!.port : 0 };
}

/** A server that lets everybody in and answers each query with one text value. */
function answerWith(value: string): (socket: Socket) => void {
  const message = (type: string, ...parts: Buffer[]) => {
    const body = Buffer.concat(parts);
    const head = Buffer.alloc(5);
    head.write(type);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const int16 = (n: number) => Buffer.from([n >> 8, n & 255]);
  const ready = message('Z', Buffer.from('I'));
  const column = Buffer.concat([
    Buffer.from('version\0'),
    Buffer.alloc(6),
    Buffer.from([0, 0, 0, 25]),
    Buffer.alloc(8),
  ]);
  const row = Buffer.concat([int16(1), Buffer.from([0, 0, 0, value.length]), Buffer.from(value)]);
  const result = [message('T', int16(1), column), message('D', row), message('C', Buffer.from('SELECT 1\0'))];
  return (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(Buffer.concat([message('R', Buffer.alloc(4)), ready]));
      socket.on('data', (data) => {
        if (data.toString('latin1', 0, 1) === 'Q') {
          socket.write(Buffer.concat([...result, ready]));
        }
      });
    });
  };
}

describe('openDatabase to nowhere', () => {
  it.each([
    [
      'a port where nothing listens',
      { port: 1 },
      /^PostgreSQL at 127\.0\.0\.1:1\/.* the connection was refused\.$/,
      'DB_PORT',
    ],
    [
      'an unknown host',
      { host: 'pegboard.invalid' },
      /pegboard\.invalid:\d+\/.* the host name pegboard\.invalid is unknown/,
      'DB_HOST',
    ],
    [
      'a wrong password',
      { password: new Secret('hunter2') },
      /the server refused user pegboard \(wrong password/,
      'DB_PASSWORD',
    ],
    ['no password', { password: null }, /the server wants a password|refused user pegboard/, 'DB_PASSWORD'],
    [
      'a database that does not exist',
      { database: 'nowhere' },
      /\/nowhere is not available: there is no database nowhere/,
      'DB_NAME',
    ],
    ['a server without TLS', { ssl: 'verify-full' as const }, /the server does not support TLS/, 'DB_SSLMODE'],
  ])('names the reason for %s', async (_case, changes, message, setting) => {
    const error = await open(changes).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(message),
      details: [{ path: setting }],
    });
    expect(inspect(error, { depth: 6 })).not.toContain('hunter2');
  });

  it('gives up after 5 s on a host that accepts and says nothing', async () => {
    const sockets: Socket[] = [];
    const { server, port } = await listen((socket) => sockets.push(socket));
    const start = performance.now();
    await expect(open({ port })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('no answer within 5 s'),
    });
    expect(performance.now() - start).toBeLessThan(6_000);
    sockets.forEach((socket) => {
      socket.destroy();
    });
    server.close();
  });

  it('refuses PostgreSQL 14 and takes 15', async () => {
    const old = await listen(answerWith('140013'));
    await expect(open({ port: old.port })).rejects.toMatchObject({
      code: 'CONFIGURATION_ERROR',
      message: expect.stringMatching(/has version 14; Pegboard needs 15 or newer/),
    });
    old.server.close();
    const supported = await listen(answerWith('150000'));
    const opened = await open({ port: supported.port });
    await opened.close();
    supported.server.close();
  });
});

describe('a database', () => {
  it('speaks UTC, bounds statements of the pool, and gives its name', async () => {
    const settings = `SELECT current_setting('TimeZone') AS zone, current_setting('application_name') AS name,
      current_setting('statement_timeout') AS statement, current_setting('idle_in_transaction_session_timeout') AS idle`;
    const pooled = await database.pool.query(settings);
    expect(pooled.rows).toEqual([{ zone: 'UTC', name: 'pegboard', statement: '2min', idle: '1min' }]);
    const client = await database.connect({ statementTimeoutMs: 5_000 });
    expect((await client.query(settings)).rows).toEqual([
      { zone: 'UTC', name: 'pegboard', statement: '5s', idle: '10min' },
    ]);
    await client.end();
  });

  it('gives int8 as a number where that is exact', async () => {
    const { rows } = await database.pool.query(
      'SELECT 9007199254740991::int8 AS safe, 9007199254740993::int8 AS large, count(*) FROM pg_am WHERE false',
    );
    expect(rows).toEqual([{ safe: 9007199254740991, large: '9007199254740993', count: 0 }]);
  });

  it('survives the loss of idle and of lent connections', async () => {
    const lent = await database.pool.connect();
    const dedicated = await database.connect();
    await (await database.pool.connect()).release();
    await database.pool
      .query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      )
      .catch(() => {});
    await sleep(100);
    await expect(lent.query('SELECT 1')).rejects.toThrow();
    await expect(dedicated.query('SELECT 1')).rejects.toThrow();
    lent.release(true);
    expect((await database.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('closes twice without harm, also with a connection that was never given back', async () => {
    const other = await open({});
    await other.pool.connect();
    const start = performance.now();
    await Promise.all([other.close(), other.close()]);
    expect(performance.now() - start).toBeLessThan(7_000);
  });
});

describe('createTestDatabase', () => {
  it('gives each caller a database of its own, also at once', async () => {
    const both = await Promise.all([createTestDatabase(), createTestDatabase({ migrated: false })]);
    const schemas = await Promise.all(
      both.map(({ pool }) => pool.query(`SELECT count(*) AS n FROM pg_namespace WHERE nspname = 'pegboard'`)),
    );
    expect(schemas.map(({ rows }) => rows)).toEqual([[{ n: 1 }], [{ n: 0 }]]);
    await Promise.all(both.map((one) => one.drop()));
    const { rows } = await database.pool.query('SELECT datname FROM pg_database WHERE datname = ANY($1)', [
      both.map(({ name }) => name),
    ]);
    expect(rows).toEqual([]);
  });
});
