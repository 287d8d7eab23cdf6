/** Polarity of a PEG: which direction is better. `null` where nobody has said; algorithms then take `higher`. */
export type Polarity = 'higher_better' | 'lower_better' | 'neutral';

/** The samples of one series in one period, reduced. Numbers are finite; `count` 0 means no samples. */
export interface PeriodSummary {
  readonly count: number;
  /** Arithmetic mean; null without samples. */
  readonly mean: number | null;
  /** Sample standard deviation (n−1); null below two samples. */
  readonly std: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** The samples in time order, where there are no more than the caller kept; else null. */
  readonly values: readonly number[] | null;
}

/** One PEG of one measured object in both periods. */
export interface SeriesPair {
  readonly pegName: string;
  readonly family: string | null;
  readonly ne: string | null;
  /** Name of the measured object as the file gives it. */
  readonly object: string | null;
  readonly cellId: string | null;
  readonly polarity: Polarity | null;
  /** 1–10; null: the default of 5. */
  readonly weight: number | null;
  readonly nMinus1: PeriodSummary;
  readonly n: PeriodSummary;
  /** The samples of the two periods are of different cells altogether: they are shown, and not compared. */
  readonly hasNoCommonCells?: boolean;
  /** Machine-readable remarks of whoever made the series, e.g. `mixed_granularity`, `suspect_samples`. */
  readonly flags: readonly string[];
}
