import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difference } from './difference.ts';
import { relativeChange } from './relative-change.ts';
import { relativeStandardDeviation } from './relative-standard-deviation.ts';
import { weightedMean } from './weighted-mean.ts';

const finite = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 1e308, -1e308, 5e-324, -5e-324),
);

describe('relativeStandardDeviation', () => {
  it('is in percent of the magnitude of the mean', () => {
    expect(relativeStandardDeviation(46, 1)).toBeCloseTo(2.1739130434782608, 13);
    expect(relativeStandardDeviation(-100, 5)).toBe(5);
  });
  it('is null for a mean of 0, without a spread, and where it overflows', () => {
    expect(relativeStandardDeviation(0, 1)).toBeNull();
    expect(relativeStandardDeviation(3, null)).toBeNull();
    expect(relativeStandardDeviation(null, null)).toBeNull();
    expect(relativeStandardDeviation(5e-324, 1e308)).toBeNull();
  });
});

describe('difference', () => {
  it('is null where a double cannot hold it', () => {
    expect(difference(46, 61)).toBe(15);
    expect(difference(-1e308, 1e308)).toBeNull();
  });
});

describe('relativeChange', () => {
  it.each([
    [46, 61, 32.608695652173914],
    [100, 105, 5],
    [140, 147, 5],
    [-100, -90, 10],
    [-100, -110, -10],
    [0, 0, 0],
    [5, 0, -100],
    [-5, 0, 100],
    [-1e308, 1e308, 200],
    [1e308, -1e308, -200],
    [5e-324, 1e-323, 100],
  ])('from %d to %d is %d %%', (from, to, percent) => {
    expect(relativeChange(from, to)).toBeCloseTo(percent, 12);
  });
  it('is null from 0, and where it overflows', () => {
    expect(relativeChange(0, 1e-9)).toBeNull();
    expect(relativeChange(5e-324, 1)).toBeNull();
  });
  it('has the sign of the difference and is finite', () => {
    fc.assert(
      fc.property(finite, finite, (from, to) => {
        const percent = relativeChange(from, to);
        if (percent === null) return;
        expect(Number.isFinite(percent)).toBe(true);
        if (percent !== 0) expect(Math.sign(percent)).toBe(to > from ? 1 : -1);
      }),
    );
  });
});

describe('weightedMean', () => {
  it('weighs', () => {
    expect(weightedMean(Float64Array.of(1, 4), Float64Array.of(2, 1))).toBeCloseTo(2, 14);
    expect(weightedMean(Float64Array.of(1, 4), Float64Array.of(0, 1))).toBe(4);
  });
  it('is null without weight', () => {
    expect(weightedMean(new Float64Array(0), new Float64Array(0))).toBeNull();
    expect(weightedMean(Float64Array.of(3), Float64Array.of(0))).toBeNull();
  });
  it('is finite and inside the range of the values', () => {
    const weighted = fc.array(fc.tuple(finite, fc.integer({ min: 1, max: 10 })), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(weighted, (pairs) => {
        const values = Float64Array.from(pairs, ([value]) => value);
        const mean = weightedMean(
          values,
          Float64Array.from(pairs, ([, weight]) => weight),
        );
        expect(mean).toBeGreaterThanOrEqual(Math.min(...values));
        expect(mean).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });
});
