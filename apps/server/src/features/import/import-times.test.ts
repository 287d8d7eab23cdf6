import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insertNarrow, samplesOf, useImportFixture } from './testing/import-fixture.ts';
import { textTimePattern } from './text-times.ts';

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

  it('takes the length of periods of a family as given, and tells of families whose times do not tell it', async () => {
    const at = (family: string, ...times: string[]) =>
      times.map((time) => ({ at: `2025-08-${time}Z`, value: '1', family }));
    await insertNarrow(fixture.source, 'summary', [
      ...at('Quarters', '08T00:00', '08T00:15'),
      ...at('Weekly', '01T00:00', '08T00:00'),
      ...at('Rare', '08T00:15'),
    ]);
    const lengths = async () =>
      [
        ...new Set((await samplesOf(fixture.target)).map((line) => line.replace(/^\S+ (\d+) .* (\w+)\/.*$/, '$2 $1'))),
      ].sort();
    const guessed = await fixture.run({ table: 'summary' });
    expect(await lengths()).toEqual(['Quarters 900', 'Rare 900', 'Weekly 900']);
    expect(guessed.warnings[0]).toMatch(
      /^the newest rows have one time only of (Weekly, Rare|Rare, Weekly): their periods are taken for 900 s/,
    );
    await fixture.empty();
    const familyGranularityS = { Weekly: 604_800 };
    const given = await fixture.run({ table: 'summary', familyGranularityS });
    expect(await lengths()).toEqual(['Quarters 900', 'Rare 900', 'Weekly 604800']);
    expect(given.warnings[0]).toMatch(/^the newest rows have one time only of Rare:/);
    expect(given).toMatchObject({ granularity_s: { default: 900, by_family: familyGranularityS } });
    expect(await fixture.run({ table: 'summary', familyGranularityS })).toMatchObject({
      continued: true,
      inserted_blocks: 0,
    });
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

  it('takes periods that lie between --since and --until, by begin or by end', async () => {
    const at = ['00:00', '00:15', '00:30', '00:45', '01:00'];
    await insertNarrow(
      fixture.source,
      'summary',
      at.map((time) => ({ at: `2025-08-08T${time}Z`, value: '1' })),
    );
    const bounds = { sinceMs: Date.parse('2025-08-08T00:15Z'), untilMs: Date.parse('2025-08-08T00:45Z') };
    for (const timestamp of ['begin', 'end'] as const) {
      await fixture.empty();
      const { rows } = await fixture.run({ table: 'summary', timestamp, ...bounds });
      expect(rows).toBe(2);
      expect((await samplesOf(fixture.target)).map((line) => line.slice(11, 16))).toEqual(['00:15', '00:30']);
    }
  });

  it('takes readings that a change of the clock skips for those without it', async () => {
    await fixture.source.pool.query(withoutZone);
    await insertNarrow(
      fixture.source,
      'summary',
      ['01:30', '02:30', '03:30'].map((time) => ({ at: `2025-03-30T${time}Z`, value: '1' })),
    );
    const { warnings } = await fixture.run({ table: 'summary', sourceTimeZone: 'Europe/Berlin', granularityS: 900 });
    expect((await samplesOf(fixture.target)).map((line) => line.slice(0, 16))).toEqual([
      '2025-03-30T00:30',
      '2025-03-30T01:30',
    ]);
    expect(warnings).toContainEqual(expect.stringMatching(/^1 times occur twice or not at all in Europe\/Berlin/));
  });
});

