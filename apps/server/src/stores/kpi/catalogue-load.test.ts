import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSamples } from '../../testing/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { createPostgresKpiStore, loadShippedCatalogue } from './kpi-store-postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('what the catalogue says of PEGs', () => {
  it('is there as soon as they are, goes behind what people say, and comes back where they take that back', async () => {
    const store = createPostgresKpiStore(database.pool);
    const peg = async (name: string) => (await store.pegs()).find((each) => each.name === name);
    const describeAs = (kind: 'gauge' | null, unit: string | null) =>
      store.describePegs([{ family: 'EUtranCellFDD', name: 'DRB.IPVolDl', kind, unit }]);
    await describeAs('gauge', null);
    await writeSamples(store, [
      {
        ne: 'E',
        ldn: 'EUtranCellFDD=1',
        begin: '2025-08-08T00:00:00Z',
        values: { 'DRB.IPVolDl': [1], 'DRB.IPVolDl.QCI9': [1] },
      },
    ]);
    expect(await peg('DRB.IPVolDl')).toMatchObject({
      kind: 'gauge',
      unit: 'kbit',
      base: 'DRB.IPVolDl',
      dimensions: {},
    });
    expect(await peg('DRB.IPVolDl.QCI9')).toMatchObject({
      kind: 'cumulative',
      base: 'DRB.IPVolDl',
      dimensions: { QCI: '9' },
    });

    // As if an earlier catalogue had been loaded, and PEGs had come before there was one.
    await database.pool.query(`UPDATE pegboard.peg_default SET unit = 'old'; DELETE FROM pegboard.catalogue_version`);
    await loadShippedCatalogue(database.pool);
    expect(await peg('DRB.IPVolDl')).toMatchObject({ kind: 'gauge', unit: 'kbit' });
    await database.pool.query('DELETE FROM pegboard.peg_default');
    await loadShippedCatalogue(database.pool);
    await describeAs(null, 'Mbit');
    expect(await peg('DRB.IPVolDl')).toMatchObject({ kind: 'cumulative', unit: 'Mbit' });
    const shown = await database.pool.query(
      `SELECT kind, unit, base, dimensions FROM public.peg WHERE name = 'DRB.IPVolDl.QCI9'`,
    );
    expect(shown.rows).toEqual([{ kind: 'cumulative', unit: 'kbit', base: 'DRB.IPVolDl', dimensions: { QCI: '9' } }]);
  });
});
