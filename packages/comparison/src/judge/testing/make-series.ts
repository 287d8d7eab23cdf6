import type { JudgeContext, JudgeSeries, PeriodSamples, SeriesTraits } from '../judge-input.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A Monday, 00:00 UTC. */
export const MONDAY_MS = Date.UTC(2026, 0, 5);

export const TRAITS: SeriesTraits = {
  polarity: 'higher_better',
  weight: 5,
  critical: false,
  scale: 'relative',
  threshold: null,
  kind: 'gauge',
};

/** Numbers in (0, 1) that depend on the seed alone. */
export function uniformNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

export function normalNumbers(seed: number): () => number {
  const uniform = uniformNumbers(seed);
  for (let i = 0; i < 5; i++) uniform();
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Two periods of so many days; N follows N-1, or begins `gapDays` after its begin. */
export function contextOf(
  days: number,
  gapDays = Math.max(7, days),
  timeZone = 'UTC',
  fromMs = MONDAY_MS,
): JudgeContext {
  const period = (from: number) => ({ fromMs: from, toMs: from + days * DAY_MS });
  return { nMinus1: period(fromMs), n: period(fromMs + gapDays * DAY_MS), timeZone };
}

export function samplesFrom(
  period: { readonly fromMs: number; readonly toMs: number },
  granularityS: number,
  valueAt: (ms: number, index: number) => number,
): PeriodSamples {
  const length = Math.round((period.toMs - period.fromMs) / (granularityS * 1000));
  const beginMs = Float64Array.from({ length }, (_, i) => period.fromMs + i * granularityS * 1000);
  return { beginMs, values: beginMs.map(valueAt), suspect: null, numerator: null, denominator: null };
}

/** Successes of attempts in percent, with their counts. */
export function ratioFrom(
  period: { readonly fromMs: number; readonly toMs: number },
  granularityS: number,
  countsAt: (ms: number, index: number) => { readonly part: number; readonly whole: number },
): PeriodSamples {
  const plain = samplesFrom(period, granularityS, () => 0);
  const counts = [...plain.beginMs].map(countsAt);
  return {
    ...plain,
    values: Float64Array.from(counts, ({ part, whole }) => (100 * part) / whole),
    numerator: Float64Array.from(counts, ({ part }) => part),
    denominator: Float64Array.from(counts, ({ whole }) => whole),
  };
}

export function seriesOf(
  nMinus1: PeriodSamples | null,
  n: PeriodSamples | null,
  changes: {
    readonly traits?: Partial<SeriesTraits>;
    readonly granularityS?: number;
    readonly pegName?: string;
    readonly object?: string;
  } = {},
): JudgeSeries {
  const object = changes.object ?? 'cell1';
  return {
    about: { kind: 'peg', pegName: changes.pegName ?? 'P', family: null, ne: 'ne1', object, cellId: object },
    traits: { ...TRAITS, ...changes.traits },
    granularityS: changes.granularityS ?? 3600,
    nMinus1,
    n,
    flags: [],
  };
}

/** A busy hour about 15:00 and a quiet one about 3:00 UTC. */
export function daily(ms: number, amplitude = 0.6): number {
  const hour = (ms % DAY_MS) / HOUR_MS;
  return 1 - amplitude * Math.cos((2 * Math.PI * (hour - 3)) / 24);
}

export { DAY_MS, HOUR_MS };
