import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectableNoncentrality, smallestDetectableChange, tTestPower, unitsNeeded } from './index.ts';
import { expectClose } from './testing/expect-close.ts';
import { readFixture } from './testing/read-fixture.ts';

type Arguments = [number, number, number];

type Reference =
  | { readonly kind: 'power'; readonly arguments: Arguments; readonly expected: number }
  | { readonly kind: 'noncentrality'; readonly arguments: Arguments; readonly expected: number }
  | { readonly kind: 'units'; readonly arguments: Arguments; readonly oneSample: number; readonly twoSamples: number };

const references = readFixture<Reference>('power');

describe('tTestPower', () => {
  it('agrees with the noncentral t distribution of SciPy', () => {
    const cases = references.filter((reference) => reference.kind === 'power');
    expect(cases.length).toBeGreaterThan(50);
    for (const { arguments: values, expected } of cases) expectClose(tTestPower(...values), expected, 1e-9, 1e-9);
  });

  it('is alpha without a change, and the normal test without bound of df', () => {
    for (const alpha of [0.05, 1e-6]) {
      for (const df of [1, 7, 1e5, Infinity]) expectClose(tTestPower(0, df, alpha), alpha, 1e-9);
    }
    expectClose(tTestPower(3, Infinity, 0.05), 0.8508388, 1e-6);
    expect(tTestPower(-3, 12, 0.05)).toBe(tTestPower(3, 12, 0.05));
    expect(tTestPower(1e300, 12, 0.05)).toBeCloseTo(1, 12);
  });

  it('refuses levels that are none', () => {
    expect(() => tTestPower(1, 5, 0)).toThrow('between 0 and 1');
    expect(() => tTestPower(1, 0, 0.05)).toThrow('must be above 0');
  });
});

describe('detectableNoncentrality', () => {
  it('agrees with a root of SciPy’s noncentral t', () => {
    for (const reference of references) {
      if (reference.kind !== 'noncentrality') continue;
      expectClose(detectableNoncentrality(...reference.arguments), reference.expected, 1e-9);
    }
  });

  it('is found with just the power asked for', () => {
    const df = fc.oneof(fc.constant(Infinity), fc.double({ min: 1, max: 2000, noNaN: true }));
    const alpha = fc.double({ min: 1e-6, max: 0.2, noNaN: true });
    const power = fc.double({ min: 0.3, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(df, alpha, power, (freedom, level, chance) => {
        const found = detectableNoncentrality(freedom, level, chance);
        expectClose(tTestPower(found, freedom, level), chance, 1e-8);
      }),
      { seed: 20_261_124, numRuns: 60 },
    );
  });

  it('refuses a power that chance alone has', () => {
    expect(() => detectableNoncentrality(5, 0.05, 0.05)).toThrow('power must be above alpha');
    expect(() => detectableNoncentrality(5, 0.05, 1)).toThrow('power must be above alpha');
  });

  it('makes the smallest detectable change, in the unit of the standard error', () => {
    const noncentrality = detectableNoncentrality(12, 0.01, 0.8);
    expect(smallestDetectableChange(2.5, 12, 0.01, 0.8)).toBe(2.5 * noncentrality);
    expect(smallestDetectableChange(0, 12, 0.01, 0.8)).toBe(0);
    expect(smallestDetectableChange(1e308, 12, 0.01, 0.8)).toBeNull();
  });
});

describe('unitsNeeded', () => {
  it('agrees with statsmodels', () => {
    for (const reference of references) {
      if (reference.kind !== 'units') continue;
      const [change, alpha, power] = reference.arguments;
      const question = { change, standardDeviation: 1, alpha, power };
      expect(unitsNeeded({ ...question, design: 'one_sample' })).toEqual({ status: 'ok', n: reference.oneSample });
      expect(unitsNeeded({ ...question, design: 'two_samples' })).toEqual({ status: 'ok', n: reference.twoSamples });
    }
  });

  const question = { standardDeviation: 10, design: 'one_sample', alpha: 0.01, power: 0.8 } as const;

  it('finds the fewest units that are enough', () => {
    for (const alpha of [0.01, 1e-8]) {
      for (let change = 2; change < 40; change += 0.73) {
        const found = unitsNeeded({ ...question, change, alpha, design: 'two_samples', priorDf: 1 });
        if (found.status !== 'ok') throw new Error(found.status);
        const powerOf = (n: number) => tTestPower((change / 10) * Math.sqrt(n / 2), 2 * (n - 1) + 1, alpha);
        expect(powerOf(found.n)).toBeGreaterThanOrEqual(0.8);
        expect(powerOf(found.n - 1)).toBeLessThan(0.8);
      }
    }
  });

  it('needs fewer with a prior, and at least two', () => {
    const alone = unitsNeeded({ ...question, change: 12 });
    const moderated = unitsNeeded({ ...question, change: 12, priorDf: 20 });
    if (alone.status !== 'ok' || moderated.status !== 'ok') throw new Error(alone.status);
    expect(moderated.n).toBeLessThan(alone.n);
    expect(unitsNeeded({ ...question, change: 1e6 })).toEqual({ status: 'ok', n: 2 });
    expect(unitsNeeded({ ...question, change: -12 })).toEqual(alone);
  });

  it('gives up where a change is too small', () => {
    for (const change of [0, 1e-9, 5e-324]) {
      expect(unitsNeeded({ ...question, change, most: 1000 })).toEqual({ status: 'out_of_reach', most: 1000 });
    }
    const many = unitsNeeded({ ...question, change: 1 });
    if (many.status !== 'ok') throw new Error(many.status);
    expect(unitsNeeded({ ...question, change: 1, most: many.n })).toEqual(many);
    expect(unitsNeeded({ ...question, change: 1, most: many.n - 1 })).toMatchObject({ status: 'out_of_reach' });
    expect(() => unitsNeeded({ ...question, change: 1, standardDeviation: 0 })).toThrow('must be above 0');
  });
});
