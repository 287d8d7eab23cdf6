import { autocorrelationOf } from './autocorrelation.ts';
import { type CentredSeries, centreSeries } from './centred-series.ts';
import { type InsufficientData, insufficientData, type NoVariation, noVariation } from './test-result.ts';

export interface EffectiveSampleSize {
  readonly status: 'ok';
  /** How many independent values would give as good a mean; from 1 to the number of values. */
  readonly size: number;
  /** Values that are not missing. */
  readonly n: number;
}

export type EffectiveSampleSizeMethod = 'ar1' | 'initial_positive_sequence';

/**
 * How many independent values a series of dependent ones is worth for its mean.
 *
 * When: values in time order, a step apart; NaN where one is missing. `ar1` takes dependence to fade by a constant factor a
 * step, and needs few values; `initial_positive_sequence` sums the correlations as they are, until they are noise, and needs
 * some hundred. Negative dependence is not counted as a gain.
 * @returns `insufficient_data` without two neighbours, `no_variation` where all values are equal.
 * Cost: O(n) for `ar1`; O(n · lags until dependence has faded).
 * Source: Bartlett, "Some aspects of the time-correlation problem", J. R. Statist. Soc. 98 (1935); Geyer, "Practical Markov
 * chain Monte Carlo", Statistical Science 7 (1992), 3.3.
 */
export function effectiveSampleSize(
  series: Float64Array,
  method: EffectiveSampleSizeMethod,
): EffectiveSampleSize | InsufficientData | NoVariation {
  const centred = centreSeries(series);
  const n = centred.count;
  if (n < 2) return insufficientData(n, 2);
  if (centred.squares === 0) return noVariation(0);
  const first = autocorrelationOf(centred, 1);
  if (first.status !== 'ok') return first;
  const inflation =
    method === 'ar1' ? (1 + first.value) / (1 - first.value) : initialPositiveSequence(centred, first.value);
  return { status: 'ok', size: Math.min(n, Math.max(1, n / inflation)), n };
}

/** 1 + 2 Σ ρ(k), over pairs of neighbouring lags until their sum is not positive. */
function initialPositiveSequence(centred: CentredSeries, first: number): number {
  let sum = 1 + first;
  for (let lag = 2; lag < centred.values.length; lag += 2) {
    const even = autocorrelationOf(centred, lag);
    const odd = autocorrelationOf(centred, lag + 1);
    const pair = (even.status === 'ok' ? even.value : 0) + (odd.status === 'ok' ? odd.value : 0);
    if (pair <= 0) break;
    sum += pair;
  }
  return 2 * sum - 1;
}
