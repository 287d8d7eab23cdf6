import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import type { KpiDefinitionStore } from './kpi.store.ts';
import { createPostgresKpiDefinitionStore } from './kpi.store-postgres.ts';

let database: TestDatabase;
let store: KpiDefinitionStore;
beforeAll(async () => {
  database = await createTestDatabase();
  store = createPostgresKpiDefinitionStore(database.pool, (error) => error);
});
afterAll(() => database.drop());

describe('the store of KPIs', () => {
  it('counts the versions of formulas, also behind a removal, and keeps what is not given', async () => {
    expect(await store.put('Drop rate', { formula: 'a/b', weight: 7 }, 1000)).toMatchObject({
      ...{ name: 'Drop rate', formula: 'a/b', version: 1, effectiveFromMs: 1000, weight: 7, critical: null },
    });
    const kept = await store.put('Drop rate', { polarity: 'lower_better', formula: 'a/b' }, 2000);
    expect(kept).toMatchObject({ version: 1, effectiveFromMs: 1000, weight: 7, polarity: 'lower_better' });
    expect(await store.put('Drop rate', { formula: '100*a/b' }, 3000)).toMatchObject({
      version: 2,
      effectiveFromMs: 3000,
    });
    expect(await store.remove('Drop rate')).toBe(true);
    expect(await store.remove('Drop rate')).toBe(false);
    expect(await store.list()).toEqual([]);
    expect(await store.put('Drop rate', { formula: 'a/b' }, 4000)).toMatchObject({ version: 3, weight: null });
    expect(await store.put('Drop rate', { formula: null }, 5000)).toMatchObject({ version: 0, effectiveFromMs: null });
  });

  it('takes any name for a name', async () => {
    const names = ['__proto__', "O'Neil", 'a\\b', '한국'];
    for (const name of names) await store.put(name, { thresholds: { relative: 5 } }, 1000);
    const stored = await store.list();
    for (const name of names) expect(stored.find((kpi) => kpi.name === name)?.thresholds).toEqual({ relative: 5 });
  });
});
