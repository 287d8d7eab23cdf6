import { normalQuantile, normalUpperTail } from './distributions/normal-distribution.ts';
import type { RankMethod } from './mann-whitney.ts';

/** A robust location, or shift between two, with an interval of ranks. */
export interface LocationShift {
  readonly status: 'ok';
  readonly estimate: number;
  /** Ends of the interval. */
  readonly low: number;
  readonly high: number;
  /**
   * The confidence that the interval has. Ranks are whole numbers: `exact` it is at least the one asked for, or as much
   * as so few values can give; `asymptotic` it is near the one asked for.
   */
  readonly confidence: number;
  readonly method: RankMethod;
}

/** Which of the ascending sums an interval starts at, counted from 0; it ends at the same rank from the other end. */
export interface RankInterval {
  readonly rank: number;
  readonly confidence: number;
  readonly method: RankMethod;
}

/**
 * The interval by the exact distribution of a rank statistic.
 * @param cdf P(statistic ≤ k) for k = 0 …
 */
export function exactRankInterval(cdf: (k: number) => number, confidence: number): RankInterval {
  // Confidences like 0.9375 are met to the last digit by few values: rounding must not lose them.
  const tail = ((1 - confidence) / 2) * (1 + 1e-12);
  let rank = 0;
  while (cdf(rank + 1) <= tail) rank++;
  return { rank, confidence: 1 - 2 * cdf(rank), method: 'exact' };
}

/** The interval by the normal approximation of a rank statistic, with its correction for continuity. */
export function asymptoticRankInterval(mean: number, deviation: number, confidence: number): RankInterval {
  const reach = -normalQuantile((1 - confidence) / 2);
  const rank = Math.max(0, Math.floor(mean - 0.5 - reach * deviation));
  const reached = 1 - 2 * normalUpperTail((mean - 0.5 - rank) / deviation);
  return { rank, confidence: reached, method: 'asymptotic' };
}
