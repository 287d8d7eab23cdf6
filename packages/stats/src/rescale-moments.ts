import { M2, MEAN, SCALE } from './running-moments.ts';
import { SCALE_STEP_DOWN } from './scale.ts';

/** Moves the moments at `at` one scale down; exact but for parts that are negligible beside the value that forced it. */
export function rescaleMoments(moments: Float64Array, at: number): void {
  moments[at + MEAN] *= SCALE_STEP_DOWN;
  moments[at + M2] = moments[at + M2] * SCALE_STEP_DOWN * SCALE_STEP_DOWN;
  moments[at + SCALE] *= SCALE_STEP_DOWN;
}
