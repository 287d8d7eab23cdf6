import { scaleForMagnitude } from './scale.ts';
import { scaledSum } from './scaled-sum.ts';
import { EMPTY_SUMMARY, type Summary, summaryOfScaled } from './summary.ts';

/**
 * Count, mean, variance, standard deviation, minimum and maximum of the finite values of an array.
 *
 * When: the values are at hand. For a stream use running moments (`addToMoments`).
 * How: corrected two-pass algorithm with a compensated sum, scaled by a power of two so that neither 1e308 nor the
 * smallest denormal over- or underflows. NaN (missing) and ±Infinity do not count. The array is not changed.
 * Cost: three passes, O(1) memory.
 * Source: Chan, Golub, LeVeque, "Algorithms for computing the sample variance", The American Statistician 37 (1983),
 * eq. 1.7; Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974).
 */
export function summarize(values: Float64Array | readonly number[]): Summary {
  let count = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    count++;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (count === 0) return EMPTY_SUMMARY;
  const scale = scaleForMagnitude(Math.max(Math.abs(min), Math.abs(max)));
  const scaledMean = scaledSum(values, scale) / count;
  return summaryOfScaled({ count, scale, scaledMean, scaledM2: scaledM2(values, scale, scaledMean, count), min, max });
}

function scaledM2(values: Float64Array | readonly number[], scale: number, mean: number, count: number): number {
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    const difference = values[i] * scale - mean;
    squares += difference * difference;
    rest += difference;
  }
  return Math.max(0, squares - (rest * rest) / count);
}
