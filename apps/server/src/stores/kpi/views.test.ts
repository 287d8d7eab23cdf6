import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { createPostgresKpiStore } from './kpi-store-postgres.ts';
import { counters, deliver, readSamples, refusal, sampleKey, T0 } from './testing/store-fixture.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const store = createPostgresKpiStore(database.pool);
  await deliver(store, {
    content: 'x',
    blocks: [
      { values: { Thru: 1.5, 'v[0]': null, 'v[1]': 7 } },
      { ne: 'NE2', ldn: 'Equipment=1', granularityS: 3600, suspect: true, family: 'Board', values: { Temp: -0.25 } },
      { ldn: 'NRCellDU=500', values: counters('c', 500) },
    ],
  });
  await store.describePegs([
    { family: 'NRCellDU', name: 'Thru', unit: 'kbit/s', polarity: 'higher_better', weight: 8 },
  ]);
  await store.quarantine.record(refusal({ error: { code: 'empty', message: 'is empty' } }), null);
});
afterAll(() => database.drop());

describe('the view pm_sample', () => {
  it('has a row for each sample, with UTC times and names', async () => {
    const { rows, fields } = await database.pool.query(
      `SELECT * FROM pm_sample WHERE object <> 'NRCellDU=500' ORDER BY ne, peg COLLATE "C"`,
    );
    const columns = ['begin', 'granularity_s', 'ne', 'object', 'cell', 'peg', 'value', 'suspect', 'family'];
    expect(fields.map((field) => field.name)).toEqual(columns);
    const cell = { begin: new Date(T0), granularity_s: 900, ne: 'NE1', object: 'NRCellDU=20', cell: '20' };
    expect(rows).toEqual([
      { ...cell, peg: 'Thru', value: 1.5, suspect: false, family: 'NRCellDU' },
      { ...cell, peg: 'v[1]', value: 7, suspect: false, family: 'NRCellDU' },
      {
        ...{ begin: new Date(T0), granularity_s: 3600, ne: 'NE2', object: 'Equipment=1', cell: null },
        ...{ peg: 'Temp', value: -0.25, suspect: true, family: 'Board' },
      },
    ]);
    const text = await database.pool.query(`SELECT DISTINCT "begin"::text AS "begin" FROM pm_sample`);
    expect(text.rows).toEqual([{ begin: '2025-08-07 00:00:00+00' }]);
  });

  it('gives each counter of several groups its own value', async () => {
    const { rows } = await database.pool.query<{ peg: string; value: number }>(
      `SELECT peg, value FROM pm_sample WHERE cell = '500'`,
    );
    expect(Object.fromEntries(rows.map(({ peg, value }) => [peg, value]))).toEqual(counters('c', 500));
  });
});

describe('the other views', () => {
  it.each([
    ['network_element', { name: 'NE1', vendor: null }],
    ['measured_object', { ne: 'NE1', object: 'NRCellDU=20', class: 'NRCellDU', cell: '20', rat: 'NR' }],
    [
      'peg',
      { family: 'NRCellDU', name: 'Thru', unit: 'kbit/s', polarity: 'higher_better', weight: 8, critical: false },
    ],
    ['ingest_file', { status: 'ok', format: 'ts-32.435', error_code: null }],
    ['ingest_file', { status: 'quarantined', error_code: 'empty', error_message: 'is empty' }],
  ])('%s shows %o', async (view, expected) => {
    const { rows } = await database.pool.query(`SELECT * FROM public.${view}`);
    expect(rows).toContainEqual(expect.objectContaining(expected));
  });
});

describe('blocks sent as arrays, where the server may not send them raw', () => {
  it('read back the same', async () => {
    const raw = await readSamples(createPostgresKpiStore(database.pool));
    expect(raw.size).toBe(503);
    expect(raw.get(sampleKey({}, 'v[1]'))).toBe(7);
    const pegs = await createPostgresKpiStore(database.pool).pegs();
    const few = { pegIds: pegs.filter((peg) => /^c.*3$|^v|Temp/.test(peg.name)).map((peg) => peg.id) };
    const rawFew = await readSamples(createPostgresKpiStore(database.pool), few);
    await database.pool.query('DROP FUNCTION pegboard.block_bytes');
    expect(await readSamples(createPostgresKpiStore(database.pool))).toEqual(raw);
    expect(await readSamples(createPostgresKpiStore(database.pool), few)).toEqual(rawFew);
    expect(rawFew.size).toBe(52);
  });
});
