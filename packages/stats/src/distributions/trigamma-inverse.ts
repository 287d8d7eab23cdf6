import { requirePositive } from './arguments.ts';
import { trigamma } from './trigamma.ts';

const MOST_STEPS = 100;

/**
 * The x > 0 with ψ′(x) = `value`, for `value` > 0. Relative error below 1e-12.
 *
 * How: 1 / ψ′ is convex and nearly a line, so that the secant through 1 / value gives Newton steps that close in from
 * one side. Very large and very small values by the first term of their series.
 * Cost: some ten evaluations of ψ′.
 * Source: Smyth, "Linear models and empirical Bayes methods for assessing differential expression in microarray
 * experiments", Statistical Applications in Genetics and Molecular Biology 3 (2004), appendix.
 */
export function trigammaInverse(value: number): number {
  requirePositive('value', value);
  if (value > 1e14) return 1 / Math.sqrt(value);
  if (value < 1e-14) return 1 / value;
  let x = 0.5 + 1 / value;
  for (let i = 0; i < MOST_STEPS; i++) {
    const at = trigamma(x);
    const step = (at * (1 - at / value)) / tetragamma(x);
    x += step;
    if (Math.abs(step) <= x * 1e-14) break;
  }
  return x;
}

/** ψ″(x), the slope of ψ′, to some six digits: enough for a step. */
function tetragamma(x: number): number {
  let value = 0;
  let at = x;
  for (; at < 10; at++) value -= 2 / at ** 3;
  return value - 1 / at ** 2 - 1 / at ** 3 - 1 / (2 * at ** 4);
}
