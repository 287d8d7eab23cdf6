import { rankSumCdf } from './rank-sum-cdf.ts';
import { signedRankCdf } from './signed-rank-cdf.ts';

/**
 * Arrays that rank kernels work in, kept from call to call so that thousands of calls make none.
 *
 * One for each place that calls; never two calls at once. Without one, a kernel makes its own.
 */
export class RankScratch {
  readonly #views: Float64Array[] = [];
  readonly #integers: Int32Array[] = [];
  #signedRank: { n: number; cdf: Float64Array } | null = null;
  #rankSum: { from: number; to: number; cdf: Float64Array } | null = null;

  /** A view of `length` numbers, whatever was in them; another one for each slot. */
  numbers(slot: number, length: number): Float64Array {
    const view = this.#views[slot];
    if (view?.length === length) return view;
    const roomy = view !== undefined && view.buffer.byteLength >= length * view.BYTES_PER_ELEMENT;
    this.#views[slot] = roomy ? new Float64Array(view.buffer, 0, length) : new Float64Array(length);
    return this.#views[slot];
  }

  integers(slot: number, length: number): Int32Array {
    const view = this.#integers[slot];
    if (view === undefined || view.length < length) this.#integers[slot] = new Int32Array(length);
    return this.#integers[slot];
  }

  /** An ascending copy of values; they are not changed. A NaN among them, which has no rank, is a RangeError. */
  sorted(slot: number, values: Float64Array): Float64Array {
    const copy = this.numbers(slot, values.length);
    copy.set(values);
    copy.sort();
    if (Number.isNaN(copy.at(-1))) throw new RangeError('values must not be NaN');
    return copy;
  }

  /** `rankSumCdf` of the last sizes asked for: series of one comparison mostly have the same. */
  rankSumCdf(from: number, to: number): Float64Array {
    if (this.#rankSum?.from !== from || this.#rankSum.to !== to) {
      this.#rankSum = { from, to, cdf: rankSumCdf(from, to) };
    }
    return this.#rankSum.cdf;
  }

  /** `signedRankCdf` of the ranks 1 … n, of the last n asked for. */
  signedRankCdf(n: number): Float64Array {
    if (this.#signedRank?.n !== n) {
      this.#signedRank = { n, cdf: signedRankCdf(Array.from({ length: n }, (_, index) => 2 * (index + 1))) };
    }
    return this.#signedRank.cdf;
  }
}
