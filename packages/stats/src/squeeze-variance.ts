import type { VariancePriorResult } from './variance-prior.ts';

export interface SqueezedVariance {
  readonly variance: number;
  /** Degrees of freedom of that variance: the own ones and those of the prior; never more than all series have. */
  readonly df: number;
}

/**
 * A series' variance, drawn towards the one that its prior expects: the mean of both, weighted by degrees of freedom.
 *
 * A prior that could not be estimated changes nothing.
 * @param variance ≥ 0, finite
 * @param df ≥ 0, finite; a series with 0 degrees of freedom of its own gets the prior's variance
 * @param prior of `estimateVariancePrior`
 * Cost: O(1).
 * Source: Smyth (2004), as limma's `squeezeVar` and `eBayes`.
 */
export function squeezeVariance(variance: number, df: number, prior: VariancePriorResult): SqueezedVariance {
  if (prior.status !== 'ok') return { variance, df };
  if (prior.df === null) return { variance: prior.variance, df: prior.pooledDf };
  const total = df + prior.df;
  return {
    variance: variance * (df / total) + prior.variance * (prior.df / total),
    df: Math.min(total, prior.pooledDf),
  };
}
