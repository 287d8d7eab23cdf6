import { medianOf, medianOfDifferences } from './robust-location.ts';
import type { DayEvidence } from './series-evidence.ts';

/**
 * The day farthest from the middle, of each week, counts as if it were no farther than this many robust standard deviations.
 * `alone`: no other series tells what variance to expect, so less is drawn in, and what that takes off is made up for.
 */
const DRAWN_IN = {
  grouped: { distance: 1.5, varianceShare: 1, dfShare: 1 },
  alone: { distance: 3.5, varianceShare: 0.95, dfShare: 0.88 },
} as const;
const DAYS_FOR_ONE = 7;
/** With fewer days a robust scale is a matter of luck. */
const FEWEST_DAYS = 5;
/** Makes the median distance of normal values their standard deviation. */
const NORMAL_SCALE = 1.4826;

/** A shift estimated from days, with the scatter of the days around it. */
export interface DayShift {
  /** Hodges–Lehmann shift. */
  readonly shift: number;
  /** Winsorised variance of a unit around the mean of its period, and its degrees of freedom. */
  readonly variance: number;
  readonly df: number;
  /** Variance of the shift = variance × leverage. */
  readonly leverage: number;
  /** Residuals of N-1, then of N, in time order. */
  readonly residuals: readonly [readonly number[], readonly number[]];
}

/**
 * Shift and scatter of days. The variance is that of a two-way layout: weekday + period + day; of each week the day
 * that lies farthest is drawn in, so that one odd day does not hide a change of all others.
 *
 * Source: Hodges, Lehmann, Ann. Math. Statist. 34 (1963) 598; Tukey, McLaughlin, Sankhyā A 25 (1963) 331 (Winsorising).
 */
export function dayShift({ levels, df }: DayEvidence, company: 'grouped' | 'alone'): DayShift {
  const { distance, varianceShare, dfShare } = DRAWN_IN[company];
  const residuals = [aroundMean(drawnIn(levels[0], distance)), aroundMean(drawnIn(levels[1], distance))] as const;
  let squares = 0;
  for (const side of residuals) for (const residual of side) squares += residual * residual;
  return {
    shift: medianOfDifferences(levels[0], levels[1]),
    variance: squares / df / varianceShare,
    df: Math.max(1, df * dfShare),
    leverage: 1 / levels[0].length + 1 / levels[1].length,
    residuals,
  };
}

function drawnIn(values: readonly number[], distance: number): readonly number[] {
  if (values.length < FEWEST_DAYS) return values;
  const middle = medianOf(values);
  const distances = values.map((value) => Math.abs(value - middle));
  const reach = distance * NORMAL_SCALE * medianOf(distances);
  if (reach === 0) return values;
  // Only the farthest: a small robust scale is often luck, and would draw in ordinary days.
  const most = Math.max(1, Math.floor(values.length / DAYS_FOR_ONE));
  const least = distances.toSorted((a, b) => b - a)[most - 1];
  return values.map((value, i) =>
    distances[i] < least ? value : Math.max(middle - reach, Math.min(middle + reach, value)),
  );
}

function aroundMean(values: readonly number[]): number[] {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  return values.map((value) => value - mean);
}
