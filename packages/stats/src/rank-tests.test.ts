import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cliffsDelta, mannWhitney, RankScratch, signedRank } from './index.ts';
import { rankSumCdf } from './rank-sum-cdf.ts';
import { signedRankCdf } from './signed-rank-cdf.ts';
import { expectClose, expectFinite } from './testing/expect-close.ts';
import { hardSample } from './testing/hard-samples.ts';
import { readFixture } from './testing/read-fixture.ts';

interface TwoSamples {
  readonly kind: 'two samples';
  readonly name: string;
  readonly from: number[];
  readonly to: number[];
  readonly expected: Record<'continuity' | 'plain' | 'auto' | 'u' | 'delta', number>;
}

interface RankSums {
  readonly kind: 'rank sums';
  readonly m: number;
  readonly n: number;
  readonly at: number[];
  readonly cdf: number[];
}

interface Differences {
  readonly kind: 'differences';
  readonly name: string;
  readonly differences: number[];
  readonly expected: Record<'wilcox' | 'pratt', Record<string, number>>;
}

const references = readFixture<RankSums | TwoSamples | Differences>('rank_tests');
const twoSamples = references.filter((reference) => reference.kind === 'two samples');
const differences = references.filter((reference) => reference.kind === 'differences');
const rankSums = references.filter((reference) => reference.kind === 'rank sums');
const scratch = new RankScratch();

function ok<Result extends { status: string }>(result: Result): Extract<Result, { status: 'ok' }> {
  expect(result.status).toBe('ok');
  return result as Extract<Result, { status: 'ok' }>;
}

