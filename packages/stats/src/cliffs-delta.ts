import { compareSorted } from './compare-sorted.ts';
import { RankScratch } from './rank-scratch.ts';
import { type InsufficientData, insufficientData } from './test-result.ts';

export interface CliffsDelta {
  readonly status: 'ok';
  /** P(to > from) − P(to < from) over all pairs, in [−1, 1]. */
  readonly delta: number;
}

/**
 * Cliff's delta: how far one sample lies above the other, by order alone; 0 where they overlap evenly.
 *
 * When: the size of a shift, beside a rank test (`mannWhitney` gives it too).
 * @param from, to not changed; a NaN is a RangeError
 * @returns `insufficient_data` where a sample is empty.
 * Cost: O((m + n) log(m + n)).
 * Source: Cliff, "Dominance statistics: Ordinal analyses to answer ordinal questions", Psychological Bulletin 114 (1993).
 */
export function cliffsDelta(
  from: Float64Array,
  to: Float64Array,
  scratch = new RankScratch(),
): CliffsDelta | InsufficientData {
  const least = Math.min(from.length, to.length);
  if (least < 1) return insufficientData(least, 1);
  const { u } = compareSorted(scratch.sorted(0, from), scratch.sorted(1, to));
  return { status: 'ok', delta: (2 * u) / (from.length * to.length) - 1 };
}
