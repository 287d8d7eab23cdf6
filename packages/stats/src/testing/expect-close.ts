import { expect } from 'vitest';

/** Agreement of a result with its reference to a relative error; `floor` is the absolute error allowed near 0. */
export function expectClose(actual: number | null, expected: number, relative: number, floor = 0): void {
  expect(actual).not.toBeNull();
  const error = Math.abs(actual! - expected);
  const allowed = Math.max(floor, Math.abs(expected) * relative);
  expect(error <= allowed, `${actual} is not ${expected} to ${relative}`).toBe(true);
}

/** As `expectClose`, for each number of `expected`; what is null there must be null. */
export function expectFieldsClose(
  actual: object,
  expected: Readonly<Record<string, number | null>>,
  relative: number,
  floor = 0,
): void {
  const fields = actual as Readonly<Record<string, number | null>>;
  for (const [name, value] of Object.entries(expected)) {
    if (value === null) expect(fields[name], name).toBeNull();
    else expectClose(fields[name], value, relative, floor);
  }
}

/** Every number anywhere in a result is finite. */
export function expectFinite(result: unknown): void {
  if (typeof result === 'number') expect(Number.isFinite(result), `${result}`).toBe(true);
  else if (result !== null && typeof result === 'object') Object.values(result).forEach(expectFinite);
}
