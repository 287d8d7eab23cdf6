import { medianInPlace } from './median-in-place.ts';
import { type InsufficientData, insufficientData } from './test-result.ts';

export interface Outliers {
  readonly status: 'ok';
  /** Indexes of the values that lie too far out, ascending. */
  readonly indexes: readonly number[];
  readonly median: number;
}

/** Makes the median distance of normal values their standard deviation: 1 / Φ⁻¹(¾); and the mean distance: √(π/2). */
const OF_MEDIAN_DISTANCE = 1.482602218505602;
const OF_MEAN_DISTANCE = 1.2533141373155003;

/**
 * Values that lie far from the median, measured by the median distance from it (MAD), which outliers do not stretch.
 *
 * When: days or samples to point out; nothing is removed. Where more than half of the values are equal, the mean
 * distance takes the place of the median one.
 * @param values not changed; NaN (missing) does not count
 * @param threshold in (robust) standard deviations
 * @returns `insufficient_data` below three values.
 * Cost: O(n).
 * Source: Iglewicz, Hoaglin, "How to detect and handle outliers" (1993), the modified z score; 3.5 is their threshold.
 */
export function flagOutliers(values: Float64Array, threshold = 3.5): Outliers | InsufficientData {
  const present = values.filter((value) => !Number.isNaN(value));
  if (present.length < 3) return insufficientData(present.length, 3);
  const median = medianInPlace(present) ?? 0;
  // Halved, so that distances between ±1e308 fit.
  const distances = values.map((value) => Math.abs(value / 2 - median / 2));
  const limit = threshold * spreadOf(distances.filter((distance) => !Number.isNaN(distance)));
  const indexes: number[] = [];
  for (let i = 0; i < distances.length; i++) if (distances[i] > limit) indexes.push(i);
  return { status: 'ok', indexes, median };
}

function spreadOf(distances: Float64Array): number {
  const mean = distances.reduce((sum, distance) => sum + distance / distances.length, 0);
  const median = medianInPlace(distances) ?? 0;
  return median > 0 ? OF_MEDIAN_DISTANCE * median : OF_MEAN_DISTANCE * mean;
}
