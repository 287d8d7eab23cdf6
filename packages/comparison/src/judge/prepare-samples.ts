import { summarize } from '@pegboard/stats';
import type { Period } from '../time/time-problem.ts';
import type { PeriodSamples } from './judge-input.ts';

/** Samples of one period: inside it, ascending, one a begin. */
export interface PreparedSamples {
  readonly beginMs: Float64Array;
  readonly values: Float64Array;
  readonly numerator: Float64Array | null;
  readonly denominator: Float64Array | null;
  /** Samples with a value. */
  readonly count: number;
  readonly mean: number | null;
  readonly std: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly suspect: number;
  readonly hasDuplicates: boolean;
  readonly isDisordered: boolean;
  readonly hasOutside: boolean;
}

const NOTHING = new Float64Array(0);
const NO_SAMPLES: PreparedSamples = {
  beginMs: NOTHING,
  values: NOTHING,
  numerator: null,
  denominator: null,
  count: 0,
  mean: null,
  std: null,
  min: null,
  max: null,
  suspect: 0,
  hasDuplicates: false,
  isDisordered: false,
  hasOutside: false,
};

/**
 * Puts the samples of a period in order: leaves out what lies outside of it, sorts, and where a begin occurs more than once
 * takes the mean of its present values, which does not depend on the order of delivery. The input is not changed.
 */
export function prepareSamples(samples: PeriodSamples | null, period: Period): PreparedSamples {
  if (!samples) return NO_SAMPLES;
  const order = orderOf(samples.beginMs, period);
  const put = order.isPlain ? samples : rearranged(samples, order.indices);
  const { count, mean, std, min, max } = summarize(put.values);
  let suspect = 0;
  if (put.suspect) for (const mark of put.suspect) if (mark !== 0) suspect++;
  const { hasDuplicates, isDisordered, hasOutside } = order;
  const { beginMs, values, numerator, denominator } = put;
  return {
    beginMs,
    values,
    numerator: numerator && denominator ? numerator : null,
    denominator: numerator && denominator ? denominator : null,
    ...{ count, mean, std, min, max, suspect, hasDuplicates, isDisordered, hasOutside },
  };
}

interface Order {
  /** Nothing to do. */
  readonly isPlain: boolean;
  readonly indices: readonly number[] | Uint32Array;
  readonly hasDuplicates: boolean;
  readonly isDisordered: boolean;
  readonly hasOutside: boolean;
}

function orderOf(beginMs: Float64Array, { fromMs, toMs }: Period): Order {
  let hasDuplicates = false;
  let isDisordered = false;
  let inside = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < beginMs.length; i++) {
    const begin = beginMs[i];
    if (!(begin >= fromMs && begin < toMs)) continue;
    inside++;
    if (begin < last) isDisordered = true;
    else if (begin === last) hasDuplicates = true;
    last = begin;
  }
  const hasOutside = inside < beginMs.length;
  if (!hasDuplicates && !isDisordered && !hasOutside) {
    return { isPlain: true, indices: [], hasDuplicates, isDisordered, hasOutside };
  }
  const indices = new Uint32Array(inside);
  let at = 0;
  for (let i = 0; i < beginMs.length; i++) if (beginMs[i] >= fromMs && beginMs[i] < toMs) indices[at++] = i;
  if (isDisordered) {
    indices.sort((a, b) => beginMs[a] - beginMs[b] || a - b);
    for (let i = 1; i < inside; i++) if (beginMs[indices[i]] === beginMs[indices[i - 1]]) hasDuplicates = true;
  }
  return { isPlain: false, indices, hasDuplicates, isDisordered, hasOutside };
}

function rearranged(samples: PeriodSamples, indices: ArrayLike<number>): PeriodSamples {
  const groups: number[] = [];
  for (let i = 0; i < indices.length; i++) {
    if (i === 0 || samples.beginMs[indices[i]] !== samples.beginMs[indices[i - 1]]) groups.push(i);
  }
  groups.push(indices.length);
  const length = groups.length - 1;
  const beginMs = new Float64Array(length);
  for (let g = 0; g < length; g++) beginMs[g] = samples.beginMs[indices[groups[g]]];
  const { suspect } = samples;
  const marks = suspect && new Uint8Array(length);
  if (suspect && marks) {
    for (let g = 0; g < length; g++) {
      for (let i = groups[g]; i < groups[g + 1]; i++) if (suspect[indices[i]] !== 0) marks[g] = 1;
    }
  }
  const merged = (column: Float64Array): Float64Array => mergedColumn(column, indices, groups);
  return {
    beginMs,
    values: merged(samples.values),
    suspect: marks,
    numerator: samples.numerator && merged(samples.numerator),
    denominator: samples.denominator && merged(samples.denominator),
  };
}

/** One value a group: the mean of its finite values, added in ascending order so that the order of delivery is nothing. */
function mergedColumn(column: Float64Array, indices: ArrayLike<number>, groups: readonly number[]): Float64Array {
  const merged = new Float64Array(groups.length - 1);
  for (let g = 0; g < merged.length; g++) {
    const from = groups[g];
    if (groups[g + 1] - from === 1) {
      merged[g] = column[indices[from]];
      continue;
    }
    const found: number[] = [];
    for (let i = from; i < groups[g + 1]; i++) if (Number.isFinite(column[indices[i]])) found.push(column[indices[i]]);
    found.sort((a, b) => a - b);
    merged[g] = found.length === 0 ? Number.NaN : found.reduce((sum, value) => sum + value / found.length, 0);
  }
  return merged;
}
