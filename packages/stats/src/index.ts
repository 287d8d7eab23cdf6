export { addBlockToMoments } from './add-block-to-moments.ts';
export { addToMoments } from './add-to-moments.ts';
export { type Autocorrelation, autocorrelation } from './autocorrelation.ts';
export { benjaminiHochberg } from './benjamini-hochberg.ts';
export { type BinomialTest, binomialTest } from './binomial-test.ts';
export { type BrownForsythe, brownForsythe } from './brown-forsythe.ts';
export { type ChangePoint, changePoint } from './change-point.ts';
export { type CliffsDelta, cliffsDelta } from './cliffs-delta.ts';
export { compensatedSum } from './compensated-sum.ts';
export { detectableNoncentrality } from './detectable-noncentrality.ts';
export { difference } from './difference.ts';
export { betaCdf, betaLogitQuantile, betaQuantile, betaUpperTail } from './distributions/beta-distribution.ts';
export { chiSquareCdf, chiSquareQuantile, chiSquareUpperTail } from './distributions/chi-square-distribution.ts';
export { digamma } from './distributions/digamma.ts';
export { fCdf, fQuantile, fUpperTail } from './distributions/f-distribution.ts';
export { gammaCdf, gammaQuantile, gammaUpperTail } from './distributions/gamma-distribution.ts';
export { kolmogorovUpperTail } from './distributions/kolmogorov-upper-tail.ts';
export { normalCdf, normalQuantile, normalUpperTail } from './distributions/normal-distribution.ts';
export {
  studentTCdf,
  studentTQuantile,
  studentTTwoSided,
  studentTUpperTail,
} from './distributions/student-t-distribution.ts';
export { trigamma } from './distributions/trigamma.ts';
export {
  type EffectiveSampleSize,
  type EffectiveSampleSizeMethod,
  effectiveSampleSize,
} from './effective-sample-size.ts';
export { type Equivalence, equivalenceTest } from './equivalence-test.ts';
export { estimateVariancePrior } from './estimate-variance-prior.ts';
export { type Attempts, type FishersExactTest, fishersExactTest } from './fishers-exact-test.ts';
export { flagOutliers, type Outliers } from './flag-outliers.ts';
export { hodgesLehmann } from './hodges-lehmann.ts';
export { hodgesLehmannShift } from './hodges-lehmann-shift.ts';
export type { LocationShift } from './location-shift.ts';
export { type MannWhitney, mannWhitney, type RankMethod, type RankOptions } from './mann-whitney.ts';
export { medianInPlace } from './median-in-place.ts';
export { mergeMoments } from './merge-moments.ts';
export { type EstimateOfSeries, moderatedTTest } from './moderated-t-test.ts';
export { oneSampleTTest } from './one-sample-t-test.ts';
export {
  type AttemptRows,
  type LogRatio,
  type OverdispersedBinomial,
  overdispersedBinomial,
} from './overdispersed-binomial.ts';
export { pairedTTest } from './paired-t-test.ts';
export { type EventCount, poissonRateRatio, type RateRatio } from './poisson-rate-ratio.ts';
export { quantileInPlace } from './quantile-in-place.ts';
export { RankScratch } from './rank-scratch.ts';
export { readMoments } from './read-moments.ts';
export { relativeChange } from './relative-change.ts';
export { relativeStandardDeviation } from './relative-standard-deviation.ts';
export { createMoments, MOMENTS_STRIDE } from './running-moments.ts';
export { selectInPlace } from './select-in-place.ts';
export { type SignedRank, type SignedRankOptions, signedRank } from './signed-rank.ts';
export { smallestDetectableChange } from './smallest-detectable-change.ts';
export { sortedQuantile } from './sorted-quantile.ts';
export { type SqueezedVariance, squeezeVariance } from './squeeze-variance.ts';
export { summarize } from './summarize.ts';
export { EMPTY_SUMMARY, type Summary } from './summary.ts';
export { type TTest, type TTestResult, tTest } from './t-test.ts';
export { tTestPower } from './t-test-power.ts';
export type { InsufficientData, NoVariation, OutOfRange } from './test-result.ts';
export { type UnitsNeeded, type UnitsQuestion, unitsNeeded } from './units-needed.ts';
export type { NoVariances, VariancePrior, VariancePriorResult } from './variance-prior.ts';
export { weightedMean } from './weighted-mean.ts';
export { welchTTest } from './welch-t-test.ts';