describe('times that are texts', () => {
  const asText = async (type: string, times: readonly (string | null)[]) => {
    await fixture.source.pool.query(`ALTER TABLE summary ALTER COLUMN datetime TYPE ${type} USING NULL`);
    await fixture.source.pool.query(
      `INSERT INTO summary (ne, family_name, cellid, peg_name, datetime, value)
       SELECT 'N', 'F', '1', 'P' || i, time, '1' FROM unnest($1::text[]) WITH ORDINALITY AS t(time, i)`,
      [times],
    );
  };

  it.each(['text', 'varchar(40)', 'char(40)'])(
    'are read in the zone of the source from columns of type %s',
    async (type) => {
      const written = [
        '2025-08-08 08:00:00',
        ' 2025/08/08T08:15 ',
        '2025.08.08 08:30:00.25',
        '202508080845',
        '20250808 090000',
        '2025-08-08 24:00',
        '2025-08-10',
        '2024-02-29 00:00',
      ];
      await asText(type, [
        ...written,
        null,
        'soon',
        '2025-02-29 00:00',
        '2025-13-01',
        '08/08/2025 08:00',
        '2025-08-08 25:00',
      ]);
      const report = await fixture.run({ table: 'summary', sourceTimeZone: 'Asia/Seoul', granularityS: 900 });
      expect((await samplesOf(fixture.target)).map((line) => line.slice(0, 16))).toEqual([
        '2024-02-28T15:00',
        '2025-08-07T23:00',
        '2025-08-07T23:15',
        '2025-08-07T23:30',
        '2025-08-07T23:45',
        '2025-08-08T00:00',
        '2025-08-08T15:00',
        '2025-08-09T15:00',
      ]);
      expect(report.skipped).toMatchObject({ time_missing: { count: 1 }, time_unreadable: { count: 5 } });
      expect(report.skipped.time_unreadable?.examples.map((text) => text.trim())).toContain('soon');
      expect(report.source.time_zone).toBe('Asia/Seoul');
      expect(report.warnings).toEqual([expect.stringMatching(/^the times in datetime are texts/)]);
    },
  );

  it('are instants where most have a zone', async () => {
    await asText('text', [
      '2025-08-08T08:00:00Z',
      '2025-08-08 17:15:00+0900',
      '2025-08-08 04:30-04',
      '2025-08-08 08:45',
    ]);
    const report = await fixture.run({ table: 'summary', sourceTimeZone: 'Asia/Seoul', granularityS: 900 });
    expect((await samplesOf(fixture.target)).map((line) => line.slice(11, 16))).toEqual(['08:00', '08:15', '08:30']);
    expect(report.source.time_zone).toBeNull();
    expect(report.skipped).toEqual({ time_unreadable: { count: 1, examples: ['2025-08-08 08:45'] } });
  });

  it('are bounded, sliced and continued as other times are', async () => {
    const at = (i: number) => new Date(Date.UTC(2025, 0, 1) + i * 900_000).toISOString().slice(0, 16).replace('T', ' ');
    await asText(
      'text',
      Array.from({ length: 600 }, (_, i) => at(i)),
    );
    const bounds = { sinceMs: Date.parse('2025-01-01T01:00Z'), untilMs: Date.parse('2025-01-06T00:00Z') };
    expect(await fixture.run({ table: 'summary', ...bounds })).toMatchObject({
      rows: 476,
      granularity_s: { default: 900 },
    });
    expect(await fixture.run({ table: 'summary', sinceMs: bounds.sinceMs })).toMatchObject({
      continued: true,
      rows: 600 - 480 + 8,
    });
    expect(await samplesOf(fixture.target)).toHaveLength(596);
  });

  it('are read by a pattern that takes what it says, and only dates that there are', () => {
    const digits = (number: number, width: number) => `${number}`.padStart(width, '0');
    const date = fc.tuple(fc.integer({ min: 1900, max: 2099 }), fc.nat(13), fc.nat(32));
    fc.assert(
      fc.property(date, fc.constantFrom('-', '/', '.', ''), ([year, month, day], separator) => {
        const isDate =
          new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10) ===
          `${year}-${digits(month, 2)}-${digits(day, 2)}`;
        const text = `${[year, digits(month, 2), digits(day, 2)].join(separator)} ${separator === '' ? '0815' : '08:15'}`;
        expect(new RegExp(textTimePattern(false)).test(text)).toBe(isDate);
        expect(new RegExp(textTimePattern(true)).test(`${text}+09:00`)).toBe(isDate);
        expect(new RegExp(textTimePattern(true)).test(text)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
