import type { RankScratch } from './rank-scratch.ts';
import { selectInPlace } from './select-in-place.ts';

/** All sums of one value of each of two ascending arrays, or of a value and itself or a later one of the same array. */
export interface SumMatrix {
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  /** Row i holds rows[i] + columns[j] for j ≥ i only. */
  readonly isTriangular: boolean;
}

export function countSums({ rows, columns, isTriangular }: SumMatrix): number {
  return isTriangular ? (rows.length * (rows.length + 1)) / 2 : rows.length * columns.length;
}

/** Below so many sums they are written out. */
const FEW = 4096;

/**
 * The sums of given ranks, without writing out all sums.
 *
 * How: sums grow along rows and columns, so that the number below a value is counted in one walk. A pivot is drawn from
 * what is left (by a fixed sequence: the same data give the same steps), and what can't hold the rank is cut off.
 * Cost: O((m + n) log(m·n)) for each rank.
 * Source: Johnson, Mizoguchi, "Selecting the Kth element in X + Y and X1 + X2 + … + Xm", SIAM J. Comput. 7 (1978);
 * Monahan, "Algorithm 616: Fast computation of the Hodges–Lehmann location estimator", ACM TOMS 10 (1984).
 * @param ranks from 0, below the number of sums
 */
export function selectSums(matrix: SumMatrix, ranks: readonly number[], scratch: RankScratch): number[] {
  const count = countSums(matrix);
  if (count > FEW) return ranks.map((rank) => selectSum(matrix, rank, scratch));
  const starts = scratch.integers(0, matrix.rows.length);
  const ends = scratch.integers(1, matrix.rows.length);
  resetBounds(matrix, starts, ends);
  const sums = gather(matrix, starts, ends, scratch.numbers(2, count)).sort();
  return ranks.map((rank) => sums[rank]);
}

function resetBounds({ rows, columns, isTriangular }: SumMatrix, starts: Int32Array, ends: Int32Array): void {
  for (let i = 0; i < rows.length; i++) {
    starts[i] = isTriangular ? i : 0;
    ends[i] = columns.length;
  }
}

function selectSum(matrix: SumMatrix, rank: number, scratch: RankScratch): number {
  const size = matrix.rows.length;
  const starts = scratch.integers(0, size);
  const ends = scratch.integers(1, size);
  const below = scratch.integers(2, size);
  const upTo = scratch.integers(3, size);
  resetBounds(matrix, starts, ends);
  let left = countSums(matrix);
  let cutBefore = 0;
  let random = 1;
  while (left > FEW) {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    const pivot = sumAt(matrix, starts, ends, Math.floor((random / 2 ** 32) * left));
    const smaller = walk(matrix, pivot, false, below);
    if (rank < smaller) {
      ends.set(below.subarray(0, size));
    } else {
      const notLarger = walk(matrix, pivot, true, upTo);
      if (rank < notLarger) return pivot;
      starts.set(upTo.subarray(0, size));
      cutBefore = notLarger;
    }
    left = 0;
    for (let i = 0; i < size; i++) left += Math.max(0, ends[i] - starts[i]);
  }
  const sums = gather(matrix, starts, ends, scratch.numbers(2, left));
  return selectInPlace(sums, rank - cutBefore);
}

/** The sum at a position of what is left, counted row by row. */
function sumAt({ rows, columns }: SumMatrix, starts: Int32Array, ends: Int32Array, position: number): number {
  let before = position;
  for (let i = 0; ; i++) {
    const width = Math.max(0, ends[i] - starts[i]);
    if (before < width) return rows[i] + columns[starts[i] + before];
    before -= width;
  }
}

/** Where in each row the sums reach a value (or pass it), and how many sums are before that in all. */
function walk(matrix: SumMatrix, value: number, andEqual: boolean, bounds: Int32Array): number {
  const { rows, columns, isTriangular } = matrix;
  let count = 0;
  let column = columns.length;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    while (column > 0 && (andEqual ? row + columns[column - 1] > value : row + columns[column - 1] >= value)) column--;
    const start = isTriangular ? i : 0;
    const bound = Math.max(start, column);
    bounds[i] = bound;
    count += bound - start;
  }
  return count;
}

function gather({ rows, columns }: SumMatrix, starts: Int32Array, ends: Int32Array, into: Float64Array): Float64Array {
  let at = 0;
  for (let i = 0; i < rows.length; i++) {
    for (let j = starts[i]; j < ends[i]; j++) into[at++] = rows[i] + columns[j];
  }
  return into;
}
