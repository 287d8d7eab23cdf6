import type { DayGrid } from './day-grid.ts';
import { type DayMatch, keyBase } from './match-days.ts';
import type { EffectDomain } from './series-evidence.ts';
import { slotMeans } from './slot-means.ts';

const HOURS_PER_DAY = 24;
/** What an empty bin counts as, of the level of its period: it must not be infinitely far away. */
const EMPTY_SHARE = 0.01;
/** From this share of empty slots on, whole days are compared: hours that are mostly 0 have no ratio. */
const MANY_ZEROS = 0.05;

/** The values of a period against the common profile of both periods, by day and by hour. */
export interface Levels {
  /** One a used day: how far the day lies from the profile, in the domain. NaN: the day has no common slot. */
  readonly days: Float64Array;
  /** used days × bins; NaN where a bin has nothing. */
  readonly bins: Float64Array;
  readonly binsPerDay: number;
  /** Mean over the common slots, on the scale of the values. */
  readonly level: number;
}

/**
 * What a slot is expected to hold where both periods count the same: the mean of their slot means, in the log domain the
 * geometric one, so that the periods lie evenly about it and swapping them changes signs alone. 0 for keys not common.
 */
function commonProfile(
  grids: readonly [DayGrid, DayGrid],
  match: DayMatch,
  domain: EffectDomain,
): { profile: Float64Array; levels: [number, number] } {
  const before = slotMeans(grids[0], match, match.days[0]);
  const after = slotMeans(grids[1], match, match.days[1]);
  const profile = new Float64Array(match.keys);
  const levels: [number, number] = [0, 0];
  for (let key = 0; key < match.keys; key++) {
    if (match.isCommon[key] === 0) continue;
    const a = before[key];
    const b = after[key];
    levels[0] += a;
    levels[1] += b;
    if (domain === 'linear') profile[key] = (a + b) / 2;
    else profile[key] = a > 0 && b > 0 ? Math.sqrt(a * b) : EMPTY_SHARE * Math.max(a, b);
  }
  levels[0] /= match.commonKeys;
  levels[1] /= match.commonKeys;
  return { profile, levels };
}

/** Both periods against their common profile. In the log domain all values are ≥ 0. */
export function valueLevels(
  grids: readonly [DayGrid, DayGrid],
  match: DayMatch,
  domain: EffectDomain,
  zeroShare: number,
): readonly [Levels, Levels] {
  const { profile, levels } = commonProfile(grids, match, domain);
  const perDay = grids[0].perDay;
  const bins = domain === 'log' && zeroShare > MANY_ZEROS ? 1 : Math.min(HOURS_PER_DAY, perDay);
  const of = (period: 0 | 1): Levels => {
    const days = match.days[period];
    const binLevels = new Float64Array(days.length * bins).fill(Number.NaN);
    const dayLevels = new Float64Array(days.length);
    const scratch = new Float64Array(bins);
    const middle = (levels[0] + levels[1]) / 2;
    const empty = Math.log(EMPTY_SHARE * Math.max(EMPTY_SHARE, middle > 0 ? levels[period] / middle : 1));
    days.forEach((day, place) => {
      fillBins(grids[period], day, match, profile, domain, empty, binLevels.subarray(place * bins, (place + 1) * bins));
      dayLevels[place] = midmean(binLevels, place * bins, bins, scratch);
    });
    return { days: dayLevels, bins: binLevels, binsPerDay: bins, level: levels[period] };
  };
  return [of(0), of(1)];
}

function fillBins(
  grid: DayGrid,
  day: number,
  match: DayMatch,
  profile: Float64Array,
  domain: EffectDomain,
  empty: number,
  target: Float64Array,
): void {
  const bins = target.length;
  const { perDay, amount, exposure } = grid;
  const base = keyBase(grid, day, match.byWeekday);
  const from = day * perDay;
  let slot = 0;
  for (let bin = 0; bin < bins; bin++) {
    const end = Math.ceil(((bin + 1) * perDay) / bins);
    let observed = 0;
    let expected = 0;
    let count = 0;
    for (; slot < end; slot++) {
      const weight = exposure[from + slot];
      if (weight === 0 || match.isCommon[base + slot] === 0) continue;
      observed += weight === 1 ? amount[from + slot] : amount[from + slot] / weight;
      expected += profile[base + slot];
      count++;
    }
    if (count === 0) continue;
    if (domain === 'linear') target[bin] = (observed - expected) / count;
    else if (expected === 0) target[bin] = 0;
    else target[bin] = observed > 0 ? Math.log(observed / expected) : empty;
  }
}

/**
 * Mean of the middle half: close to the mean for well-behaved hours, to the median for wild ones. NaN places are left out;
 * NaN without any. Cost: an insertion sort of at most 24 numbers.
 */
function midmean(values: Float64Array, from: number, length: number, scratch: Float64Array): number {
  let count = 0;
  for (let i = from; i < from + length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    let at = count++;
    for (; at > 0 && scratch[at - 1] > value; at--) scratch[at] = scratch[at - 1];
    scratch[at] = value;
  }
  if (count === 0) return Number.NaN;
  const cut = Math.floor(count / 4);
  let sum = 0;
  for (let i = cut; i < count - cut; i++) sum += scratch[i];
  return sum / (count - 2 * cut);
}
