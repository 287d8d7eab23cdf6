import { type CentredSeries, centreSeries } from './centred-series.ts';
import { type InsufficientData, insufficientData, type NoVariation, noVariation } from './test-result.ts';

export interface Autocorrelation {
  readonly status: 'ok';
  /** In [−1, 1]. */
  readonly value: number;
  /** Pairs of values that lie so far apart, neither missing. */
  readonly pairs: number;
}

/**
 * The correlation of a series with itself some steps later.
 *
 * When: values in time order, a step apart; NaN where one is missing.
 * How: the usual estimate, drawn to 0 at long lags; pairs lost to gaps count as the mean of the others.
 * @param lag whole, ≥ 1
 * @returns `insufficient_data` where no two values lie so far apart, `no_variation` where all are equal.
 * Cost: O(n).
 * Source: Box, Jenkins, "Time series analysis" (1970), 2.1; gaps after Parzen, "On spectral analysis with missing
 * observations and amplitude modulation", Sankhyā A 25 (1963).
 */
export function autocorrelation(series: Float64Array, lag: number): Autocorrelation | InsufficientData | NoVariation {
  return autocorrelationOf(centreSeries(series), lag);
}

/** As `autocorrelation`, of a series that is already centred: for many lags. */
export function autocorrelationOf(
  { values, count, squares }: CentredSeries,
  lag: number,
): Autocorrelation | InsufficientData | NoVariation {
  if (!(Number.isInteger(lag) && lag >= 1)) throw new RangeError(`lag must be a whole number ≥ 1, not ${lag}`);
  let sum = 0;
  let pairs = 0;
  for (let i = lag; i < values.length; i++) {
    const product = values[i] * values[i - lag];
    // False for NaN.
    if (product <= Infinity) {
      sum += product;
      pairs++;
    }
  }
  if (pairs === 0) return insufficientData(count, lag + 1);
  if (squares === 0) return noVariation(0);
  const lost = ((values.length - lag) / values.length) * (count / pairs);
  return { status: 'ok', value: Math.min(1, Math.max(-1, (sum / squares) * lost)), pairs };
}
