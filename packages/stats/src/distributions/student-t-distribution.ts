import { requireNumber, requirePositive, requireProbability } from './arguments.ts';
import { betaLogitQuantile } from './beta-distribution.ts';
import { incompleteBeta } from './incomplete-beta.ts';
import { normalQuantile, normalUpperTail } from './normal-distribution.ts';

/**
 * P(|T| > |t|) of Student's t distribution: the two-sided p. Relative error below 1e-12 for degrees of freedom up to 1e6.
 *
 * Cost: some tens of steps; about 2 million a second.
 * @param df > 0; may be Infinity, which is the normal distribution
 */
export function studentTTwoSided(t: number, df: number): number {
  requireNumber('t', t);
  requirePositive('df', df);
  if (df === Infinity) return 2 * normalUpperTail(Math.abs(t));
  const [x, y] = sharesOf(t, df);
  return incompleteBeta(df / 2, 0.5, x, y);
}

/** P(T > t) of Student's t distribution. See `studentTTwoSided`. */
export function studentTUpperTail(t: number, df: number): number {
  const tail = studentTTwoSided(t, df) / 2;
  return t > 0 ? tail : 1 - tail;
}

/** P(T ≤ t) of Student's t distribution. See `studentTTwoSided`. */
export function studentTCdf(t: number, df: number): number {
  return studentTUpperTail(-t, df);
}

/**
 * The t with P(T ≤ t) = `probability` of Student's t distribution. Relative error below 1e-11 up to |t| = 1e150 √df.
 * Beyond, where t² would overflow, it is still finite, but not right.
 * @param probability between 0 and 1, both excluded
 * @param df > 0; may be Infinity
 */
export function studentTQuantile(probability: number, df: number): number {
  requireProbability('probability', probability);
  requirePositive('df', df);
  if (probability > 0.5) return -studentTQuantile(1 - probability, df);
  if (probability === 0.5) return 0;
  if (df === Infinity) return normalQuantile(probability);
  // t²/df are the odds of a beta distributed share.
  const logOdds =
    probability < 0.25
      ? -betaLogitQuantile(2 * probability, df / 2, 0.5)
      : betaLogitQuantile(1 - 2 * probability, 0.5, df / 2);
  return -Math.min(Number.MAX_VALUE, Math.exp(logOdds / 2) * Math.sqrt(df));
}

/** df / (df + t²) and t² / (df + t²), neither of which overflows. */
function sharesOf(t: number, df: number): [number, number] {
  const root = Math.abs(t) / Math.sqrt(df);
  const odds = root * root;
  return odds === Infinity ? [(1 / root) ** 2, 1] : [1 / (1 + odds), odds / (1 + odds)];
}
