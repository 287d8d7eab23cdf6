const MOST_CORRELATION = 0.95;
/** What is usual, and how many values it counts as much as: short series tell little of their correlation. */
const USUAL_CORRELATION = 0.15;
const USUAL_COUNTS = 12;

/** The variance of the mean of successive values that depend on one another. */
export interface MeanVariance {
  readonly variance: number;
  /** Degrees of freedom: the number of independent values that tell as much, less 1. */
  readonly df: number;
  /** Lag-1 correlation, corrected for the bias of short series, 0…0.95. */
  readonly correlation: number;
}

/**
 * Variance of a mean of `values` in time order under an AR(1) correlation: n values count as n·(1−ρ)/(1+ρ).
 *
 * The lag-1 correlation of n values around their own mean is too small by about (1+3ρ)/n, which is put right; then it is
 * drawn towards a usual value. Negative correlation is not believed: it would only narrow the interval.
 * Source: Bartlett (1946); Kendall, Biometrika 41 (1954) 403; Bence, Ecology 76 (1995) 628.
 */
export function meanVariance(values: Float64Array | readonly number[]): MeanVariance {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i] / n;
  let squares = 0;
  let products = 0;
  for (let i = 0; i < n; i++) {
    const deviation = values[i] - mean;
    squares += deviation * deviation;
    if (i > 0) products += deviation * (values[i - 1] - mean);
  }
  if (n < 2 || squares === 0) return { variance: 0, df: Math.max(0, n - 1), correlation: 0 };
  const raw = products / squares;
  const corrected = n < 4 ? 0 : (raw * n + 1) / (n - 3);
  const drawn = (n * corrected + USUAL_COUNTS * USUAL_CORRELATION) / (n + USUAL_COUNTS);
  const correlation = Math.min(MOST_CORRELATION, Math.max(0, drawn));
  const effective = Math.max(1.5, (n * (1 - correlation)) / (1 + correlation));
  // Successive values that hang together spread less around their own mean than around the true one.
  const variance = (squares / n) * (effective / (effective - 1));
  return { variance: variance / effective, df: effective - 1, correlation };
}
