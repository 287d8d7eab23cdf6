import { poissonDeviance } from './poisson-deviance.ts';
import { stirlingRemainder } from './stirling-remainder.ts';

/** A tail on the logarithmic scale, and the slope of that logarithm in the logit of x. */
export interface LogTail {
  readonly log: number;
  readonly slope: number;
}

/**
 * The regularized incomplete beta function I_x(a, b): the lower tail of the beta distribution.
 *
 * When: tails of the beta, t, F and binomial distributions. The upper tail is `incompleteBeta(b, a, y, x)`.
 * How: the density by its saddle point, times a continued fraction on the side where that converges. Relative error below
 * 1e-12 for a and b up to 1e6, in both tails.
 * Cost: O(√max(a, b)) near the mean, some tens of steps elsewhere.
 * Source: Loader (2000) for the density; DiDonato, Morris, "Significant digit computation of the
 * incomplete beta function ratios", ACM TOMS 18 (1992), eq. 9 for the fraction.
 * @param a > 0, finite
 * @param b > 0, finite
 * @param x in [0, 1]
 * @param y 1 − x, given apart so that it loses no digits where x is near 1
 */
export function incompleteBeta(a: number, b: number, x: number, y: number): number {
  if (x === 0) return 0;
  if (y === 0) return 1;
  return isBelowMean(a, b, x)
    ? Math.exp(logDensity(a, b, x, y)) * fraction(a, b, x, y)
    : 1 - Math.exp(logDensity(a, b, x, y)) * fraction(b, a, y, x);
}

/** ln I_x(a, b), which does not underflow, with its slope in ln(x / y). Arguments as above, 0 < x < 1. */
export function logIncompleteBeta(a: number, b: number, x: number, y: number): LogTail {
  const log = logDensity(a, b, x, y);
  if (isBelowMean(a, b, x)) {
    const factor = fraction(a, b, x, y);
    return { log: log + Math.log(factor), slope: 1 / factor };
  }
  const density = Math.exp(log);
  const tail = 1 - density * fraction(b, a, y, x);
  return { log: Math.log(tail), slope: density / tail };
}

function isBelowMean(a: number, b: number, x: number): boolean {
  return x <= (a + 1) / (a + b + 2);
}

/** ln [x^a y^b / B(a, b)]. */
function logDensity(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const remainders = stirlingRemainder(n) - stirlingRemainder(a) - stirlingRemainder(b);
  const difference = distanceFromMean(a, b, x, y);
  const deviances = poissonDeviance(a, n * x, difference) + poissonDeviance(b, n * y, -difference);
  return 0.5 * Math.log(((a / n) * b) / (2 * Math.PI)) + remainders - deviances;
}

const TINY = 1e-300;
/** Enough for shapes up to 1e12; no result may take for ever. */
const MOST_STEPS = 10_000_000;

/**
 * I_x(a, b) over x^a y^b / B(a, b), for x below the mean or a little above it. Every other step of the usual fraction,
 * with the distance from the mean taken out of what would cancel.
 */
function fraction(a: number, b: number, x: number, y: number): number {
  const distance = distanceFromMean(a, b, x, y);
  let c = (a / (a + 1)) * (distance + 1);
  let value = c;
  let d = 0;
  for (let n = 1; n < MOST_STEPS; n++) {
    const inner = a + 2 * n - 1;
    const product = n * (b - n) * x;
    const alpha = ((a + n - 1) / inner) * ((a + b + n - 1) / inner) * product * x;
    const beta = n + product / inner + ((a + n) / (inner + 2)) * (distance + 1 + n * (1 + y));
    d = 1 / awayFromZero(beta + alpha * d);
    c = awayFromZero(beta + alpha / c);
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) <= Number.EPSILON) break;
  }
  return 1 / value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** a − (a + b) x, by the smaller of x and y: the larger holds it to fewer digits. */
function distanceFromMean(a: number, b: number, x: number, y: number): number {
  return x < y ? a - (a + b) * x : (a + b) * y - b;
}
