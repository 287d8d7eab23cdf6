import { medianOfDifferences } from './robust-location.ts';
import type { DayEvidence } from './series-evidence.ts';

/** A shift estimated from days, with the scatter of the days around it. */
export interface DayShift {
  /** Hodges–Lehmann shift. */
  readonly shift: number;
  /** Variance of a unit around the mean of its period, and its degrees of freedom. */
  readonly variance: number;
  readonly df: number;
  /** Variance of the shift = variance × leverage. */
  readonly leverage: number;
  /** Residuals of N-1, then of N, in time order. */
  readonly residuals: readonly [readonly number[], readonly number[]];
}

/** Shift and scatter of days. The variance is that of a two-way layout: weekday + period + day. */
export function dayShift({ levels, df }: DayEvidence): DayShift {
  const residuals = [aroundMean(levels[0]), aroundMean(levels[1])] as const;
  let squares = 0;
  for (const side of residuals) for (const residual of side) squares += residual * residual;
  return {
    shift: medianOfDifferences(levels[0], levels[1]),
    variance: squares / df,
    df,
    leverage: 1 / levels[0].length + 1 / levels[1].length,
    residuals,
  };
}

function aroundMean(values: readonly number[]): number[] {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  return values.map((value) => value - mean);
}
