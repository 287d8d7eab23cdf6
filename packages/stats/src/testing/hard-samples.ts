import fc from 'fast-check';

/** Finite numbers with ties, zeros, and what over- or underflows when squared. */
export const hardNumber = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ min: -1000, max: 1000, noNaN: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 1e308, -1e308, Number.MAX_VALUE, 5e-324, -5e-324, 1e-310),
);

/** Samples of such numbers, the empty one included. */
export function hardSample(maxLength = 30): fc.Arbitrary<Float64Array> {
  return fc.array(hardNumber, { maxLength }).map((values) => Float64Array.from(values));
}
