import { expect } from 'vitest';

/** Agreement of a result with its reference to a relative error; `floor` is the absolute error allowed near 0. */
export function expectClose(actual: number | null, expected: number, relative: number, floor = 0): void {
  expect(actual).not.toBeNull();
  const error = Math.abs(actual! - expected);
  const allowed = Math.max(floor, Math.abs(expected) * relative);
  expect(error <= allowed, `${actual} is not ${expected} to ${relative}`).toBe(true);
}
