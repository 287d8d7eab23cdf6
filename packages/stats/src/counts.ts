/** Above it tails near the mean take too many steps. */
const LARGEST_COUNT = 1e12;

/** Refuses what is no count: a caller that has rates or shares must not use an exact test of counts. */
export function requireCount(name: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 0 && value <= LARGEST_COUNT)) {
    throw new RangeError(`${name} must be a whole number from 0 to ${LARGEST_COUNT}, not ${value}`);
  }
}

/** Likelihoods that differ by rounding only count as equal, as in R and SciPy. */
export const EQUAL_LIKELIHOOD = 1 + 1e-7;

/** The first whole number from `low` to `high` (not included) for which a condition holds that then goes on holding. */
export function firstThat(low: number, high: number, holds: (k: number) => boolean): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = from + Math.floor((to - from) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
