import { describe, expect, it } from 'vitest';
import { sortedQuantile } from './sorted-quantile.ts';

describe('sortedQuantile', () => {
  // R 4: quantile(c(1, 2, 3, 4, 10), c(0, .25, .5, .95, .99, 1), type = 7)
  it.each([
    [0, 1],
    [0.25, 2],
    [0.5, 3],
    [0.95, 8.8],
    [0.99, 9.76],
    [1, 10],
  ])('agrees with type 7 of R at %d', (probability, expected) => {
    expect(sortedQuantile([1, 2, 3, 4, 10], probability)).toBeCloseTo(expected, 12);
  });

  it('is null without values and the value itself for one', () => {
    expect(sortedQuantile([], 0.5)).toBeNull();
    expect(sortedQuantile([7], 0.99)).toBe(7);
  });

  it('does not overflow between opposite extremes', () => {
    expect(sortedQuantile([-1.7e308, 1.7e308], 0.5)).toBe(0);
  });
});
