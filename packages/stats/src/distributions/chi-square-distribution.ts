import { requirePositive } from './arguments.ts';
import { gammaCdf, gammaQuantile, gammaUpperTail } from './gamma-distribution.ts';

/** P(X ≤ x) of the chi-square distribution with `df` > 0 degrees of freedom: a gamma distribution. See `gammaCdf`. */
export function chiSquareCdf(x: number, df: number): number {
  requirePositive('df', df);
  return gammaCdf(x, df / 2, 2);
}

/** P(X > x) of the chi-square distribution. See `gammaCdf`. */
export function chiSquareUpperTail(x: number, df: number): number {
  requirePositive('df', df);
  return gammaUpperTail(x, df / 2, 2);
}

/** The x with P(X ≤ x) = `probability` of the chi-square distribution. See `gammaQuantile`. */
export function chiSquareQuantile(probability: number, df: number): number {
  requirePositive('df', df);
  return gammaQuantile(probability, df / 2, 2);
}
