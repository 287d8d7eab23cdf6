import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equivalenceTest, tTest } from './index.ts';
import { expectFieldsClose } from './testing/expect-close.ts';
import { readFixture } from './testing/read-fixture.ts';

interface Reference {
  readonly name: string;
  readonly estimate: number;
  readonly standardError: number;
  readonly df: number;
  readonly bounds: { low: number; high: number };
  readonly expected: Record<string, number>;
}

describe('equivalenceTest', () => {
  it.each(readFixture<Reference>('equivalence'))('agrees with statsmodels: $name', (reference) => {
    const { estimate, standardError, df, bounds, expected } = reference;
    expectFieldsClose(equivalenceTest(estimate, standardError, df, bounds), expected, 1e-9);
  });

  it('has nothing to measure by without an error, and says what does not fit a double', () => {
    const bounds = { low: -1, high: 1 };
    expect(equivalenceTest(0.5, 0, 5, bounds)).toEqual({ status: 'no_variation', estimate: 0.5 });
    expect(equivalenceTest(1e308, 1e-10, 5, bounds)).toEqual({ status: 'out_of_range' });
    expect(equivalenceTest(1e308, 1, 5, { low: -1e308, high: 1 })).toEqual({ status: 'out_of_range' });
  });

  it('is below α where the interval with 1 − 2α lies inside the bounds, and nowhere else', () => {
    const number = fc.double({ min: -5, max: 5, noNaN: true });
    const error = fc.double({ min: 0.01, max: 3, noNaN: true });
    fc.assert(
      fc.property(number, error, fc.integer({ min: 1, max: 60 }), (estimate, standardError, df) => {
        const bounds = { low: -2, high: 2.5 };
        const test = equivalenceTest(estimate, standardError, df, bounds);
        const interval = tTest(estimate, standardError, df, 0.9);
        if (test.status !== 'ok' || interval.status !== 'ok') throw new Error(test.status);
        const isInside = interval.low > bounds.low && interval.high < bounds.high;
        if (Math.abs(test.p - 0.05) > 1e-9) expect(test.p < 0.05).toBe(isInside);
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});
