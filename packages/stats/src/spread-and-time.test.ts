import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  autocorrelation,
  brownForsythe,
  changePoint,
  effectiveSampleSize,
  flagOutliers,
  kolmogorovUpperTail,
} from './index.ts';
import { expectClose, expectFieldsClose, expectFinite } from './testing/expect-close.ts';
import { hardSample } from './testing/hard-samples.ts';
import { readFixture } from './testing/read-fixture.ts';

type Reference =
  | { readonly kind: 'spread'; readonly name: string; readonly groups: number[][]; readonly expected: Numbers }
  | {
      readonly kind: 'dependence';
      readonly name: string;
      readonly series: (number | null)[];
      readonly lags: number[];
      readonly values: number[];
      readonly pairs: number[];
      readonly sizes: Record<'ar1' | 'initial_positive_sequence', number>;
    }
  | { readonly kind: 'step'; readonly name: string; readonly series: (number | null)[]; readonly expected: Numbers }
  | { readonly kind: 'outliers'; readonly name: string; readonly values: number[]; readonly indexes: number[] }
  | { readonly kind: 'kolmogorov'; readonly x: number; readonly expected: number };

type Numbers = Record<string, number>;

const references = readFixture<Reference>('spread_and_time');

function seriesOf(values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}

const gappy = fc
  .tuple(hardSample(), fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }))
  .map(([values, gaps]) => values.map((value, index) => (gaps[index] ? value : Number.NaN)));

