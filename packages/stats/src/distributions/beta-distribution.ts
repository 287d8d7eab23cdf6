import { requireNumber, requirePositive, requireProbability, requireShape } from './arguments.ts';
import { incompleteBeta, logIncompleteBeta } from './incomplete-beta.ts';
import { solveLogTail } from './solve-log-tail.ts';

/**
 * P(X ≤ x) of the beta distribution with the shapes a and b. Relative error below 1e-12 for shapes up to 1e6.
 *
 * Cost: O(√max(a, b)) near the mean, some tens of steps elsewhere.
 */
export function betaCdf(x: number, a: number, b: number): number {
  requireNumber('x', x);
  requireShapes(a, b);
  const inside = Math.min(1, Math.max(0, x));
  return incompleteBeta(a, b, inside, 1 - inside);
}

/** P(X > x) of the beta distribution. See `betaCdf`. */
export function betaUpperTail(x: number, a: number, b: number): number {
  requireNumber('x', x);
  requireShapes(a, b);
  const inside = Math.min(1, Math.max(0, x));
  return incompleteBeta(b, a, 1 - inside, inside);
}

/**
 * The x with P(X ≤ x) = `probability` of the beta distribution. Relative error below 1e-11 of x and of 1 − x where the
 * shapes are 0.01 or more.
 * @param probability between 0 and 1, both excluded
 */
export function betaQuantile(probability: number, a: number, b: number): number {
  return 1 / (1 + Math.exp(-betaLogitQuantile(probability, a, b)));
}

/** ln(x / (1 − x)) of the quantile x, which holds both x and 1 − x to all digits. */
export function betaLogitQuantile(probability: number, a: number, b: number): number {
  requireProbability('probability', probability);
  requireShapes(a, b);
  const start = Math.log(a / b);
  return probability <= 0.5
    ? solveLogit(a, b, Math.log(probability), start)
    : -solveLogit(b, a, Math.log1p(-probability), -start);
}

function requireShapes(a: number, b: number): void {
  requirePositive('a', a);
  requirePositive('b', b);
  requireShape('the smaller shape', Math.min(a, b));
}

function solveLogit(a: number, b: number, target: number, start: number): number {
  return solveLogTail(
    (logit) => logIncompleteBeta(a, b, 1 / (1 + Math.exp(-logit)), 1 / (1 + Math.exp(logit))),
    target,
    start,
  );
}
