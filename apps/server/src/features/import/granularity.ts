/** Length of the granularity periods of a source, seconds. */
export interface Granularities {
  /** Of families that are not in `byFamily`. */
  readonly default: number;
  readonly byFamily: Readonly<Record<string, number>>;
}

/** A time at which a family has rows, ms. */
export interface FamilyTime {
  readonly family: string;
  readonly time: number;
}

const MAX_GRANULARITY_S = 31 * 86_400;

export function granularityOf(granularities: Granularities, family: string): number {
  const known = Object.hasOwn(granularities.byFamily, family) ? granularities.byFamily[family] : undefined;
  return known ?? granularities.default;
}

/**
 * Infers them from the times at which there are rows: the step that is seen most between successive times, the shorter
 * of two seen alike; missing periods and odd times do not change it. Families with fewer than two times have the step of
 * most others, or, where none has two, that of all times together. Null where there are not two times.
 */
export function inferGranularities(times: readonly FamilyTime[]): Granularities | null {
  const byFamily = new Map<string, number[]>();
  for (const { family, time } of times) {
    const known = byFamily.get(family);
    if (known === undefined) byFamily.set(family, [time]);
    else known.push(time);
  }
  const steps = new Map<string, number>();
  const seen: number[] = [];
  for (const [family, list] of byFamily) {
    const step = mostFrequent(stepsOf(list));
    if (step === null) continue;
    steps.set(family, step);
    seen.push(step);
  }
  const common = mostFrequent(seen) ?? mostFrequent(stepsOf(times.map(({ time }) => time)));
  if (common === null) return null;
  return { default: common, byFamily: Object.fromEntries([...steps].filter(([, step]) => step !== common)) };
}

/** Families that were seen at one time only: how long their periods are is taken from others. */
export function familiesOfOneTime(times: readonly FamilyTime[]): string[] {
  const counts = new Map<string, number>();
  for (const { family } of times) counts.set(family, (counts.get(family) ?? 0) + 1);
  return [...counts].filter(([, count]) => count < 2).map(([family]) => family);
}

function stepsOf(times: readonly number[]): number[] {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted
    .slice(1)
    .map((time, at) => (time - sorted[at]) / 1000)
    .filter((step) => Number.isInteger(step) && step > 0 && step <= MAX_GRANULARITY_S);
}

function mostFrequent(steps: readonly number[]): number | null {
  const counts = new Map<number, number>();
  for (const step of steps) counts.set(step, (counts.get(step) ?? 0) + 1);
  let best: number | null = null;
  for (const [step, count] of counts) {
    const bestCount = best === null ? 0 : (counts.get(best) ?? 0);
    if (best === null || count > bestCount || (count === bestCount && step < best)) best = step;
  }
  return best;
}
