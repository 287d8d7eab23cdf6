import { describe, expect, it } from 'vitest';
import { insertNarrow, samplesOf, useImportFixture } from './testing/import-fixture.ts';

const fixture = useImportFixture();

describe('reading again', () => {
  const deliveries = async () =>
    (await fixture.target.pool.query<{ n: number }>('SELECT count(*) AS n FROM ingest_file')).rows[0].n;
  const rows = (from: number, to: number, value = '1') =>
    Array.from({ length: to - from }, (_, i) => ({
      at: new Date(Date.UTC(2025, 7, 8) + (from + i) * 900_000).toISOString(),
      value,
    }));

  it('continues where the run before ended, with an overlap for rows that came late', async () => {
    await insertNarrow(fixture.source, 'summary', rows(0, 40));
    const first = await fixture.run({ table: 'summary' });
    expect(first).toMatchObject({ continued: false, rows: 40 });
    await insertNarrow(fixture.source, 'summary', rows(40, 44));
    await insertNarrow(fixture.source, 'summary', [{ at: rows(36, 37)[0].at, value: '5', peg: 'late' }]);
    const second = await fixture.run({ table: 'summary' });
    // Two hours, the last of them, are read again.
    expect(second).toMatchObject({ continued: true, rows: 4 + 8 + 1, granularity_s: { default: 900 } });
    expect(await samplesOf(fixture.target)).toHaveLength(45);
    expect(await fixture.run({ table: 'summary', restart: true })).toMatchObject({
      continued: false,
      rows: 45,
      inserted_blocks: 0,
    });
    expect(await samplesOf(fixture.target)).toHaveLength(45);
  });

  it('begins anew for other options, and for a time before what was read', async () => {
    await insertNarrow(fixture.source, 'summary', rows(0, 40));
    const sinceMs = Date.parse(rows(20, 21)[0].at);
    expect(await fixture.run({ table: 'summary', sinceMs })).toMatchObject({ rows: 20 });
    expect(await fixture.run({ table: 'summary', sinceMs: sinceMs + 3_600_000 })).toMatchObject({
      continued: true,
      rows: 8,
    });
    expect(await fixture.run({ table: 'summary' })).toMatchObject({ continued: false, rows: 40 });
    expect(await fixture.run({ table: 'summary', timestamp: 'end' })).toMatchObject({ continued: false, rows: 40 });
  });

  it('reads a view that gets rows and a column between runs', async () => {
    const { pool } = fixture.source;
    await insertNarrow(fixture.source, 'summary', rows(0, 40));
    const definition = 'SELECT ne, family_name, cellid, peg_name, datetime, value';
    await pool.query(`CREATE VIEW v AS ${definition} FROM summary`);
    let steps = 0;
    const report = await fixture.run(
      { table: 'v' },
      {
        onProgress: () => {
          steps++;
        },
      },
    );
    expect(report).toMatchObject({ rows: 40, source: { kind: 'view' }, warnings: [] });
    expect(steps).toBeGreaterThan(0);
    await pool.query(`CREATE OR REPLACE VIEW v AS ${definition}, host FROM summary`);
    await insertNarrow(fixture.source, 'summary', rows(40, 44));
    expect(await fixture.run({ table: 'v' })).toMatchObject({ rows: 12 });
  });

  it('says so when a view loses a column while it is read', async () => {
    const { pool } = fixture.source;
    const at = (i: number) => new Date(Date.UTC(2025, 0, 1) + i * 21_600_000).toISOString();
    await insertNarrow(
      fixture.source,
      'summary',
      Array.from({ length: 600 }, (_, i) => ({ at: at(i), value: '1' })),
    );
    await pool.query('CREATE VIEW v AS SELECT ne, cellid, peg_name, datetime, value FROM summary');
    const changed: Promise<unknown>[] = [];
    const change = () => pool.query('DROP VIEW v; CREATE VIEW v AS SELECT ne, cellid, peg_name, datetime FROM summary');
    const running = fixture.run(
      { table: 'v', follow: { pollMs: 100 } },
      {
        onProgress: () => {
          if (changed.length === 0) changed.push(change());
        },
      },
    );
    await expect(running).rejects.toMatchObject({
      code: 'UNPROCESSABLE',
      message: expect.stringContaining('as it was any more'),
      hint: expect.stringContaining('again'),
    });
    await Promise.all(changed);
  });

  it('follows: takes rows that come later, late ones too, and leaves out what has not changed', async () => {
    await insertNarrow(fixture.source, 'summary', rows(0, 8));
    const stop = new AbortController();
    let polls = 0;
    const merged: string[][] = [];
    const onPoll = async () => {
      polls++;
      merged.push(await samplesOf(fixture.target));
      if (polls === 1)
        await insertNarrow(fixture.source, 'summary', [
          ...rows(8, 10),
          { at: rows(2, 3)[0].at, value: '9', peg: 'late' },
        ]);
      if (polls === 4) stop.abort();
    };
    const waiting: Promise<void>[] = [];
    const report = await fixture.run(
      { table: 'summary', follow: { pollMs: 300 } },
      {
        signal: stop.signal,
        onProgress: ({ phase, share }) => {
          if (phase === 'following' && share === 1) waiting.push(onPoll());
        },
      },
    );
    await Promise.all(waiting);
    expect(report.completed).toBe(false);
    expect(merged[0]).toHaveLength(8);
    expect(await samplesOf(fixture.target)).toHaveLength(11);
    // One delivery of what was there, one of its last part read again, one of the new rows; nothing while nothing changes.
    expect(await deliveries()).toBe(3);
  });
});

