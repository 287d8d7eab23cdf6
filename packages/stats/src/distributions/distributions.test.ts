import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as stats from '../index.ts';
import { expectClose } from '../testing/expect-close.ts';
import { readFixture } from '../testing/read-fixture.ts';
import { trigammaInverse } from './trigamma-inverse.ts';

interface Reference {
  readonly function: string;
  readonly arguments: number[];
  readonly value: number;
}

const functions: Record<string, (...values: number[]) => number> = {
  normalCdf: stats.normalCdf,
  normalUpperTail: stats.normalUpperTail,
  normalQuantile: stats.normalQuantile,
  studentTCdf: stats.studentTCdf,
  studentTUpperTail: stats.studentTUpperTail,
  studentTTwoSided: stats.studentTTwoSided,
  studentTQuantile: stats.studentTQuantile,
  betaCdf: stats.betaCdf,
  betaUpperTail: stats.betaUpperTail,
  betaQuantile: stats.betaQuantile,
  gammaCdf: stats.gammaCdf,
  gammaUpperTail: stats.gammaUpperTail,
  gammaQuantile: stats.gammaQuantile,
  chiSquareCdf: stats.chiSquareCdf,
  chiSquareUpperTail: stats.chiSquareUpperTail,
  fCdf: stats.fCdf,
  fUpperTail: stats.fUpperTail,
  fQuantile: stats.fQuantile,
  digamma: stats.digamma,
  trigamma: stats.trigamma,
  trigammaInverse,
};

const references = readFixture<Reference>('distributions');

