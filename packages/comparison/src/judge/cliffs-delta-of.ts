export type CliffSides = readonly [Float64Array, Float64Array];

/**
 * Cliff's delta of the second sample over the first: P(b > a) − P(b < a). NaN places are left out; null where a side has
 * nothing. Cost: two sorts. Source: Cliff, Psychological Bulletin 114 (1993) 494.
 */
export function cliffsDeltaOf([a, b]: CliffSides): number | null {
  const [before, after] = [ascending(a), ascending(b)];
  if (before.length === 0 || after.length === 0) return null;
  let below = 0;
  let upTo = 0;
  let balance = 0;
  for (let i = 0; i < after.length; i++) {
    while (below < before.length && before[below] < after[i]) below++;
    while (upTo < before.length && before[upTo] <= after[i]) upTo++;
    balance += below - (before.length - upTo);
  }
  return balance / (before.length * after.length);
}

function ascending(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value)).sort();
}