describe('brownForsythe', () => {
  const cases = references.filter((reference) => reference.kind === 'spread');
  it.each(cases)('agrees with SciPy: $name', ({ groups, expected }) => {
    const arrays = groups.map((group) => Float64Array.from(group));
    expectFieldsClose(brownForsythe(arrays), expected, 1e-9);
    expect(arrays.map((group) => [...group])).toEqual(groups);
    const scaled = (unit: number) => arrays.map((group) => group.map((value) => value * unit));
    for (const unit of [2 ** -900, 2 ** 500, 2 ** 1010]) {
      expectFieldsClose(brownForsythe(scaled(unit)), expected, 1e-9);
    }
  });

  it('needs groups with values, and distances that vary', () => {
    const one = Float64Array.of(1);
    const none = new Float64Array(0);
    expect(brownForsythe([])).toEqual({ status: 'insufficient_data', n: 0, required: 2 });
    expect(brownForsythe([one, one])).toEqual({ status: 'insufficient_data', n: 2, required: 3 });
    expect(brownForsythe([Float64Array.of(1, 2, 3), none])).toMatchObject({ status: 'insufficient_data' });
    const withGap = Float64Array.of(1, Number.NaN, 3);
    expect(() => brownForsythe([withGap, Float64Array.of(1, 2)])).toThrow('values must be finite');
    const zeros = new Float64Array(5);
    expect(brownForsythe([zeros, zeros])).toEqual({ status: 'no_variation', estimate: 0 });
    expect(brownForsythe([Float64Array.of(1, 3), Float64Array.of(0, 8)])).toMatchObject({ status: 'no_variation' });
  });

  it('stays finite, and does not depend on the order of groups', () => {
    fc.assert(
      fc.property(hardSample(12), hardSample(12), (a, b) => {
        const there = brownForsythe([a, b]);
        expectFinite(there);
        const back = brownForsythe([b, a]);
        if (there.status === 'ok' && there.statistic < 1e12) expectFieldsClose(back, { p: there.p }, 1e-6);
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});

describe('autocorrelation and effectiveSampleSize', () => {
  const cases = references.filter((reference) => reference.kind === 'dependence');
  it.each(cases)('agree with statsmodels: $name', ({ series, lags, values, pairs, sizes }) => {
    const array = seriesOf(series);
    for (const [index, lag] of lags.entries()) {
      const found = autocorrelation(array, lag);
      expect(found).toMatchObject({ status: 'ok', pairs: pairs[index] });
      expectFieldsClose(found, { value: values[index] }, 1e-9, 1e-12);
    }
    const n = series.filter((value) => value !== null).length;
    for (const method of ['ar1', 'initial_positive_sequence'] as const) {
      const found = effectiveSampleSize(array, method);
      expect(found).toMatchObject({ status: 'ok', n });
      expectFieldsClose(found, { size: sizes[method] }, 1e-9);
    }
  });

  it('need values that lie so far apart, and vary', () => {
    const gap = Number.NaN;
    expect(autocorrelation(new Float64Array(0), 1)).toEqual({ status: 'insufficient_data', n: 0, required: 2 });
    expect(autocorrelation(Float64Array.of(1, 2), 2)).toEqual({ status: 'insufficient_data', n: 2, required: 3 });
    expect(autocorrelation(Float64Array.of(1, gap, 2, gap, 3), 1)).toMatchObject({ status: 'insufficient_data' });
    expect(autocorrelation(Float64Array.of(0.1, 0.1, 0.1), 1)).toEqual({ status: 'no_variation', estimate: 0 });
    expect(() => autocorrelation(Float64Array.of(1, 2, 3), 0)).toThrow('lag must be a whole number');
    expect(effectiveSampleSize(Float64Array.of(1, gap), 'ar1')).toMatchObject({ n: 1, required: 2 });
    expect(effectiveSampleSize(Float64Array.of(1, gap, 2), 'ar1')).toMatchObject({ status: 'insufficient_data' });
    expect(effectiveSampleSize(new Float64Array(9), 'ar1')).toEqual({ status: 'no_variation', estimate: 0 });
  });

  it('count negative dependence for no gain, and perfect dependence for one value', () => {
    const alternating = Float64Array.from({ length: 40 }, (_, index) => index % 2);
    const slow = Float64Array.from({ length: 40 }, (_, index) => (index < 20 ? 0 : 1));
    for (const method of ['ar1', 'initial_positive_sequence'] as const) {
      expect(effectiveSampleSize(alternating, method)).toMatchObject({ size: 40 });
      const found = effectiveSampleSize(slow, method);
      expect(found.status === 'ok' && found.size < 4).toBe(true);
    }
  });

  it('stay finite and inside their range, with gaps', () => {
    fc.assert(
      fc.property(gappy, fc.integer({ min: 1, max: 5 }), (series, lag) => {
        const found = autocorrelation(series, lag);
        expectFinite(found);
        if (found.status === 'ok') expect(Math.abs(found.value)).toBeLessThanOrEqual(1);
        for (const method of ['ar1', 'initial_positive_sequence'] as const) {
          const size = effectiveSampleSize(series, method);
          expectFinite(size);
          if (size.status !== 'ok') continue;
          expect(size.size).toBeGreaterThanOrEqual(1);
          expect(size.size).toBeLessThanOrEqual(size.n);
        }
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});

describe('changePoint', () => {
  const cases = references.filter((reference) => reference.kind === 'step');
  it.each(cases)('agrees with statsmodels and least squares: $name', ({ series, expected }) => {
    const found = changePoint(seriesOf(series));
    expectFieldsClose(found, expected, 1e-9, 1e-12);
  });

  it('finds a clean step exactly', () => {
    expect(changePoint(Float64Array.of(1, 1, 1, 4, 4, 4, 4))).toMatchObject({ position: 3, before: 1, after: 4 });
    const found = changePoint(Float64Array.of(1, 1, 1, 4, 4, 4, 4));
    expectFieldsClose(found, { explained: 1 }, 1e-12);
  });

  it('is less sure where values depend on each other', () => {
    const series = seriesOf(cases[0].series);
    const all = changePoint(series);
    const fewer = changePoint(series, { effectiveSize: series.length / 4 });
    if (all.status !== 'ok' || fewer.status !== 'ok') throw new Error(all.status);
    expectClose(fewer.statistic, all.statistic / 2, 1e-12);
    expect(fewer.p).toBeGreaterThan(all.p);
    expect(fewer.position).toBe(all.position);
  });

  it('keeps so many values on either side', () => {
    const late = Float64Array.of(0, 0, 0, 0, 0, 0, 0, 9);
    expect(changePoint(late, { least: 1 })).toMatchObject({ position: 7 });
    expect(changePoint(late)).toMatchObject({ position: 6 });
    expect(changePoint(late, { least: 4 })).toMatchObject({ position: 4 });
  });

  it('needs four values that vary', () => {
    const gap = Number.NaN;
    expect(changePoint(Float64Array.of(1, gap, 2, 3))).toEqual({ status: 'insufficient_data', n: 3, required: 4 });
    expect(changePoint(new Float64Array(0))).toMatchObject({ status: 'insufficient_data', n: 0 });
    expect(changePoint(new Float64Array(50).fill(0.1))).toEqual({ status: 'no_variation', estimate: 0 });
  });

  it('stays finite, with gaps, and finds the mirrored step in a mirrored series', () => {
    fc.assert(
      fc.property(gappy, (series) => {
        const found = changePoint(series);
        expectFinite(found);
        if (found.status !== 'ok') return;
        expect(found.p).toBeGreaterThanOrEqual(0);
        expect(found.p).toBeLessThanOrEqual(1);
        const mirrored = changePoint(series.map((value) => -value));
        expect(mirrored).toMatchObject({ position: found.position, p: found.p });
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});

describe('flagOutliers', () => {
  const cases = references.filter((reference) => reference.kind === 'outliers');
  it.each(cases)('agrees with SciPy: $name', ({ values, indexes }) => {
    const array = Float64Array.from(values);
    expect(flagOutliers(array)).toMatchObject({ status: 'ok', indexes });
    expect([...array]).toEqual(values);
  });

  it('passes over what is missing, and needs three values', () => {
    const gap = Number.NaN;
    expect(flagOutliers(Float64Array.of(1, gap, 2))).toEqual({ status: 'insufficient_data', n: 2, required: 3 });
    expect(flagOutliers(Float64Array.of(1, gap, 1.2, 0.9, 1.1, 50))).toMatchObject({ indexes: [5], median: 1.1 });
    expect(flagOutliers(Float64Array.of(1, 50, 1.1))).toMatchObject({ indexes: [1] });
    expect(flagOutliers(new Float64Array(5))).toMatchObject({ indexes: [], median: 0 });
    expect(flagOutliers(Float64Array.of(1e308, -1e308, 1e308, 1e308, 0.9e308, 1.1e308, 1.05e308))).toMatchObject({
      indexes: [1],
    });
  });

  it('stays finite, and takes a higher threshold for fewer', () => {
    fc.assert(
      fc.property(gappy, (values) => {
        const some = flagOutliers(values, 2);
        const fewer = flagOutliers(values, 5);
        expectFinite([some, fewer]);
        if (some.status !== 'ok' || fewer.status !== 'ok') return;
        expect(fewer.indexes.every((index) => some.indexes.includes(index))).toBe(true);
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});

describe('kolmogorovUpperTail', () => {
  it('agrees with SciPy, and ends at 0 and 1', () => {
    for (const reference of references) {
      if (reference.kind === 'kolmogorov') expectClose(kolmogorovUpperTail(reference.x), reference.expected, 1e-12);
    }
    expect([-1, 0, 1e-300, 1e308].map(kolmogorovUpperTail)).toEqual([1, 1, 1, 0]);
    expect(() => kolmogorovUpperTail(Number.NaN)).toThrow('not NaN');
  });
});
