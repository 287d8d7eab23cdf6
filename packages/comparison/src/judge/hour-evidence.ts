import type { RankScratch } from '@pegboard/stats';
import { meanVariance } from './autocorrelation.ts';
import { confounderOf } from './day-evidence.ts';
import type { DayGrid } from './day-grid.ts';
import type { DayMatch } from './match-days.ts';
import { rankOfDifferences } from './rank-test.ts';
import { medianOf, medianOfDifferences, medianOfWalshAverages } from './robust-location.ts';
import type { EffectDomain, HourEvidence } from './series-evidence.ts';
import { slotMeans } from './slot-means.ts';

/** Slots are brought together to no more bins than this; the pairs of bins grow with its square. */
export const MOST_BINS = 48;
const FEWEST_PAIRS = 4;
/** What an empty bin counts as, of the other side. */
const EMPTY_SHARE = 0.01;

/**
 * Matched samples within one or two days: slot by slot N against N-1, in the order of the clock. Null below four pairs.
 * Unpaired periods: all bins of N against all bins of N-1.
 */
export function hourEvidence(
  grids: readonly [DayGrid, DayGrid],
  match: DayMatch,
  domain: EffectDomain,
  mostBins: number,
  dayLevels: readonly [Float64Array, Float64Array] | null,
  scratch: RankScratch,
): HourEvidence | null {
  const common = {
    unit: 'hours' as const,
    days: [Math.max(1, match.days[0].length), Math.max(1, match.days[1].length)] as const,
    ...betweenDays(dayLevels),
    confounder: confounderOf(match),
  };
  if (match.kind === 'unpaired') {
    const slots = [allSlots(grids[0]), allSlots(grids[1])];
    const overall = (average(slots[0]) + average(slots[1])) / 2;
    const sides = slots.map((values) => binned(values, domain, overall));
    if (Math.min(sides[0].length, sides[1].length) < FEWEST_PAIRS) return null;
    const spread = sides.map(meanVariance);
    return {
      ...common,
      shift: medianOfDifferences(sides[0], sides[1]),
      variance: spread[0].variance + spread[1].variance,
      df: Math.min(spread[0].df, spread[1].df),
      pairs: Math.min(sides[0].length, sides[1].length),
      correlation: Math.max(spread[0].correlation, spread[1].correlation),
      rank: null,
    };
  }
  const differences = matchedDifferences(grids, match, domain, mostBins);
  if (differences.length < FEWEST_PAIRS) return null;
  const { variance, df, correlation } = meanVariance(differences);
  const shift = medianOfWalshAverages(differences);
  const rank = rankOfDifferences(differences, scratch);
  return { ...common, shift, variance, df, pairs: differences.length, correlation, rank };
}

/** N against N-1 in each bin of common slots, in the order of the clock. */
function matchedDifferences(
  grids: readonly [DayGrid, DayGrid],
  match: DayMatch,
  domain: EffectDomain,
  mostBins: number,
): Float64Array {
  const sums = [0, 1].map((period) => slotMeans(grids[period], match, match.days[period]));
  const perBin = Math.ceil(match.commonKeys / mostBins);
  const differences: number[] = [];
  let inBin = 0;
  let before = 0;
  let after = 0;
  for (let key = 0; key < match.keys; key++) {
    if (match.isCommon[key] === 0) continue;
    before += sums[0][key];
    after += sums[1][key];
    inBin++;
    if (inBin < perBin) continue;
    pushDifference(differences, before, after, inBin, domain);
    inBin = 0;
    before = 0;
    after = 0;
  }
  if (inBin > 0 && inBin * 2 >= perBin) pushDifference(differences, before, after, inBin, domain);
  return Float64Array.from(differences);
}

function pushDifference(
  differences: number[],
  before: number,
  after: number,
  slots: number,
  domain: EffectDomain,
): void {
  if (domain === 'linear') differences.push((after - before) / slots);
  else if (before === 0 && after === 0) differences.push(0);
  else differences.push(Math.log(ofBoth(after, before)) - Math.log(ofBoth(before, after)));
}

function ofBoth(value: number, other: number): number {
  return value > 0 ? value : EMPTY_SHARE * other;
}

/** Values of all slots that hold something, in time order. */
function allSlots(grid: DayGrid): number[] {
  const values: number[] = [];
  for (let place = 0; place < grid.amount.length; place++) {
    if (grid.exposure[place] > 0) values.push(grid.amount[place] / grid.exposure[place]);
  }
  return values;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

function binned(values: readonly number[], domain: EffectDomain, overall: number): Float64Array {
  const perBin = Math.ceil(values.length / MOST_BINS);
  const bins = new Float64Array(perBin === 0 ? 0 : Math.floor(values.length / perBin));
  for (let bin = 0; bin < bins.length; bin++) {
    let sum = 0;
    for (let i = bin * perBin; i < (bin + 1) * perBin; i++) sum += values[i] / perBin;
    bins[bin] = domain === 'linear' || overall === 0 ? sum : Math.log(sum > 0 ? sum : EMPTY_SHARE * overall);
  }
  return bins;
}

/** Variance of days around the mean of their period, where a period has two or more. */
function betweenDays(levels: readonly [Float64Array, Float64Array] | null): { dayVariance: number; dayDf: number } {
  let squares = 0;
  let dayDf = 0;
  for (const days of levels ?? []) {
    if (days.length < 2 || days.some(Number.isNaN)) continue;
    const middle = days.length === 2 ? (days[0] + days[1]) / 2 : medianOf([...days]);
    for (const level of days) squares += (level - middle) ** 2;
    dayDf += days.length - 1;
  }
  return { dayVariance: dayDf === 0 ? 0 : squares / dayDf, dayDf };
}
