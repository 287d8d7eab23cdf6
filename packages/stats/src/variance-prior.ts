import type { InsufficientData } from './test-result.ts';

/** How the true variances of many series spread: scaled inverse chi-square with `df` degrees of freedom about `variance`. */
export interface VariancePrior {
  readonly status: 'ok';
  /** s0², the variance that a series is expected to have. */
  readonly variance: number;
  /** d0, how many degrees of freedom that is worth; null: without bound, the series all have this one variance. */
  readonly df: number | null;
  /** The degrees of freedom of all series together, above which no moderated test goes. */
  readonly pooledDf: number;
  /** Series used, and how many of them had a variance of 0. Where most had, the prior is not reliable. */
  readonly n: number;
  readonly zeros: number;
}

/** All variances were 0: nothing to estimate. */
export interface NoVariances {
  readonly status: 'no_variances';
  readonly n: number;
}

export type VariancePriorResult = VariancePrior | NoVariances | InsufficientData;
