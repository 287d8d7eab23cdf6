import { requireNumber } from './arguments.ts';

/**
 * P(sup |B| > x) of a Brownian bridge B: the limit of Kolmogorov's statistic, and of the largest cumulative sum of residuals.
 *
 * How: two series, each where it takes few terms. Relative error below 1e-12 for x ≥ 0.3, absolute below.
 * Cost: O(1).
 * Source: Kolmogorov, "Sulla determinazione empirica di una legge di distribuzione" (1933); Marsaglia, Tsang, Wang,
 * "Evaluating Kolmogorov's distribution", J. Statist. Software 8 (2003).
 */
export function kolmogorovUpperTail(x: number): number {
  requireNumber('x', x);
  if (x <= 0) return 1;
  return x < 0.8 ? 1 - lowerTail(x) : upperTail(x);
}

function lowerTail(x: number): number {
  let sum = 0;
  for (let odd = 1; odd <= 7; odd += 2) sum += Math.exp(-((odd * Math.PI) ** 2) / (8 * x * x));
  return sum === 0 ? 0 : (Math.sqrt(2 * Math.PI) / x) * sum;
}

function upperTail(x: number): number {
  let sum = 0;
  for (let k = 6; k >= 1; k--) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * (k * x) ** 2);
  return sum;
}
