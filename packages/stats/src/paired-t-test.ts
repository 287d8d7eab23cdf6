import { oneSampleTTest } from './one-sample-t-test.ts';
import { summarize } from './summarize.ts';
import type { TTestResult } from './t-test.ts';
import { type InsufficientData, OUT_OF_RANGE } from './test-result.ts';

/**
 * The paired t-test: whether the mean of `to[i] − from[i]` differs from 0, two-sided, with an interval for that mean.
 *
 * When: values belong together in pairs. A pair with a NaN (missing) on either side does not count.
 * @param from, to of equal length; not changed
 * @returns `insufficient_data` below two pairs, `no_variation` where all differences are equal.
 * Cost: O(n), one array of differences.
 */
export function pairedTTest(from: Float64Array, to: Float64Array, confidence = 0.95): TTestResult | InsufficientData {
  const differences = to.map((value, index) => value - from[index]);
  if (differences.some((difference) => difference === Infinity || difference === -Infinity)) return OUT_OF_RANGE;
  return oneSampleTTest(summarize(differences), 0, confidence);
}
