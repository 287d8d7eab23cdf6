import type { Summary } from './summary.ts';
import { type TTestResult, tTest } from './t-test.ts';
import { type InsufficientData, insufficientData, noVariation, OUT_OF_RANGE } from './test-result.ts';

/**
 * Welch's t-test: whether the means of two independent samples differ, without taking their variances for equal. The
 * estimate is `to` − `from`, two-sided, with an interval.
 *
 * @param from, to of `summarize` or `readMoments`
 * @returns `insufficient_data` where a sample has fewer than two values, `no_variation` where each is constant.
 * Cost: O(1).
 * Source: Welch, "The generalization of 'Student's' problem when several different population variances are involved",
 * Biometrika 34 (1947).
 */
export function welchTTest(from: Summary, to: Summary, confidence = 0.95): TTestResult | InsufficientData {
  const least = Math.min(from.count, to.count);
  if (least < 2) return insufficientData(least, 2);
  if (from.mean === null || to.mean === null || from.std === null || to.std === null) return OUT_OF_RANGE;
  const fromError = from.std / Math.sqrt(from.count);
  const toError = to.std / Math.sqrt(to.count);
  const standardError = Math.hypot(fromError, toError);
  if (!Number.isFinite(standardError)) return OUT_OF_RANGE;
  if (standardError === 0) return noVariation(to.mean - from.mean);
  const fromShare = (fromError / standardError) ** 2;
  const toShare = (toError / standardError) ** 2;
  const df = 1 / (fromShare ** 2 / (from.count - 1) + toShare ** 2 / (to.count - 1));
  return tTest(to.mean - from.mean, standardError, df, confidence);
}
