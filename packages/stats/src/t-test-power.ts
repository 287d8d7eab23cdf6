import { requirePositive, requireProbability } from './distributions/arguments.ts';
import { gaussLegendre } from './distributions/gauss-legendre.ts';
import { incompleteGamma } from './distributions/incomplete-gamma.ts';
import { normalUpperTail } from './distributions/normal-distribution.ts';
import { studentTQuantile } from './distributions/student-t-distribution.ts';

/** Beyond it the normal density is below 1e-17. */
const REACH = 9;
const RULE = gaussLegendre(16);

/**
 * The chance that a two-sided t-test finds a change (power).
 *
 * How: integrates over the error of the estimate the chance that the standard error is small enough. Absolute error below
 * 1e-9 for `df` ≥ 1.
 * @param noncentrality the true change in standard errors
 * @param df > 0; may be Infinity
 * @param alpha two-sided level, strictly between 0 and 1
 * Cost: some 300 tails; 0.1 ms.
 * Source: Johnson, Kotz, "Continuous univariate distributions 2" (1970), 31 (the noncentral t distribution).
 */
export function tTestPower(noncentrality: number, df: number, alpha: number): number {
  requirePositive('df', df);
  requireProbability('alpha', alpha);
  const change = Math.abs(noncentrality);
  const critical = -studentTQuantile(alpha / 2, df);
  if (df === Infinity) return normalUpperTail(critical - change) + normalUpperTail(critical + change);
  const exceeds = (error: number): number => {
    const ratio = (error + change) / critical;
    const power = incompleteGamma(df / 2, Math.min(Number.MAX_VALUE, (df / 2) * ratio * ratio), 'lower');
    return power * Math.exp((-error * error) / 2);
  };
  const breaks = panels(change, critical, df);
  let sum = 0;
  for (let i = 1; i < breaks.length; i++) sum += integrate(exceeds, breaks[i - 1], breaks[i]);
  return Math.min(1, sum / Math.sqrt(2 * Math.PI));
}

/** Ends of panels in which the integrand is smooth: close together where the t statistic passes its critical value. */
function panels(change: number, critical: number, df: number): number[] {
  const breaks = new Set<number>();
  for (let at = -REACH; at <= REACH; at += 1.5) breaks.add(at);
  const width = critical / Math.sqrt(2 * df);
  const steps = width < 1 ? [-6, -3, -1.5, 0, 1.5, 3, 6] : [0];
  for (const step of steps) {
    breaks.add(critical - change + step * width);
    breaks.add(-critical - change + step * width);
  }
  breaks.add(-change);
  return [...breaks].filter((at) => Math.abs(at) <= REACH).sort((a, b) => a - b);
}

function integrate(f: (x: number) => number, low: number, high: number): number {
  const half = (high - low) / 2;
  const middle = (high + low) / 2;
  let sum = 0;
  for (let i = 0; i < RULE.nodes.length; i++) sum += RULE.weights[i] * f(middle + half * RULE.nodes[i]);
  return sum * half;
}
