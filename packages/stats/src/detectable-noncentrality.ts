import { normalQuantile } from './distributions/normal-distribution.ts';
import { studentTQuantile } from './distributions/student-t-distribution.ts';
import { tTestPower } from './t-test-power.ts';

const MOST_STEPS = 100;

/**
 * The change, in standard errors, that a two-sided t-test finds with a given chance.
 *
 * When: the smallest detectable change is this times the standard error. It depends on `df`, `alpha` and `power` only: keep
 * it for series that share them.
 * How: secant steps from a normal approximation, kept between values known to be too small and too large.
 * @param df > 0; may be Infinity
 * @param alpha two-sided level
 * @param power chance to find the change; above alpha, below 1
 * Cost: some six evaluations of `tTestPower`.
 */
export function detectableNoncentrality(df: number, alpha: number, power: number): number {
  if (!(power > alpha && power < 1)) throw new RangeError(`power must be above alpha and below 1, not ${power}`);
  let low = 0;
  let lowError = alpha - power;
  let high = Infinity;
  let highError = 1 - power;
  let at = approximateNoncentrality(df, alpha, power);
  for (let i = 0; i < MOST_STEPS; i++) {
    const error = tTestPower(at, df, alpha) - power;
    if (Math.abs(error) <= 1e-13) break;
    // The end that stays counts half (Illinois), so that both move.
    if (error < 0) {
      low = at;
      lowError = error;
      highError /= 2;
    } else {
      high = at;
      highError = error;
      lowError /= 2;
    }
    const next = high === Infinity ? 2 * at : low + ((high - low) * lowError) / (lowError - highError);
    if (Math.abs(next - at) <= at * 1e-11) return next;
    at = next;
  }
  return at;
}

/**
 * About the same by a formula: good to a few percent from 3 degrees of freedom on.
 *
 * Source: Johnson, Kotz, "Continuous univariate distributions 2" (1970), 31.6.
 */
function approximateNoncentrality(df: number, alpha: number, power: number): number {
  const critical = -studentTQuantile(alpha / 2, df);
  const spread = Math.sqrt(1 + (critical * critical) / (2 * df));
  return Math.max(0.01, critical * (1 - 1 / (4 * df)) + normalQuantile(power) * spread);
}
