import { centreSeries } from './centred-series.ts';
import { kolmogorovUpperTail } from './distributions/kolmogorov-upper-tail.ts';
import { summarize } from './summarize.ts';
import {
  type InsufficientData,
  insufficientData,
  type NoVariation,
  noVariation,
  OUT_OF_RANGE,
  type OutOfRange,
} from './test-result.ts';

export interface ChangePoint {
  readonly status: 'ok';
  /** Index of the first value after the step. */
  readonly position: number;
  /** Means before the step and from it on. */
  readonly before: number;
  readonly after: number;
  /** Share of the sum of squares that the step takes away, from 0 to 1. */
  readonly explained: number;
  /** Largest distance of the cumulative sum from a straight line, in units of its spread. */
  readonly statistic: number;
  /** Of that statistic, where no value depends on its neighbours. */
  readonly p: number;
}

/**
 * Where the level of a series steps, if it does once: the place that parts it best into two means, and a CUSUM test of
 * whether there is a step at all.
 *
 * When: the onset of a change. Values in time order; NaN (missing) does not count.
 * How: least squares for the place (the earlier one where two are as good); the test is asymptotic, good from some 30 values
 * on and cautious below.
 * @param options.effectiveSize how many independent values the series is worth (`effectiveSampleSize`), for a p that
 * holds for dependent ones; by default all
 * @param options.least values on either side of the step, default 2
 * @returns `insufficient_data` below 2 · least values, `no_variation` where all are equal.
 * Cost: O(n).
 * Source: Page, "Continuous inspection schemes", Biometrika 41 (1954); Ploberger, Krämer, "The CUSUM test with OLS
 * residuals", Econometrica 60 (1992).
 */
export function changePoint(
  series: Float64Array,
  options: { readonly effectiveSize?: number; readonly least?: number } = {},
): ChangePoint | InsufficientData | NoVariation | OutOfRange {
  const least = options.least ?? 2;
  const { values, count, squares } = centreSeries(series);
  if (count < 2 * least) return insufficientData(count, 2 * least);
  if (squares === 0) return noVariation(0);
  const { position, gain, farthest } = scan(values, count, least);
  const before = summarize(series.subarray(0, position)).mean;
  const after = summarize(series.subarray(position)).mean;
  if (before === null || after === null) return OUT_OF_RANGE;
  const statistic = (farthest / Math.sqrt(squares)) * Math.sqrt((options.effectiveSize ?? count) / count);
  const explained = Math.min(1, gain / squares);
  return { status: 'ok', position, before, after, explained, statistic, p: kolmogorovUpperTail(statistic) };
}

/** Walks along the cumulative sum of a centred series. */
function scan(values: Float64Array, count: number, least: number) {
  let position = 0;
  let gain = -1;
  let farthest = 0;
  let sum = 0;
  let seen = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    if (seen >= least && count - seen >= least) {
      const taken = sum * sum * (count / seen / (count - seen));
      if (taken > gain) {
        gain = taken;
        position = i;
      }
    }
    sum += values[i];
    seen++;
    farthest = Math.max(farthest, Math.abs(sum));
  }
  return { position, gain, farthest };
}
