import { betaLogitQuantile, betaUpperTail, studentTQuantile, studentTTwoSided } from '@pegboard/stats';
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
 */
export function exactEvents(shift: CountEvidence, dispersion: number, df: number, fixed: number): TestedEvents {
  const { share, complement } = shift;
  const [before, after] = shift.events;
  const total = before + after;
  const logOdds = Math.log(share / (1 - share));
  const estimate = Math.log((after + HALF) / (before + HALF)) - logOdds;
  const counting = dispersion * complement * (1 / (before + HALF) + 1 / (after + HALF));
  const standardError = Math.sqrt(counting + fixed);
  const binomial = share * (1 - share) * total;
  const score = (after - share * total) / Math.sqrt(dispersion * complement * binomial + binomial * binomial * fixed);
  const pWide = studentTTwoSided(score, df);
  const pExact = twoSided(before, after, share);
  const reach = studentTQuantile(1 - TAIL, df) * standardError;
  const exact = { low: lowerBound(before, after) - logOdds, high: -lowerBound(after, before) - logOdds };
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

/** Twice the smaller tail of a binomial with `before + after` trials. */
function twoSided(before: number, after: number, share: number): number {
  const atLeast = after === 0 ? 1 : betaUpperTailBelow(share, after, before + 1);
  const atMost = before === 0 ? 1 : betaUpperTail(share, after + 1, before);
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
