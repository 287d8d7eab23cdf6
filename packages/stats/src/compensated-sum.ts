import { scaleForMagnitude } from './scale.ts';
import { scaledSum } from './scaled-sum.ts';

/**
 * The sum of the finite values of an array, to the last digit or nearly, in any order. NaN (missing) and ±Infinity do not
 * count. For a mean use `summarize`.
 *
 * When: many values of different sizes, or of both signs.
 * @returns 0 for no values; null where a double cannot hold the sum.
 * Cost: two passes, O(1) memory.
 * Source: Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974).
 */
export function compensatedSum(values: Float64Array | readonly number[]): number | null {
  let magnitude = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > magnitude && size < Infinity) magnitude = size;
  }
  const scale = scaleForMagnitude(magnitude);
  const sum = scaledSum(values, scale) / scale;
  return Number.isFinite(sum) ? sum : null;
}