describe('mannWhitney', () => {
  it.each(twoSamples)('agrees with SciPy: $name', (reference) => {
    const from = Float64Array.from(reference.from);
    const to = Float64Array.from(reference.to);
    const { expected } = reference;
    const automatic = ok(mannWhitney(from, to, { scratch }));
    expect(automatic.u).toBe(expected.u);
    expectClose(automatic.delta, expected.delta, 1e-12, 1e-15);
    expectClose(automatic.p, expected.auto, automatic.method === 'exact' ? 1e-10 : 1e-9);
    const asymptotic = { method: 'asymptotic', scratch } as const;
    expectClose(ok(mannWhitney(from, to, asymptotic)).p, expected.continuity, 1e-9);
    expectClose(ok(mannWhitney(from, to, { ...asymptotic, continuity: false })).p, expected.plain, 1e-9);
    expect(cliffsDelta(from, to)).toEqual({ status: 'ok', delta: automatic.delta });
    expect([[...from], [...to]]).toEqual([reference.from, reference.to]);
  });

  it('counts arrangements only up to 8 values of the smaller sample, and without ties', () => {
    const upTo = (n: number) => Float64Array.from({ length: n }, (_, index) => index);
    const halves = (n: number) => upTo(n).map((value) => value + 0.5);
    expect(mannWhitney(upTo(8), halves(100))).toMatchObject({ method: 'exact' });
    expect(mannWhitney(upTo(9), halves(9))).toMatchObject({ method: 'asymptotic' });
    expect(mannWhitney(upTo(3), upTo(3))).toMatchObject({ method: 'asymptotic' });
  });

  it('says that a sample is empty', () => {
    const none = new Float64Array(0);
    const one = Float64Array.of(1);
    for (const result of [mannWhitney(none, one), mannWhitney(one, none), cliffsDelta(none, none)]) {
      expect(result).toEqual({ status: 'insufficient_data', n: 0, required: 1 });
    }
  });

  it('finds no difference between values that are all equal', () => {
    const zeros = new Float64Array(20);
    expect(mannWhitney(zeros, zeros)).toMatchObject({ status: 'ok', p: 1, delta: 0, auc: 0.5 });
    expect(mannWhitney(Float64Array.of(3), Float64Array.of(3))).toMatchObject({ p: 1, delta: 0 });
  });

  it('refuses NaN, and takes 0 and -0 for equal', () => {
    const withNaN = Float64Array.of(1, Number.NaN, 2);
    expect(() => mannWhitney(withNaN, Float64Array.of(1))).toThrow('must not be NaN');
    expect(() => cliffsDelta(Float64Array.of(1), withNaN)).toThrow('must not be NaN');
    expect(cliffsDelta(Float64Array.of(-0, -0), Float64Array.of(0))).toMatchObject({ delta: 0 });
  });

  it('mirrors with swapped samples, counts right, and stays finite', () => {
    fc.assert(
      fc.property(hardSample(), hardSample(), (from, to) => {
        const there = mannWhitney(from, to, { scratch });
        const back = mannWhitney(to, from, { scratch });
        expectFinite(there);
        if (there.status !== 'ok' || back.status !== 'ok') return;
        expect(back.p).toBe(there.p);
        expect(back.u).toBe(from.length * to.length - there.u);
        let pairs = 0;
        for (const a of from) for (const b of to) pairs += b > a ? 1 : b === a ? 0.5 : 0;
        expect(there.u).toBe(pairs);
        expect(there.p).toBeGreaterThan(0);
        expect(there.p).toBeLessThanOrEqual(1);
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});

describe('signedRank', () => {
  it.each(differences)('agrees with SciPy and with all signs: $name', (reference) => {
    const values = Float64Array.from(reference.differences);
    for (const zeros of ['wilcox', 'pratt'] as const) {
      const expected = reference.expected[zeros];
      const asymptotic = { zeros, method: 'asymptotic', scratch } as const;
      const found = ok(signedRank(values, asymptotic));
      expect([found.positive, found.negative]).toEqual([expected.positive, expected.negative]);
      expectClose(found.p, expected.continuity, 1e-9);
      expectClose(ok(signedRank(values, { ...asymptotic, continuity: false })).p, expected.plain, 1e-9);
      const automatic = ok(signedRank(values, { zeros }));
      expect(automatic.method).toBe(automatic.n <= 50 ? 'exact' : 'asymptotic');
      if (expected.exact !== undefined) expectClose(automatic.p, expected.exact, 1e-10);
    }
    expect([...values]).toEqual(reference.differences);
  });

  it('has nothing to say about no difference', () => {
    for (const nothing of [[], [0], [0, 0, -0], [Number.NaN]]) {
      expect(signedRank(Float64Array.from(nothing))).toEqual({ status: 'no_variation', estimate: 0 });
    }
  });

  it('passes over missing differences, and does not take them for 0', () => {
    const complete = signedRank(Float64Array.of(1, -2, 3, 0), { zeros: 'pratt' });
    expect(signedRank(Float64Array.of(1, Number.NaN, -2, 3, 0), { zeros: 'pratt' })).toEqual(complete);
  });

  it('mirrors with the sign, and stays finite', () => {
    fc.assert(
      fc.property(hardSample(70), fc.constantFrom('wilcox' as const, 'pratt' as const), (values, zeros) => {
        const there = signedRank(values, { zeros, scratch });
        const back = signedRank(
          values.map((value) => -value),
          { zeros, scratch },
        );
        expectFinite(there);
        if (there.status !== 'ok' || back.status !== 'ok') return;
        expect(back).toEqual({ ...there, positive: there.negative, negative: there.positive });
        expect(there.p).toBeGreaterThan(0);
        expect(there.p).toBeLessThanOrEqual(1);
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});

describe('distributions of rank statistics', () => {
  it('count arrangements of two samples', () => {
    // Table J of Siegel, "Nonparametric statistics" (1956): P(U ≤ k) for 3 and 4, and for 8 and 8.
    const threeAndFour = rankSumCdf(3, 4);
    expect([...threeAndFour.slice(0, 5)].map((p) => Math.round(p * 35))).toEqual([1, 2, 4, 7, 11]);
    expect(rankSumCdf(8, 8)[13]).toBeCloseTo(0.0249, 4);
  });

  it.each(rankSums)('agree with exact integers: $m and $n', ({ m, n, at, cdf }) => {
    const found = rankSumCdf(m, n);
    expect(found).toHaveLength(Math.floor((m * n) / 2) + 1);
    expect(rankSumCdf(n, m)).toEqual(found);
    for (const [index, k] of at.entries()) expectClose(found[k], cdf[index], 1e-12);
  });

  it('count signs of ranks', () => {
    const cdf = signedRankCdf([2, 4, 6]);
    expect([...cdf].map((p) => p * 8)).toEqual([1, 1, 2, 2, 3, 3, 5, 5, 6, 6, 7, 7, 8]);
    expect(signedRankCdf([])).toEqual(Float64Array.of(1));
  });
});
