import { requirePositive } from './arguments.ts';

/** −B(2k) / 2k, of the highest power first. */
const SERIES = [-1 / 12, 691 / 32_760, -1 / 132, 1 / 240, -1 / 252, 1 / 120, -1 / 12];

/**
 * The digamma function ψ(x), the slope of ln Γ, for x > 0. Absolute error below 1e-14 · max(1, |ψ|).
 *
 * How: the recurrence up to 10, then the asymptotic series. Cost: O(1).
 * Source: DLMF 5.5.2, 5.11.2.
 */
export function digamma(x: number): number {
  requirePositive('x', x);
  let value = 0;
  let at = x;
  for (; at < 10; at++) value -= 1 / at;
  const squared = 1 / (at * at);
  return (
    value + Math.log(at) - 0.5 / at + squared * SERIES.reduce((sum, coefficient) => sum * squared + coefficient, 0)
  );
}
