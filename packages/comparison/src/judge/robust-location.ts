/** Median; of an even number the mean of the two in the middle. At least one value; finite. */
export function medianOf(values: readonly number[] | Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
}

/** Hodges–Lehmann shift of b over a: the median of all differences. Cost: O(ab log ab), for tens of values each. */
export function medianOfDifferences(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const differences = new Float64Array(a.length * b.length);
  let at = 0;
  for (let i = 0; i < a.length; i++) for (let j = 0; j < b.length; j++) differences[at++] = b[j] - a[i];
  return medianOf(differences);
}

/** Hodges–Lehmann location: the median of all means of two, each with itself included. For tens of values. */
export function medianOfWalshAverages(values: ArrayLike<number>): number {
  const averages = new Float64Array((values.length * (values.length + 1)) / 2);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    for (let j = i; j < values.length; j++) averages[at++] = values[i] / 2 + values[j] / 2;
  }
  return medianOf(averages);
}
