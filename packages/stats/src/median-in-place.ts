import { quantileInPlace } from './quantile-in-place.ts';

/**
 * The median of `values[from…to)`: the middle value, or the mean of the two middle ones. The array is reordered.
 *
 * When: as `quantileInPlace`. For sorted values use `sortedQuantile(values, 0.5)`.
 * @returns null for an empty sample.
 * Cost: O(n).
 */
export function medianInPlace(values: Float64Array, from = 0, to = values.length): number | null {
  return quantileInPlace(values, 0.5, from, to);
}
