import { EQUAL_LIKELIHOOD, firstThat } from './counts.ts';
import { binomialPmf } from './distributions/binomial-pmf.ts';
import { incompleteBeta } from './distributions/incomplete-beta.ts';

/**
 * The two-sided p of k successes among n: the chance of all numbers that are not more likely than k.
 *
 * Cost: O(log n) densities and two tails.
 * Source: R's `binom.test` and SciPy's `binomtest` do so (the rule of minimum likelihood).
 * @param p strictly between 0 and 1; with q = 1 − p, given apart so that it loses no digits
 */
export function binomialTwoSidedP(k: number, n: number, p: number, q: number): number {
  const mean = n * p;
  if (k === mean) return 1;
  const limit = binomialPmf(k, n, p, q) * EQUAL_LIKELIHOOD;
  const isRare = (at: number): boolean => binomialPmf(at, n, p, q) <= limit;
  if (k < mean) {
    const other = firstThat(Math.ceil(mean), n + 1, isRare);
    return Math.min(1, atMost(k, n, p, q) + atLeast(other, n, p, q));
  }
  const other = n - firstThat(n - Math.floor(mean), n + 1, (at) => isRare(n - at));
  return Math.min(1, atLeast(k, n, p, q) + atMost(other, n, p, q));
}

function atMost(k: number, n: number, p: number, q: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : incompleteBeta(n - k, k + 1, q, p);
}

function atLeast(k: number, n: number, p: number, q: number): number {
  if (k > n) return 0;
  return k <= 0 ? 1 : incompleteBeta(k, n - k + 1, p, q);
}
