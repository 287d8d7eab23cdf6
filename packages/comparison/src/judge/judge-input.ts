/** What `judge-1` is given: series with their samples, and what is known of them. */
import type { Polarity } from '../series.ts';
import type { Period } from '../time/time-problem.ts';

export const EFFECT_SCALES = ['relative', 'failure', 'points', 'db'] as const;
/**
 * The scale on which a change counts. `relative`: percent of N-1; `failure`: percent of the failures 100 − x of a ratio in
 * percent; `points`: percentage points; `db`: dB (or the unit of the series).
 */
export type EffectScale = (typeof EFFECT_SCALES)[number];

/** How the values came about: kinds of counters and kinds of KPIs, as the catalogue has them. */
export type SeriesKind =
  | 'cumulative'
  | 'gauge'
  | 'derived'
  | 'distribution'
  | 'ratio'
  | 'rate'
  | 'mean'
  | 'total'
  | null;

/** What is known of a PEG or KPI. */
export interface SeriesTraits {
  readonly polarity: Polarity;
  /** 1–10. */
  readonly weight: number;
  /** A degraded critical PEG fails the run. */
  readonly critical: boolean;
  readonly scale: EffectScale;
  /** Smallest change that matters, on the scale: percent, points or dB; > 0. Null: the default of the scale. */
  readonly threshold: number | null;
  readonly kind: SeriesKind;
}

/** What a series is about; handed through to its result. */
export interface SeriesAbout {
  readonly kind: 'peg' | 'kpi';
  readonly pegName: string;
  readonly family: string | null;
  /** Null where several are pooled. */
  readonly ne: string | null;
  readonly object: string | null;
  readonly cellId: string | null;
}

/**
 * The samples of one series in one period, parallel arrays, one place a granularity period, in any order. They are not
 * changed. Where a begin occurs more than once, the mean of its present values counts (`duplicate_times`).
 */
export interface PeriodSamples {
  /** Begin of the granularity periods, ms since the epoch. */
  readonly beginMs: Float64Array;
  /** NaN (and ±Infinity): missing. */
  readonly values: Float64Array;
  /** Not 0: the network element marked the sample as suspect. Null: none is. */
  readonly suspect: Uint8Array | null;
  /** Of ratio KPIs: what was divided. Null for PEGs. */
  readonly numerator: Float64Array | null;
  readonly denominator: Float64Array | null;
}

export interface JudgeSeries {
  readonly about: SeriesAbout;
  readonly traits: SeriesTraits;
  readonly granularityS: number;
  /** Null: the series has no samples in the period. */
  readonly nMinus1: PeriodSamples | null;
  readonly n: PeriodSamples | null;
  /** Remarks of whoever made the series, e.g. `mixed_granularity`. */
  readonly flags: readonly string[];
}

/** What all series of one comparison share. */
export interface JudgeContext {
  readonly nMinus1: Period;
  readonly n: Period;
  /** IANA name of the network's time zone: days and times of day are local ones. */
  readonly timeZone: string;
}
