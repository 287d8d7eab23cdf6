import { describe, expect, it } from 'vitest';
import { insertNarrow, useImportFixture } from './testing/import-fixture.ts';

const fixture = useImportFixture();
const T0 = '2025-08-08T08:00Z';

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
