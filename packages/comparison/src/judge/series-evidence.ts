/**
 * Phase 1: what one series says by itself. Small, without samples, structured-clonable (plain objects and arrays of
 * numbers): it may be made in any thread, and all evidence of a comparison fits into memory.
 */
import type { SeriesAbout, SeriesTraits } from './judge-input.ts';

/** Samples of one period, described. Numbers in the unit of the series. */
export interface PeriodFacts {
  /** Samples with a value. */
  readonly count: number;
  readonly mean: number | null;
  /** Sample standard deviation (n−1); null below two samples. */
  readonly std: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Granularity periods that the period has. */
  readonly expected: number;
  /** Samples marked as suspect. */
  readonly suspect: number;
}

/** How the samples of the two periods were put beside each other. */
export type MatchKind = 'time_of_week' | 'time_of_day' | 'common_hours' | 'unpaired';

/** Where the shift lives: natural logs of ratios, or differences in the unit of the series. */
export type EffectDomain = 'log' | 'linear';

/**
 * Something the periods differ in beside the change, whose usual size has to be allowed for: other hours of the day, or
 * working days against a weekend.
 */
export type Confounder = 'time_of_day' | 'day_type';

/** A non-parametric test beside the main one. */
export interface RankEvidence {
  readonly test: 'wilcoxon_signed_rank' | 'mann_whitney';
  readonly p: number;
  /** Units it compared. */
  readonly pairs: number;
}

/** From three days a period: each day (of long periods: each run of days) is one observation. */
export interface DayEvidence {
  readonly unit: 'days';
  /** Distance of each unit from the common profile of both periods, in the domain; N-1 and N, in time order. */
  readonly levels: readonly [readonly number[], readonly number[]];
  /** Mean of each unit by itself, on the scale of the values: tells which of two matched days is the odd one. */
  readonly means: readonly [readonly number[], readonly number[]];
  /** First local day of each unit, days since 1970. */
  readonly dayNumbers: readonly [readonly number[], readonly number[]];
  /** Days in a unit: 1, more in periods of more than 31 days. */
  readonly daysPerUnit: number;
  /** Weekdays that were matched, each of which takes a degree of freedom; 1: days were not matched by weekday. */
  readonly blocks: number;
  /** Degrees of freedom of the variance between units. */
  readonly df: number;
  /** Variance of a unit that counting alone makes (binomial, Poisson); 0 for values that are no counts. */
  readonly countingVariance: number;
  readonly confounder: Confounder | null;
}

/** One or two days: matched samples within the days. */
export interface HourEvidence {
  readonly unit: 'hours';
  /** Hodges–Lehmann shift of the matched differences, in the domain. */
  readonly shift: number;
  /** Variance of the shift as the samples within the days show it, autocorrelation counted in. */
  readonly variance: number;
  /** Its degrees of freedom. */
  readonly df: number;
  readonly pairs: number;
  /** Lag-1 correlation of the matched differences. */
  readonly correlation: number;
  readonly rank: RankEvidence | null;
  readonly days: readonly [number, number];
  /** Variance between days where a period has two (its df), else df 0. */
  readonly dayVariance: number;
  readonly dayDf: number;
  readonly confounder: Confounder | null;
}

/** Rare events: totals of both periods. */
export interface CountEvidence {
  readonly unit: 'counts';
  readonly events: readonly [number, number];
  /** Events that the common daily pattern expects of the exposure of each period. */
  readonly expected: readonly [number, number];
  /** Share of all events expected in N where nothing changed, in [0, 1]. */
  readonly share: number;
  /** 1 − p of a proportion; 1 for events without a limit. */
  readonly complement: number;
  /** Variance over its binomial or Poisson value, and its degrees of freedom; 1 and 0 where not measured. */
  readonly dispersion: number;
  readonly df: number;
  readonly days: readonly [number, number];
  readonly confounder: Confounder | null;
}

export type ShiftEvidence = DayEvidence | HourEvidence | CountEvidence;

/** The spread of the samples around the pattern of their day, N against N-1. */
export interface SpreadEvidence {
  /** ln(spread of N / spread of N-1). */
  readonly logRatio: number;
  readonly standardError: number;
  readonly df: number;
}

export type InsufficientReason = 'no_samples' | 'too_few_samples';

export interface SeriesEvidence {
  readonly about: SeriesAbout;
  readonly traits: SeriesTraits;
  readonly granularityS: number;
  readonly nMinus1: PeriodFacts;
  readonly n: PeriodFacts;
  readonly match: MatchKind | null;
  readonly domain: EffectDomain;
  /** Null where no test is possible; see `insufficient`. */
  readonly shift: ShiftEvidence | null;
  readonly insufficient: InsufficientReason | null;
  /**
   * Levels of N-1 and N over the matched slots, in the unit of the effect: of failures in percent on the failure scale,
   * else in the unit of the series × `unitScale`. Null where there are none.
   */
  readonly levels: readonly [number, number] | null;
  /** Power of two by which shifts and levels of a linear domain were multiplied to stay within doubles; else 1. */
  readonly unitScale: number;
  /** Cliff's delta of N over N-1 after the daily pattern is taken out, −1…1. */
  readonly cliffsDelta: number | null;
  readonly spread: SpreadEvidence | null;
  /** Machine-readable remarks on data and match. */
  readonly flags: readonly string[];
}
