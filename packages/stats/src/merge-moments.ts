import { rescaleMoments } from './rescale-moments.ts';
import { COUNT, M2, MAX, MEAN, MIN, SCALE } from './running-moments.ts';

/**
 * Merges the moments at `sourceAt` of `source` into those at `targetAt` of `target`, as if all values had been added
 * there. The source is not changed; both may be the same array.
 *
 * When: parts of a series were reduced apart, or series are pooled.
 * Cost: O(1).
 * Source: Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979).
 */
export function mergeMoments(target: Float64Array, targetAt: number, source: Float64Array, sourceAt: number): void {
  const sourceCount = source[sourceAt + COUNT];
  if (sourceCount === 0) return;
  while (target[targetAt + SCALE] > source[sourceAt + SCALE]) rescaleMoments(target, targetAt);
  // The ratio is at most 1: what the source holds at a finer scale is brought to the target's.
  const ratio = target[targetAt + SCALE] / source[sourceAt + SCALE];
  const sourceMean = source[sourceAt + MEAN] * ratio;
  const sourceM2 = source[sourceAt + M2] * ratio * ratio;
  const targetCount = target[targetAt + COUNT];
  const count = targetCount + sourceCount;
  const difference = sourceMean - target[targetAt + MEAN];
  const share = sourceCount / count;
  target[targetAt + MEAN] += difference * share;
  target[targetAt + M2] += sourceM2 + difference * difference * share * targetCount;
  target[targetAt + MIN] = Math.min(target[targetAt + MIN], source[sourceAt + MIN]);
  target[targetAt + MAX] = Math.max(target[targetAt + MAX], source[sourceAt + MAX]);
  target[targetAt + COUNT] = count;
}
