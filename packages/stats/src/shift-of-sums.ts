import type { LocationShift, RankInterval } from './location-shift.ts';
import type { RankScratch } from './rank-scratch.ts';
import { countSums, type SumMatrix, selectSums } from './select-sums.ts';
import { OUT_OF_RANGE, type OutOfRange } from './test-result.ts';

/**
 * What to multiply values by so that sums of two do not overflow. Small values need nothing: their sums are exact.
 * @param magnitude the largest; a RangeError where it is not finite
 */
export function scaleForSums(magnitude: number): number {
  if (!Number.isFinite(magnitude)) throw new RangeError('values must be finite');
  return magnitude > 2 ** 1022 ? 0.25 : 1;
}

/**
 * The median of all sums, with the ends of an interval, each multiplied by `unit`.
 *
 * Cost: that of three or four ranks of `selectSums`.
 */
export function shiftOfSums(
  matrix: SumMatrix,
  { rank, confidence, method }: RankInterval,
  unit: number,
  scratch: RankScratch,
): LocationShift | OutOfRange {
  const last = countSums(matrix) - 1;
  const middle = [Math.floor(last / 2), Math.ceil(last / 2)];
  const [lower, upper, lowSum, highSum] = selectSums(matrix, [...middle, rank, last - rank], scratch);
  const estimate = (lower + upper) * (unit / 2);
  const low = lowSum * unit;
  const high = highSum * unit;
  if (![estimate, low, high].every(Number.isFinite)) return OUT_OF_RANGE;
  return { status: 'ok', estimate, low, high, confidence, method };
}
