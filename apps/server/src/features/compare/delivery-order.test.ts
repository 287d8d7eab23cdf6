import { type CompareDocument, compareDocument, compareRequest } from '@pegboard/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeServices } from '../../compose.ts';
import { manualClock } from '../../platform/clock.ts';
import { type TestSeries, writeSamples } from '../../testing/test-app.ts';
import { createTestDatabase } from '../../testing/test-database.ts';

const HOURS_IN_FILE = 6;
const FILES_IN_PERIOD = 12;
const LONG = { n_minus_1: '2025-08-04/2025-08-07', n: '2025-08-07/2025-08-10' };
const SHORT = { n_minus_1: '2025-08-06', n: '2025-08-07' };

/** Files of six hours of one NE each, with values whose sums round differently in every order. */
function files(): TestSeries[][] {
  const values = fc.sample(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { seed: 7, numRuns: 4000 });
  let next = 0;
  const draw = () => Array.from({ length: HOURS_IN_FILE * 4 }, () => values[next++ % values.length] ?? 0);
  return ['NE1', 'NE2'].flatMap((ne) =>
    Array.from({ length: 2 * FILES_IN_PERIOD }, (_, file) => {
      const begin = new Date(Date.UTC(2025, 7, 4, file * HOURS_IN_FILE)).toISOString();
      return ['1', '2', '3'].map((cell) => ({ ne, ldn: `NRCellDU=${cell}`, begin, values: { a: draw(), b: draw() } }));
    }),
  );
}

async function compareAll(deliveries: readonly (readonly TestSeries[])[]): Promise<CompareDocument[]> {
  const database = await createTestDatabase();
  const clock = manualClock(0);
  try {
    const { store, compare } = composeServices(database, { timeZone: 'UTC' }, { clock, emit: () => {} });
    for (const series of deliveries) await writeSamples(store, series);
    const documents: CompareDocument[] = [];
    for (const periods of [LONG, SHORT]) {
      for (const by of ['cell', 'ne', 'network'] as const) {
        const request = compareRequest.parse({ ...periods, by });
        documents.push(compareDocument.parse(await compare.compare(request, { maxSeries: Number.POSITIVE_INFINITY })));
      }
    }
    return documents;
  } finally {
    await database.drop();
  }
}

describe('a comparison', () => {
  it('gives the same digits whatever the order of delivery', async () => {
    const inOrder = files();
    const expected = await compareAll(inOrder);
    expect(expected[0]?.results).toHaveLength(12);
    expect(expected[0]?.results[0]?.n_period.count).toBe(288);
    const shuffled = fc.sample(fc.shuffledSubarray(inOrder, { minLength: inOrder.length }), { seed: 3, numRuns: 2 });
    for (const deliveries of [[...inOrder].reverse(), ...shuffled]) {
      expect(JSON.stringify(await compareAll(deliveries))).toBe(JSON.stringify(expected));
    }
  }, 60_000);
});
