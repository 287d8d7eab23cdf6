import { describe, expect, it } from 'vitest';
import { insertJson, insertNarrow, samplesOf, useImportFixture } from './testing/import-fixture.ts';

const fixture = useImportFixture();
const T0 = '2025-08-08T08:00Z';
const T1 = '2025-08-08T08:15Z';

describe('names', () => {
  it('keeps one PEG name in two families apart, and takes the class as the family where there is none', async () => {
    await insertNarrow(fixture.source, 'summary', [
      { at: T0, value: '1', family: 'Primary' },
      { at: T0, value: '2', family: 'Secondary' },
      { at: T1, value: '3', family: null },
    ]);
    await fixture.run({ table: 'summary' });
    expect(await samplesOf(fixture.target)).toEqual([
      '2025-08-08T08:00 900 NE1 Cell=20 Primary/P = 1',
      '2025-08-08T08:00 900 NE1 Cell=20 Secondary/P = 2',
      '2025-08-08T08:15 900 NE1 Cell=20 Cell/P = 3',
    ]);
  });

  it('reads rows that differ in a dimension column alone', async () => {
    await fixture.source.pool.query(`
      ALTER TABLE summary ADD path text;
      INSERT INTO summary (ne, family_name, cellid, peg_name, datetime, path, value)
      VALUES ('N','F','1','Rssi','${T0}','RSSIPath0','1'), ('N','F','1','Rssi','${T0}','RSSI Path1','2'), ('N','F','1','Rssi','${T1}',NULL,'3')`);
    await fixture.run({ table: 'summary', columns: { dimension: 'path' } });
    expect(await samplesOf(fixture.target)).toEqual([
      "2025-08-08T08:00 900 N Cell=1 F/Rssi{path='RSSI Path1'} = 2",
      '2025-08-08T08:00 900 N Cell=1 F/Rssi{path=RSSIPath0} = 1',
      '2025-08-08T08:15 900 N Cell=1 F/Rssi = 3',
    ]);
  });

  it('keeps the software version of the latest row', async () => {
    await insertNarrow(fixture.source, 'summary', [
      { at: T1, value: '2', version: 'R24' },
      { at: T0, value: '1', version: 'R23' },
    ]);
    await fixture.run({ table: 'summary' });
    expect((await fixture.store.networkElements()).find(({ name }) => name === 'NE1')?.swVersion).toBe('R24');
  });

  it('takes a family of 700 counters, rows in any order', async () => {
    const rows = Array.from({ length: 700 }, (_, i) => ({
      at: i % 2 ? T0 : T1,
      value: `${i}`,
      peg: `p${(i * 387) % 700}`,
    }));
    await insertNarrow(fixture.source, 'summary', rows);
    const { pegs } = await fixture.run({ table: 'summary' });
    expect(pegs).toBe(700);
    const expected = new Map(rows.map(({ at, value, peg }) => [`${at.slice(0, 16)} 900 NE1 Cell=20 F/${peg}`, value]));
    expect(await samplesOf(fixture.target)).toEqual([...expected].map(([key, value]) => `${key} = ${value}`).sort());
  });

  it('finds tables and columns with hostile names, which stay names', async () => {
    await fixture.source.pool.query(`
      CREATE SCHEMA "s'.x"; CREATE TABLE "s'.x"."t"";DROP TABLE summary;--" ("da""te" timestamptz, "ne key" text, "peg'" text, "v;" int);
      INSERT INTO "s'.x"."t"";DROP TABLE summary;--" VALUES ('${T0}', 'N', 'P', 1), ('${T1}', 'N', 'P', 2)`);
    await fixture.run({
      table: `"s'.x"."t"";DROP TABLE summary;--"`,
      columns: { time: 'da"te', ne: 'ne key', peg: "peg'", value: 'v;' },
    });
    expect(await samplesOf(fixture.target)).toHaveLength(2);
    expect((await fixture.source.pool.query('SELECT count(*) FROM summary')).rows).toEqual([{ count: 0 }]);
  });
});

describe('rows that cannot be placed', () => {
  it('passes over rows without a time, with an impossible one, without a network element or a PEG', async () => {
    await insertNarrow(fixture.source, 'summary', [
      { at: T0, value: '1' },
      { at: T1, value: '2' },
      { at: null, value: '3' },
      { at: '1970-01-01T00:00Z', value: '4' },
      { at: '2999-01-01T00:00Z', value: '5' },
      { at: 'infinity', value: '6' },
      { at: T0, value: '7', ne: null },
      { at: T0, value: '8', ne: ' ' },
      { at: T0, value: '9', peg: null },
      { at: T0, value: '10', peg: 'x'.repeat(1001) },
    ]);
    const { skipped } = await fixture.run({ table: 'summary' });
    expect(await samplesOf(fixture.target)).toHaveLength(2);
    expect(skipped).toMatchObject({
      time_missing: { count: 1 },
      time_out_of_range: {
        count: 3,
        examples: expect.arrayContaining([expect.stringContaining('2999-01-01'), 'infinity']),
      },
      ne_missing: { count: 2 },
      peg_missing: { count: 1 },
      name_refused: { count: 1, examples: [expect.stringMatching(/^a PEG: x+…$/)] },
    });
  });

  it('passes over a PEG of a name that the store refuses, and says so', async () => {
    await insertJson(fixture.source, 'summary_json', [{ at: T0, values: JSON.parse('{"P":"1","__proto__":"2"}') }]);
    const { skipped } = await fixture.run({ table: 'summary_json', granularityS: 900 });
    expect((await samplesOf(fixture.target)).map((line) => line.slice(-7))).toEqual(['F/P = 1']);
    expect(skipped).toEqual({ name_refused: { count: 1, examples: ['a PEG: __proto__'] } });
  });

  it('passes over NULL values, values that are no object, and keys of no dimension', async () => {
    await insertJson(fixture.source, 'summary_json', [
      { at: T0, values: { P: '1' } },
      { at: T1, values: undefined },
      { at: T1, values: [1, 2] },
      { at: T1, values: { Q: '2', inner: { R: '3' } } },
    ]);
    const { skipped } = await fixture.run({ table: 'summary_json' });
    expect((await samplesOf(fixture.target)).map((line) => line.slice(-7))).toEqual(['F/P = 1', 'F/Q = 2']);
    expect(skipped).toEqual({
      values_null: { count: 1, examples: ['2025-08-08T08:15:00.000Z NE1 F'] },
      values_unreadable: { count: 1, examples: ['2025-08-08T08:15:00.000Z NE1 F: [1, 2]'] },
      unknown_dimension: { count: 1, examples: ['F inner'] },
    });
  });
});
