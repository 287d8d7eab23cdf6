import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Attempts,
  binomialTest,
  type EventCount,
  estimateVariancePrior,
  fishersExactTest,
  moderatedTTest,
  overdispersedBinomial,
  poissonRateRatio,
} from './index.ts';
import { expectFieldsClose, expectFinite } from './testing/expect-close.ts';
import { hardSample } from './testing/hard-samples.ts';
import { readFixture } from './testing/read-fixture.ts';

type Expected = Record<string, number | null>;

type Reference =
  | { readonly kind: 'binomial'; readonly arguments: [number, number, number]; readonly expected: Expected }
  | { readonly kind: 'poisson'; readonly from: EventCount; readonly to: EventCount; readonly expected: Expected }
  | { readonly kind: 'fisher'; readonly from: Attempts; readonly to: Attempts; readonly expected: Expected }
  | {
      readonly kind: 'overdispersed';
      readonly name: string;
      readonly from: { successes: number[]; attempts: number[] };
      readonly to: { successes: number[]; attempts: number[] };
      readonly expected: Expected;
      readonly logOddsRatio: Expected;
      readonly logFailureRatio: Expected;
    };

const references = readFixture<Reference>('counts');

function rows(successes: number[], attempts: number[]) {
  return { successes: Float64Array.from(successes), attempts: Float64Array.from(attempts) };
}

describe('binomialTest', () => {
  const cases = references.filter((reference) => reference.kind === 'binomial');
  it.each(cases)('agrees with SciPy: $arguments', ({ arguments: [successes, attempts, hypothesis], expected }) => {
    expectFieldsClose(binomialTest(successes, attempts, hypothesis), expected, 1e-9);
  });

  it('needs attempts, and refuses what are no counts', () => {
    expect(binomialTest(0, 0, 0.5)).toEqual({ status: 'insufficient_data', n: 0, required: 1 });
    expect(() => binomialTest(3, 2, 0.5)).toThrow('successes must not be above attempts');
    expect(() => binomialTest(0.5, 2, 0.5)).toThrow('must be a whole number');
    expect(() => binomialTest(-1, 2, 0.5)).toThrow('must be a whole number');
    expect(() => binomialTest(1, Number.NaN, 0.5)).toThrow('must be a whole number');
    expect(() => binomialTest(1, 2, 1)).toThrow('between 0 and 1');
  });

  it('adds up what is not more likely, and mirrors with failures', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (k, rest, share) => {
        const there = binomialTest(k, k + rest, share);
        const back = binomialTest(rest, k + rest, 1 - share);
        expectFinite(there);
        if (there.status !== 'ok' || back.status !== 'ok') return;
        expect(back.p).toBeCloseTo(there.p, 9);
        expect(back.low).toBeCloseTo(1 - there.high, 9);
        expect(there.low).toBeLessThanOrEqual(there.estimate);
        expect(there.high).toBeGreaterThanOrEqual(there.estimate);
      }),
      { seed: 20_261_124, numRuns: 300 },
    );
  });

  it('holds for a billion attempts', () => {
    // The normal approximation is good to a millionth there.
    const test = binomialTest(500_050_000, 1_000_000_000, 0.5);
    expectFieldsClose(test, { estimate: 0.50005, p: 0.00156545, low: 0.500019, high: 0.500081 }, 1e-4);
  });
});

