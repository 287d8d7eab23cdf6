import { selectInPlace } from './select-in-place.ts';

/**
 * The quantile of `values[from…to)`, by linear interpolation between order statistics, as `sortedQuantile`. The array is
 * reordered.
 *
 * When: one or a few quantiles of a scratch array that the caller owns; no array is made. Finite numbers only, no NaN.
 * @param probability in [0, 1]
 * @returns null for an empty sample.
 * Cost: O(n).
 * Source: Hyndman, Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996), type 7.
 */
export function quantileInPlace(
  values: Float64Array,
  probability: number,
  from = 0,
  to = values.length,
): number | null {
  if (to <= from) return null;
  const position = (to - from - 1) * probability;
  const below = from + Math.floor(position);
  const fraction = position - Math.floor(position);
  const lower = selectInPlace(values, below, from, to);
  if (fraction === 0) return lower;
  let upper = values[below + 1];
  for (let at = below + 2; at < to; at++) if (values[at] < upper) upper = values[at];
  return lower * (1 - fraction) + upper * fraction;
}
