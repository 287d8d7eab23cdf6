import { cliffsDelta, type RankScratch } from '@pegboard/stats';

export type CliffSides = readonly [Float64Array, Float64Array];

/** Cliff's delta of the second sample over the first. NaN places are left out; null where a side has nothing. */
export function cliffsDeltaOf([from, to]: CliffSides, scratch: RankScratch): number | null {
  const result = cliffsDelta(present(from), present(to), scratch);
  return result.status === 'ok' ? result.delta : null;
}

function present(values: Float64Array): Float64Array {
  return values.some(Number.isNaN) ? values.filter((value) => !Number.isNaN(value)) : values;
}
