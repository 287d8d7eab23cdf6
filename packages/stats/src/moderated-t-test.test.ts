import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EstimateOfSeries, estimateVariancePrior, moderatedTTest, squeezeVariance, tTest } from './index.ts';
import { expectFieldsClose, expectFinite } from './testing/expect-close.ts';
import { readFixture } from './testing/read-fixture.ts';

interface Reference {
  readonly name: string;
  readonly variances: number[];
  readonly dfs: number[];
  readonly prior: Record<string, number | null>;
  readonly tests: (EstimateOfSeries & { readonly expected: Record<string, number> })[];
}

const references = readFixture<Reference>('variance_priors');

describe('estimateVariancePrior and moderatedTTest', () => {
  it.each(references)('agree with the moments of Smyth (2004): $name', ({ variances, dfs, prior, tests }) => {
    const found = estimateVariancePrior(Float64Array.from(variances), Float64Array.from(dfs));
    expect(found.status).toBe('ok');
    expectFieldsClose(found, prior, 1e-9);
    for (const { expected, ...series } of tests) expectFieldsClose(moderatedTTest(series, found), expected, 1e-9);
  });

  it('passes over series without a variance, and does not depend on their order', () => {
    const variances = Float64Array.of(1, Number.NaN, 4, 9, 30, 2);
    const dfs = Float64Array.of(5, 5, 5, Number.NaN, 6, 0);
    const expected = estimateVariancePrior(Float64Array.of(1, 4, 30), Float64Array.of(5, 5, 6));
    expect(estimateVariancePrior(variances, dfs)).toEqual(expected);
    expect([...variances]).toEqual([1, Number.NaN, 4, 9, 30, 2]);
  });

  it('needs two series, not all of them constant', () => {
    expect(estimateVariancePrior(Float64Array.of(1), Float64Array.of(5))).toEqual({
      status: 'insufficient_data',
      n: 1,
      required: 2,
    });
    expect(estimateVariancePrior(new Float64Array(0), new Float64Array(0))).toMatchObject({ n: 0 });
    expect(estimateVariancePrior(new Float64Array(4), new Float64Array(4).fill(3))).toEqual({
      status: 'no_variances',
      n: 4,
    });
  });

  it('is the ordinary test without a prior', () => {
    const none = estimateVariancePrior(new Float64Array(0), new Float64Array(0));
    const series = { estimate: 3, unscaledVariance: 0.5, variance: 2, df: 6 };
    expect(moderatedTTest(series, none)).toEqual(tTest(3, 1.0000000000000002, 6));
    expect(moderatedTTest({ ...series, variance: 0 }, none)).toEqual({ status: 'no_variation', estimate: 3 });
    expect(moderatedTTest({ ...series, df: 0 }, none)).toEqual({ status: 'insufficient_data', n: 0, required: 1 });
  });

  it('judges a constant series and one without own degrees of freedom by the others', () => {
    const prior = estimateVariancePrior(Float64Array.of(1, 2, 30, 4, 9), new Float64Array(5).fill(4));
    expect(prior).toMatchObject({ status: 'ok' });
    const constant = moderatedTTest({ estimate: 1, unscaledVariance: 1, variance: 0, df: 4 }, prior);
    const unknown = moderatedTTest({ estimate: 1, unscaledVariance: 1, variance: 0, df: 0 }, prior);
    expect([constant.status, unknown.status]).toEqual(['ok', 'ok']);
    expect(squeezeVariance(0, 0, prior)).toMatchObject({ variance: prior.status === 'ok' ? prior.variance : -1 });
  });

  it('never goes above the degrees of freedom of all series, and stays between own variance and prior', () => {
    const series = fc.tuple(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(fc.array(series, { minLength: 2, maxLength: 40 }), (all) => {
        const dfs = Float64Array.from(all, ([, df]) => df);
        const prior = estimateVariancePrior(
          Float64Array.from(all, ([variance]) => variance),
          dfs,
        );
        if (prior.status !== 'ok') throw new Error(prior.status);
        for (const [variance, df] of all) {
          const squeezed = squeezeVariance(variance, df, prior);
          expect(squeezed.df).toBeLessThanOrEqual(dfs.reduce((sum, value) => sum + value, 0));
          expect(squeezed.df).toBeGreaterThanOrEqual(Math.min(df, squeezed.df));
          expect(squeezed.variance).toBeLessThanOrEqual(Math.max(variance, prior.variance) * (1 + 1e-12));
          expect(squeezed.variance).toBeGreaterThanOrEqual(Math.min(variance, prior.variance) * (1 - 1e-12));
        }
      }),
      { seed: 20_261_124 },
    );
  });

  it('stays finite for any variances', () => {
    const variance = fc.oneof(
      fc.constantFrom(0, 5e-324, 1e-308, 1.7e308, 1),
      fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
    );
    const df = fc.constantFrom(0.1, 1, 6, 1e6, 1e300);
    fc.assert(
      fc.property(fc.array(fc.tuple(variance, df), { maxLength: 12 }), (all) => {
        const prior = estimateVariancePrior(
          Float64Array.from(all, ([value]) => value),
          Float64Array.from(all, ([, value]) => value),
        );
        expectFinite(prior);
        const [own, ownDf] = all[0] ?? [0, 0];
        expectFinite(squeezeVariance(own, ownDf, prior));
        expectFinite(
          moderatedTTest({ estimate: 1, unscaledVariance: 2, variance: own, df: Math.min(ownDf, 1e6) }, prior),
        );
      }),
      { seed: 20_261_124, numRuns: 1000 },
    );
  });
});
