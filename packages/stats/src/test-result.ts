/** What a test says where it can't be computed. None of it is an error: data are like that. */

/** Fewer values than the method needs. */
export interface InsufficientData {
  readonly status: 'insufficient_data';
  readonly n: number;
  readonly required: number;
}

/** The spread is 0, so that no difference can be measured against it. */
export interface NoVariation {
  readonly status: 'no_variation';
  /** What the test would have judged, which may differ from 0. */
  readonly estimate: number;
}

/** The result does not fit a double, as for values of ±1e308. */
export interface OutOfRange {
  readonly status: 'out_of_range';
}

export const OUT_OF_RANGE: OutOfRange = Object.freeze({ status: 'out_of_range' });

export function insufficientData(n: number, required: number): InsufficientData {
  return { status: 'insufficient_data', n, required };
}

export function noVariation(estimate: number): NoVariation {
  return { status: 'no_variation', estimate };
}
