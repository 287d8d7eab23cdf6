import { normalQuantile } from '@pegboard/stats';

const CONFIDENCE = 0.98;
const TOLERANCE = 0.25;

export type KayentaLabel = 'High' | 'Low' | 'Pass';

/**
 * The rule of Kayenta's Mann–Whitney classifier: `High` where the lower end of the 98 % interval of the shift is above a
 * quarter of the size of its estimate, `Low` mirrored, else `Pass`. The interval is that of the normal approximation with
 * correction for ties and continuity.
 */
export function kayentaRule(experiment: readonly number[], control: readonly number[]): KayentaLabel {
  const differences = new Float64Array(experiment.length * control.length);
  let at = 0;
  for (const e of experiment) for (const c of control) differences[at++] = e - c;
  differences.sort();
  const middle = differences.length / 2;
  const sigma = Math.sqrt(varianceOfRankSum(experiment, control));
  // So many differences have to lie above a bound for it to be the lower end; the half corrects for continuity.
  const above = middle + 0.5 + normalQuantile(0.5 + CONFIDENCE / 2) * sigma;
  const estimate = (differences[Math.ceil(middle) - 1] + differences[Math.floor(middle)]) / 2;
  const lower = boundOf(differences, above);
  const upper = -boundOf(Float64Array.from(differences, (difference) => -difference).sort(), above);
  const least = TOLERANCE * Math.abs(estimate);
  if (lower > least) return 'High';
  return upper < -least ? 'Low' : 'Pass';
}

/** The smallest difference that fewer than `above` differences exceed. */
function boundOf(sorted: Float64Array, above: number): number {
  if (above > sorted.length) return Number.NEGATIVE_INFINITY;
  const place = sorted.length - Math.ceil(above);
  return sorted[Math.max(0, place)];
}

function varianceOfRankSum(a: readonly number[], b: readonly number[]): number {
  const n = a.length + b.length;
  // Between two differences no value of one sample equals one of the other, so ties are those within a sample.
  const ties = tieTerm(a) + tieTerm(b);
  return ((a.length * b.length) / 12) * (n + 1 - ties / (n * (n - 1)));
}

function tieTerm(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum += count ** 3 - count;
  return sum;
}
