import { describe, expect, it } from 'vitest';
import { hashText, RandomStream } from './random.ts';

describe('RandomStream', () => {
  it('is a function of its keys', () => {
    const draw = (...keys: number[]): number[] => {
      const stream = new RandomStream(...keys);
      return Array.from({ length: 4 }, () => stream.uniform());
    };
    expect(draw(1, 2, 3)).toEqual(draw(1, 2, 3));
    expect(draw(1, 2, 3)).not.toEqual(draw(1, 3, 2));
    expect(draw(1, hashText('a'))).not.toEqual(draw(1, hashText('b')));
    expect(draw(0)).not.toEqual([0, 0, 0, 0]);
  });

  it.each([0.2, 3, 29, 31, 800])('draws Poisson counts of mean and variance %d', (mean) => {
    const stream = new RandomStream(5, Math.round(mean * 10));
    const { average, variance } = moments(() => stream.poisson(mean));
    expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(mean / DRAWS));
    expect(variance / mean).toBeGreaterThan(0.95);
    expect(variance / mean).toBeLessThan(1.05);
  });

  it.each([
    [10, 0.01],
    [400, 0.012],
    [400, 0.98],
    [900_000, 0.09],
    [7, 0.5],
  ])('draws binomial counts of %d trials with probability %d', (n, p) => {
    const stream = new RandomStream(6, n);
    const { average, variance, min, max } = moments(() => stream.binomial(n, p));
    expect(Math.abs(average - n * p)).toBeLessThan(5 * Math.sqrt((n * p * (1 - p)) / DRAWS));
    expect(variance / (n * p * (1 - p))).toBeGreaterThan(0.95);
    expect(variance / (n * p * (1 - p))).toBeLessThan(1.05);
    expect(min).toBeGreaterThanOrEqual(0);
    expect(max).toBeLessThanOrEqual(n);
  });

  it('stays within bounds at the edges', () => {
    const stream = new RandomStream(1);
    expect([stream.poisson(0), stream.poisson(-1), stream.binomial(0, 0.5), stream.binomial(5, 0)]).toEqual([
      0, 0, 0, 0,
    ]);
    expect([stream.binomial(5, 1), stream.binomial(5, 1.2)]).toEqual([5, 5]);
  });
});

const DRAWS = 40_000;

function moments(draw: () => number): { average: number; variance: number; min: number; max: number } {
  const values = Array.from({ length: DRAWS }, draw);
  const average = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (DRAWS - 1);
  return { average, variance, min: Math.min(...values), max: Math.max(...values) };
}
