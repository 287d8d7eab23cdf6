import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { COPY_HEAD_BYTES, copyIn } from './copy-in.ts';

const INTO = 'COPY numbers FROM STDIN';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  client = await database.connect();
  await client.query('CREATE TABLE numbers (n integer PRIMARY KEY)');
});
afterAll(async () => {
  await client.end();
  await database.drop();
});
beforeEach(async () => {
  await client.query('TRUNCATE numbers');
});

const piece = (text: string) => Buffer.concat([Buffer.alloc(COPY_HEAD_BYTES), Buffer.from(text)]);

async function stored(): Promise<number[]> {
  const { rows } = await client.query<{ n: number }>('SELECT n FROM numbers ORDER BY n');
  return rows.map(({ n }) => n);
}

describe('copyIn', () => {
  it('sends what the pieces hold, wherever rows are cut, and returns the number of rows', async () => {
    expect(await copyIn(client, INTO, { pieces: [piece('1\n2'), piece('3\n'), piece(''), piece('4\n')] })).toBe(3);
    expect(await stored()).toEqual([1, 4, 23]);
  });

  it('copies nothing where there are no pieces', async () => {
    expect(await copyIn(client, INTO, { pieces: [] })).toBe(0);
  });

  it('asks for a piece only when there is room, and releases each one once', async () => {
    const released: Buffer[] = [];
    const taken: Buffer[] = [];
    let mostOnTheirWay = 0;
    function* pieces() {
      for (let at = 0; at < 40; at++) {
        const next = piece(Array.from({ length: 20_000 }, (_, i) => `${at * 20_000 + i}\n`).join(''));
        taken.push(next);
        mostOnTheirWay = Math.max(mostOnTheirWay, taken.length - released.length);
        yield next;
      }
    }
    const rows = await copyIn(client, INTO, { pieces: pieces(), release: (sent) => released.push(sent) });
    expect(rows).toBe(800_000);
    expect(released).toEqual(taken);
    expect(mostOnTheirWay).toBeLessThanOrEqual(2);
    const { rows: sums } = await client.query('SELECT count(*)::int AS n, sum(n)::text AS sum FROM numbers');
    expect(sums).toEqual([{ n: 800_000, sum: '319999600000' }]);
  });

  it("rejects with the server's error, and the connection goes on", async () => {
    await expect(copyIn(client, INTO, { pieces: [piece('1\n1\n'), piece('2\n')] })).rejects.toMatchObject({
      code: '23505',
    });
    await expect(copyIn(client, 'COPY nowhere FROM STDIN', { pieces: [piece('1\n')] })).rejects.toMatchObject({
      code: '42P01',
    });
    expect(await stored()).toEqual([]);
  });

  it("rejects with the source's error and keeps nothing of the copy", async () => {
    const failure = new Error('no more\0numbers');
    function* pieces() {
      yield piece('1\n');
      throw failure;
    }
    await expect(copyIn(client, INTO, { pieces: pieces() })).rejects.toBe(failure);
    expect(await stored()).toEqual([]);
  });

  it('rejects where the connection is lost', async () => {
    const other = await database.connect();
    other.on('error', () => undefined);
    const { rows } = await other.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    function* pieces() {
      for (let at = 0; ; at++) {
        if (at === 10) void client.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
        yield piece(`${at}\n`);
      }
    }
    await expect(copyIn(other, INTO, { pieces: pieces() })).rejects.toThrow();
    await other.end();
    expect(await stored()).toEqual([]);
  });
});
