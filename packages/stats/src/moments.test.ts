import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToMoments } from './add-to-moments.ts';
import { mergeMoments } from './merge-moments.ts';
import { readMoments } from './read-moments.ts';
import { createMoments, MOMENTS_STRIDE } from './running-moments.ts';
import { summarize } from './summarize.ts';
import type { Summary } from './summary.ts';

interface ReferenceCase extends Omit<Summary, 'count'> {
  readonly name: string;
  readonly values: readonly number[];
}

const CASES: readonly ReferenceCase[] = JSON.parse(
  readFileSync(new URL('../fixtures/moments.json', import.meta.url), 'utf8'),
);

function running(values: readonly number[]): Summary {
  const moments = createMoments();
  for (const value of values) addToMoments(moments, 0, value);
  return readMoments(moments);
}

function mergedAt(values: readonly number[], cut: number): Summary {
  const moments = createMoments(2);
  for (const value of values.slice(0, cut)) addToMoments(moments, 0, value);
  for (const value of values.slice(cut)) addToMoments(moments, MOMENTS_STRIDE, value);
  mergeMoments(moments, 0, moments, MOMENTS_STRIDE);
  return readMoments(moments);
}

function expectClose(actual: number | null, reference: number | null, relative: number, absolute = 0): void {
  if (reference === null || actual === null) {
    expect(actual).toBe(reference);
    return;
  }
  // Below the smallest normal double a relative tolerance means nothing: two units of the last place are allowed.
  const tolerance = Math.max(Math.abs(reference) * relative, absolute, Math.abs(reference) < 3e-308 ? 1e-323 : 0);
  expect(Math.abs(actual - reference)).toBeLessThanOrEqual(tolerance);
}

const finite = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1e308, -1e308, Number.MAX_VALUE, -Number.MAX_VALUE, 5e-324, -5e-324, 1e-310, 1, -1),
  fc.integer({ min: -1000, max: 1000 }),
);

describe.each([
  ['summarize', (values: readonly number[]) => summarize(values)],
  ['summarize of a Float64Array', (values: readonly number[]) => summarize(Float64Array.from(values))],
  ['running moments', running],
  ['merged halves', (values: readonly number[]) => mergedAt(values, values.length >> 1)],
  ['merged into empty', (values: readonly number[]) => mergedAt(values, 0)],
])('%s', (_name, reduce) => {
  it.each(CASES.map((reference) => [reference.name, reference] as const))('agrees with the reference: %s', (_, c) => {
    const summary = reduce(Object.freeze([...c.values]));
    const spread = (c.max ?? 0) - (c.min ?? 0);
    expect(summary.count).toBe(c.values.length);
    expectClose(summary.mean, c.mean, 1e-14, Number.isFinite(spread) ? spread * 1e-15 : 0);
    expectClose(summary.std, c.std, 1e-12);
    expectClose(summary.variance, c.variance, 1e-12);
    expect(summary.min).toBe(c.min);
    expect(summary.max).toBe(c.max);
  });

  it('has nothing to say of an empty sample', () => {
    expect(reduce([])).toEqual({ count: 0, mean: null, variance: null, std: null, min: null, max: null });
  });

  it('gives exactly 0 spread and the value itself for a constant sample', () => {
    fc.assert(
      fc.property(finite, fc.integer({ min: 2, max: 60 }), (value, count) => {
        const summary = reduce(Array.from({ length: count }, () => value));
        expect(summary.mean === value).toBe(true);
        expect(summary.variance).toBe(0);
        expect(summary.std).toBe(0);
      }),
    );
  });

  it('never gives NaN or Infinity, and keeps the mean inside the range', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 40 }), (values) => {
        const summary = reduce(values);
        for (const number of Object.values(summary)) expect(number === null || Number.isFinite(number)).toBe(true);
        expect(summary.mean).toBeGreaterThanOrEqual(Math.min(...values));
        expect(summary.mean).toBeLessThanOrEqual(Math.max(...values));
        expect(summary.variance ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('does not count missing values and infinities', () => {
    expect(reduce([NaN, 1, Infinity, 3, -Infinity, NaN])).toEqual(reduce([1, 3]));
  });
});

describe('running moments and summarize', () => {
  it('agree on any values, however they are cut and merged', () => {
    const level = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
    const magnitude = fc.integer({ min: -290, max: 290 });
    fc.assert(
      fc.property(fc.array(level, { minLength: 2, maxLength: 50 }), magnitude, fc.nat(50), (levels, power, cut) => {
        const values = levels.map((value) => value * 10 ** power);
        const expected = summarize(values);
        const scale = Math.max(...values.map(Math.abs));
        for (const actual of [running(values), mergedAt(values, cut)]) {
          expectClose(actual.mean, expected.mean, 1e-13, scale * 1e-13);
          expectClose(actual.std, expected.std, 1e-10, scale * 1e-12);
        }
      }),
    );
  });

  it('summarize corrects for a mean that no double holds', () => {
    expect(summarize([1e16, 1e16 + 2]).variance).toBe(2);
  });

  it('keeps series of one array apart', () => {
    const moments = createMoments(3);
    addToMoments(moments, MOMENTS_STRIDE, 1e308);
    addToMoments(moments, MOMENTS_STRIDE, 1e308);
    addToMoments(moments, 2 * MOMENTS_STRIDE, 7);
    expect(readMoments(moments, 0).count).toBe(0);
    expect(readMoments(moments, MOMENTS_STRIDE)).toMatchObject({ count: 2, mean: 1e308, std: 0 });
    expect(readMoments(moments, 2 * MOMENTS_STRIDE)).toMatchObject({ count: 1, mean: 7, std: null });
  });

  it('does not change the source of a merge', () => {
    const source = createMoments();
    addToMoments(source, 0, 1e-200);
    const before = source.slice();
    const target = createMoments();
    addToMoments(target, 0, 1e300);
    mergeMoments(target, 0, source, 0);
    expect(source).toEqual(before);
    expect(readMoments(target)).toMatchObject({ count: 2, mean: 5e299, min: 1e-200, max: 1e300 });
  });
});