describe('a connection that is cut', () => {
  const cut = () =>
    fixture.source.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'COPY%'`,
    );

  it('is made again, and nothing is lost or doubled', async () => {
    await fixture.source.pool.query(`
      INSERT INTO summary (ne, family_name, cellid, peg_name, datetime, value)
      SELECT 'N', 'F', cell::text, 'peg' || peg, TIMESTAMPTZ '2025-08-08Z' + t * INTERVAL '15 min', (cell * peg + t)::text
      FROM generate_series(1, 100) AS cell, generate_series(1, 100) AS peg, generate_series(0, 39) AS t;
      CREATE INDEX ON summary (datetime)`);
    let cuts = 0;
    const cutting: Promise<unknown>[] = [];
    const report = await fixture.run(
      { table: 'summary' },
      {
        onProgress: ({ rows }) => {
          if (cuts === 0 && rows > 50_000) {
            cuts++;
            cutting.push(cut());
          }
        },
      },
    );
    await Promise.all(cutting);
    const { rows } = await fixture.target.pool.query<{ n: number; sum: number }>(
      'SELECT count(*) AS n, sum(value) AS sum FROM pm_sample',
    );
    expect(rows[0]).toEqual({ n: 400_000, sum: 100 * 100 * 780 + 40 * 5050 * 5050 });
    expect(report.completed).toBe(true);
    expect(report.reconnects).toBe(1);
  });

  it('or a run that is stopped loses nothing: the next one continues', async () => {
    await insertNarrow(
      fixture.source,
      'summary',
      Array.from({ length: 600 }, (_, i) => ({
        at: new Date(Date.UTC(2025, 0, 1) + i * 21_600_000).toISOString(),
        value: `${i}`,
      })),
    );
    const stop = new AbortController();
    const first = await fixture.run(
      { table: 'summary' },
      {
        signal: stop.signal,
        onProgress: ({ rows }) => {
          if (rows > 100) stop.abort();
        },
      },
    );
    expect(first.completed).toBe(false);
    expect(first.rows).toBeLessThan(600);
    const second = await fixture.run({ table: 'summary' });
    expect(second).toMatchObject({ completed: true, continued: true });
    expect(second.rows).toBeLessThan(600);
    expect(await samplesOf(fixture.target)).toHaveLength(600);
  });
});
