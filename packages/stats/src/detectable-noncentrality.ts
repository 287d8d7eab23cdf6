import { normalQuantile } from './distributions/normal-distribution.ts';
import { studentTQuantile } from './distributions/student-t-distribution.ts';
import { tTestPower } from './t-test-power.ts';

const MOST_STEPS = 100;

/**
 * The change, in standard errors, that a two-sided t-test finds with a given chance.
 *
 * When: the smallest detectable change is this times the standard error. It depends on `df`, `alpha` and `power` only: keep
 * it for series that share them.
 * How: secant steps on the normal quantile of the power, which is nearly a line; from an approximation (Johnson, Kotz,
 * "Continuous univariate distributions 2", 1970, 31.6), between changes known to be too small and too large.
 * @param df > 0; may be Infinity
 * @param alpha two-sided level
 * @param power chance to find the change; above alpha, below 1
 * Cost: some five evaluations of `tTestPower`.
 */
export function detectableNoncentrality(df: number, alpha: number, power: number): number {
  if (!(power > alpha && power < 1)) throw new RangeError(`power must be above alpha and below 1, not ${power}`);
  const target = normalQuantile(power);
  const critical = -studentTQuantile(alpha / 2, df);
  const spread = Math.sqrt(1 + (critical * critical) / (2 * df));
  let low = 0;
  let high = Infinity;
  let at = Math.max(0.01, critical * (1 - 1 / (4 * df)) + target * spread);
  let slope = 1 / spread;
  let previous: { readonly at: number; readonly error: number } | null = null;
  for (let i = 0; i < MOST_STEPS; i++) {
    const error = normalQuantile(insideOpenInterval(tTestPower(at, df, alpha))) - target;
    if (error === 0) break;
    if (error < 0) low = at;
    else high = at;
    if (previous !== null && error !== previous.error) slope = (error - previous.error) / (at - previous.at);
    previous = { at, error };
    const secant = at - error / slope;
    const next = secant > low && secant < high ? secant : middleOf(low, high);
    const step = Math.abs(next - at);
    at = next;
    if (step <= at * 1e-9) break;
  }
  return at;
}

function middleOf(low: number, high: number): number {
  return high === Infinity ? 2 * low + 1 : (low + high) / 2;
}

function insideOpenInterval(probability: number): number {
  return Math.min(1 - Number.EPSILON, Math.max(Number.MIN_VALUE, probability));
}
