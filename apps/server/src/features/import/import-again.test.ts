import { describe, expect, it } from 'vitest';
import { checksumOf, fillSource, insertNarrow, samplesOf, useImportFixture } from './testing/import-fixture.ts';

const fixture = useImportFixture();

describe('reading again', () => {
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

  it('passes nothing over on account of a row of the future', async () => {
    await insertNarrow(fixture.source, 'summary', [
      { at: '2026-01-14T23:30Z', value: '1' },
      { at: '2026-01-16T12:00Z', value: '2', peg: 'ahead' },
    ]);
    await fixture.run({ table: 'summary', granularityS: 900 });
    await insertNarrow(fixture.source, 'summary', [{ at: '2026-01-14T23:45Z', value: '3' }]);
    await fixture.run({ table: 'summary', granularityS: 900 });
    expect((await samplesOf(fixture.target)).map((line) => line.slice(0, 16))).toEqual([
      '2026-01-14T23:30',
      '2026-01-14T23:45',
      '2026-01-16T12:00',
    ]);
  });

  it('loses nothing of a run that was stopped: the next one continues', async () => {
    await insertNarrow(fixture.source, 'summary', rows(0, 600));
    const stop = new AbortController();
    const onProgress = ({ rows: read }: { rows: number }) => {
      if (read > 50) stop.abort();
    };
    const first = await fixture.run({ table: 'summary' }, { signal: stop.signal, onProgress });
    expect(first.completed).toBe(false);
    expect(first.rows).toBeLessThan(600);
    const second = await fixture.run({ table: 'summary' });
    expect(second).toMatchObject({ completed: true, continued: true });
    expect(second.rows).toBeLessThan(600);
    expect(await samplesOf(fixture.target)).toHaveLength(600);
  });

  it('gives the same samples where two runs read one source at once', async () => {
    await fillSource(fixture.source, 20, 30, 60);
    const once = await fixture.run({ table: 'summary' });
    const expected = await checksumOf(fixture.target);
    await fixture.empty();
    const reports = await Promise.all([fixture.run({ table: 'summary' }), fixture.run({ table: 'summary' })]);
    expect(await checksumOf(fixture.target)).toEqual(expected);
    for (const { completed, rows: read, numbers } of reports) {
      expect({ completed, read, numbers }).toEqual({ completed: true, read: once.rows, numbers: once.numbers });
    }
    expect(await fixture.run({ table: 'summary' })).toMatchObject({ continued: true, inserted_blocks: 0 });
  });
});