describe('poissonRateRatio', () => {
  const cases = references.filter((reference) => reference.kind === 'poisson');
  it.each(cases)('agrees with SciPy: $from, $to', ({ from, to, expected }) => {
    expectFieldsClose(poissonRateRatio(from, to), expected, 1e-9);
  });

  it('agrees with the example of R', () => {
    // poisson.test(c(11, 6+8+7), c(800, 1083+1050+878))
    const found = poissonRateRatio({ events: 21, exposure: 3011 }, { events: 11, exposure: 800 });
    expectFieldsClose(found, { p: 0.07967, ratio: 1.971488, low: 0.8584264, high: 4.2772659 }, 1e-4);
  });

  it('says where a side, or both, have no event', () => {
    const none = { events: 0, exposure: 24 };
    const some = { events: 4, exposure: 24 };
    expect(poissonRateRatio(none, none)).toEqual({ status: 'insufficient_data', n: 0, required: 1 });
    expectFieldsClose(poissonRateRatio(none, some), { ratio: null, high: null, p: 0.125 }, 1e-12);
    expectFieldsClose(poissonRateRatio(some, none), { ratio: 0, low: 0, p: 0.125 }, 1e-12);
    expect(() => poissonRateRatio({ events: 1, exposure: 0 }, some)).toThrow('exposure must be above 0');
    expect(() => poissonRateRatio({ events: 1.5, exposure: 1 }, some)).toThrow('whole number');
  });

  it('says where exposures lie too far apart', () => {
    const short = { events: 3, exposure: 5e-324 };
    const long = { events: 4, exposure: 1e308 };
    expect(poissonRateRatio(short, long)).toEqual({ status: 'out_of_range' });
    expect(poissonRateRatio(long, short)).toEqual({ status: 'out_of_range' });
  });

  it('stays finite for any exposure, and mirrors with swapped sides', () => {
    const exposure = fc.oneof(
      fc.double({ min: 0.01, max: 1e6, noNaN: true }),
      fc.constantFrom(5e-324, 1e-300, 1e300, Number.MAX_VALUE),
    );
    const side = fc.record({ events: fc.nat(200), exposure });
    fc.assert(
      fc.property(side, side, (from, to) => {
        const there = poissonRateRatio(from, to);
        const back = poissonRateRatio(to, from);
        expectFinite(there);
        if (there.status !== 'ok' || back.status !== 'ok') return;
        expect(back.p).toBeCloseTo(there.p, 9);
        if (there.high !== null && there.high > 1e-300) expectFieldsClose(back, { low: 1 / there.high }, 1e-9);
      }),
      { seed: 20_261_124, numRuns: 300 },
    );
  });
});

describe('fishersExactTest', () => {
  const cases = references.filter((reference) => reference.kind === 'fisher');
  it.each(cases)('agrees with SciPy: $from, $to', ({ from, to, expected }) => {
    expectFieldsClose(fishersExactTest(from, to), expected, 1e-9);
  });

  it('agrees with the tea tasting', () => {
    // Fisher (1935): three of four cups right. R: fisher.test(TeaTasting), two-sided 0.4857.
    const found = fishersExactTest({ successes: 1, attempts: 4 }, { successes: 3, attempts: 4 });
    expectFieldsClose(found, { p: 0.4857142857142857, logOddsRatio: Math.log(9) }, 1e-12);
  });

  it('needs attempts on both sides, and refuses what are no counts', () => {
    const some = { successes: 1, attempts: 2 };
    expect(fishersExactTest({ successes: 0, attempts: 0 }, some)).toEqual({
      status: 'insufficient_data',
      n: 0,
      required: 1,
    });
    expect(() => fishersExactTest(some, { successes: 3, attempts: 2 })).toThrow('must not be above');
    expect(() => fishersExactTest(some, { successes: Number.NaN, attempts: 2 })).toThrow('whole number');
  });

  it('mirrors with swapped sides, and with successes for failures', () => {
    const side = fc
      .tuple(fc.nat(80), fc.nat(80))
      .map(([successes, failures]) => ({ successes, attempts: successes + failures }));
    fc.assert(
      fc.property(side, side, (from, to) => {
        const there = fishersExactTest(from, to);
        expectFinite(there);
        if (there.status !== 'ok') return;
        const failures = ({ successes, attempts }: Attempts) => ({ successes: attempts - successes, attempts });
        expectFieldsClose(fishersExactTest(to, from), { p: there.p }, 1e-9);
        expectFieldsClose(fishersExactTest(failures(from), failures(to)), { p: there.p }, 1e-9);
        expect(there.p).toBeLessThanOrEqual(1);
        expect(there.p).toBeGreaterThan(0);
      }),
      { seed: 20_261_124, numRuns: 300 },
    );
  });

  it('holds for millions of attempts', () => {
    const from = { successes: 4_999_000, attempts: 5_000_000 };
    expect(fishersExactTest(from, { successes: 4_998_900, attempts: 5_000_000 })).toMatchObject({ status: 'ok' });
    expectFieldsClose(fishersExactTest(from, from), { p: 1, logOddsRatio: 0 }, 0, 1e-12);
  });
});

