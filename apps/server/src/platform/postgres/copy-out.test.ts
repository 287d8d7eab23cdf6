import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { copyOut } from './copy-out.ts';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
});
afterAll(() => database.drop());
beforeEach(async () => {
  client = await database.connect();
  client.on('error', () => undefined);
  return () => client.end();
});

const textOf = (bytes: Buffer, at: number, size: number) => bytes.toString('utf8', at, at + size);

async function rowsOf(statement: string, options: Parameters<typeof copyOut>[3] = {}): Promise<string[]> {
  const rows: string[] = [];
  await copyOut(client, statement, (bytes, _view, at, size) => rows.push(textOf(bytes, at, size)), options);
  return rows;
}

const many = (rows: number, width: number) =>
  `COPY (SELECT i, repeat('x', ${width}) FROM generate_series(1, ${rows}) AS i) TO STDOUT`;

describe('copyOut', () => {
  it.each([
    [0, 1],
    [3, 1],
    [50_000, 10],
    [300, 1000],
    [40, 65_530],
    [3, 9_000_000],
  ])('visits each of %i rows of %i characters once, however the socket cuts them', async (rows, width) => {
    const seen = await rowsOf(many(rows, width));
    expect(seen.length).toBe(rows);
    expect(seen.every((row, i) => row === `${i + 1}\t${'x'.repeat(width)}\n`)).toBe(true);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('passes on notices that come in between', async () => {
    await client.query(
      `CREATE FUNCTION pg_temp.said(i int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'row %', i; RETURN i; END $$`,
    );
    const notices: (string | undefined)[] = [];
    client.on('notice', ({ message }) => notices.push(message));
    expect(await rowsOf('COPY (SELECT pg_temp.said(i) FROM generate_series(1, 3) AS i) TO STDOUT')).toEqual([
      '1\n',
      '2\n',
      '3\n',
    ]);
    expect(notices).toEqual(['row 1', 'row 2', 'row 3']);
  });

  it('rejects with the error of the server, before and among the rows, and leaves the connection usable', async () => {
    await expect(rowsOf('COPY nothing TO STDOUT')).rejects.toMatchObject({ code: '42P01' });
    await expect(
      rowsOf('COPY (SELECT 1 / (5000 - i) FROM generate_series(1, 9000) AS i) TO STDOUT'),
    ).rejects.toMatchObject({
      code: '22012',
    });
    expect(await rowsOf('COPY (SELECT 7) TO STDOUT')).toEqual(['7\n']);
  });

  it('holds the server back while a promise is pending, and visits nothing meanwhile', async () => {
    let isHeld = false;
    let visitedWhileHeld = 0;
    let seen = 0;
    let pauses = 0;
    const afterPiece = () => {
      if (++pauses % 7 !== 0) return undefined;
      isHeld = true;
      return new Promise<void>((resolve) => {
        setTimeout(() => {
          isHeld = false;
          resolve();
        }, 5);
      });
    };
    const visit = () => {
      seen++;
      if (isHeld) visitedWhileHeld++;
    };
    await copyOut(client, many(20_000, 100), visit, { afterPiece });
    expect({ seen, visitedWhileHeld, isHeld }).toEqual({ seen: 20_000, visitedWhileHeld: 0, isHeld: false });
    expect(pauses).toBeGreaterThan(7);
  });

  it('rejects with the error of the visitor or of the pause, and visits nothing more', async () => {
    let seen = 0;
    const failing = () => {
      if (++seen === 10) throw new Error('enough');
    };
    await expect(copyOut(client, many(100_000, 100), failing)).rejects.toThrow('enough');
    expect(seen).toBe(10);
    await client.end();
    client = await database.connect();
    await expect(rowsOf(many(100_000, 100), { afterPiece: () => Promise.reject(new Error('full')) })).rejects.toThrow(
      'full',
    );
  });

  it('rejects with the reason of the signal, after what the pause was doing', async () => {
    const stop = new AbortController();
    const events: string[] = [];
    const afterPiece = async () => {
      stop.abort(new Error('stopped'));
      await new Promise((resolve) => setTimeout(resolve, 20));
      events.push('pause ended');
    };
    await rowsOf(many(100_000, 100), { signal: stop.signal, afterPiece }).catch((error: Error) =>
      events.push(error.message),
    );
    expect(events).toEqual(['pause ended', 'stopped']);
    await expect(rowsOf('COPY (SELECT 1) TO STDOUT', { signal: stop.signal })).rejects.toThrow('stopped');
  });

  it('rejects when the connection is cut', async () => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    let cut: Promise<unknown> | null = null;
    const afterPiece = () => {
      cut ??= database.pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
      return undefined;
    };
    await expect(rowsOf(many(500_000, 100), { afterPiece })).rejects.toThrow(/terminat/);
    await cut;
  });
});
