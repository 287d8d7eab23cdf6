import type { RandomStream } from './random.ts';

/**
 * Splits integer counts into `depth` parts with expected shares 1/2, 1/6, 1/12, …, 1/(k·(k+1)); what is left over
 * belongs to no part. Shares do not depend on `depth`, so a longer split begins with the shorter one.
 */
export function splitCounts(
  totals: Float64Array,
  depth: number,
  streamOf: (index: number) => RandomStream,
): readonly Float64Array[] {
  const left = totals.slice();
  return Array.from({ length: depth }, (_, part) => {
    const index = part + 1;
    const stream = streamOf(index);
    return left.map((count, slot) => {
      const drawn = stream.binomial(count, 1 / (index + 1));
      left[slot] = count - drawn;
      return drawn;
    });
  });
}

/** `.01`, `.02`, … `.100`. */
export function subCounterSuffix(index: number): string {
  return `.${String(index).padStart(2, '0')}`;
}
