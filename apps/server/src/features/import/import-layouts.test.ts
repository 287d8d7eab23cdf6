import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumOf, insertJson, insertNarrow, samplesOf, useImportFixture } from './testing/import-fixture.ts';

const fixture = useImportFixture();
const T0 = '2025-08-08T08:00Z';
const T1 = '2025-08-08T08:15Z';

describe('the narrow layout', () => {
  it('makes a sample of each row: cells as objects, the network element itself without a cell', async () => {
    await insertNarrow(fixture.source, 'summary', [
      { at: T0, value: '1' },
      { at: T1, value: '2.5' },
      { at: T0, value: '3', peg: 'Q' },
      { at: T0, value: '4', cell: null },
      { at: T0, value: '5', cell: ' ', peg: 'Q' },
      { at: T1, value: '6', ne: 'NVGNB#101086', cell: '20,a' },
    ]);
    const report = await fixture.run({ table: 'summary' });
    expect(await samplesOf(fixture.target)).toEqual([
      '2025-08-08T08:00 900 NE1 - F/P = 4',
      '2025-08-08T08:00 900 NE1 - F/Q = 5',
      '2025-08-08T08:00 900 NE1 Cell=20 F/P = 1',
      '2025-08-08T08:00 900 NE1 Cell=20 F/Q = 3',
      '2025-08-08T08:15 900 NE1 Cell=20 F/P = 2.5',
      '2025-08-08T08:15 900 NVGNB#101086 Cell=20\\,a F/P = 6',
    ]);
    expect(report).toMatchObject({
      completed: true,
      rows: 6,
      values: 6,
      numbers: 6,
      value_kinds: {},
      skipped: {},
      network_elements: 2,
      pegs: 2,
      period: { start: '2025-08-08T08:00:00Z', end: '2025-08-08T08:30:00Z' },
      granularity_s: { default: 900, by_family: {} },
      source: { layout: 'narrow', kind: 'table', columns: { time: 'datetime', peg: 'peg_name', version: 'version' } },
    });
  });
});

describe('more rows than are held at once', () => {
  const fill = (order: string) => `
    INSERT INTO summary (ne, family_name, cellid, peg_name, datetime, value)
    SELECT 'N', 'F' || family, cell::text, 'P' || peg, TIMESTAMPTZ '2025-08-08Z' + t * INTERVAL '15 min', (cell + peg * 7 + t / 8.0)::text
    FROM generate_series(1, 2500) AS cell, generate_series(1, 2) AS family, generate_series(1, 2) AS peg, generate_series(0, 7) AS t
    ORDER BY ${order}`;

  it('are delivered block by block where they come by time, and give the same samples in any order', async () => {
    await fixture.source.pool.query(fill('t, peg, cell, family'));
    const byTime = await fixture.run({ table: 'summary' });
    expect(byTime).toMatchObject({ rows: 80_000, numbers: 80_000, inserted_blocks: 20_000, merged_blocks: 0 });
    const expected = await checksumOf(fixture.target);
    expect(expected.n).toBe(80_000);
    await fixture.empty();
    await fixture.source.pool.query(`TRUNCATE summary; ${fill("md5(concat_ws(' ', t, peg, cell, family))")}`);
    expect(await fixture.run({ table: 'summary' })).toMatchObject({ rows: 80_000, repeated: { count: 0 } });
    expect(await checksumOf(fixture.target)).toEqual(expected);
  });
});

describe('the JSONB layout', () => {
  it('reads flat values, cells, and dimensions within cells', async () => {
    await insertJson(fixture.source, 'summary_json', [
      { at: T0, values: { Peg: '7' } },
      { at: T1, values: { Peg: 8 } },
      {
        at: T0,
        values: { '20': { 'Peg(Kbps)': '266510.50' }, '21': { 'Peg(Kbps)': '1' }, index_name: 'CellIdentity' },
      },
      {
        at: T0,
        family: 'G',
        values: { '20': { '9': { Vol: '1' }, '5': { Vol: '2' }, index_name: 'QCI' }, index_name: 'CellIdentity' },
      },
      { at: T1, family: 'G', values: { '20': { '9': { Vol: '3' } }, index_name: ['CellIdentity', 'QCI'] } },
    ]);
    await fixture.run({ table: 'summary_json' });
    expect(await samplesOf(fixture.target)).toEqual([
      '2025-08-08T08:00 900 NE1 - F/Peg = 7',
      '2025-08-08T08:00 900 NE1 Cell=20 F/Peg(Kbps) = 266510.5',
      '2025-08-08T08:00 900 NE1 Cell=20 G/Vol{QCI=5} = 2',
      '2025-08-08T08:00 900 NE1 Cell=20 G/Vol{QCI=9} = 1',
      '2025-08-08T08:00 900 NE1 Cell=21 F/Peg(Kbps) = 1',
      '2025-08-08T08:15 900 NE1 - F/Peg = 8',
      '2025-08-08T08:15 900 NE1 Cell=20 G/Vol{QCI=9} = 3',
    ]);
  });
});

