import { betaLogitQuantile, betaUpperTail, studentTQuantile, studentTUpperTail } from '@pegboard/stats';
import type { JudgeTest } from './judgement.ts';
import type { CountEvidence } from './series-evidence.ts';

const TAIL = 0.025;
/** Added to both counts: makes the estimate finite where a period had no event. */
const HALF = 0.5;

interface TestedEvents {
  readonly test: JudgeTest;
  readonly p: number;
  readonly shift: number;
  readonly standardError: number;
  readonly df: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Events in N against N-1, given their total T: where nothing changed, those in N are binomial with T and `share`. Exact for
 * Poisson rates; where days scatter more than Poisson, or the day itself is in doubt, the wider of this and a t test
 * with that variance.
 *
 * Interval: Clopper–Pearson for the share, read as a ratio of rates.
 * Source: Przyborowski, Wilenski, Biometrika 31 (1940) 313; Clopper, Pearson, Biometrika 26 (1934) 404.
 * @param dispersion variance over its Poisson value, ≥ 1
 * @param fixed variance of the log ratio beside counting
 * @param margin changes of the log ratio up to this are as good as none, see `beyondMargin`
 */
export function exactEvents(
  shift: CountEvidence,
  dispersion: number,
  df: number,
  fixed: number,
  margin: number,
): TestedEvents {
  const { share, complement } = shift;
  const [before, after] = shift.events;
  const total = before + after;
  const logOdds = Math.log(share / (1 - share));
  const estimate = Math.log((after + HALF) / (before + HALF)) - logOdds;
  const counting = dispersion * complement * (1 / (before + HALF) + 1 / (after + HALF));
  const standardError = Math.sqrt(counting + fixed);
  const pWide = Math.min(scored(1), scored(-1));
  const pExact = twoSided(before, after, shareAt(logOdds + margin), shareAt(logOdds - margin));
  const reach = studentTQuantile(1 - TAIL, df) * standardError;
  const exact = { low: lowerBound(before, after) - logOdds, high: -lowerBound(after, before) - logOdds };
  /** Twice the tail of the score against the share that the margin leaves on the side of the sign. */
  function scored(sign: 1 | -1): number {
    const atMargin = shareAt(logOdds + sign * margin);
    const binomial = atMargin * (1 - atMargin) * total;
    const variance = dispersion * complement * binomial + binomial * binomial * fixed;
    return Math.min(1, 2 * studentTUpperTail((sign * (after - atMargin * total)) / Math.sqrt(variance), df));
  }
  const isPlain = dispersion === 1 && fixed === 0;
  return {
    test: isPlain || pExact >= pWide ? 'exact_poisson' : 'overdispersed_counts_t',
    p: Math.max(pExact, pWide),
    shift: estimate,
    standardError,
    df,
    low: isPlain ? exact.low : Math.min(exact.low, estimate - reach),
    high: isPlain ? exact.high : Math.max(exact.high, estimate + reach),
  };
}

function shareAt(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** Twice the smaller tail of a binomial with `before + after` trials, each against the share at its margin. */
function twoSided(before: number, after: number, upperShare: number, lowerShare: number): number {
  const atLeast = after === 0 ? 1 : betaUpperTailBelow(upperShare, after, before + 1);
  const atMost = before === 0 ? 1 : betaUpperTail(lowerShare, after + 1, before);
  return Math.min(1, 2 * Math.min(atLeast, atMost));
}

/** P(X ≥ after) = I(share; after, before + 1). */
function betaUpperTailBelow(share: number, after: number, beforePlus1: number): number {
  return betaUpperTail(1 - share, beforePlus1, after);
}

/** ln odds of the lower Clopper–Pearson bound of `part` out of `rest + part`; −Infinity without any. */
function lowerBound(rest: number, part: number): number {
  return part === 0 ? Number.NEGATIVE_INFINITY : betaLogitQuantile(TAIL, part, rest + 1);
}
