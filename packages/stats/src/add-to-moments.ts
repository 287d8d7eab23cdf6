import { rescaleMoments } from './rescale-moments.ts';
import { COUNT, M2, MAX, MEAN, MIN, SCALE } from './running-moments.ts';
import { SCALED_LIMIT } from './scale.ts';

/**
 * Adds one value to running moments.
 *
 * When: values come one at a time and are not kept. NaN (missing) and ±Infinity do not count.
 * How: Welford's update, scaled by a power of two; a constant series keeps m2 at exactly 0.
 * Cost: O(1); one division.
 * Source: Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4 (1962).
 * @param at offset of the series, a multiple of `MOMENTS_STRIDE`
 */
export function addToMoments(moments: Float64Array, at: number, value: number): void {
  if (!Number.isFinite(value)) return;
  while (Math.abs(value * moments[at + SCALE]) > SCALED_LIMIT) rescaleMoments(moments, at);
  const scaled = value * moments[at + SCALE];
  const count = moments[at + COUNT] + 1;
  const difference = scaled - moments[at + MEAN];
  const mean = moments[at + MEAN] + difference / count;
  moments[at + COUNT] = count;
  moments[at + MEAN] = mean;
  moments[at + M2] += difference * (scaled - mean);
  if (value < moments[at + MIN]) moments[at + MIN] = value;
  if (value > moments[at + MAX]) moments[at + MAX] = value;
}
