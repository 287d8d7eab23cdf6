/** How the values of two samples stand to each other. */
export interface SampleOrder {
  /** Pairs of which the second value is larger, half of those that are equal added: the Mann–Whitney U of the second. */
  readonly u: number;
  /** Σ (t³ − t) over groups of t equal values in both samples together; 0 where no value occurs twice. */
  readonly tieTerm: number;
}

/**
 * Counts the pairs of two ascending samples by which value is larger.
 *
 * Cost: O(m + n), one pass.
 */
export function compareSorted(from: Float64Array, to: Float64Array): SampleOrder {
  let u = 0;
  let tieTerm = 0;
  let i = 0;
  let j = 0;
  while (i < from.length || j < to.length) {
    const value = j >= to.length || from[i] < to[j] ? from[i] : to[j];
    const below = i;
    while (i < from.length && from[i] === value) i++;
    const inFrom = i - below;
    const before = j;
    while (j < to.length && to[j] === value) j++;
    const inTo = j - before;
    u += inTo * (below + inFrom / 2);
    const tied = inFrom + inTo;
    if (tied > 1) tieTerm += tied * (tied * tied - 1);
  }
  return { u, tieTerm };
}
