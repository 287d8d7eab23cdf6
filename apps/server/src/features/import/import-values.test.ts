import { describe, expect, it } from 'vitest';
import type { ImportRequest } from './import-request.ts';
import { insertJson, insertNarrow, samplesOf, useImportFixture } from './testing/import-fixture.ts';

const fixture = useImportFixture();
const T0 = '2025-08-08T08:00Z';
const T1 = '2025-08-08T08:15Z';

describe('values', () => {
  it('takes numbers, percentages and levels; what is no number is missing, counted, and never ends the import', async () => {
    const written = [
      '1',
      ' 2.50 ',
      '-3e2',
      '99.9%',
      '-101.5 dBm',
      'NA',
      '-',
      'N/D',
      'Deno0',
      '10 (E)',
      '',
      'n.a.',
      'Infinity',
      '1,234',
      null,
    ];
    await insertNarrow(
      fixture.source,
      'summary',
      written.map((value, i) => ({ at: i % 2 === 0 ? T0 : T1, value, peg: `p${i}` })),
    );
    const report = await fixture.run({ table: 'summary' });
    expect((await samplesOf(fixture.target)).map((line) => line.replace(/^.*\//, ''))).toEqual([
      'p0 = 1',
      'p2 = -300',
      'p4 = -101.5',
      'p1 = 2.5',
      'p3 = 99.9',
    ]);
    expect(report).toMatchObject({ rows: 15, values: 15, numbers: 5 });
    expect(report.value_kinds).toEqual({
      percent: { count: 1, examples: ['99.9%'] },
      unit: { count: 1, examples: ['-101.5 dBm'] },
      null: { count: 1, examples: ['NULL'] },
      empty: { count: 1, examples: [''] },
      not_available: { count: 3, examples: ['NA', '-', 'N/D'] },
      zero_denominator: { count: 1, examples: ['Deno0'] },
      remark: { count: 1, examples: ['10 (E)'] },
      not_finite: { count: 1, examples: ['Infinity'] },
      ambiguous: { count: 1, examples: ['1,234'] },
      text: { count: 1, examples: ['n.a.'] },
    });
  });

  it.each<[ImportRequest['decimalMark'], (number | null)[]]>([
    ['either', [1234567.5, 0.25, 1234.5, null, 99.5, -101.5, 1234, 1.234]],
    ['point', [1234567.5, null, 1234.5, 1234, null, null, 1234, 1.234]],
    ['comma', [1234567.5, 0.25, 1234.5, 1.234, 99.5, -101.5, 1234, 1234]],
  ])(
    'reads separated thousands and decimal commas where the mark is %s, alike in both layouts',
    async (decimalMark, expected) => {
      const written = ['1,234,567.5', '0,25', '1 234.5', '1,234', '99,5 %', '-101,5 dBm', '1 234', '1.234'];
      const pegs = Object.fromEntries(written.map((value, i) => [`p${i}`, value]));
      await insertNarrow(
        fixture.source,
        'summary',
        written.map((value, i) => ({ at: T0, value, peg: `p${i}` })),
      );
      await insertJson(fixture.source, 'summary_json', [
        { at: T0, values: { '20': pegs, index_name: 'CellIdentity' } },
      ]);
      const samples = expected.flatMap((value, i) =>
        value === null ? [] : [`2025-08-08T08:00 900 NE1 Cell=20 F/p${i} = ${value}`],
      );
      for (const table of ['summary', 'summary_json']) {
        await fixture.empty();
        const report = await fixture.run({ table, decimalMark, granularityS: 900 });
        expect(await samplesOf(fixture.target)).toEqual(samples);
        expect(report.numbers).toBe(samples.length);
        expect(report.value_kinds.ambiguous?.examples).toEqual(decimalMark === 'either' ? ['1,234'] : undefined);
        expect(report.warnings.some((warning) => warning.includes('--decimal-mark'))).toBe(decimalMark === 'either');
      }
    },
  );

  it('reads numbers of numeric columns and of JSON with a point, whatever the mark of texts', async () => {
    await fixture.source.pool.query('ALTER TABLE summary ALTER COLUMN value TYPE numeric USING value::numeric');
    await insertNarrowNumber('1.234');
    await insertJson(fixture.source, 'summary_json', [{ at: T0, values: { q: 1.234, r: '1.234' } }]);
    await fixture.run({ table: 'summary', decimalMark: 'comma', granularityS: 900 });
    await fixture.run({ table: 'summary_json', decimalMark: 'comma', granularityS: 900 });
    expect((await samplesOf(fixture.target)).map((line) => line.replace(/^.*\//, ''))).toEqual([
      'q = 1.234',
      'r = 1234',
      'P = 1.234',
    ]);
  });

  it.each([
    ['double precision', '0.1', 0.1],
    ['real', '0.1', 0.1],
    ['numeric', '123456789012345678901e-3', 123456789012345680],
    ['bigint', '-7', -7],
  ])('reads columns of type %s', async (type, written, expected) => {
    await fixture.source.pool.query(`ALTER TABLE summary ALTER COLUMN value TYPE ${type} USING value::${type}`);
    await fixture.source.pool.query(
      `INSERT INTO summary (ne, family_name, cellid, peg_name, datetime, value) VALUES ('N','F','1','P','${T0}',${written}), ('N','F','1','P','${T1}',NULL)`,
    );
    const { value_kinds } = await fixture.run({ table: 'summary' });
    expect(await samplesOf(fixture.target)).toEqual([`2025-08-08T08:00 900 N Cell=1 F/P = ${expected}`]);
    expect(value_kinds).toEqual({ null: { count: 1, examples: ['NULL'] } });
  });

  it('counts values that are no texts and no numbers in JSONB', async () => {
    await insertJson(fixture.source, 'summary_json', [
      { at: T0, values: { a: null, b: true, c: [[1]], d: 'NA', e: '-101.5 dBm' } },
      { at: T1, values: { e: '10 (E)', 'é"': '1\u00e9' } },
    ]);
    const { value_kinds, values } = await fixture.run({ table: 'summary_json' });
    expect(await samplesOf(fixture.target)).toEqual(['2025-08-08T08:00 900 NE1 - F/e = -101.5']);
    expect(values).toBe(7);
    expect(Object.fromEntries(Object.entries(value_kinds).map(([kind, { count }]) => [kind, count]))).toEqual({
      unit: 1,
      null: 1,
      not_available: 1,
      remark: 1,
      structure: 1,
      text: 2,
    });
  });

  it('takes arrays of plain values for vectors', async () => {
    await insertJson(fixture.source, 'summary_json', [
      { at: T0, values: { Dist: [1, '2', 'NA', null, 5], '20': { Prb: [7] }, index_name: 'QCI' } },
      { at: T1, values: { Dist: [], Many: Array(1001).fill(1) } },
    ]);
    const { value_kinds } = await fixture.run({ table: 'summary_json' });
    expect(await samplesOf(fixture.target)).toEqual([
      '2025-08-08T08:00 900 NE1 - F/Dist[0] = 1',
      '2025-08-08T08:00 900 NE1 - F/Dist[1] = 2',
      '2025-08-08T08:00 900 NE1 - F/Dist[4] = 5',
      '2025-08-08T08:00 900 NE1 - F/Prb[0]{QCI=20} = 7',
    ]);
    expect(value_kinds.structure).toEqual({ count: 2, examples: ['[]', '[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, '] });
  });

  it('lets the later of two rows of one sample count, and says so where they differ', async () => {
    await insertNarrow(fixture.source, 'summary', [
      { at: T0, value: '1' },
      { at: T1, value: '5' },
      { at: T1, value: '5' },
      { at: T0, value: '2' },
    ]);
    const { repeated } = await fixture.run({ table: 'summary' });
    expect(await samplesOf(fixture.target)).toEqual([
      '2025-08-08T08:00 900 NE1 Cell=20 F/P = 2',
      '2025-08-08T08:15 900 NE1 Cell=20 F/P = 5',
    ]);
    expect(repeated).toEqual({
      count: 2,
      conflicting: { count: 1, examples: ['2025-08-08T08:00:00 NE1 Cell=20 P: 1, then 2'] },
    });
  });
});

function insertNarrowNumber(number: string) {
  return fixture.source.pool.query(
    `INSERT INTO summary (ne, family_name, cellid, peg_name, datetime, value) VALUES ('NE1', 'F', '20', 'P', '${T0}', ${number})`,
  );
}
