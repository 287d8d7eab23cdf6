/**
 * Phase 1: what one series says by itself. Small, without samples, structured-clonable (plain objects and arrays of
 * numbers): it may be made in any thread, and all evidence of a comparison fits into memory.
 */
import type { SeriesAbout, SeriesTraits } from './judge-input.ts';

/** Samples of one period, described. */
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
  /** Whole (or nearly whole) local days that the test uses. */
  readonly days: number;
}

/** How the samples of the two periods were put beside each other. */
export type MatchKind = 'time_of_week' | 'time_of_day' | 'common_hours' | 'unpaired';

/** Where the shift lives: natural logs of ratios, or differences in the unit of the series. */
export type EffectDomain = 'log' | 'linear';

/** A day that lies apart from the other days of its period. */
export interface OutlierDay {
  /** Local date, YYYY-MM-DD. */
  readonly date: string;
  readonly period: 'n_minus_1' | 'n';
  /** Distance from the other days, in the domain of the effect. */
  readonly distance: number;
}

/** A lasting step within one of the periods. */
export interface StepWithin {
  readonly period: 'n_minus_1' | 'n';
  /** Begin of the first local day (or hour) after the step, ms. */
  readonly atMs: number;
  /** Size of the step in the domain of the effect. */
  readonly size: number;
}

/** A location shift with what is needed to test it once all series are known. */
export interface ShiftEvidence {
  /**
   * `days`: each day is one observation. `hours`: matched samples within one or two days. `counts`: events by day, with
   * a binomial or Poisson model. `constant`: no variation within either period.
   */
  readonly unit: 'days' | 'hours' | 'counts' | 'constant';
  readonly domain: EffectDomain;
  /** N minus N-1, in the domain. On the failure scale the shift of the failures: more failures are > 0. */
  readonly shift: number;
  /** Variance of one unit (days: of a day; hours: of the matched difference; counts: the dispersion φ). */
  readonly variance: number;
  /** Degrees of freedom of `variance`; 0: not measured. */
  readonly df: number;
  /** The variance of the shift is `variance × leverage` (+ `fixedVariance`). */
  readonly leverage: number;
  /** Known part of the variance of the shift beside the measured one, e.g. a confounded time of day. */
  readonly fixedVariance: number;
  /** Smallest believable variance of one unit: counting noise. */
  readonly varianceFloor: number;
  /** Sum and sum of squares for the correlation of successive days: Σ e(d)·e(d+1), Σ e(d)²; 0 where not measured. */
  readonly lagProducts: number;
  readonly lagSquares: number;
  /** Residuals of the days, standardised, for the correlation between series; empty where not measured. */
  readonly dayResiduals: readonly number[];
  /** Variance between the days of a period from two days each, with its degrees of freedom; null otherwise. */
  readonly dayVariance: { readonly variance: number; readonly df: number } | null;
}

/** Events of both periods, for the exact test. */
export interface EventEvidence {
  readonly nMinus1: number;
  readonly n: number;
  /** Share of all events expected in N where nothing changed, in (0, 1). */
  readonly share: number;
}

/** Non-parametric tests beside the main one. */
export interface RankEvidence {
  readonly test: 'wilcoxon_signed_rank' | 'mann_whitney';
  readonly p: number;
  /** Units it compared. */
  readonly pairs: number;
}

/** The spread of the samples around their slots, N against N-1. */
export interface SpreadEvidence {
  /** ln(spread of N / spread of N-1). */
  readonly logRatio: number;
  readonly standardError: number;
}

export type InsufficientReason =
  | 'no_samples'
  | 'too_few_samples'
  | 'no_common_days'
  | 'not_representable'
  | 'no_variation_measurable';

export interface SeriesEvidence {
  readonly about: SeriesAbout;
  readonly traits: SeriesTraits;
  readonly nMinus1: PeriodFacts;
  readonly n: PeriodFacts;
  readonly match: MatchKind | null;
  /** Null where no test is possible; see `insufficient`. */
  readonly shift: ShiftEvidence | null;
  readonly insufficient: InsufficientReason | null;
  /** Level of N-1 that turns a shift into absolute numbers, on the scale of the values (matched slots only). */
  readonly levelNMinus1: number | null;
  readonly levelN: number | null;
  readonly events: EventEvidence | null;
  readonly rank: RankEvidence | null;
  /** Cliff's delta of N over N-1 after the daily pattern is taken out, −1…1. */
  readonly cliffsDelta: number | null;
  readonly spread: SpreadEvidence | null;
  readonly step: StepWithin | null;
  readonly outlierDays: readonly OutlierDay[];
  /** Machine-readable remarks on data and match. */
  readonly flags: readonly string[];
}
