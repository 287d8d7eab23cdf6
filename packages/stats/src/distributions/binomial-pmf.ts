import { poissonDeviance } from './poisson-deviance.ts';
import { stirlingRemainder } from './stirling-remainder.ts';

/**
 * P(X = k) of the binomial distribution. Relative error below 1e-12, also far from the mean.
 *
 * Cost: O(1).
 * Source: Loader, "Fast and accurate computation of binomial probabilities" (2000).
 * @param k whole, from 0 to n
 * @param p strictly between 0 and 1; with q = 1 − p, given apart so that it loses no digits
 */
export function binomialPmf(k: number, n: number, p: number, q: number): number {
  if (k === 0) return Math.exp(n * logOf(q, p));
  if (k === n) return Math.exp(n * logOf(p, q));
  const remainders = stirlingRemainder(n) - stirlingRemainder(k) - stirlingRemainder(n - k);
  const difference = p < q ? k - n * p : n * q - (n - k);
  const deviances = poissonDeviance(k, n * p, difference) + poissonDeviance(n - k, n * q, -difference);
  return Math.sqrt(n / (2 * Math.PI * k) / (n - k)) * Math.exp(remainders - deviances);
}

/** ln p, by the smaller of p and q. */
function logOf(p: number, q: number): number {
  return p < q ? Math.log(p) : Math.log1p(-q);
}
