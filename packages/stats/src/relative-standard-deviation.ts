/**
 * Relative standard deviation (coefficient of variation) in percent: std / |mean| × 100.
 *
 * Null where it does not exist (no standard deviation, mean 0) and where a double cannot hold it.
 */
export function relativeStandardDeviation(mean: number | null, std: number | null): number | null {
  if (mean === null || std === null || mean === 0) return null;
  const percent = (std / Math.abs(mean)) * 100;
  return Number.isFinite(percent) ? percent : null;
}
