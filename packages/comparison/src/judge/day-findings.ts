import { studentTTwoSided } from '@pegboard/stats';
import { weekdayOf } from './day-grid.ts';
import type { DayShift } from './day-shift.ts';
import type { DayFindings, OutlierDay, StepWithin } from './judgement.ts';
import { pairedDays } from './paired-days.ts';
import { medianOf } from './robust-location.ts';
import type { DayEvidence } from './series-evidence.ts';

/** A step must be so improbable among all places it could have. */
const STEP_P = 0.001;
const FEWEST_DAYS = 5;
/** Distance of an outlier day in robust standard deviations. */
const OUTLIER_DISTANCE = 4;
const DRIFT_P = 0.001;

const NONE: DayFindings = Object.freeze({ step: null, outliers: [], hasDrift: false });

/**
 * What the days say beside their shift: a lasting step inside a period, days that lie apart, a trend through both periods.
 * @param threshold smallest size that matters, in the domain
 */
export function dayFindings(shift: DayEvidence, days: DayShift, threshold: number): DayFindings {
  const { levels } = shift;
  if (Math.min(levels[0].length, levels[1].length) < FEWEST_DAYS) return NONE;
  const differences = pairedDays(shift);
  const isMirrored = differences !== null;
  // Days matched one to one mirror each other around the common profile: their differences carry everything.
  const sides = differences ? [[], differences] : levels;
  const step = stepOf(shift, sides, threshold);
  const outliers = step ? [] : outlierDays(shift, sides, threshold, isMirrored);
  return { step, outliers, hasDrift: step === null && !isMirrored && hasDrift(shift, days) };
}

/** The clearest step of either period, where it is clear beyond chance and large enough. */
function stepOf(shift: DayEvidence, sides: readonly (readonly number[])[], threshold: number): StepWithin | null {
  let found: (StepWithin & { readonly p: number }) | null = null;
  for (const period of [0, 1] as const) {
    const side = sides[period];
    for (let at = 2; at <= side.length - 2; at++) {
      const [before, after] = [side.slice(0, at), side.slice(at)];
      const size = meanOf(after) - meanOf(before);
      if (Math.abs(size) < threshold) continue;
      const df = side.length - 2;
      const variance = (squaresOf(before) + squaresOf(after)) / df;
      const standardError = Math.sqrt(variance * (1 / before.length + 1 / after.length));
      const p = standardError === 0 ? 0 : studentTTwoSided(size / standardError, df) * (side.length - 3);
      if (p > STEP_P || (found && p >= found.p)) continue;
      found = { period: period === 0 ? 'n_minus_1' : 'n', day: shift.dayNumbers[period][at], size, p };
    }
  }
  return found && { period: found.period, day: found.day, size: found.size };
}

function outlierDays(
  shift: DayEvidence,
  sides: readonly (readonly number[])[],
  threshold: number,
  isMirrored: boolean,
): OutlierDay[] {
  const outliers: OutlierDay[] = [];
  for (const period of [0, 1] as const) {
    const side = sides[period];
    if (side.length === 0) continue;
    const middle = medianOf(side);
    const scale = 1.4826 * medianOf(side.map((level) => Math.abs(level - middle)));
    side.forEach((level, i) => {
      const distance = level - middle;
      if (Math.abs(distance) < Math.max(OUTLIER_DISTANCE * scale, threshold)) return;
      const odd = isMirrored ? oddOfPair(shift, i) : { period, at: i };
      const sign = odd.period === period ? 1 : -1;
      outliers.push({
        period: odd.period === 0 ? 'n_minus_1' : 'n',
        day: shift.dayNumbers[odd.period][odd.at],
        distance: sign * distance,
      });
    });
  }
  return outliers;
}

/** Which of two matched days is the odd one: that which lies further from the other days of its period. */
function oddOfPair(shift: DayEvidence, at: number): { readonly period: 0 | 1; readonly at: number } {
  const weekday = weekdayOf(shift.dayNumbers[1][at]);
  const before = shift.dayNumbers[0].findIndex((day) => weekdayOf(day) === weekday);
  const distances = [before, at].map((place, period) => {
    const means = shift.means[period];
    const middle = medianOf(means);
    const size = Math.abs(middle) > 0 ? Math.abs(middle) : 1;
    return before < 0 ? period : Math.abs(means[place] - middle) / size;
  });
  return distances[1] >= distances[0] ? { period: 1, at } : { period: 0, at: before };
}

/** Both periods trend the same way, and N-1 already did. */
function hasDrift({ levels }: DayEvidence, { shift }: DayShift): boolean {
  const slopes = levels.map(slopeOf);
  return slopes.every(({ p, slope }) => p < DRIFT_P && slope > 0 === shift > 0);
}

function slopeOf(values: readonly number[]): { readonly slope: number; readonly p: number } {
  const n = values.length;
  const middle = (n - 1) / 2;
  const mean = meanOf(values);
  let products = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    products += (i - middle) * (values[i] - mean);
    squares += (i - middle) ** 2;
  }
  const slope = products / squares;
  let rest = 0;
  for (let i = 0; i < n; i++) rest += (values[i] - mean - slope * (i - middle)) ** 2;
  const standardError = Math.sqrt(rest / (n - 2) / squares);
  return { slope, p: standardError === 0 ? (slope === 0 ? 1 : 0) : studentTTwoSided(slope / standardError, n - 2) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

function squaresOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
