import { COUNT, M2, MAX, MEAN, MIN, SCALE } from './running-moments.ts';
import { type Summary, summaryOfScaled } from './summary.ts';

/** The summary of the running moments at an offset. Does not change them. Cost: O(1). */
export function readMoments(moments: Float64Array, at = 0): Summary {
  return summaryOfScaled({
    count: moments[at + COUNT],
    scale: moments[at + SCALE],
    scaledMean: moments[at + MEAN],
    scaledM2: moments[at + M2],
    min: moments[at + MIN],
    max: moments[at + MAX],
  });
}
