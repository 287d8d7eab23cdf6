/**
 * Several quantiles of a sample, by linear interpolation between order statistics: the same as `sortedQuantile` gives of the sorted values.
 * `values` holds finite numbers only and is brought into another order.
 *
 * When: a few percentiles of samples that need not be sorted. For many percentiles sort once and use `sortedQuantile`.
 * How: selection by partition (Hoare) from the smallest probability on, each within what lies above the last.
 * @param probabilities in [0, 1], ascending
 * @returns one a probability; null for an empty sample
 * Cost: O(n) on average; O(n log n) at worst, since what does not come to an end is sorted.
 * Source: Hoare, "Algorithm 65: find", Communications of the ACM 4 (1961); type 7 of Hyndman and Fan, The American Statistician 50 (1996).
 */
export function selectQuantiles(values: Float64Array, probabilities: readonly number[]): (number | null)[] {
  let from = 0;
  return probabilities.map((probability) => {
    if (values.length === 0) return null;
    const position = (values.length - 1) * probability;
    const below = Math.floor(position);
    select(values, below, from);
    from = below;
    const fraction = position - below;
    if (fraction === 0) return values[below];
    return values[below] * (1 - fraction) + smallest(values, below + 1) * fraction;
  });
}

/** Brings the value of a rank to its place: none before it is larger, none behind it smaller. Those before `from` stay. */
function select(values: Float64Array, rank: number, from: number): void {
  let left = from;
  let right = values.length - 1;
  let stepsLeft = 2 * Math.ceil(Math.log2(values.length + 1)) + 8;
  while (left < right) {
    if (stepsLeft-- === 0) {
      values.subarray(left, right + 1).sort();
      return;
    }
    const pivot = middleOf(values[left], values[(left + right) >> 1], values[right]);
    let low = left;
    let high = right;
    while (low <= high) {
      while (values[low] < pivot) low++;
      while (values[high] > pivot) high--;
      if (low > high) break;
      const value = values[low];
      values[low++] = values[high];
      values[high--] = value;
    }
    if (rank <= high) right = high;
    else if (rank >= low) left = low;
    else return;
  }
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function smallest(values: Float64Array, from: number): number {
  let found = values[from];
  for (let at = from + 1; at < values.length; at++) if (values[at] < found) found = values[at];
  return found;
}
