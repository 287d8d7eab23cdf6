import { fUpperTail } from './distributions/f-distribution.ts';
import { medianInPlace } from './median-in-place.ts';
import { RankScratch } from './rank-scratch.ts';
import { scaleForMagnitude } from './scale.ts';
import { type InsufficientData, insufficientData, type NoVariation, noVariation } from './test-result.ts';

export interface BrownForsythe {
  readonly status: 'ok';
  readonly statistic: number;
  readonly df1: number;
  readonly df2: number;
  readonly p: number;
}

/**
 * The Brown–Forsythe test (Levene's with medians): whether groups differ in spread, wherever they lie.
 *
 * When: values far from normal too, for which the F-test of variances fails. Each group centred by itself beforehand if
 * its level moves.
 * How: analysis of variance of the distances from the group's median.
 * @param groups two or more, not changed; a value that is not finite is a RangeError
 * @returns `insufficient_data` where a group is empty or no group has two values, `no_variation` where the distances
 * within groups are all equal.
 * Cost: O(n).
 * Source: Brown, Forsythe, "Robust tests for the equality of variances", JASA 69 (1974).
 */
export function brownForsythe(
  groups: readonly Float64Array[],
  scratch = new RankScratch(),
): BrownForsythe | InsufficientData | NoVariation {
  const n = groups.reduce((count, group) => count + group.length, 0);
  const required = groups.length + 1;
  if (groups.length < 2) return insufficientData(groups.length, 2);
  if (n < required || groups.some((group) => group.length === 0)) return insufficientData(n, required);
  const magnitude = groups.reduce((most, group) => Math.max(most, largestMagnitude(group)), 0);
  if (!Number.isFinite(magnitude)) throw new RangeError('values must be finite');
  const spreads = groups.map((group) => distancesFromMedian(group, scaleForMagnitude(magnitude), scratch));
  const grandMean = spreads.reduce((sum, { count, mean }) => sum + mean * (count / n), 0);
  const between = spreads.reduce((sum, { count, mean }) => sum + count * (mean - grandMean) ** 2, 0);
  const within = spreads.reduce((sum, { squares }) => sum + squares, 0);
  const df1 = groups.length - 1;
  const df2 = n - groups.length;
  const statistic = between / df1 / (within / df2);
  if (!Number.isFinite(statistic)) return noVariation(0);
  return { status: 'ok', statistic, df1, df2, p: fUpperTail(statistic, df1, df2) };
}

interface Distances {
  readonly count: number;
  readonly mean: number;
  /** Sum of squared differences from the mean distance. */
  readonly squares: number;
}

function distancesFromMedian(group: Float64Array, scale: number, scratch: RankScratch): Distances {
  const count = group.length;
  const distances = scratch.numbers(0, count);
  for (let i = 0; i < count; i++) distances[i] = group[i] * scale;
  const median = medianInPlace(distances) ?? 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    distances[i] = Math.abs(distances[i] - median);
    sum += distances[i];
  }
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (distances[i] - mean) ** 2;
  return { count, mean, squares };
}

function largestMagnitude(group: Float64Array): number {
  let most = 0;
  for (let i = 0; i < group.length; i++) most = Math.max(most, Math.abs(group[i]));
  return most;
}
