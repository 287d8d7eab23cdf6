import { SCALE_STEP_UP } from './scale.ts';

/**
 * Running moments live in a Float64Array, `MOMENTS_STRIDE` numbers a series, so that one array holds the moments of tens
 * of thousands of series without an object each. Series i starts at `i * MOMENTS_STRIDE`.
 *
 * The layout is open for reading: count, scaled mean, scaled m2 (sum of squared differences), minimum, maximum, scale.
 * Mean and m2 are multiplied by the scale and its square (see `scale.ts`); use `readMoments` to get them out.
 */
export const MOMENTS_STRIDE = 6;

export const COUNT = 0;
export const MEAN = 1;
export const M2 = 2;
export const MIN = 3;
export const MAX = 4;
export const SCALE = 5;

/**
 * Empty running moments for a number of series.
 * @param series how many series, ≥ 0
 */
export function createMoments(series = 1): Float64Array {
  const moments = new Float64Array(series * MOMENTS_STRIDE);
  for (let at = 0; at < moments.length; at += MOMENTS_STRIDE) {
    moments[at + MIN] = Infinity;
    moments[at + MAX] = -Infinity;
    moments[at + SCALE] = SCALE_STEP_UP;
  }
  return moments;
}
