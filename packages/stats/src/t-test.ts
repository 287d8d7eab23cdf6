import { studentTQuantile, studentTTwoSided } from './distributions/student-t-distribution.ts';
import { type NoVariation, noVariation, OUT_OF_RANGE, type OutOfRange } from './test-result.ts';

/** A two-sided t-test of an estimate against 0, with its interval. All finite. */
export interface TTest {
  readonly status: 'ok';
  readonly estimate: number;
  readonly standardError: number;
  /** (estimate − hypothesis) / standardError. */
  readonly statistic: number;
  readonly df: number;
  /** Two-sided p. */
  readonly p: number;
  /** Ends of the interval for the estimate. */
  readonly low: number;
  readonly high: number;
}

export type TTestResult = TTest | NoVariation | OutOfRange;

/**
 * The t-test of an estimate whose standard error is known with so many degrees of freedom.
 *
 * When: the estimate and its error come from elsewhere (a regression, a moderated variance). For samples use
 * `welchTTest`, `oneSampleTTest`, `pairedTTest`.
 * @param df > 0, finite
 * @param hypothesis the value of the estimate under the null hypothesis
 * @returns `no_variation` where the standard error is 0.
 * Cost: a tail and a quantile of the t distribution.
 */
export function tTest(
  estimate: number,
  standardError: number,
  df: number,
  confidence = 0.95,
  hypothesis = 0,
): TTestResult {
  if (standardError === 0) return noVariation(estimate);
  const statistic = (estimate - hypothesis) / standardError;
  const margin = standardError * studentTQuantile((1 + confidence) / 2, df);
  const low = estimate - margin;
  const high = estimate + margin;
  if (![statistic, low, high].every(Number.isFinite)) return OUT_OF_RANGE;
  return { status: 'ok', estimate, standardError, statistic, df, p: studentTTwoSided(statistic, df), low, high };
}
