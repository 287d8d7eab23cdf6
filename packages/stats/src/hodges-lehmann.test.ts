import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hodgesLehmann, hodgesLehmannShift, medianInPlace, RankScratch } from './index.ts';
import { selectSums } from './select-sums.ts';
import { expectFieldsClose, expectFinite } from './testing/expect-close.ts';
import { hardSample } from './testing/hard-samples.ts';
import { readFixture } from './testing/read-fixture.ts';

type Expected = Record<'estimate' | 'low' | 'high' | 'confidence', number>;

interface OneSample {
  readonly kind: 'one sample';
  readonly name: string;
  readonly values: number[];
  readonly confidence: number;
  readonly expected: Expected;
}

interface TwoSamples {
  readonly kind: 'two samples';
  readonly name: string;
  readonly from: number[];
  readonly to: number[];
  readonly confidence: number;
  readonly expected: Expected;
}

const references = readFixture<OneSample | TwoSamples>('hodges_lehmann');
const scratch = new RankScratch();

describe('hodgesLehmann', () => {
  const ones = references.filter((reference) => reference.kind === 'one sample');

  it.each(ones)('agrees with all means of pairs: $name, $confidence', ({ values, confidence, expected }) => {
    const found = hodgesLehmann(Float64Array.from(values), confidence, scratch);
    expectFieldsClose(found, expected, 1e-12, 1e-15);
    expect(found).toMatchObject({ method: values.length <= 50 ? 'exact' : 'asymptotic' });
  });

  it('agrees with a published example', () => {
    // Hollander, Wolfe, "Nonparametric statistical methods" (1973), 3.2 and 3.3: −0.46, and (−0.786, −0.010) at 96.1 %.
    const differences = Float64Array.of(-0.952, 0.147, -1.022, -0.43, -0.62, -0.59, -0.49, 0.08, -0.01);
    const found = hodgesLehmann(differences, 0.95);
    expectFieldsClose(found, { estimate: -0.46, low: -0.786, high: -0.01, confidence: 0.961 }, 1e-3);
  });

  it('gives the value for one, and for all equal', () => {
    expect(hodgesLehmann(Float64Array.of(7))).toMatchObject({ estimate: 7, low: 7, high: 7, confidence: 0 });
    expect(hodgesLehmann(new Float64Array(100).fill(0.1))).toMatchObject({ estimate: 0.1, low: 0.1, high: 0.1 });
    expect(hodgesLehmann(new Float64Array(9))).toMatchObject({ estimate: 0, low: 0, high: 0 });
  });

  it('does not over- or underflow', () => {
    expect(hodgesLehmann(Float64Array.of(1e308, 1.5e308, 1.7e308))).toMatchObject({
      status: 'ok',
      estimate: 1.425e308,
    });
    expect(hodgesLehmann(Float64Array.of(5e-324, 5e-324, 1.5e-323))).toMatchObject({
      estimate: 1e-323,
      low: 5e-324,
      high: 1.5e-323,
    });
  });

  it('needs a value, and refuses NaN', () => {
    expect(hodgesLehmann(new Float64Array(0))).toEqual({ status: 'insufficient_data', n: 0, required: 1 });
    expect(() => hodgesLehmann(Float64Array.of(1, Number.NaN))).toThrow('must not be NaN');
    expect(() => hodgesLehmann(Float64Array.of(-Infinity, 1, Infinity))).toThrow('must be finite');
  });

  it('stays inside the range of the values, mirrors with the sign, does not change them', () => {
    fc.assert(
      fc.property(hardSample(80), (values) => {
        const before = [...values];
        const found = hodgesLehmann(values, 0.9, scratch);
        expect([...values]).toEqual(before);
        expectFinite(found);
        if (found.status !== 'ok') return;
        // Beside 1e308 the smallest double is taken for 0.
        expect(found.low).toBeGreaterThanOrEqual(Math.min(...values) - Number.MIN_VALUE);
        expect(found.high).toBeLessThanOrEqual(Math.max(...values) + Number.MIN_VALUE);
        expect(found.low).toBeLessThanOrEqual(found.estimate);
        expect(found.high).toBeGreaterThanOrEqual(found.estimate);
        const mirrored = hodgesLehmann(
          values.map((value) => -value),
          0.9,
          scratch,
        );
        expectFieldsClose(mirrored, { estimate: -found.estimate, low: -found.high, high: -found.low }, 0);
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});

describe('hodgesLehmannShift', () => {
  const twos = references.filter((reference) => reference.kind === 'two samples');

  it.each(twos)('agrees with all differences: $name, $confidence', ({ from, to, confidence, expected }) => {
    const found = hodgesLehmannShift(Float64Array.from(from), Float64Array.from(to), confidence, scratch);
    expectFieldsClose(found, expected, 1e-12, 1e-15);
    expect(found).toMatchObject({ method: Math.max(from.length, to.length) <= 50 ? 'exact' : 'asymptotic' });
  });

  it('needs a value of each', () => {
    const none = new Float64Array(0);
    expect(hodgesLehmannShift(none, Float64Array.of(1))).toEqual({ status: 'insufficient_data', n: 0, required: 1 });
    expect(hodgesLehmannShift(Float64Array.of(1), none)).toMatchObject({ status: 'insufficient_data' });
    expect(() => hodgesLehmannShift(Float64Array.of(Number.NaN), Float64Array.of(1))).toThrow('must not be NaN');
  });

  it('says what does not fit a double', () => {
    expect(hodgesLehmannShift(Float64Array.of(-1e308), Float64Array.of(1e308))).toEqual({ status: 'out_of_range' });
    expect(hodgesLehmannShift(Float64Array.of(1e308), Float64Array.of(1.5e308))).toMatchObject({ estimate: 5e307 });
    expect(hodgesLehmannShift(new Float64Array(2), Float64Array.of(1e308, 1.2e308))).toMatchObject({
      estimate: 1.1e308,
      low: 1e308,
      high: 1.2e308,
    });
  });

  it('mirrors with swapped samples, and stays finite', () => {
    fc.assert(
      fc.property(hardSample(70), hardSample(70), (from, to) => {
        const there = hodgesLehmannShift(from, to, 0.95, scratch);
        expectFinite(there);
        const back = hodgesLehmannShift(to, from, 0.95, scratch);
        expect(back.status).toBe(there.status);
        if (there.status !== 'ok') return;
        expectFieldsClose(back, { estimate: -there.estimate, low: -there.high, high: -there.low }, 0);
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });

  it('finds the median difference of many values, tied ones too', () => {
    const values = (n: number, step: number) => Float64Array.from({ length: n }, (_, index) => (index * step) % 97);
    const from = values(700, 31);
    const to = values(500, 57);
    const all = to.length;
    const differences = new Float64Array(from.length * all);
    for (const [i, a] of from.entries()) for (const [j, b] of to.entries()) differences[i * all + j] = b - a;
    expect(hodgesLehmannShift(from, to)).toMatchObject({ estimate: medianInPlace(differences) });
  });
});

describe('selectSums', () => {
  it('finds every rank without writing sums out', () => {
    const sorted = (n: number, modulus: number) =>
      Float64Array.from({ length: n }, (_, index) => (index * 7919) % modulus).sort();
    for (const isTriangular of [false, true]) {
      const rows = sorted(100, 61);
      const columns = isTriangular ? rows : sorted(90, 1009);
      const sums: number[] = [];
      for (const [i, row] of rows.entries()) {
        for (let j = isTriangular ? i : 0; j < columns.length; j++) sums.push(row + columns[j]);
      }
      sums.sort((a, b) => a - b);
      const ranks = Array.from({ length: 40 }, (_, index) => Math.floor((index * (sums.length - 1)) / 39));
      expect(selectSums({ rows, columns, isTriangular }, ranks, scratch)).toEqual(ranks.map((rank) => sums[rank]));
    }
  });
});
