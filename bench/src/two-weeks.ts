import { option, seededRandom } from './measure.ts';

/** Two weeks of samples for the benchmarks of comparisons: 200 cells × 100 PEGs × 14 days of 15 minutes. */
export const CELLS = Number(option('cells') ?? 200);
export const PEGS = 100;
export const PERIOD_S = 900;
const DAYS = 14;
export const PERIODS = (DAYS * 86_400) / PERIOD_S;
export const START_MS = Date.UTC(2026, 0, 1);
export const MIDDLE_MS = START_MS + (DAYS / 2) * 86_400_000;
export const END_MS = START_MS + DAYS * 86_400_000;
const MISSING_SHARE = 0.01;

/** The values of all cells, one granularity period after the other: counts with a daily cycle, some missing (NaN). */
export function* generatedPeriods(): Generator<{ period: number; values: Float64Array }> {
  const random = seededRandom(1);
  const values = new Float64Array(CELLS * PEGS);
  for (let period = 0; period < PERIODS; period++) {
    const cycle = 1 - 0.6 * Math.cos((2 * Math.PI * (period % 96)) / 96);
    for (let at = 0; at < values.length; at++) {
      const draw = random();
      values[at] = draw < MISSING_SHARE ? Number.NaN : Math.floor(cycle * (10 + 7 * (at % PEGS)) * (0.5 + draw));
    }
    yield { period, values };
  }
}
