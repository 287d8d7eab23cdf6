/**
 * x ln(x / m) + m − x, for x > 0 and m > 0: half the deviance of a Poisson count x with mean m. Never below 0.
 *
 * When: logarithms of binomial, beta, Poisson and gamma densities: the form does not cancel where x is near m.
 * How: a series in (x − m) / (x + m) where that is small, else the formula as it stands.
 * Cost: O(1).
 * @param difference x − m, where the caller knows it to more digits
 * Source: Loader, "Fast and accurate computation of binomial probabilities" (2000).
 */
export function poissonDeviance(x: number, m: number, difference = x - m): number {
  const ratio = difference / (x + m);
  if (Math.abs(ratio) >= 0.1) return x * logRatio(x, m) - difference;
  const squared = ratio * ratio;
  let power = 2 * x * ratio;
  let sum = difference * ratio;
  // Each term is at most a hundredth of the one before.
  for (let odd = 3; odd < 30; odd += 2) {
    power *= squared;
    const next = sum + power / odd;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

function logRatio(x: number, m: number): number {
  const ratio = x / m;
  return ratio > 0 && ratio < Infinity ? Math.log(ratio) : Math.log(x) - Math.log(m);
}
