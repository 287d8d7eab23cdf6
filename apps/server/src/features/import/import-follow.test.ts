import { describe, expect, it } from 'vitest';
import { insertNarrow, samplesOf, useImportFixture } from './testing/import-fixture.ts';

const fixture = useImportFixture();
const at = (i: number) => new Date(Date.UTC(2025, 7, 8) + i * 900_000).toISOString();
const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({ at: at(from + i), value: `${from + i}` }));
const deliveries = async () =>
  (await fixture.target.pool.query<{ n: number }>('SELECT count(*) AS n FROM ingest_file')).rows[0].n;

describe('following', () => {
  it('takes rows that come later, late ones too, and leaves out what has not changed', async () => {
    await insertNarrow(fixture.source, 'summary', rows(0, 8));
    let polls = 0;
    let first = 0;
    const report = await fixture.follow(
      { table: 'summary' },
      async (until) => {
        await until((samples) => samples.length === 8);
        first = await deliveries();
        await insertNarrow(fixture.source, 'summary', rows(8, 10));
        await until((samples) => samples.length === 10);
        await insertNarrow(fixture.source, 'summary', [{ at: at(3), value: '9', peg: 'late' }]);
        await until((samples) => samples.length === 11);
        await fixture.source.pool.query(`UPDATE summary SET value = '77' WHERE datetime = '${at(9)}'`);
        await until((samples) => samples.some((sample) => sample.endsWith(' = 77')));
        for (const before = polls; polls < before + 4; ) await new Promise((resolve) => setTimeout(resolve, 10));
      },
      {
        onProgress: ({ phase, share }) => {
          if (phase === 'following' && share === 1) polls++;
        },
      },
    );
    expect(report.completed).toBe(false);
    expect(await samplesOf(fixture.target)).toHaveLength(11);
    // Each of the three changes; nothing while nothing changes.
    expect((await deliveries()) - first).toBe(3);
  });

  it('takes rows of transactions that commit late and out of order, within the overlap', async () => {
    await insertNarrow(fixture.source, 'summary', rows(0, 2));
    const [slow, slower] = await Promise.all([fixture.source.connect(), fixture.source.connect()]);
    const write = (client: typeof slow, i: number, peg: string) =>
      client.query(
        `BEGIN; INSERT INTO summary (ne, family_name, cellid, peg_name, datetime, value) VALUES ('NE1', 'F', '20', '${peg}', '${at(i)}', '1')`,
      );
    try {
      await write(slower, 2, 'slower');
      await write(slow, 3, 'slow');
      await fixture.follow({ table: 'summary' }, async (until) => {
        await until((samples) => samples.length === 2);
        await insertNarrow(fixture.source, 'summary', rows(4, 6));
        await until((samples) => samples.length === 4);
        await slow.query('COMMIT');
        await until((samples) => samples.length === 5);
        await insertNarrow(fixture.source, 'summary', rows(6, 8));
        await until((samples) => samples.length === 7);
        await slower.query('COMMIT');
        await until((samples) => samples.length === 8);
      });
    } finally {
      await Promise.all([slow.end(), slower.end()]);
    }
    expect((await samplesOf(fixture.target)).filter((sample) => sample.includes('slow'))).toEqual([
      '2025-08-08T00:30 900 NE1 Cell=20 F/slower = 1',
      '2025-08-08T00:45 900 NE1 Cell=20 F/slow = 1',
    ]);
  });

  it('waits for rows of a second time where those of one do not tell how long periods are', async () => {
    const notices: string[] = [];
    await fixture.follow(
      { table: 'summary' },
      async (until) => {
        await insertNarrow(fixture.source, 'summary', rows(0, 1));
        while (notices.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
        await insertNarrow(fixture.source, 'summary', rows(1, 2));
        await until((samples) => samples.length === 2);
      },
      { onNotice: (text) => notices.push(text) },
    );
    expect(notices[0]).toMatch(/^There are rows of one time only/);
    expect(await samplesOf(fixture.target)).toEqual([
      '2025-08-08T00:00 900 NE1 Cell=20 F/P = 0',
      '2025-08-08T00:15 900 NE1 Cell=20 F/P = 1',
    ]);
  });

  it('keeps to the time that was asked for', async () => {
    await insertNarrow(fixture.source, 'summary', rows(0, 8));
    await fixture.follow(
      { table: 'summary', sinceMs: Date.parse(at(4)), untilMs: Date.parse(at(9)) },
      async (until) => {
        await until((samples) => samples.length === 4);
        await insertNarrow(fixture.source, 'summary', [...rows(8, 12), { at: at(2), value: '1', peg: 'before' }]);
        await until((samples) => samples.length === 5);
      },
    );
    expect((await samplesOf(fixture.target)).map((sample) => sample.slice(11, 16))).toEqual([
      '01:00',
      '01:15',
      '01:30',
      '01:45',
      '02:00',
    ]);
  });
});
