import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ImportFixture,
  insertJson,
  insertNarrow,
  JSONB_COLUMNS,
  NARROW_COLUMNS,
  openImportFixture,
  samplesOf,
} from './testing/import-fixture.ts';

let fixture: ImportFixture;
beforeAll(async () => {
  fixture = await openImportFixture();
});
afterAll(() => fixture.close());

beforeEach(async () => {
  await fixture.empty();
  await fixture.source.pool.query(`
    DROP SCHEMA public CASCADE; CREATE SCHEMA public;
    CREATE TABLE summary (${NARROW_COLUMNS});
    CREATE TABLE summary_json (${JSONB_COLUMNS})`);
});

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
      '1,5',
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
      text: { count: 2, examples: ['n.a.', '1,5'] },
    });
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
      time_out_of_range: { count: 3, examples: [expect.stringContaining('2999-01-01')] },
      ne_missing: { count: 2 },
      peg_missing: { count: 1 },
      name_refused: { count: 1, examples: [expect.stringMatching(/^a PEG: x+…$/)] },
    });
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

describe('what the source does not have', () => {
  it.each([
    [{ table: 'sumary' }, 'UNKNOWN_NAME', /no table or view sumary/, /summary/],
    [
      { table: 'nothing_like_it' },
      'UNKNOWN_NAME',
      /nothing_like_it/,
      /There are: public\.summary, public\.summary_json/,
    ],
    [{ table: 'summary', columns: { value: 'vaule' } }, 'UNKNOWN_NAME', /no column vaule/, /Did you mean value\?/],
    [{ table: 'summary', columns: { peg: '' } }, 'DATA_VALIDATION_ERROR', /narrow lacks peg/, /--column/],
    [{ table: 'summary', layout: 'jsonb' as const }, 'DATA_VALIDATION_ERROR', /values/, /Columns: id, host, ne/],
    [
      { table: 'summary', columns: { time: 'host' } },
      'DATA_VALIDATION_ERROR',
      /host.*type text, which is no time/,
      /view/,
    ],
    [{ table: 'a.b.c' }, 'DATA_VALIDATION_ERROR', /a\.b\.c is no name/, /schema\.table/],
  ])('%o', async (request, code, message, hint) => {
    await expect(fixture.run(request)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it('tells tables of one name in two schemas apart', async () => {
    await fixture.source.pool.query(
      'CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.twice (x int); CREATE TABLE b.twice (x int)',
    );
    await expect(fixture.run({ table: 'twice' })).rejects.toMatchObject({
      message: '--table: twice may be a.twice or b.twice',
    });
    await fixture.source.pool.query('DROP SCHEMA a CASCADE; DROP SCHEMA b CASCADE');
  });

  it('says which right is missing', async () => {
    const { pool } = fixture.source;
    await insertNarrow(fixture.source, 'summary', [{ at: T0, value: '1' }]);
    await pool.query(
      "CREATE FUNCTION refuse() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE insufficient_privilege USING MESSAGE = 'permission denied for table secret'; END $$",
    );
    await pool.query(
      `CREATE VIEW closed AS SELECT ne, cellid, peg_name, datetime, refuse()::text AS value FROM summary`,
    );
    await expect(fixture.run({ table: 'closed', granularityS: 900 })).rejects.toMatchObject({
      code: 'UNPROCESSABLE',
      message: expect.stringContaining('permission denied for table secret'),
      hint: expect.stringContaining('GRANT SELECT'),
    });
  });
});

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
            return number === null
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
