import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectQuantiles } from './select-quantiles.ts';
import { sortedQuantile } from './sorted-quantile.ts';

const numbers = fc.oneof(
  fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 300 }),
  fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 300 }),
);
const probabilities = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 })
  .map((all) => all.sort((a, b) => a - b));

describe('selectQuantiles', () => {
  it('gives what the sorted values give', () => {
    fc.assert(
      fc.property(numbers, probabilities, (values, wanted) => {
        const sorted = Float64Array.from(values).sort();
        const selected = selectQuantiles(Float64Array.from(values), wanted);
        for (const [at, probability] of wanted.entries()) {
          // -0 and 0 are equal, and may change places.
          expect((selected[at] ?? 0) + 0 === (sortedQuantile(sorted, probability) ?? 0) + 0).toBe(true);
        }
      }),
    );
  });

  it('loses and invents no value', () => {
    fc.assert(
      fc.property(numbers, probabilities, (values, wanted) => {
        const changed = Float64Array.from(values);
        selectQuantiles(changed, wanted);
        expect([...changed.sort()].map((value) => value + 0)).toEqual(
          [...Float64Array.from(values).sort()].map((value) => value + 0),
        );
      }),
    );
  });

  it('gives null for nothing, and the value itself of one', () => {
    expect(selectQuantiles(new Float64Array(0), [0.5, 0.95])).toEqual([null, null]);
    expect(selectQuantiles(Float64Array.of(7), [0, 0.5, 1])).toEqual([7, 7, 7]);
    expect(selectQuantiles(Float64Array.of(4, 1, 10, 2), [0.5, 0.95])).toEqual(
      [3, 4 * (1 - 0.85) + 10 * 0.85].map((v) => expect.closeTo(v, 12)),
    );
  });

  it('comes to an end on orders that are bad for it', () => {
    const length = 20_000;
    const organPipe = Float64Array.from({ length }, (_, at) => Math.min(at, length - at));
    const sorted = organPipe.toSorted();
    expect(selectQuantiles(organPipe, [0.5, 0.99])).toEqual([
      sortedQuantile(sorted, 0.5),
      sortedQuantile(sorted, 0.99),
    ]);
  });
});