describe('overdispersedBinomial', () => {
  const cases = references.filter((reference) => reference.kind === 'overdispersed');
  it.each(cases)('agrees with statsmodels: $name', ({ from, to, expected, logOddsRatio, logFailureRatio }) => {
    const found = overdispersedBinomial(rows(from.successes, from.attempts), rows(to.successes, to.attempts));
    if (found.status !== 'ok') throw new Error(found.status);
    expectFieldsClose(found, expected, 1e-9);
    expectFieldsClose(found.logOddsRatio ?? {}, logOddsRatio, 1e-8);
    expectFieldsClose(found.logFailureRatio ?? {}, logFailureRatio, 1e-8);
  });

  it('passes over rows that are missing, empty or impossible, and says how many it used', () => {
    const found = overdispersedBinomial(
      rows([9, 8, Number.NaN, 0, 12, -1], [10, 10, 10, 0, 10, 10]),
      rows([7, 6, 5], [10, 10, Number.NaN]),
    );
    const clean = overdispersedBinomial(rows([9, 8], [10, 10]), rows([7, 6], [10, 10]));
    expect(found).toEqual(clean);
    expect(found).toMatchObject({ fromRows: 2, toRows: 2, df: 2 });
  });

  it('has no ratio where a side never fails or never succeeds', () => {
    const never = rows([10, 10], [10, 10]);
    const always = rows([0, 0], [10, 10]);
    const mixed = rows([9, 8], [10, 10]);
    expect(overdispersedBinomial(never, mixed)).toMatchObject({ logOddsRatio: null, logFailureRatio: null });
    expect(overdispersedBinomial(mixed, always)).toMatchObject({ logOddsRatio: null, status: 'ok' });
    expect(overdispersedBinomial(never, never)).toMatchObject({ dispersion: 0, df: 2, toShare: 1 });
    expect(overdispersedBinomial(rows([], []), mixed)).toEqual({ status: 'insufficient_data', n: 0, required: 1 });
  });

  it('gives what a moderated test needs, with one row a side as well', () => {
    const single = overdispersedBinomial(rows([990], [1000]), rows([970], [1000]));
    if (single.status !== 'ok' || single.logOddsRatio === null) throw new Error(single.status);
    expect(single).toMatchObject({ dispersion: 0, df: 0 });
    const prior = estimateVariancePrior(Float64Array.of(1, 2, 4, 8, 3), new Float64Array(5).fill(6));
    const { estimate, unscaledVariance } = single.logOddsRatio;
    const test = moderatedTTest({ estimate, unscaledVariance, variance: single.dispersion, df: single.df }, prior);
    expect(test).toMatchObject({ status: 'ok', estimate });
  });

  it('mirrors with swapped sides, and stays finite', () => {
    fc.assert(
      fc.property(hardSample(8), hardSample(8), hardSample(8), hardSample(8), (a, b, c, d) => {
        const from = { successes: a, attempts: b.slice(0, a.length) };
        const to = { successes: c, attempts: d.slice(0, c.length) };
        const there = overdispersedBinomial(from, to);
        const back = overdispersedBinomial(to, from);
        expectFinite(there);
        expect(back.status).toBe(there.status);
        if (there.status !== 'ok' || back.status !== 'ok') return;
        expect(back.logOddsRatio === null).toBe(there.logOddsRatio === null);
        expect((back.logOddsRatio?.estimate ?? 0) + (there.logOddsRatio?.estimate ?? 0)).toBeCloseTo(0, 9);
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});
