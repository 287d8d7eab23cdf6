import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneSampleTTest, pairedTTest, summarize, tTest, welchTTest } from './index.ts';
import { expectFieldsClose, expectFinite } from './testing/expect-close.ts';
import { hardSample } from './testing/hard-samples.ts';
import { readFixture } from './testing/read-fixture.ts';

type Numbers = Record<string, number>;

interface Reference {
  readonly name: string;
  readonly from: number[];
  readonly to: number[];
  readonly confidence: number;
  readonly welch: Numbers;
  readonly paired?: Numbers;
  readonly oneSample?: Numbers;
}

const references = readFixture<Reference>('t_tests');

describe('t-tests', () => {
  it.each(references)('agree with SciPy: $name, $confidence', (reference) => {
    const from = Float64Array.from(reference.from);
    const to = Float64Array.from(reference.to);
    const { confidence, welch, paired, oneSample } = reference;
    // With an offset of 1e9 SciPy's own differences of means keep some seven digits.
    const relative = reference.name === 'large offset' ? 1e-6 : 1e-9;
    expectFieldsClose(welchTTest(summarize(from), summarize(to), confidence), welch, relative);
    if (paired) expectFieldsClose(pairedTTest(from, to, confidence), paired, relative);
    if (oneSample) expectFieldsClose(oneSampleTTest(summarize(to), 0, confidence), oneSample, relative);
  });

  it('say that there are too few values', () => {
    const none = summarize([]);
    const one = summarize([3]);
    const two = summarize([3, 4]);
    expect(welchTTest(one, two)).toEqual({ status: 'insufficient_data', n: 1, required: 2 });
    expect(welchTTest(two, none)).toEqual({ status: 'insufficient_data', n: 0, required: 2 });
    expect(oneSampleTTest(one)).toEqual({ status: 'insufficient_data', n: 1, required: 2 });
    expect(pairedTTest(Float64Array.of(1, 2), Float64Array.of(3, Number.NaN))).toEqual({
      status: 'insufficient_data',
      n: 1,
      required: 2,
    });
  });

  it('pass over pairs of which one is missing', () => {
    const from = Float64Array.of(1, 2, Number.NaN, 4, 5);
    const to = Float64Array.of(2, 4, 9, Number.NaN, 5);
    expect(pairedTTest(from, to)).toEqual(pairedTTest(Float64Array.of(1, 2, 5), Float64Array.of(2, 4, 5)));
  });

  it('say that nothing varies, and by how much the sides differ', () => {
    const threes = summarize([3, 3, 3]);
    const fives = summarize([5, 5]);
    expect(welchTTest(threes, fives)).toEqual({ status: 'no_variation', estimate: 2 });
    expect(welchTTest(summarize([0, 0]), summarize([0, 0]))).toEqual({ status: 'no_variation', estimate: 0 });
    expect(oneSampleTTest(threes)).toEqual({ status: 'no_variation', estimate: 3 });
    expect(pairedTTest(Float64Array.of(1, 2), Float64Array.of(2, 3))).toEqual({ status: 'no_variation', estimate: 1 });
  });

  it('say what does not fit a double', () => {
    const huge = Float64Array.of(1e308, -1e308, 1e308);
    expect(pairedTTest(huge, Float64Array.of(-1e308, 1e308, 1))).toEqual({ status: 'out_of_range' });
    expect(oneSampleTTest(summarize([1.7e308, -1.7e308]))).toEqual({ status: 'out_of_range' });
    expect(tTest(1e308, 1e-308, 5)).toEqual({ status: 'out_of_range' });
  });

  it('test against a hypothesis', () => {
    expect(tTest(5, 2, 10, 0.95, 5)).toMatchObject({ statistic: 0, p: 1, estimate: 5 });
    const shifted = oneSampleTTest(summarize([4, 5, 6, 8]), 3);
    const plain = oneSampleTTest(summarize([1, 2, 3, 5]));
    expect(shifted).toMatchObject({ statistic: plain.status === 'ok' ? plain.statistic : Number.NaN });
  });

  it('give the mirrored result for swapped sides, and the scaled one for another unit', () => {
    const sample = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(sample, sample, fc.constantFrom(2 ** -500, 2 ** -40, 2 ** 300, 2 ** 900), (first, second, unit) => {
        const from = summarize(first);
        const to = summarize(second);
        const there = welchTTest(from, to);
        const back = welchTTest(to, from);
        if (there.status !== 'ok' || back.status !== 'ok') return;
        expect(back).toMatchObject({ estimate: -there.estimate + 0, low: -there.high, high: -there.low });
        expect(back.p).toBeCloseTo(there.p, 12);
        const scaled = welchTTest(summarize(first.map((v) => v * unit)), summarize(second.map((v) => v * unit)));
        expectFieldsClose(scaled, { p: there.p, df: there.df, low: there.low * unit, high: there.high * unit }, 1e-9);
      }),
      { seed: 20_261_124 },
    );
  });

  it('never give a number that is not finite, nor change their input', () => {
    fc.assert(
      fc.property(hardSample(), hardSample(), (from, to) => {
        const length = Math.min(from.length, to.length);
        const first = from.slice(0, length);
        const second = to.slice(0, length);
        const before = [...first, ...second];
        expectFinite(pairedTTest(first, second));
        expectFinite(welchTTest(summarize(from), summarize(to)));
        expectFinite(oneSampleTTest(summarize(from)));
        expect([...first, ...second]).toEqual(before);
      }),
      { seed: 20_261_124, numRuns: 1000 },
    );
  });
});
