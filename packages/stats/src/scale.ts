/**
 * Powers of two that keep squares of differences inside the range of a double. Multiplying by them is exact, so they
 * change no digit of a result. One test serves all steps: scaled values stay at or below 2^480, hence the sum of up to
 * 2^60 squared differences stays finite, and values of the step below are so much smaller that nothing is lost.
 */
export const SCALE_STEP_DOWN = 2 ** -600;
export const SCALE_STEP_UP = 2 ** 600;
export const SCALED_LIMIT = 2 ** 480;

/**
 * The scale for values whose largest magnitude is `maxMagnitude`: 2^600, 1 or 2^-600.
 * @param maxMagnitude finite, ≥ 0
 */
export function scaleForMagnitude(maxMagnitude: number): number {
  let scale = SCALE_STEP_UP;
  while (maxMagnitude * scale > SCALED_LIMIT) scale *= SCALE_STEP_DOWN;
  return scale;
}