describe('dimensions', () => {
  it('may be three levels deep, named level by level or all at once, in keys or beside them', async () => {
    await insertJson(fixture.source, 'summary_json', [
      {
        at: T0,
        values: {
          index_name: 'CellIdentity',
          '20': {
            index_name: 'QCI',
            '9': { index_name: 'PLMN', '450 05': { Vol: '1', 'Vol(KB)': '2' }, '45008': { Vol: '3' } },
            Sum: '6',
          },
        },
      },
      {
        at: T1,
        values: { '20': { '9': { '450 05': { Vol: '4' } } }, index_name: 'CellIdentity -> QCI->PLMN', Total: 5 },
      },
    ]);
    const { skipped } = await fixture.run({ table: 'summary_json' });
    expect(await samplesOf(fixture.target)).toEqual([
      '2025-08-08T08:00 900 NE1 Cell=20 F/Sum = 6',
      "2025-08-08T08:00 900 NE1 Cell=20 F/Vol(KB){QCI=9, PLMN='450 05'} = 2",
      "2025-08-08T08:00 900 NE1 Cell=20 F/Vol{QCI=9, PLMN='450 05'} = 1",
      '2025-08-08T08:00 900 NE1 Cell=20 F/Vol{QCI=9, PLMN=45008} = 3',
      '2025-08-08T08:15 900 NE1 - F/Total = 5',
      "2025-08-08T08:15 900 NE1 Cell=20 F/Vol{QCI=9, PLMN='450 05'} = 4",
    ]);
    expect(skipped).toEqual({});
  });

  it('are the cell by the names that are given, and counters of the cell column keep theirs', async () => {
    await fixture.source.pool.query('ALTER TABLE summary_json ADD cellid text');
    await insertJson(fixture.source, 'summary_json', [
      { at: T0, values: { '7': { P: '1' }, index_name: 'Sector' } },
      { at: T1, values: { '7': { P: '2' }, index_name: 'CellIdentity' } },
    ]);
    await fixture.source.pool.query(`UPDATE summary_json SET cellid = '20' WHERE datetime = '${T1}'`);
    await fixture.run({ table: 'summary_json', cellDimensions: ['sector'] });
    expect(await samplesOf(fixture.target)).toEqual([
      '2025-08-08T08:00 900 NE1 Cell=7 F/P = 1',
      '2025-08-08T08:15 900 NE1 Cell=20 F/P{CellIdentity=7} = 2',
    ]);
  });
});

describe('both layouts', () => {
  const name = fc.constantFrom('a', 'B(Kbps)', "it's", '가나', 'x.y', ' padded ', '__proto__', 'constructor', '20');
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.integer().map(String),
    fc.constantFrom('NA', '-', 'N/D', 'Deno0', '10 (E)', '99.9%', '-101.5 dBm', '', ' 7 ', '1e400', '\u0001'),
  );
  const sample = fc.record({
    ne: fc.constantFrom('N1', 'N#2'),
    family: fc.constantFrom('F', 'G h'),
    cell: fc.constantFrom(null, '1', '20'),
    peg: name,
    slot: fc.nat(5),
    value,
  });

  it('give the same samples of the same data, equal to what was written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(sample, {
          maxLength: 40,
          selector: (s) => [s.ne, s.family, s.cell, s.peg.trim(), s.slot].join('|'),
        }),
        async (samples) => {
          await fixture.source.pool.query('TRUNCATE summary, summary_json');
          const at = (slot: number) => new Date(Date.UTC(2025, 7, 8) + slot * 900_000).toISOString();
          await insertNarrow(
            fixture.source,
            'summary',
            samples.map(({ slot, ...rest }) => ({ ...rest, at: at(slot) })),
          );
          await insertJson(fixture.source, 'summary_json', jsonRowsOf(samples, at));
          const read = async (table: string) => {
            await fixture.empty();
            const { values, numbers, value_kinds } = await fixture.run({ table, granularityS: 900 });
            return {
              samples: await samplesOf(fixture.target),
              values,
              numbers,
              value_kinds: Object.fromEntries(Object.entries(value_kinds).map(([kind, { count }]) => [kind, count])),
            };
          };
          const narrow = await read('summary');
          expect(await read('summary_json')).toEqual(narrow);
          const expected = samples.flatMap(({ ne, family, cell, peg, slot, value: text }) => {
            const number = expectedNumber(text);
            return number === null || peg === '__proto__'
              ? []
              : [
                  `${at(slot).slice(0, 16)} 900 ${ne} ${cell === null ? '-' : `Cell=${cell}`} ${family}/${peg.trim()} = ${number}`,
                ];
          });
          expect(narrow.samples).toEqual(expected.sort());
        },
      ),
      { numRuns: 15 },
    );
  });

  function jsonRowsOf(
    samples: readonly { ne: string; family: string; cell: string | null; peg: string; slot: number; value: string }[],
    at: (slot: number) => string,
  ) {
    return samples.map(({ ne, family, cell, peg, slot, value: text }) => {
      const pegs = Object.fromEntries([[peg, text]]);
      return { ne, family, at: at(slot), values: cell === null ? pegs : { [cell]: pegs, index_name: 'CellIdentity' } };
    });
  }

  function expectedNumber(text: string): number | null {
    const odd = new Map([
      ['99.9%', 99.9],
      ['-101.5 dBm', -101.5],
    ]).get(text);
    if (odd !== undefined) return odd;
    const number = text.trim() === '' ? Number.NaN : Number(text);
    return Number.isFinite(number) ? number + 0 : null;
  }
});
