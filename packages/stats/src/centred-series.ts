import { scaleForMagnitude } from './scale.ts';
import { summarize } from './summarize.ts';

/** A series about its mean, multiplied by a power of two so that its squares stay in range; NaN where it has a gap. */
export interface CentredSeries {
  readonly values: Float64Array;
  /** Values that are not missing. */
  readonly count: number;
  /** Sum of squares. */
  readonly squares: number;
}

/** Cost: O(n), one array. NaN and ±Infinity are gaps. */
export function centreSeries(values: Float64Array): CentredSeries {
  const { min, max, count } = summarize(values);
  const scale = scaleForMagnitude(Math.max(Math.abs(min ?? 0), Math.abs(max ?? 0)));
  const scaled = values.map((value) => (Number.isFinite(value) ? value * scale : Number.NaN));
  // The mean of equal values may be off by a rounding: they are to have no squares at all.
  const centre = min === max ? (min ?? 0) * scale : (summarize(scaled).mean ?? 0);
  let squares = 0;
  for (let i = 0; i < scaled.length; i++) {
    scaled[i] -= centre;
    if (!Number.isNaN(scaled[i])) squares += scaled[i] * scaled[i];
  }
  return { values: scaled, count, squares };
}
