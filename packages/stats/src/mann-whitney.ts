import { compareSorted } from './compare-sorted.ts';
import { normalUpperTail } from './distributions/normal-distribution.ts';
import { RankScratch } from './rank-scratch.ts';
import { type InsufficientData, insufficientData } from './test-result.ts';

export type RankMethod = 'exact' | 'asymptotic';

export interface MannWhitney {
  readonly status: 'ok';
  /** Pairs of which the value of `to` is larger, half of the equal ones added. */
  readonly u: number;
  /** Two-sided p. */
  readonly p: number;
  /** u / (m·n): the chance that a value of `to` is above one of `from` (area under the ROC curve). */
  readonly auc: number;
  /** Cliff's delta: 2·auc − 1. */
  readonly delta: number;
  readonly method: RankMethod;
}

export interface RankOptions {
  /** `auto`: exact where the smaller sample has up to 8 values and none are tied. */
  readonly method?: RankMethod | 'auto';
  /** Draws the statistic half a step towards its mean in the approximation. Default true. */
  readonly continuity?: boolean;
  readonly scratch?: RankScratch;
}

/** As in SciPy: above it the normal approximation is good. */
const LARGEST_EXACT = 8;

/**
 * The Mann–Whitney U test (Wilcoxon rank-sum test), two-sided: whether values of one sample tend to be larger.
 *
 * When: independent values without a known distribution. Hours of one day are not independent of each other.
 * How: `exact` counts arrangements, and takes values for not tied; `asymptotic` is the normal approximation with
 * corrections for ties and continuity. All values equal: p = 1.
 * @param from, to not changed; a NaN is a RangeError
 * @returns `insufficient_data` where a sample is empty.
 * Cost: O((m + n) log(m + n)); with a scratch, some 90 µs for 672 and 672.
 * Source: Mann, Whitney, Ann. Math. Statist. 18 (1947); ties after Lehmann, "Nonparametrics" (1975).
 */
export function mannWhitney(
  from: Float64Array,
  to: Float64Array,
  options: RankOptions = {},
): MannWhitney | InsufficientData {
  const m = from.length;
  const n = to.length;
  if (Math.min(m, n) < 1) return insufficientData(Math.min(m, n), 1);
  const scratch = options.scratch ?? new RankScratch();
  const { u, tieTerm } = compareSorted(scratch.sorted(0, from), scratch.sorted(1, to));
  const method = chooseMethod(options.method ?? 'auto', Math.min(m, n), tieTerm > 0);
  const p = method === 'exact' ? exactP(u, m, n, scratch) : asymptoticP(u, m, n, tieTerm, options.continuity ?? true);
  const auc = u / (m * n);
  return { status: 'ok', u, p, auc, delta: 2 * auc - 1, method };
}

function chooseMethod(asked: RankMethod | 'auto', least: number, hasTies: boolean): RankMethod {
  if (asked !== 'auto') return asked;
  return least <= LARGEST_EXACT && !hasTies ? 'exact' : 'asymptotic';
}

function exactP(u: number, m: number, n: number, scratch: RankScratch): number {
  const cdf = scratch.rankSumCdf(m, n);
  return Math.min(1, 2 * cdf[Math.ceil(Math.min(u, m * n - u))]);
}

function asymptoticP(u: number, m: number, n: number, tieTerm: number, continuity: boolean): number {
  const total = m + n;
  const variance = ((m * n) / 12) * (total + 1 - tieTerm / (total * (total - 1)));
  const distance = Math.abs(u - (m * n) / 2) - (continuity ? 0.5 : 0);
  if (!(variance > 0) || distance <= 0) return 1;
  return Math.min(1, 2 * normalUpperTail(distance / Math.sqrt(variance)));
}