describe('distribution functions', () => {
  it.each(Object.keys(functions))('%s agrees with 50 digits', (name) => {
    const cases = references.filter((reference) => reference.function === name);
    expect(cases.length).toBeGreaterThan(5);
    for (const { arguments: values, value } of cases) {
      // ψ has a zero at 1.46; doubles below 1e-300 are tested apart.
      expectClose(functions[name](...values), value, 2e-12, name === 'digamma' ? 1e-14 : 1e-300);
    }
  });

  it('leaves no reference unused', () => {
    expect(references.filter((reference) => !(reference.function in functions))).toEqual([]);
  });

  it('agree with tables', () => {
    expect(stats.chiSquareQuantile(0.95, 1)).toBeCloseTo(3.841458820694124, 12);
    expect(stats.studentTQuantile(0.975, 10)).toBeCloseTo(2.228138851986274, 12);
    expect(stats.fQuantile(0.95, 3, 16)).toBeCloseTo(3.2388715174535854, 12);
    expect(stats.normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
  });

  it('take infinite degrees of freedom for the limit', () => {
    expect(stats.studentTTwoSided(1.959963984540054, Infinity)).toBeCloseTo(0.05, 14);
    expect(stats.studentTQuantile(0.975, Infinity)).toBeCloseTo(1.959963984540054, 12);
    expect(stats.fUpperTail(2, 3, Infinity)).toBe(stats.chiSquareUpperTail(6, 3));
    expect(stats.fCdf(2, 3, Infinity)).toBe(stats.chiSquareCdf(6, 3));
    expect(stats.fQuantile(0.95, 1, Infinity)).toBeCloseTo(3.841458820694124, 12);
  });

  it('end at 0 and 1 far out', () => {
    for (const far of [40, 1e10, 1e200, 1.7e308, Infinity]) {
      expect(stats.normalUpperTail(far)).toBe(0);
      expect(stats.normalUpperTail(-far)).toBe(1);
    }
    expect(stats.studentTTwoSided(1e308, 60)).toBe(0);
    expect(stats.studentTTwoSided(-1e308, 60)).toBe(0);
    expect(stats.studentTCdf(1e308, 0.5)).toBe(1);
    expect(stats.studentTTwoSided(5e-324, 3)).toBe(1);
    expect(stats.studentTTwoSided(0, 3)).toBe(1);
    expect(stats.fUpperTail(1.7e308, 100, 2)).toBeLessThan(1e-300);
    expect(stats.fCdf(1.7e308, 100, 2)).toBe(1);
    expect([stats.fUpperTail(0, 3, 4), stats.fCdf(-1, 3, 4)]).toEqual([1, 0]);
    expect([stats.gammaUpperTail(1e308, 2), stats.gammaCdf(1e308, 2), stats.gammaCdf(-1, 2)]).toEqual([0, 1, 0]);
    expect([stats.chiSquareUpperTail(1e308, 2), stats.chiSquareCdf(0, 2)]).toEqual([0, 0]);
    expect([stats.betaCdf(0, 2, 3), stats.betaCdf(1, 2, 3), stats.betaUpperTail(1, 2, 3)]).toEqual([0, 1, 0]);
  });

  it('keep quantiles finite where they do not fit a double', () => {
    expect(stats.studentTQuantile(1e-300, 0.1)).toBeLessThan(-1e150);
    expect(stats.studentTQuantile(1e-300, 0.1)).toBeGreaterThanOrEqual(-Number.MAX_VALUE);
    expect(stats.fQuantile(0.999999, 1, 0.001)).toBeGreaterThan(1e300);
    expect(stats.fQuantile(0.999999, 1, 0.001)).toBeLessThanOrEqual(Number.MAX_VALUE);
    expect(stats.gammaQuantile(1e-10, 0.001)).toBeLessThan(1e-300);
    expect(stats.betaQuantile(1e-10, 0.001, 3)).toBeLessThan(1e-300);
  });

  it('refuse what is out of range', () => {
    const message = /must be/;
    expect(() => stats.normalUpperTail(Number.NaN)).toThrow(message);
    expect(() => stats.studentTTwoSided(Number.NaN, 3)).toThrow(message);
    expect(() => stats.studentTTwoSided(1, 0)).toThrow(message);
    expect(() => stats.normalQuantile(0)).toThrow(message);
    expect(() => stats.studentTQuantile(1, 3)).toThrow(message);
    expect(() => stats.betaQuantile(0.5, -1, 3)).toThrow(message);
    expect(() => stats.gammaCdf(1, Number.NaN)).toThrow(message);
    expect(() => stats.fCdf(1, 2, 0)).toThrow(message);
    expect(() => stats.chiSquareQuantile(0.5, 0)).toThrow(message);
    expect(() => stats.trigamma(0)).toThrow(message);
    for (const tail of [stats.gammaCdf, stats.betaCdf, stats.betaUpperTail, stats.fCdf, stats.fUpperTail]) {
      expect(() => tail(Number.NaN, 2, 3)).toThrow('x must be a number');
    }
    expect(() => stats.chiSquareUpperTail(Number.NaN, 2)).toThrow('x must be a number');
    expect(() => stats.gammaCdf(1, 1e13)).toThrow('shape must be at most');
    expect(() => stats.betaQuantile(0.5, 1e13, 1e14)).toThrow('the smaller shape must be at most');
    expect(() => stats.fCdf(1, 1e14, 1e13)).toThrow('the smaller df must be at most');
  });

  it('hold for degrees of freedom without number', () => {
    for (const df of [1e9, 1e12, 1e18, 1e300]) {
      expect(stats.studentTTwoSided(1.959963984540054, df)).toBeCloseTo(0.05, 8);
      expect(stats.studentTQuantile(0.975, df)).toBeCloseTo(1.959963984540054, 8);
      expect(stats.fUpperTail(3.841458820694124, 1, df)).toBeCloseTo(0.05, 8);
    }
    expect(stats.betaCdf(0.5, 1e12, 1e12)).toBeCloseTo(0.5, 9);
    expect(stats.trigamma(1e300)).toBeCloseTo(0, 12);
  });

  const probability = fc.double({ min: 1e-12, max: 1 - 1e-9, noNaN: true });
  const shape = fc.oneof(fc.double({ min: 0.5, max: 50, noNaN: true }), fc.double({ min: 50, max: 1e6, noNaN: true }));

  it('invert their quantiles', () => {
    fc.assert(
      fc.property(probability, shape, shape, (p, a, b) => {
        expectClose(stats.normalCdf(stats.normalQuantile(p)), p, 1e-10);
        expectClose(stats.studentTCdf(stats.studentTQuantile(p, a), a), p, 1e-9);
        expectClose(stats.gammaCdf(stats.gammaQuantile(p, a), a), p, 1e-9);
        expectClose(stats.fCdf(stats.fQuantile(p, a, b), a, b), p, 1e-7);
      }),
      { seed: 20_261_124, numRuns: 300 },
    );
  });

  it('give tails that add up to 1, and fall', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), shape, shape, (x, a, b) => {
        const lower = stats.betaCdf(x, a, b);
        const upper = stats.betaUpperTail(x, a, b);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(upper).toBeGreaterThanOrEqual(0);
        expect(lower + upper).toBeCloseTo(1, 10);
        expect(stats.betaCdf(x * 0.99, a, b)).toBeLessThanOrEqual(lower * (1 + 1e-10));
      }),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});
