import type { DayShift } from './day-shift.ts';

const FEWEST_UNITS = 4;
/** As many independent observations of a correlation count as much as knowing that it is usually small. */
const PRIOR_OBSERVATIONS = 20;
const MOST_CORRELATION = 0.8;
/** Days of networks usually hang together by so much; the default α was chosen on such days. */
const USUAL_CORRELATION = 0.2;

/** How much the series of a group tell beyond one another, and how much a day hangs on the day before. */
export interface Togetherness {
  /** Number of independent series that would tell as much about the variance as these; 1 … number of series. */
  readonly independentSeries: number;
  /** Correlation of successive days beyond what is usual, ≥ 0. */
  readonly dayCorrelation: number;
}

/**
 * Looks at the residuals of all series of a group over the same days.
 *
 * A storm or a holiday moves many cells at once. Then a thousand cells do not know the variance of a day better than a
 * few do, and borrowing it from them must not be taken for certainty. With unit vectors z of residuals the mean squared
 * correlation is ‖Σ z zᵀ‖² / S², of which chance alone makes 1/df; the pooled variance of S series tells as much as
 * 1 / (that mean) independent ones.
 */
export function togetherness(shifts: readonly DayShift[]): Togetherness {
  const long = shifts.filter(({ residuals }) => residuals.every((side) => side.length >= FEWEST_UNITS));
  if (long.length === 0) return { independentSeries: Math.max(1, shifts.length), dayCorrelation: 0 };
  const shared = (sharedVariation(long, 0) + sharedVariation(long, 1)) / 2;
  const independentSeries = 1 / shared;
  return { independentSeries, dayCorrelation: dayCorrelation(long, independentSeries) };
}

/** Mean squared correlation of the series in one period, 1 / (number of series) … 1. */
function sharedVariation(shifts: readonly DayShift[], period: 0 | 1): number {
  // Series with the same number of days stand in the same columns; the commonest layout speaks for the group.
  const byLength = Map.groupBy(shifts, ({ residuals }) => residuals[period].length);
  const commonest = [...byLength.values()].reduce((most, group) => (group.length > most.length ? group : most));
  const size = commonest[0].residuals[period].length;
  const products = new Float64Array(size * size);
  let count = 0;
  for (const { residuals } of commonest) {
    const side = residuals[period];
    const squares = sumOfSquares(side);
    if (squares === 0) continue;
    count++;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) products[i * size + j] += (side[i] * side[j]) / squares;
    }
  }
  if (count < 2) return 1;
  let mean = 0;
  for (const product of products) mean += (product / count) ** 2;
  const byChance = 1 / (size - 1);
  return Math.min(1, Math.max(1 / count, (mean - byChance) / (1 - byChance)));
}

/** Mean lag-1 correlation within the periods, corrected for short series and drawn towards 0 where little is seen. */
function dayCorrelation(shifts: readonly DayShift[], independentSeries: number): number {
  let correlations = 0;
  let count = 0;
  let units = 0;
  for (const { residuals } of shifts) {
    for (const side of residuals) {
      const squares = sumOfSquares(side);
      if (squares === 0) continue;
      let products = 0;
      for (let i = 1; i < side.length; i++) products += side[i] * side[i - 1];
      correlations += products / squares;
      units += side.length;
      count++;
    }
  }
  if (count === 0) return 0;
  const length = units / count;
  const corrected = ((correlations / count) * length + 1) / (length - 3);
  const seen = independentSeries * length;
  const drawn = (corrected * seen) / (seen + PRIOR_OBSERVATIONS);
  return Math.min(MOST_CORRELATION, Math.max(0, drawn - USUAL_CORRELATION));
}

function sumOfSquares(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

/**
 * By how much correlation of successive days widens the variance of their mean, beyond what their scatter shows.
 * Source: the variance of a mean of n AR(1) values.
 */
export function inflationOf(correlation: number, n: number): number {
  if (correlation === 0 || n < 2) return 1;
  let sum = 1;
  let power = 1;
  for (let lag = 1; lag < n; lag++) {
    power *= correlation;
    sum += 2 * (1 - lag / n) * power;
  }
  return sum / Math.max(0.2, 1 - (sum - 1) / (n - 1));
}
