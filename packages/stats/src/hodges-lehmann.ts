import { asymptoticRankInterval, exactRankInterval, type LocationShift } from './location-shift.ts';
import { RankScratch } from './rank-scratch.ts';
import { scaleForSums, shiftOfSums } from './shift-of-sums.ts';
import { type InsufficientData, insufficientData, type OutOfRange } from './test-result.ts';

const LARGEST_EXACT = 50;

/**
 * The Hodges–Lehmann estimate of a location: the median of the means of all pairs of values, each with itself included,
 * with the interval that belongs to the signed-rank test.
 *
 * When: differences of pairs, nearly symmetric, among which outliers may be. Withstands 29 % of them.
 * @param values not changed; what is not finite is a RangeError
 * @returns `insufficient_data` without values.
 * Cost: O(n log n); pairs are written out only where they are few. Exact intervals up to 50 values.
 * Source: Hodges, Lehmann, "Estimates of location based on rank tests", Ann. Math. Statist. 34 (1963); the interval after
 * Tukey (Hollander, Wolfe, "Nonparametric statistical methods", 1973, 3.3).
 */
export function hodgesLehmann(
  values: Float64Array,
  confidence = 0.95,
  scratch = new RankScratch(),
): LocationShift | InsufficientData | OutOfRange {
  const n = values.length;
  if (n < 1) return insufficientData(0, 1);
  const sorted = scratch.sorted(0, values);
  const scale = scaleForSums(Math.max(-sorted[0], sorted[n - 1]));
  for (let i = 0; i < n; i++) sorted[i] *= scale;
  const matrix = { rows: sorted, columns: sorted, isTriangular: true };
  return shiftOfSums(matrix, intervalOf(n, confidence, scratch), 0.5 / scale, scratch);
}

function intervalOf(n: number, confidence: number, scratch: RankScratch) {
  if (n > LARGEST_EXACT) {
    const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
    return asymptoticRankInterval((n * (n + 1)) / 4, deviation, confidence);
  }
  const cdf = scratch.signedRankCdf(n);
  return exactRankInterval((k) => cdf[2 * k] ?? 1, confidence);
}
