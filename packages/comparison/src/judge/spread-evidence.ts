import type { DayGrid } from './day-grid.ts';
import type { DayMatch } from './match-days.ts';
import type { EffectDomain, SpreadEvidence } from './series-evidence.ts';

const FEWEST_DAYS = 4;
const FEWEST_BINS = 6;
/** Successive differences share a day, so they tell less than as many independent ones. */
const OVERLAP = 1.25;

/**
 * How much the hours scatter, N against N-1: for each day the mean distance of its hours from the day before, the shift
 * of the whole day taken out. One number a day, compared by their logs: neither cycle nor days that differ count.
 */
export function spreadEvidence(
  grids: readonly [DayGrid, DayGrid],
  match: DayMatch,
  domain: EffectDomain,
): SpreadEvidence | null {
  const scatters = [0, 1].map((period) => dailyScatter(grids[period], match.days[period], domain));
  if (scatters.some((days) => days.length < FEWEST_DAYS - 1)) return null;
  const sides = scatters.map((days) => {
    const mean = days.reduce((sum, value) => sum + value, 0) / days.length;
    return { mean, squares: days.reduce((sum, value) => sum + (value - mean) ** 2, 0), count: days.length };
  });
  const df = sides[0].count + sides[1].count - 2;
  const variance = (sides[0].squares + sides[1].squares) / df;
  const standardError = Math.sqrt(variance * (1 / sides[0].count + 1 / sides[1].count) * OVERLAP);
  if (!(standardError > 0)) return null;
  return { logRatio: sides[1].mean - sides[0].mean, standardError, df };
}

/** ln of the scatter of each day against the day before it. */
function dailyScatter(grid: DayGrid, days: readonly number[], domain: EffectDomain): number[] {
  const bins = Math.min(24, grid.perDay);
  if (bins < FEWEST_BINS) return [];
  const scatters: number[] = [];
  let before: Float64Array | null = null;
  let lastDay = -2;
  for (const day of days) {
    const levels = hourLevels(grid, day, bins, domain);
    if (before && day === lastDay + 1) {
      const scatter = scatterBetween(before, levels);
      if (scatter > 0) scatters.push(Math.log(scatter));
    }
    before = levels;
    lastDay = day;
  }
  return scatters;
}

function hourLevels(grid: DayGrid, day: number, bins: number, domain: EffectDomain): Float64Array {
  const { perDay, amount, exposure } = grid;
  const levels = new Float64Array(bins).fill(Number.NaN);
  let slot = 0;
  for (let bin = 0; bin < bins; bin++) {
    const end = Math.ceil(((bin + 1) * perDay) / bins);
    let sum = 0;
    let weight = 0;
    for (; slot < end; slot++) {
      sum += amount[day * perDay + slot];
      weight += exposure[day * perDay + slot];
    }
    if (weight === 0) continue;
    const mean = sum / weight;
    if (domain === 'linear') levels[bin] = mean;
    else if (mean > 0) levels[bin] = Math.log(mean);
  }
  return levels;
}

/** Mean distance of the differences from their mean; 0 where there are too few. */
function scatterBetween(before: Float64Array, after: Float64Array): number {
  let count = 0;
  let mean = 0;
  for (let bin = 0; bin < after.length; bin++) {
    const difference = after[bin] - before[bin];
    if (Number.isNaN(difference)) continue;
    count++;
    mean += (difference - mean) / count;
  }
  if (count < FEWEST_BINS) return 0;
  let distance = 0;
  for (let bin = 0; bin < after.length; bin++) {
    const difference = after[bin] - before[bin];
    if (!Number.isNaN(difference)) distance += Math.abs(difference - mean) / count;
  }
  return distance;
}
