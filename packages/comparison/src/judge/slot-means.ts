import type { DayGrid } from './day-grid.ts';
import { type DayMatch, keyBase } from './match-days.ts';

/** Mean of each slot over the used days of a period, by key; 0 where there is none. */
export function slotMeans(grid: DayGrid, match: DayMatch, days: readonly number[]): Float64Array {
  const means = new Float64Array(match.keys);
  const counts = new Uint32Array(match.keys);
  const { perDay, amount, exposure } = grid;
  for (const day of days) {
    const base = keyBase(grid, day, match.byWeekday);
    const from = day * perDay;
    for (let slot = 0; slot < perDay; slot++) {
      const weight = exposure[from + slot];
      if (weight === 0) continue;
      means[base + slot] += weight === 1 ? amount[from + slot] : amount[from + slot] / weight;
      counts[base + slot]++;
    }
  }
  for (let key = 0; key < match.keys; key++) if (counts[key] > 1) means[key] /= counts[key];
  return means;
}
