import { type InsufficientData, insufficientData, OUT_OF_RANGE, type OutOfRange } from './test-result.ts';

/** Successes among attempts of several units, such as days. Arrays of equal length. */
export interface AttemptRows {
  readonly successes: Float64Array;
  readonly attempts: Float64Array;
}

/** A difference on a logarithmic scale, `to` − `from`. */
export interface LogRatio {
  readonly estimate: number;
  /** Times the dispersion, it is the variance of the estimate. */
  readonly unscaledVariance: number;
  /** By the own dispersion; 0 where that is not known (`df` 0). */
  readonly standardError: number;
}

export interface OverdispersedBinomial {
  readonly status: 'ok';
  /** Shares of successes, of all attempts of a side together. */
  readonly fromShare: number;
  readonly toShare: number;
  /** Rows used. */
  readonly fromRows: number;
  readonly toRows: number;
  /** ln of the odds of success of `to` over those of `from`; null where a side has (nearly) no success or no failure. */
  readonly logOddsRatio: LogRatio | null;
  /** ln of the share of failures of `to` over that of `from`; null where a side has no failure. */
  readonly logFailureRatio: LogRatio | null;
  /** How many times as much as a binomial share the rows vary: about 1 for independent attempts. 0 where `df` is 0. */
  readonly dispersion: number;
  /** Degrees of freedom of the dispersion: rows − 2. */
  readonly df: number;
}

/**
 * Compares two shares of successes, whose units vary more than independent attempts would (quasi-binomial).
 *
 * When: ratios of counters over days. With one row a side the dispersion is unknown: moderate it across series
 * (`estimateVariancePrior` over dispersions and `df`, then `moderatedTTest` with `variance: dispersion`).
 * How: logistic regression on the side alone, which has a closed form; the dispersion is Pearson's χ² over `df`.
 * @param from, to not changed. A row with NaN, without attempts, or with successes outside 0 … attempts does not count
 * @returns `insufficient_data` where a side has no row.
 * Cost: O(rows).
 * Source: McCullagh, Nelder, "Generalized linear models", 2nd ed. (1989), 4.5; R's `glm(family = quasibinomial)`.
 */
export function overdispersedBinomial(
  from: AttemptRows,
  to: AttemptRows,
): OverdispersedBinomial | InsufficientData | OutOfRange {
  const first = totalOf(from);
  const second = totalOf(to);
  const least = Math.min(first.rows, second.rows);
  if (least < 1) return insufficientData(least, 1);
  const df = first.rows + second.rows - 2;
  const dispersion = df === 0 ? 0 : (pearson(from, first) + pearson(to, second)) / df;
  if (!Number.isFinite(first.attempts + second.attempts + dispersion)) return OUT_OF_RANGE;
  return {
    status: 'ok',
    fromShare: first.successes / first.attempts,
    toShare: second.successes / second.attempts,
    fromRows: first.rows,
    toRows: second.rows,
    logOddsRatio: logOddsRatio(first, second, dispersion),
    logFailureRatio: logFailureRatio(first, second, dispersion),
    dispersion,
    df,
  };
}

interface Total {
  readonly rows: number;
  readonly successes: number;
  readonly failures: number;
  readonly attempts: number;
}

function isUsable({ successes, attempts }: AttemptRows, row: number): boolean {
  return attempts[row] > 0 && attempts[row] < Infinity && successes[row] >= 0 && successes[row] <= attempts[row];
}

function totalOf(side: AttemptRows): Total {
  let rows = 0;
  let successes = 0;
  let failures = 0;
  for (let row = 0; row < side.attempts.length; row++) {
    if (!isUsable(side, row)) continue;
    rows++;
    successes += side.successes[row];
    failures += side.attempts[row] - side.successes[row];
  }
  return { rows, successes, failures, attempts: successes + failures };
}

/** Σ (successes − expected)² / (expected · share of failures). 0 for a side that never, or always, fails. */
function pearson(side: AttemptRows, { successes, failures, attempts }: Total): number {
  if (successes === 0 || failures === 0) return 0;
  const share = successes / attempts;
  const failureShare = failures / attempts;
  let sum = 0;
  for (let row = 0; row < side.attempts.length; row++) {
    if (!isUsable(side, row)) continue;
    const expected = side.attempts[row] * share;
    sum += (side.successes[row] - expected) ** 2 / (expected * failureShare);
  }
  return sum;
}

function logOddsRatio(from: Total, to: Total, dispersion: number): LogRatio | null {
  if (Math.min(from.successes, from.failures, to.successes, to.failures) === 0) return null;
  const estimate = Math.log((to.successes / to.failures) * (from.failures / from.successes));
  const unscaled = 1 / from.successes + 1 / from.failures + 1 / to.successes + 1 / to.failures;
  return ratioOf(estimate, unscaled, dispersion);
}

function logFailureRatio(from: Total, to: Total, dispersion: number): LogRatio | null {
  if (from.failures === 0 || to.failures === 0) return null;
  const estimate = Math.log((to.failures / to.attempts) * (from.attempts / from.failures));
  const unscaled = from.successes / from.attempts / from.failures + to.successes / to.attempts / to.failures;
  return ratioOf(estimate, unscaled, dispersion);
}

function ratioOf(estimate: number, unscaledVariance: number, dispersion: number): LogRatio | null {
  if (!Number.isFinite(estimate) || !Number.isFinite(unscaledVariance)) return null;
  return { estimate, unscaledVariance, standardError: Math.sqrt(unscaledVariance * dispersion) };
}
