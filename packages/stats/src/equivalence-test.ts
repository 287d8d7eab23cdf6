import { studentTUpperTail } from './distributions/student-t-distribution.ts';
import { type NoVariation, noVariation, OUT_OF_RANGE, type OutOfRange } from './test-result.ts';

export interface Equivalence {
  readonly status: 'ok';
  /** That the true value is not inside the bounds: the larger of the two below. */
  readonly p: number;
  /** One-sided p that it is at or below the lower bound, and that it is at or above the upper one. */
  readonly pLow: number;
  readonly pHigh: number;
}

/**
 * Two one-sided t-tests (TOST): whether an estimate is shown to lie between two bounds, so that it is "unchanged".
 *
 * When: no significant difference is not the same as no difference. p ≤ α exactly where the interval with confidence
 * 1 − 2α lies inside the bounds.
 * @param df > 0, finite
 * @param bounds low < high
 * @returns `no_variation` where the standard error is 0.
 * Cost: two tails of the t distribution.
 * Source: Schuirmann, "A comparison of the two one-sided tests procedure and the power approach for assessing the
 * equivalence of average bioavailability", J. Pharmacokin. Biopharm. 15 (1987).
 */
export function equivalenceTest(
  estimate: number,
  standardError: number,
  df: number,
  bounds: { readonly low: number; readonly high: number },
): Equivalence | NoVariation | OutOfRange {
  if (standardError === 0) return noVariation(estimate);
  const aboveLow = (estimate - bounds.low) / standardError;
  const belowHigh = (bounds.high - estimate) / standardError;
  if (!Number.isFinite(aboveLow) || !Number.isFinite(belowHigh)) return OUT_OF_RANGE;
  const pLow = studentTUpperTail(aboveLow, df);
  const pHigh = studentTUpperTail(belowHigh, df);
  return { status: 'ok', p: Math.max(pLow, pHigh), pLow, pHigh };
}
