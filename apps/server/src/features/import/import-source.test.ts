import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { insertNarrow, samplesOf, useImportFixture } from './testing/import-fixture.ts';

const fixture = useImportFixture();
const T0 = '2025-08-08T08:00Z';
const T1 = '2025-08-08T08:15Z';

describe('what the source does not have', () => {
  it.each([
    [
      { table: 'sumary' },
      'UNKNOWN_NAME',
      /no table or view sumary/,
      /^Did you mean .*summary.*\? There are: public\.summary, public\.summary_json\.$/,
    ],
    [
      { table: 'nothing_like_it' },
      'UNKNOWN_NAME',
      /nothing_like_it/,
      /There are: public\.summary, public\.summary_json/,
    ],
    [
      { table: 'summary', columns: { value: 'vaule' } },
      'UNKNOWN_NAME',
      /no column vaule/,
      /^Did you mean value\? Columns: id, host, .*, value\.$/,
    ],
    [{ table: 'summary', columns: { peg: '' } }, 'DATA_VALIDATION_ERROR', /narrow lacks peg/, /--column/],
    [{ table: 'summary', layout: 'jsonb' as const }, 'DATA_VALIDATION_ERROR', /values/, /Columns: id, host, ne/],
    [{ table: 'summary', columns: { time: 'id' } }, 'DATA_VALIDATION_ERROR', /id.*type int8, which is no time/, /view/],
    [
      { table: 'summary', columns: { time: 'ne' } },
      'DATA_VALIDATION_ERROR',
      /ne of summary holds texts that are no times, such as "NE1"/,
      /2025-08-08 08:15:00/,
    ],
    [{ table: 'a.b.c' }, 'DATA_VALIDATION_ERROR', /a\.b\.c is no name/, /schema\.table/],
  ])('%o', async (request, code, message, hint) => {
    await insertNarrow(fixture.source, 'summary', [{ at: T0, value: '1' }]);
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

  it('names the first columns of a table of 1,600, and reads the few that it needs', async () => {
    const columns = Array.from({ length: 1595 }, (_, i) => `c${i} text`).join(', ');
    await fixture.source.pool.query(`
      CREATE TABLE wide (${columns}, datetime timestamptz, ne text, peg_name text, value text, cellid text);
      INSERT INTO wide (datetime, ne, peg_name, value, cellid) VALUES ('${T0}', 'N', 'P', '1', '7'), ('${T1}', 'N', 'P', '2', '7')`);
    await expect(fixture.run({ table: 'wide', columns: { value: 'nothing_of_it' } })).rejects.toMatchObject({
      hint: expect.stringMatching(/^Columns: c0, c1, .*, c19 and 1580 more\.$/),
    });
    await fixture.run({ table: 'wide' });
    expect(await samplesOf(fixture.target)).toEqual([
      '2025-08-08T08:00 900 N Cell=7 Cell/P = 1',
      '2025-08-08T08:15 900 N Cell=7 Cell/P = 2',
    ]);
  });
});

describe('what the source has', () => {
  it('may be no more than time, network element, PEG and value', async () => {
    await fixture.source.pool.query(`
      CREATE TABLE bare (ts timestamptz, ne text, counter text, value real);
      INSERT INTO bare VALUES ('${T0}', 'N', 'P', 1.5), ('${T1}', 'N', 'P', NULL), ('${T1}', 'N', 'Q', 2);
      CREATE TABLE bare_json (ts timestamptz, ne text, counters jsonb);
      INSERT INTO bare_json VALUES ('${T0}', 'M', '{"P":"3"}'), ('${T1}', 'M', '{"P":4}')`);
    await fixture.run({ table: 'bare' });
    await fixture.run({ table: 'bare_json' });
    expect((await samplesOf(fixture.target)).map((line) => line.slice(21))).toEqual([
      'M - ManagedElement/P = 3',
      'N - ManagedElement/P = 1.5',
      'M - ManagedElement/P = 4',
      'N - ManagedElement/Q = 2',
    ]);
  });

  it('may be an empty table, or one without rows in the time asked for', async () => {
    const nothing = { completed: true, rows: 0, values: 0, period: null, granularity_s: null, slices: 0 };
    expect(await fixture.run({ table: 'summary' })).toMatchObject(nothing);
    expect(await fixture.run({ table: 'summary_json' })).toMatchObject(nothing);
    await insertNarrow(fixture.source, 'summary', [{ at: T0, value: '1' }]);
    expect(await fixture.run({ table: 'summary', sinceMs: Date.parse(T1) })).toMatchObject(nothing);
  });

  it('may have names with capitals, spaces and points, found without capitals too where that is clear', async () => {
    await fixture.source.pool.query(`
      CREATE SCHEMA "Net Perf"; CREATE TABLE "Net Perf"."Raw.Kpi" ("DateTime" timestamptz, "NE Name" text, "PEG" text, "Value" text);
      INSERT INTO "Net Perf"."Raw.Kpi" VALUES ('${T0}', 'N', 'P', '1'), ('${T1}', 'N', 'P', '2')`);
    const columns = { ne: 'ne name' };
    for (const table of ['"Net Perf"."Raw.Kpi"', '"net perf"."raw.kpi"', '"Raw.Kpi"']) {
      expect(await fixture.run({ table, columns, restart: true })).toMatchObject({
        rows: 2,
        source: { table: 'Net Perf.Raw.Kpi', columns: { ne: 'NE Name', value: 'Value' } },
      });
    }
  });
});

describe('a role that may only read', () => {
  const role = `reader_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  afterAll(() => fixture.source.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`));

  it('is told which right it lacks, and needs no more than SELECT', async () => {
    const { pool, connection, name } = fixture.source;
    await insertNarrow(fixture.source, 'summary', [
      { at: T0, value: '1' },
      { at: T1, value: '2' },
    ]);
    await pool.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'; REVOKE ALL ON SCHEMA public FROM PUBLIC`);
    const from = `postgres://${role}@localhost:${connection.port}/${name}?host=${encodeURIComponent(connection.host)}`;
    const run = () => fixture.run({ table: 'summary', from }, { password });
    const lacks = (what: string) => ({
      code: 'UNPROCESSABLE',
      message: expect.stringMatching(new RegExp(`does not let user ${role} read: permission denied for ${what}`)),
      hint: expect.stringContaining('GRANT SELECT on the table, and USAGE on its schema'),
    });
    await expect(run()).rejects.toMatchObject(lacks('schema public'));
    await pool.query(`GRANT USAGE ON SCHEMA public TO ${role}`);
    await expect(run()).rejects.toMatchObject(lacks('table summary'));
    await pool.query(`GRANT SELECT ON summary TO ${role}`);
    expect(await run()).toMatchObject({ completed: true, rows: 2 });
    expect(await samplesOf(fixture.target)).toHaveLength(2);
  });
});

