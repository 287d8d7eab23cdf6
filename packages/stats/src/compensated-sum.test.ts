import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compensatedSum } from './index.ts';

describe('compensatedSum', () => {
  it('keeps what plain addition loses', () => {
    expect(compensatedSum(Float64Array.of(1, 1e100, 1, -1e100))).toBe(2);
    expect(compensatedSum(Float64Array.from({ length: 10 }, () => 0.1))).toBe(1);
    expect(compensatedSum(Float64Array.of(1e308, 1e308, -1e308))).toBe(1e308);
    expect(compensatedSum(Float64Array.of(5e-324, 5e-324))).toBe(1e-323);
  });

  it('passes over what is missing or infinite', () => {
    expect(compensatedSum(Float64Array.of(1, Number.NaN, 2, Number.POSITIVE_INFINITY))).toBe(3);
    expect(compensatedSum([])).toBe(0);
    expect(compensatedSum([Number.NaN])).toBe(0);
  });

  it('is null where a double cannot hold it', () => {
    expect(compensatedSum([1e308, 1e308])).toBeNull();
    expect(compensatedSum([-1e308, -1e308])).toBeNull();
  });

  it('does not depend on the order of values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e15, max: 1e15 }), { maxLength: 50 }), (integers) => {
        const thousandths = integers.map((value) => value / 1024);
        const exact = Number(integers.reduce((sum, value) => sum + BigInt(value), 0n)) / 1024;
        expect(compensatedSum(thousandths)).toBe(exact + 0);
        expect(compensatedSum(thousandths.toReversed())).toBe(exact + 0);
      }),
      { seed: 20_261_124 },
    );
  });
});
