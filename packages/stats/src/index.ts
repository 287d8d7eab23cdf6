export { addBlockToMoments } from './add-block-to-moments.ts';
export { addToMoments } from './add-to-moments.ts';
export { benjaminiHochberg } from './benjamini-hochberg.ts';
export { compensatedSum } from './compensated-sum.ts';
export { difference } from './difference.ts';
export { betaCdf, betaLogitQuantile, betaQuantile, betaUpperTail } from './distributions/beta-distribution.ts';
export { chiSquareCdf, chiSquareQuantile, chiSquareUpperTail } from './distributions/chi-square-distribution.ts';
export { digamma } from './distributions/digamma.ts';
export { fCdf, fQuantile, fUpperTail } from './distributions/f-distribution.ts';
export { gammaCdf, gammaQuantile, gammaUpperTail } from './distributions/gamma-distribution.ts';
export { normalCdf, normalQuantile, normalUpperTail } from './distributions/normal-distribution.ts';
export {
  studentTCdf,
  studentTQuantile,
  studentTTwoSided,
  studentTUpperTail,
} from './distributions/student-t-distribution.ts';
export { trigamma } from './distributions/trigamma.ts';
export { estimateVariancePrior } from './estimate-variance-prior.ts';
export { medianInPlace } from './median-in-place.ts';
export { mergeMoments } from './merge-moments.ts';
export { type EstimateOfSeries, moderatedTTest } from './moderated-t-test.ts';
export { oneSampleTTest } from './one-sample-t-test.ts';
export { pairedTTest } from './paired-t-test.ts';
export { quantileInPlace } from './quantile-in-place.ts';
export { readMoments } from './read-moments.ts';
export { relativeChange } from './relative-change.ts';
export { relativeStandardDeviation } from './relative-standard-deviation.ts';
export { createMoments, MOMENTS_STRIDE } from './running-moments.ts';
export { selectInPlace } from './select-in-place.ts';
export { sortedQuantile } from './sorted-quantile.ts';
export { type SqueezedVariance, squeezeVariance } from './squeeze-variance.ts';
export { summarize } from './summarize.ts';
export { EMPTY_SUMMARY, type Summary } from './summary.ts';
export { type TTest, type TTestResult, tTest } from './t-test.ts';
export type { InsufficientData, NoVariation, OutOfRange } from './test-result.ts';
export type { NoVariances, VariancePrior, VariancePriorResult } from './variance-prior.ts';
export { weightedMean } from './weighted-mean.ts';
export { welchTTest } from './welch-t-test.ts';
