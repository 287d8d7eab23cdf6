/**
 * The quantile of a sample, by linear interpolation between order statistics.
 *
 * When: percentiles of samples at hand; `values` is ascending and holds finite numbers only, `probability` is in [0, 1].
 * How: position (n − 1)·p; between two neighbours the mean weighted by the fraction, which never leaves their range.
 * @returns null for an empty sample.
 * Cost: O(1).
 * Source: Hyndman, Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996), type 7 (the
 * default of R's `quantile` and of numpy's `percentile`).
 */
export function sortedQuantile(values: Float64Array | readonly number[], probability: number): number | null {
  if (values.length === 0) return null;
  const position = (values.length - 1) * probability;
  const below = Math.floor(position);
  const fraction = position - below;
  const lower = values[below];
  if (fraction === 0) return lower;
  const upper = values[below + 1];
  return lower * (1 - fraction) + upper * fraction;
}
