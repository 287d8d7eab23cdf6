import type { LogTail } from './incomplete-beta.ts';

const MOST_STEPS = 200;

/**
 * Where the logarithm of a tail takes a value, by Newton's method.
 *
 * How: for a log-concave density the logarithm of a tail is concave, so that the steps close in on the solution from
 * one side after the first, wherever they start. A step to where the tail does not fit a double is halved.
 * Cost: some ten evaluations.
 * @param tail strictly monotone and concave in its argument
 * @param start where the tail fits a double
 */
export function solveLogTail(tail: (at: number) => LogTail, target: number, start: number): number {
  let at = start;
  let step = Infinity;
  for (let i = 0; i < MOST_STEPS; i++) {
    const { log, slope } = tail(at);
    const next = (target - log) / slope;
    if (Number.isFinite(next)) {
      const hasSettled = Math.abs(next) < 1e-8 && Math.abs(next) >= Math.abs(step);
      step = next;
      at += step;
      if (hasSettled || Math.abs(step) <= Math.abs(at) * Number.EPSILON) break;
    } else {
      step /= 2;
      at -= step;
    }
  }
  return at;
}
