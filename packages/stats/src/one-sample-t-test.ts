import type { Summary } from './summary.ts';
import { type TTestResult, tTest } from './t-test.ts';
import { type InsufficientData, insufficientData, OUT_OF_RANGE } from './test-result.ts';

/**
 * The t-test of a mean against a hypothesis, two-sided, with an interval for the mean.
 *
 * When: independent values, or differences of pairs, whose mean is nearly normal.
 * @param sample of `summarize` or `readMoments`
 * @returns `insufficient_data` below two values, `no_variation` where all are equal.
 * Cost: O(1).
 * Source: Student, "The probable error of a mean", Biometrika 6 (1908).
 */
export function oneSampleTTest(sample: Summary, hypothesis = 0, confidence = 0.95): TTestResult | InsufficientData {
  if (sample.count < 2) return insufficientData(sample.count, 2);
  if (sample.mean === null || sample.std === null) return OUT_OF_RANGE;
  return tTest(sample.mean, sample.std / Math.sqrt(sample.count), sample.count - 1, confidence, hypothesis);
}
