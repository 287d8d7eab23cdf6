import { requireNumber, requirePositive, requireProbability, requireShape } from './arguments.ts';
import { betaLogitQuantile } from './beta-distribution.ts';
import { chiSquareCdf, chiSquareQuantile, chiSquareUpperTail } from './chi-square-distribution.ts';
import { incompleteBeta } from './incomplete-beta.ts';

/**
 * P(X ≤ x) of the F distribution. Relative error below 1e-12 for degrees of freedom up to 1e6.
 *
 * Cost: O(√max(df1, df2)) near the mean, some tens of steps elsewhere.
 * @param df1 of the numerator, > 0, finite
 * @param df2 of the denominator, > 0; may be Infinity
 */
export function fCdf(x: number, df1: number, df2: number): number {
  requireNumber('x', x);
  requireDegrees(df1, df2);
  if (df2 === Infinity) return chiSquareCdf(x * df1, df1);
  const odds = Math.max(0, x * (df1 / df2));
  return incompleteBeta(df1 / 2, df2 / 2, shareOf(odds), 1 / (1 + odds));
}

/** P(X > x) of the F distribution. See `fCdf`. */
export function fUpperTail(x: number, df1: number, df2: number): number {
  requireNumber('x', x);
  requireDegrees(df1, df2);
  if (df2 === Infinity) return chiSquareUpperTail(x * df1, df1);
  const odds = Math.max(0, x * (df1 / df2));
  return incompleteBeta(df2 / 2, df1 / 2, 1 / (1 + odds), shareOf(odds));
}

/**
 * The x with P(X ≤ x) = `probability` of the F distribution. Relative error below 1e-11; at most the largest double.
 * @param probability between 0 and 1, both excluded
 */
export function fQuantile(probability: number, df1: number, df2: number): number {
  requireProbability('probability', probability);
  requireDegrees(df1, df2);
  if (df2 === Infinity) return chiSquareQuantile(probability, df1) / df1;
  return Math.min(Number.MAX_VALUE, Math.exp(betaLogitQuantile(probability, df1 / 2, df2 / 2)) * (df2 / df1));
}

function requireDegrees(df1: number, df2: number): void {
  requirePositive('df1', df1);
  requirePositive('df2', df2);
  requireShape('the smaller df', Math.min(df1, df2));
}

function shareOf(odds: number): number {
  return odds === Infinity ? 1 : odds / (1 + odds);
}
