const SMALL = 24;

/**
 * The k-th smallest of `values[from…to)` (k counts from `from`), which is put at its place: what is before it is not
 * larger, what is after it not smaller. The array is reordered.
 *
 * When: medians and other quantiles of a scratch array that the caller owns; no array is made. No NaN.
 * How: quickselect with the median of three; where its parts stay large, the rest is sorted, so that no input is slow.
 * Cost: O(n) on average, O(n log n) at worst.
 * Source: Hoare, "Algorithm 65: Find", CACM 4 (1961); Musser, "Introspective sorting and selection algorithms" (1997).
 * @param k from ≤ k < to
 */
export function selectInPlace(values: Float64Array, k: number, from = 0, to = values.length): number {
  let low = from;
  let high = to - 1;
  let largeParts = 2 * (32 - Math.clz32(to - from));
  while (high - low >= SMALL) {
    if (largeParts-- === 0) {
      values.subarray(low, high + 1).sort();
      return values[k];
    }
    const pivot = medianOfThree(values[low], values[(low + high) >>> 1], values[high]);
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left] < pivot) left++;
      while (values[right] > pivot) right--;
      if (left > right) break;
      const swapped = values[left];
      values[left++] = values[right];
      values[right--] = swapped;
    }
    if (k <= right) high = right;
    else if (k >= left) low = left;
    else return values[k];
  }
  insertionSort(values, low, high);
  return values[k];
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function insertionSort(values: Float64Array, low: number, high: number): void {
  for (let at = low + 1; at <= high; at++) {
    const value = values[at];
    let place = at;
    for (; place > low && values[place - 1] > value; place--) values[place] = values[place - 1];
    values[place] = value;
  }
}
