import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KpiStore } from '../../stores/kpi/kpi-store.ts';
import { createPostgresKpiStore } from '../../stores/kpi/kpi-store-postgres.ts';
import { writeSamples } from '../../testing/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { pegMeasure } from './measure.ts';
import { entitiesOf } from './places.ts';
import { readParts } from './read-parts.ts';

const CELLS = 12;
const HOURS = 24;
const DAY = { fromMs: Date.parse('2025-08-07T00:00:00Z'), toMs: Date.parse('2025-08-08T00:00:00Z') };

let database: TestDatabase;
let store: KpiStore;
beforeAll(async () => {
  database = await createTestDatabase();
  store = createPostgresKpiStore(database.pool);
  const quarters = (cell: number) => Array.from({ length: 4 * HOURS }, (_, at) => cell * 1000 + at);
  const cells = Array.from({ length: CELLS }, (_, cell) => cell);
  const about = { ne: 'NE', begin: '2025-08-07T00:00:00Z' };
  // Of the second family one cannot tell from the class of the object how much there is.
  await writeSamples(
    store,
    cells.map((cell) => ({ ...about, ldn: `NRCellDU=${cell}`, values: { a: quarters(cell), b: quarters(cell) } })),
  );
  await writeSamples(
    store,
    cells.map((cell) => ({ ...about, ldn: `Cell=${cell}`, family: 'Export', values: { a: quarters(cell) } })),
  );
});
afterAll(() => database.drop());

async function partsOf(objectClass: string, family: string, maxHeldNumbers: number) {
  const objects = (await store.measuredObjects()).filter((object) => object.objectClass === objectClass);
  const pegs = (await store.pegs()).filter((peg) => peg.family === family);
  const measures = pegs.map((peg) => pegMeasure(peg, () => expect.unreachable()).measure);
  const request = { measures, entities: entitiesOf(objects), allObjects: false, intervals: [DAY] };
  const cells: { cell: string | null; values: readonly number[] }[] = [];
  const sizes: number[] = [];
  for await (const { entities, tables } of readParts(store, request, maxHeldNumbers)) {
    sizes.push(entities.length);
    for (const [{ id, cellId }] of entities) {
      const [table] = tables[0].of(id);
      cells.push({ cell: cellId, values: [...table.column(0)] });
    }
  }
  const expected = objects.map(({ cellId }) => ({
    cell: cellId,
    values: Array.from({ length: 4 * HOURS }, (_, at) => Number(cellId) * 1000 + at),
  }));
  return { cells, expected, sizes };
}

describe('reading in parts', () => {
  it('reads all in one where that fits', async () => {
    const { cells, expected, sizes } = await partsOf('NRCellDU', 'NRCellDU', 1e6);
    expect(sizes).toEqual([CELLS]);
    expect(cells).toEqual(expected);
  });

  it('takes as many cells together as fit by their counters and the length of time', async () => {
    // Two counters of 96 quarters a cell.
    const { cells, expected, sizes } = await partsOf('NRCellDU', 'NRCellDU', 5 * 2 * 96);
    expect(sizes).toEqual([5, 5, 2]);
    expect(cells).toEqual(expected);
  });

  it('leaves cells to later parts where more comes than was thought, and reads each whole', async () => {
    const { cells, expected, sizes } = await partsOf('Cell', 'Export', 5 * 96);
    expect(sizes.every((size) => size <= 5)).toBe(true);
    expect(cells).toEqual(expected);
  });

  it('reads a cell whole that does not fit', async () => {
    const { cells, expected, sizes } = await partsOf('Cell', 'Export', 10);
    expect(sizes).toEqual(Array(CELLS).fill(1));
    expect(cells).toEqual(expected);
  });
});
