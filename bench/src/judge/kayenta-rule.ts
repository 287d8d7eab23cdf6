import { normalQuantile } from '@pegboard/stats';

const CONFIDENCE = 0.98;
const TOLERANCE = 0.25;
/** More pairs than this are not sorted: their order statistics are found by halving. */
const MOST_SORTED = 4096;
const HALVINGS = 60;

export type KayentaLabel = 'High' | 'Low' | 'Pass';

export interface KayentaResult {
  readonly label: KayentaLabel;
  /** Nearer end of the interval / size of the estimate; the label needs more than 0.25. What a cut is set on. */
  readonly score: number;
  readonly sign: -1 | 0 | 1;
}

/**
 * The rule of Kayenta's Mann–Whitney classifier: `High` where the lower end of the 98 % interval of the shift is above a
 * quarter of the size of its estimate, `Low` mirrored, else `Pass`. The interval is that of the normal approximation with
 * correction for ties and continuity.
 */
export function kayentaRule(experiment: readonly number[], control: readonly number[]): KayentaResult {
  const pairs = experiment.length * control.length;
  const sigma = Math.sqrt(varianceOfRankSum(experiment, control));
  // So many differences have to lie above a bound for it to be the lower end; the half corrects for continuity.
  const above = Math.ceil(pairs / 2 + 0.5 + normalQuantile(0.5 + CONFIDENCE / 2) * sigma);
  const at = orderStatistics(experiment, control);
  const middle = pairs / 2;
  const estimate = (at(Math.ceil(middle) - 1) + at(Math.floor(middle))) / 2;
  const lower = above > pairs ? Number.NEGATIVE_INFINITY : at(pairs - above);
  const upper = above > pairs ? Number.POSITIVE_INFINITY : at(above - 1);
  const sign = lower > 0 ? 1 : upper < 0 ? -1 : 0;
  const score = sign === 0 || estimate === 0 ? 0 : Math.max(lower, -upper) / Math.abs(estimate);
  return { label: score > TOLERANCE ? (sign > 0 ? 'High' : 'Low') : 'Pass', score, sign };
}

/** The k-th smallest of all differences experiment − control, from 0. */
function orderStatistics(experiment: readonly number[], control: readonly number[]): (k: number) => number {
  const [e, c] = [Float64Array.from(experiment).sort(), Float64Array.from(control).sort()];
  if (e.length * c.length <= MOST_SORTED) {
    const differences = new Float64Array(e.length * c.length);
    let at = 0;
    for (const a of e) for (const b of c) differences[at++] = a - b;
    differences.sort();
    return (k) => differences[k];
  }
  return (k) => {
    let low = e[0] - c[c.length - 1];
    let high = e[e.length - 1] - c[0];
    for (let i = 0; i < HALVINGS && low < high; i++) {
      const middle = low / 2 + high / 2;
      if (countUpTo(e, c, middle) > k) high = middle;
      else low = middle;
    }
    return largestUpTo(e, c, high);
  };
}

/** How many differences are at most `limit`. */
function countUpTo(e: Float64Array, c: Float64Array, limit: number): number {
  let count = 0;
  let from = 0;
  for (let i = 0; i < e.length; i++) {
    while (from < c.length && e[i] - c[from] > limit) from++;
    count += c.length - from;
  }
  return count;
}

/** The largest difference that is at most `limit`; halving alone ends beside it. */
function largestUpTo(e: Float64Array, c: Float64Array, limit: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  let from = 0;
  for (let i = 0; i < e.length; i++) {
    while (from < c.length && e[i] - c[from] > limit) from++;
    if (from < c.length) largest = Math.max(largest, e[i] - c[from]);
  }
  return largest;
}

function varianceOfRankSum(a: readonly number[], b: readonly number[]): number {
  const n = a.length + b.length;
  // Between two differences no value of one sample equals one of the other, so ties are those within a sample.
  const ties = tieTerm(a) + tieTerm(b);
  return ((a.length * b.length) / 12) * (n + 1 - ties / (n * (n - 1)));
}

function tieTerm(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum += count ** 3 - count;
  return sum;
}
