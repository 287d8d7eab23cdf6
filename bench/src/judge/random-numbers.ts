import { seededRandom } from '../measure.ts';

/** Random numbers that depend on the seed alone. */
export interface RandomNumbers {
  uniform(): number;
  normal(): number;
  poisson(mean: number): number;
  binomial(trials: number, probability: number): number;
}

export function randomNumbers(seed: number): RandomNumbers {
  const uniform = seededRandom(seed);
  let spare: number | null = null;
  const normal = (): number => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const poisson = (mean: number): number => {
    if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    const limit = Math.exp(-mean);
    let product = uniform();
    let count = 0;
    for (; product > limit; count++) product *= uniform();
    return count;
  };
  const binomial = (trials: number, probability: number): number => {
    const mean = trials * probability;
    if (mean < 30) return Math.min(trials, poisson(mean));
    return Math.min(trials, Math.max(0, Math.round(mean + Math.sqrt(mean * (1 - probability)) * normal())));
  };
  return { uniform, normal, poisson, binomial };
}
