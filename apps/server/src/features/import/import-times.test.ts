import { describe, expect, it } from 'vitest';
import { insertNarrow, samplesOf, useImportFixture } from './testing/import-fixture.ts';

const fixture = useImportFixture();
const T0 = '2025-08-08T08:00Z';
const T1 = '2025-08-08T08:15Z';

describe('times', () => {
  const withoutZone = "ALTER TABLE summary ALTER COLUMN datetime TYPE timestamp USING datetime AT TIME ZONE 'UTC'";

  it('reads times without a zone in that of the source', async () => {
    await fixture.source.pool.query(withoutZone);
    await insertNarrow(fixture.source, 'summary', [
      { at: '2025-08-08T08:00Z', value: '1' },
      { at: '2025-08-08T08:15Z', value: '2' },
    ]);
    const report = await fixture.run({ table: 'summary', sourceTimeZone: 'Asia/Seoul' });
    expect((await samplesOf(fixture.target)).map((line) => line.slice(0, 16))).toEqual([
      '2025-08-07T23:00',
      '2025-08-07T23:15',
    ]);
    expect(report.source.time_zone).toBe('Asia/Seoul');
  });

  it('follows changes of the clock, and tells of times that occur twice', async () => {
    await fixture.source.pool.query(withoutZone);
    const hours = ['2025-03-30T01:00', '2025-03-30T03:00', '2025-10-26T01:00', '2025-10-26T02:00', '2025-10-26T03:00'];
    await insertNarrow(
      fixture.source,
      'summary',
      hours.map((at, i) => ({ at: `${at}Z`, value: `${i}` })),
    );
    const report = await fixture.run({ table: 'summary', sourceTimeZone: 'Europe/Berlin', granularityS: 3600 });
    expect((await samplesOf(fixture.target)).map((line) => line.slice(0, 21))).toEqual([
      '2025-03-30T00:00 3600',
      '2025-03-30T01:00 3600',
      '2025-10-25T23:00 3600',
      '2025-10-26T00:00 3600',
      '2025-10-26T02:00 3600',
    ]);
    expect(report.warnings).toEqual([
      expect.stringContaining('no index'),
      expect.stringMatching(/^1 times occur twice/),
    ]);
  });

  it('takes the time for the end of the period where told', async () => {
    await insertNarrow(fixture.source, 'summary', [
      { at: T0, value: '1' },
      { at: T1, value: '2' },
    ]);
    await fixture.run({ table: 'summary', timestamp: 'end' });
    expect((await samplesOf(fixture.target)).map((line) => line.slice(0, 16))).toEqual([
      '2025-08-08T07:45',
      '2025-08-08T08:00',
    ]);
  });

  it('infers the length of periods by family, and asks for it where there is one time only', async () => {
    await insertNarrow(fixture.source, 'summary', [
      ...['00:00', '00:15', '00:30', '01:15'].map((time) => ({
        at: `2025-08-08T${time}Z`,
        value: '1',
        family: 'Quarters',
      })),
      ...['00:00', '01:00', '02:00'].map((time) => ({ at: `2025-08-08T${time}Z`, value: '2', family: 'Hours' })),
    ]);
    const { granularity_s } = await fixture.run({ table: 'summary' });
    expect(granularity_s).toEqual({ default: 900, by_family: { Hours: 3600 } });
    const lengths = (await samplesOf(fixture.target)).map((line) => line.split(' ')[1]);
    expect(lengths.filter((length) => length === '3600')).toHaveLength(3);

    await fixture.source.pool.query(`DELETE FROM summary WHERE datetime <> '2025-08-08T00:00Z'`);
    await expect(fixture.run({ table: 'summary', restart: true })).rejects.toMatchObject({
      code: 'UNPROCESSABLE',
      hint: expect.stringContaining('--granularity'),
    });
    await fixture.run({ table: 'summary', granularityS: 300, restart: true });
    expect(await samplesOf(fixture.target)).toContain('2025-08-08T00:00 300 NE1 Cell=20 Hours/P = 2');
  });

  it('reads only the time that is asked for, begin included and end not', async () => {
    await insertNarrow(
      fixture.source,
      'summary',
      ['00:00', '00:15', '00:30', '00:45'].map((time) => ({ at: `2025-08-08T${time}Z`, value: '1' })),
    );
    await fixture.run({
      table: 'summary',
      granularityS: 900,
      sinceMs: Date.parse('2025-08-08T00:15Z'),
      untilMs: Date.parse('2025-08-08T00:45Z'),
    });
    expect((await samplesOf(fixture.target)).map((line) => line.slice(11, 16))).toEqual(['00:15', '00:30']);
  });
});
