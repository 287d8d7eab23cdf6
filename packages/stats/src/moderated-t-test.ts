import { squeezeVariance } from './squeeze-variance.ts';
import { type TTestResult, tTest } from './t-test.ts';
import { type InsufficientData, insufficientData } from './test-result.ts';
import type { VariancePriorResult } from './variance-prior.ts';

/** An estimate of one series, with the variance that its error is measured by. */
export interface EstimateOfSeries {
  readonly estimate: number;
  /** What the variance is multiplied by to give that of the estimate: 1/n for a mean, 1/m + 1/n for a difference of two. */
  readonly unscaledVariance: number;
  /** Sample variance of the series' units (residuals), ≥ 0. */
  readonly variance: number;
  /** Degrees of freedom of that variance, ≥ 0. */
  readonly df: number;
}

/**
 * The moderated t-test: a t-test whose variance borrows from the other series.
 *
 * When: thousands of series with few units (days) each: a series that happened to vary little is not taken for certain.
 * @param series all finite
 * @param prior of `estimateVariancePrior` over the variances of all series; where it could not be estimated, the test is
 * the ordinary one
 * @returns `insufficient_data` where neither series nor prior has a degree of freedom, `no_variation` where both
 * variances are 0.
 * Cost: a tail and a quantile of the t distribution; some 5 µs.
 * Source: Smyth, "Linear models and empirical Bayes methods for assessing differential expression in microarray
 * experiments", Statistical Applications in Genetics and Molecular Biology 3 (2004).
 */
export function moderatedTTest(
  series: EstimateOfSeries,
  prior: VariancePriorResult,
  confidence = 0.95,
): TTestResult | InsufficientData {
  const { variance, df } = squeezeVariance(series.variance, series.df, prior);
  if (df === 0) return insufficientData(0, 1);
  const standardError = Math.sqrt(variance) * Math.sqrt(series.unscaledVariance);
  return tTest(series.estimate, standardError, df, confidence);
}
