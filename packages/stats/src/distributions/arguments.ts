/** Refuses what is not above 0: a degree of freedom or a shape out of its range is a bug of the caller. */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0)) throw new RangeError(`${name} must be above 0, not ${value}`);
}

/** Above it tails near the mean take too many steps. */
const LARGEST_SHAPE = 1e12;

/** Refuses what is no shape of a distribution; of two shapes only the smaller one is bounded above. */
export function requireShape(name: string, value: number): void {
  requirePositive(name, value);
  if (value > LARGEST_SHAPE) throw new RangeError(`${name} must be at most ${LARGEST_SHAPE}, not ${value}`);
}

/** Refuses what is not strictly between 0 and 1: the quantiles of 0 and 1 may be infinite. */
export function requireProbability(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new RangeError(`${name} must be between 0 and 1, both excluded, not ${value}`);
}

export function requireNumber(name: string, value: number): void {
  if (Number.isNaN(value)) throw new RangeError(`${name} must be a number, not NaN`);
}
