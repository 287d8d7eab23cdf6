import { scaleForMagnitude } from './scale.ts';

/**
 * Weighted arithmetic mean: Σ w·x / Σ w.
 *
 * Null without values and where the weights sum to 0. Values finite; weights finite, ≥ 0, of moderate size (their sum
 * must be finite). Scaled by a power of two, so that it is finite for any finite values, and never outside their range.
 * Cost: two passes. Arrays of equal length; they are not changed.
 */
export function weightedMean(values: Float64Array, weights: Float64Array): number | null {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (weights[i] === 0) continue;
    if (values[i] < min) min = values[i];
    if (values[i] > max) max = values[i];
  }
  if (min > max) return null;
  const scale = scaleForMagnitude(Math.max(Math.abs(min), Math.abs(max)));
  let mean = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    if (weights[i] === 0) continue;
    total += weights[i];
    mean += (values[i] * scale - mean) * (weights[i] / total);
  }
  return Math.min(max, Math.max(min, mean / scale));
}
