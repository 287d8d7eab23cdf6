import type { RatioFlag } from '@pegboard/formula';

/** A remark on a value; the value is given as it is. */
export type MeasuredFlag =
  | RatioFlag
  /** Samples of a longer granularity were left out, since the shorter ones say the same. */
  | 'mixed_granularity'
  /** A sample reaches beyond the end of the bucket that it begins in. */
  | 'spans_buckets';

/** A value with what is behind it. */
export interface MeasuredValue {
  /** Null: none, see `reason`. */
  readonly value: number | null;
  /** Of KPIs that are one ratio of counts. */
  readonly numerator: number | null;
  readonly denominator: number | null;
  /** Present over expected samples, 0–1. */
  readonly completeness: number;
  /** Why there is no value, `code: words`; null where there is one. */
  readonly reason: string | null;
  readonly flags: readonly MeasuredFlag[];
}
