import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from './index.ts';
import { expectClose } from './testing/expect-close.ts';
import { readFixture } from './testing/read-fixture.ts';

interface Reference {
  readonly name: string;
  readonly p: number[];
  readonly q: number[];
}

const probability = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 1, 5e-324, 1e-300, 0.01, 0.05),
);

describe('benjaminiHochberg', () => {
  it.each(readFixture<Reference>('q_values'))('agrees with statsmodels: $name', ({ p, q }) => {
    const found = benjaminiHochberg(Float64Array.from(p));
    expect(found).toHaveLength(q.length);
    for (const [index, expected] of q.entries()) expectClose(found[index], expected, 1e-12);
  });

  it('gives nothing for nothing, and p itself for one test', () => {
    expect(benjaminiHochberg(new Float64Array(0))).toEqual(new Float64Array(0));
    expect(benjaminiHochberg(Float64Array.of(0.03))).toEqual(Float64Array.of(0.03));
  });

  it('keeps tiny p', () => {
    expect(benjaminiHochberg(Float64Array.of(1, 1e-300, 0, 5e-324))).toEqual(
      Float64Array.of(1, 1e-300 * (4 / 3), 0, 1e-323),
    );
  });

  it('rises with p, lies between p and 1, and does not depend on the order', () => {
    fc.assert(
      fc.property(fc.array(probability, { maxLength: 60 }), (values) => {
        const p = Float64Array.from(values);
        const q = benjaminiHochberg(p);
        expect([...p]).toEqual(values);
        const sorted = benjaminiHochberg(p.slice().sort());
        expect([...q].sort((a, b) => a - b)).toEqual([...sorted]);
        for (let i = 0; i < p.length; i++) {
          expect(q[i]).toBeGreaterThanOrEqual(p[i]);
          expect(q[i]).toBeLessThanOrEqual(1);
        }
        expect([...sorted]).toEqual([...sorted].sort((a, b) => a - b));
        expect([...benjaminiHochberg(p.slice().reverse())].reverse()).toEqual([...q]);
      }),
      { seed: 20_261_124, numRuns: 300 },
    );
  });

  it('holds for a million tests with ties', () => {
    const n = 1_000_000;
    const p = Float64Array.from({ length: n }, (_, index) => ((index * 7919) % 1000) / 1000);
    const q = benjaminiHochberg(p);
    // 1,000 tests at each of 0, 0.001 … 0.999: p·n/rank is p·1000/(1000 p + 1).
    expect(q[p.indexOf(0)]).toBe(0);
    expect(q[p.indexOf(0.5)]).toBeCloseTo(500 / 501, 12);
    expect(q[p.indexOf(0.999)]).toBeCloseTo(0.999, 12);
  });
});
