import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addBlockToMoments } from './add-block-to-moments.ts';
import { addToMoments } from './add-to-moments.ts';
import { readMoments } from './read-moments.ts';
import { createMoments, MOMENTS_STRIDE } from './running-moments.ts';

/** Adds rows of values of `width` series, some rows at a time. */
function byBlocks(rows: readonly number[], width: number, rowsAtATime: number) {
  const moments = createMoments(width);
  for (let at = 0; at < rows.length; at += rowsAtATime * width) {
    const block = Float64Array.from(rows.slice(at, at + rowsAtATime * width));
    addBlockToMoments(moments, block, block.length / width, width);
  }
  return Array.from({ length: width }, (_, series) => readMoments(moments, series * MOMENTS_STRIDE));
}

function oneByOne(rows: readonly number[], width: number) {
  const moments = createMoments(width);
  for (const [at, value] of rows.entries()) addToMoments(moments, (at % width) * MOMENTS_STRIDE, value);
  return Array.from({ length: width }, (_, series) => readMoments(moments, series * MOMENTS_STRIDE));
}

describe('addBlockToMoments', () => {
  it('keeps series apart and passes over what is missing or infinite', () => {
    const rows = [1, 10, Number.NaN, 20, 3, Number.POSITIVE_INFINITY, 5, 60];
    for (const rowsAtATime of [1, 2, 4]) {
      const [first, second] = byBlocks(rows, 2, rowsAtATime);
      expect(first).toMatchObject({ count: 3, mean: 3, variance: 4, min: 1, max: 5 });
      expect(second).toMatchObject({ count: 3, mean: 30, variance: 700, min: 10, max: 60 });
    }
  });

  it('leaves a series without values empty', () => {
    expect(byBlocks([Number.NaN, 1, Number.NaN, 2], 2, 2)[0]).toMatchObject({ count: 0, mean: null, variance: null });
  });

  it('gives a constant series a variance of exactly 0, whatever its size', () => {
    for (const value of [0, 0.1, -7.3, 1e308, 5e-324, 1e-200]) {
      const [summary] = byBlocks(
        Array.from({ length: 100 }, () => value),
        1,
        32,
      );
      expect(summary).toMatchObject({ count: 100, mean: value, variance: 0, std: 0 });
    }
  });

  it('stays exact where values are large beside their spread', () => {
    const values = Array.from({ length: 64 }, (_, index) => 1e9 + (index % 2));
    const [summary] = byBlocks(values, 1, 32);
    expect(summary.mean).toBe(1e9 + 0.5);
    expect(summary.variance).toBeCloseTo(16 / 63, 12);
  });

  it('agrees with one value at a time, for any values and blocks', () => {
    const value = fc.oneof(
      fc.integer({ min: -1000, max: 1000 }),
      fc.double({ noDefaultInfinity: true, noNaN: true }),
      fc.constantFrom(Number.NaN, 0, 1e308, -1e308, 5e-324, 1e-200),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(value, { maxLength: 80 }),
        fc.integer({ min: 1, max: 9 }),
        (width, all, rowsAtATime) => {
          const rows = all.slice(0, all.length - (all.length % width));
          const expected = oneByOne(rows, width);
          byBlocks(rows, width, rowsAtATime).forEach((summary, series) => {
            const { count, min, max, mean, std } = expected[series];
            expect(summary).toMatchObject({ count, min, max });
            const magnitude = Math.max(Math.abs(min ?? 0), Math.abs(max ?? 0));
            expect(Math.abs((summary.mean ?? 0) - (mean ?? 0))).toBeLessThanOrEqual(magnitude * 1e-12);
            expect(summary.std === null).toBe(std === null);
            expect(Math.abs((summary.std ?? 0) - (std ?? 0))).toBeLessThanOrEqual(magnitude * 1e-7);
          });
        },
      ),
      { seed: 20_261_122, numRuns: 500 },
    );
  });
});
