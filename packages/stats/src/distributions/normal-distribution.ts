import { requireNumber, requireProbability } from './arguments.ts';
import { incompleteGamma, logIncompleteGamma } from './incomplete-gamma.ts';
import { solveLogTail } from './solve-log-tail.ts';

/** z²/2 of the largest z whose tail is above the smallest double. */
const NO_TAIL_FROM = 750;

/**
 * P(Z > z) of the standard normal distribution. Relative error below 1e-12, also in the far tail.
 *
 * Cost: some tens of steps. For both tails, double it at |z|. z may be ±Infinity.
 * Source: DLMF 7.11.2, by the incomplete gamma function of ½.
 */
export function normalUpperTail(z: number): number {
  requireNumber('z', z);
  const half = (z * z) / 2;
  if (half > NO_TAIL_FROM) return z > 0 ? 0 : 1;
  return z > 0 ? incompleteGamma(0.5, half, 'upper') / 2 : 0.5 + incompleteGamma(0.5, half, 'lower') / 2;
}

/** P(Z ≤ z) of the standard normal distribution. See `normalUpperTail`. */
export function normalCdf(z: number): number {
  return normalUpperTail(-z);
}

/**
 * The z with P(Z ≤ z) = `probability`. Relative error below 1e-12.
 * @param probability between 0 and 1, both excluded
 */
export function normalQuantile(probability: number): number {
  requireProbability('probability', probability);
  if (probability > 0.5) return -normalQuantile(1 - probability);
  if (probability === 0.5) return 0;
  return probability < 0.25 ? quantileOfTail(probability) : quantileNearCentre(probability);
}

function quantileOfTail(probability: number): number {
  const target = Math.log(2 * probability);
  const logOfSquare = solveLogTail((at) => logIncompleteGamma(0.5, Math.exp(at), 'upper'), target, Math.log(-target));
  return -Math.sqrt(2 * Math.exp(logOfSquare));
}

function quantileNearCentre(probability: number): number {
  const target = Math.log(1 - 2 * probability);
  const logOfSquare = solveLogTail((at) => logIncompleteGamma(0.5, Math.exp(at), 'lower'), target, 2 * target);
  return -Math.sqrt(2 * Math.exp(logOfSquare));
}