describe('a source that changes while it is read', () => {
  const at = (i: number) => new Date(Date.UTC(2025, 0, 1) + i * 21_600_000).toISOString();
  const definition = 'SELECT ne, cellid, peg_name, datetime, value FROM summary';

  it.each([
    [
      'a column goes',
      definition.replace(', value', ''),
      /column value of public\.v has gone while it was read|as it was any more: column t\.value does not exist/,
    ],
    [
      'times lose their zone',
      definition.replace('datetime', "datetime AT TIME ZONE 'Asia/Seoul' AS datetime"),
      /column datetime of public\.v now has the type timestamp instead of timestamptz/,
    ],
    ['all goes', null, /^public\.v has gone from the source|as it was any more: relation "public\.v" does not exist/],
  ])('says so where %s', async (_what, changed, message) => {
    const { pool } = fixture.source;
    await insertNarrow(
      fixture.source,
      'summary',
      Array.from({ length: 600 }, (_, i) => ({ at: at(i), value: '1' })),
    );
    await pool.query(`CREATE VIEW v AS ${definition}`);
    let change: Promise<unknown> | null = null;
    const onProgress = () => {
      change ??= pool.query(`DROP VIEW v;${changed === null ? '' : `CREATE VIEW v AS ${changed}`}`);
    };
    const running = fixture.run({ table: 'v', follow: { pollMs: 20 } }, { onProgress });
    await expect(running).rejects.toMatchObject({
      code: 'UNPROCESSABLE',
      message: expect.stringMatching(message),
      hint: expect.stringContaining('again'),
    });
    await change;
  });
});
