import { detectableNoncentrality } from './detectable-noncentrality.ts';

/**
 * The smallest true change that a two-sided t-test finds with a given chance; null where it does not fit a double.
 *
 * When: an inconclusive comparison, to say what it could have seen.
 * @param standardError ≥ 0, of the estimate; the result is in its unit
 * @param df > 0
 * Cost: that of `detectableNoncentrality`; keep that for series with the same df.
 */
export function smallestDetectableChange(
  standardError: number,
  df: number,
  alpha: number,
  power: number,
): number | null {
  const change = standardError * detectableNoncentrality(df, alpha, power);
  return Number.isFinite(change) ? change : null;
}
