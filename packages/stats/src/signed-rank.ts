import { normalUpperTail } from './distributions/normal-distribution.ts';
import type { RankMethod } from './mann-whitney.ts';
import { RankScratch } from './rank-scratch.ts';
import { signedRankCdf } from './signed-rank-cdf.ts';
import { type NoVariation, noVariation } from './test-result.ts';

export interface SignedRank {
  readonly status: 'ok';
  /** Sums of the ranks of positive and of negative differences. */
  readonly positive: number;
  readonly negative: number;
  /** Differences that are not 0. */
  readonly n: number;
  readonly zeros: number;
  /** Two-sided p. */
  readonly p: number;
  readonly method: RankMethod;
}

export interface SignedRankOptions {
  /** What differences of 0 do: `wilcox` leaves them out, `pratt` lets them take the lowest ranks. Default `wilcox`. */
  readonly zeros?: 'wilcox' | 'pratt';
  /** `auto`: exact up to 50 differences that are not 0. */
  readonly method?: RankMethod | 'auto';
  /** Draws the statistic half a step towards its mean in the approximation. Default true. */
  readonly continuity?: boolean;
  readonly scratch?: RankScratch;
}

const LARGEST_EXACT = 50;

/** Signed ranks of differences. */
interface Ranks {
  readonly positive: number;
  readonly negative: number;
  readonly n: number;
  readonly zeros: number;
  readonly tieTerm: number;
  /** Twice the rank of each difference that is not 0. */
  readonly doubled: Int32Array;
}

/**
 * Wilcoxon's signed-rank test, two-sided: whether differences lie evenly about 0.
 *
 * When: differences of pairs, independent of each other, without a known distribution.
 * How: `exact` is the distribution given the ranks, tied ones included (SciPy does so up to 13 differences, R not at all);
 * `asymptotic` is the normal approximation with corrections for ties, zeros and continuity.
 * @param differences not changed; NaN (missing) does not count
 * @returns `no_variation` where there is no difference but 0.
 * Cost: O(n log n); exact O(n³), 0.1 ms for 50.
 * Source: Wilcoxon, Biometrics Bulletin 1 (1945); Pratt, "Remarks on zeros and ties in the Wilcoxon signed rank
 * procedures", JASA 54 (1959); Cureton, "The normal approximation to the signed-rank sampling distribution when zero
 * differences are present", JASA 62 (1967).
 */
export function signedRank(differences: Float64Array, options: SignedRankOptions = {}): SignedRank | NoVariation {
  const isPratt = options.zeros === 'pratt';
  const ranks = rankDifferences(differences, isPratt, options.scratch ?? new RankScratch());
  const { positive, negative, n, zeros } = ranks;
  if (n === 0) return noVariation(0);
  const asked = options.method ?? 'auto';
  const method = asked === 'auto' ? (n <= LARGEST_EXACT ? 'exact' : 'asymptotic') : asked;
  const p = method === 'exact' ? exactP(ranks) : asymptoticP(ranks, isPratt, options.continuity ?? true);
  return { status: 'ok', positive, negative, n, zeros, p, method };
}

function exactP(ranks: Ranks): number {
  const cdf = signedRankCdf(ranks.doubled.subarray(0, ranks.n));
  return Math.min(1, 2 * cdf[2 * Math.min(ranks.positive, ranks.negative)]);
}

function asymptoticP({ positive, n, zeros, tieTerm }: Ranks, isPratt: boolean, continuity: boolean): number {
  const ranked = isPratt ? n + zeros : n;
  const skipped = isPratt ? zeros : 0;
  const mean = (ranked * (ranked + 1) - skipped * (skipped + 1)) / 4;
  const squares = ranked * (ranked + 1) * (2 * ranked + 1) - skipped * (skipped + 1) * (2 * skipped + 1);
  const variance = (squares - tieTerm / 2) / 24;
  const distance = Math.abs(positive - mean) - (continuity ? 0.5 : 0);
  return distance <= 0 ? 1 : Math.min(1, 2 * normalUpperTail(distance / Math.sqrt(variance)));
}

/** Merges the magnitudes of positive and of negative differences, each sorted, into ranks. */
function rankDifferences(differences: Float64Array, isPratt: boolean, scratch: RankScratch): Ranks {
  const above = scratch.sorted(
    0,
    differences.filter((value) => value > 0),
  );
  const below = scratch.sorted(1, differences.filter((value) => value < 0).map(Math.abs));
  const n = above.length + below.length;
  const zeros = differences.reduce((count, value) => (value === 0 ? count + 1 : count), 0);
  const offset = isPratt ? zeros : 0;
  const doubled = scratch.integers(0, n);
  let positive = 0;
  let tieTerm = 0;
  let i = 0;
  let j = 0;
  while (i + j < n) {
    const value = j >= below.length || above[i] < below[j] ? above[i] : below[j];
    const before = i + j;
    const firstAbove = i;
    while (i < above.length && above[i] === value) i++;
    while (j < below.length && below[j] === value) j++;
    const tied = i + j - before;
    const twiceRank = 2 * (before + offset) + tied + 1;
    doubled.fill(twiceRank, before, i + j);
    positive += ((i - firstAbove) * twiceRank) / 2;
    tieTerm += tied * (tied * tied - 1);
  }
  const sum = (n * (n + 1)) / 2 + n * offset;
  return { positive, negative: sum - positive, n, zeros, tieTerm, doubled };
}
