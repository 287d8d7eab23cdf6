import { requirePositive } from './arguments.ts';

/** B(2k), of the highest power first. */
const SERIES = [7 / 6, -691 / 2730, 5 / 66, -1 / 30, 1 / 42, -1 / 30, 1 / 6];

/**
 * The trigamma function ψ′(x), the variance of the logarithm of a gamma variable of shape x, for x > 0. Relative error
 * below 1e-14.
 *
 * How: the recurrence up to 10, then the asymptotic series. Cost: O(1).
 * Source: DLMF 5.15.5, 5.15.8.
 */
export function trigamma(x: number): number {
  requirePositive('x', x);
  let value = 0;
  let at = x;
  for (; at < 10; at++) value += 1 / (at * at);
  const inverse = 1 / at;
  const squared = inverse * inverse;
  const series = SERIES.reduce((sum, coefficient) => sum * squared + coefficient, 0);
  return value + inverse + squared / 2 + squared * inverse * series;
}
