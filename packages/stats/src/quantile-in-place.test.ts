import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianInPlace, quantileInPlace, selectInPlace, sortedQuantile } from './index.ts';
import { hardNumber } from './testing/hard-samples.ts';

describe('quantileInPlace', () => {
  it('agrees with the quantile of sorted values, wherever the sample lies in the array', () => {
    fc.assert(
      fc.property(
        fc.array(hardNumber, { minLength: 1, maxLength: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(3),
        (values, probability, offset) => {
          const scratch = new Float64Array(values.length + 2 * offset).fill(-7);
          scratch.set(values, offset);
          const expected = sortedQuantile(Float64Array.from(values).sort(), probability);
          const actual = quantileInPlace(scratch, probability, offset, offset + values.length);
          expect((actual ?? 0) + 0).toBe((expected ?? 0) + 0);
          expect(scratch.slice(0, offset).every((value) => value === -7)).toBe(true);
          expect(scratch.slice(offset + values.length).every((value) => value === -7)).toBe(true);
        },
      ),
      { seed: 20_261_124, numRuns: 500 },
    );
  });

  it('is null for no values', () => {
    expect(quantileInPlace(new Float64Array(0), 0.5)).toBeNull();
    expect(medianInPlace(Float64Array.of(1, 2), 1, 1)).toBeNull();
  });

  it('takes the mean of the two middle values for the median of an even number', () => {
    expect(medianInPlace(Float64Array.of(9, 1, 5, 3))).toBe(4);
    expect(medianInPlace(Float64Array.of(9, 1, 5))).toBe(5);
    expect(medianInPlace(Float64Array.of(1e308, 1.5e308))).toBe(1.25e308);
    expect(medianInPlace(new Float64Array(100).fill(0.1))).toBe(0.1);
  });
});

describe('selectInPlace', () => {
  it('puts smaller values before and larger ones after the one it selects', () => {
    fc.assert(
      fc.property(fc.array(hardNumber, { minLength: 1, maxLength: 300 }), fc.nat(299), (values, at) => {
        const k = at % values.length;
        const scratch = Float64Array.from(values);
        const selected = selectInPlace(scratch, k);
        expect(scratch[k]).toBe(selected);
        expect(scratch.subarray(0, k).every((value) => value <= selected)).toBe(true);
        expect(scratch.subarray(k).every((value) => value >= selected)).toBe(true);
        expect([...scratch].sort()).toEqual([...Float64Array.from(values)].sort());
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });

  it('selects from orders that are hard on the median of three', () => {
    const n = 20_000;
    const organPipe = Float64Array.from({ length: n }, (_, index) => Math.min(index, n - index));
    const killer = medianOfThreeKiller(n);
    for (const hard of [organPipe, killer, new Float64Array(n).fill(3)]) {
      const sorted = hard.slice().sort();
      for (const k of [0, 1, n >> 1, n - 1]) expect(selectInPlace(hard.slice(), k)).toBe(sorted[k]);
    }
  });
});

/** An order that makes the middle, first and last value be among the smallest, over and over. */
function medianOfThreeKiller(n: number): Float64Array {
  const half = n / 2;
  return Float64Array.from({ length: n }, (_, index) => {
    if (index >= half) return 2 * (index - half + 1);
    return index % 2 === 0 ? index + 1 : half + index;
  });
}
