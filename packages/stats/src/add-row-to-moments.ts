import { addToMoments } from './add-to-moments.ts';
import { COUNT, M2, MAX, MEAN, MIN, MOMENTS_STRIDE, SCALE } from './running-moments.ts';
import { SCALED_LIMIT } from './scale.ts';

/**
 * Adds one value to each of many series: `values[i]` to the i-th running moments. The same results as `addToMoments`.
 *
 * When: samples come as rows over many series (a block of counters). NaN (missing) and ±Infinity do not count.
 * Cost: O(count); one division a value.
 * @param count how many of the values to take; `moments` holds at least as many series
 */
export function addRowToMoments(moments: Float64Array, values: Float64Array, count: number): void {
  for (let i = 0, at = 0; i < count; i++, at += MOMENTS_STRIDE) {
    const value = values[i];
    const scaled = value * moments[at + SCALE];
    // Also false for NaN: what is missing, infinite or needs another scale takes the long way.
    if (!(scaled <= SCALED_LIMIT && scaled >= -SCALED_LIMIT)) {
      addToMoments(moments, at, value);
      continue;
    }
    const seen = moments[at + COUNT] + 1;
    const difference = scaled - moments[at + MEAN];
    const mean = moments[at + MEAN] + difference / seen;
    moments[at + COUNT] = seen;
    moments[at + MEAN] = mean;
    moments[at + M2] += difference * (scaled - mean);
    if (value < moments[at + MIN]) moments[at + MIN] = value;
    if (value > moments[at + MAX]) moments[at + MAX] = value;
  }
}
