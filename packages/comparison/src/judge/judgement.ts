/** Phase 2: what all evidence of a comparison says together. */
import type { JudgeFinding, JudgeReason, JudgeVerdict } from '@pegboard/contracts';
import type { RankEvidence, SeriesEvidence } from './series-evidence.ts';
import type { Threshold } from './threshold-of.ts';

export type JudgeTest =
  | 'moderated_day_t'
  | 'matched_hours_t'
  | 'overdispersed_counts_t'
  | 'exact_poisson'
  | 'mann_whitney'
  | 'none';

/** A lasting step within a period. */
export interface StepWithin {
  readonly period: 'n_minus_1' | 'n';
  /** First local day after the step, days since 1970. */
  readonly day: number;
  /** In the domain of the shift. */
  readonly size: number;
}

/** A day that lies apart from the other days of its period. */
export interface OutlierDay {
  readonly period: 'n_minus_1' | 'n';
  /** Local day, days since 1970. */
  readonly day: number;
  /** Distance from the other days, in the domain of the shift. */
  readonly distance: number;
}

/** What the days of a series say beside the shift. */
export interface DayFindings {
  readonly step: StepWithin | null;
  readonly outliers: readonly OutlierDay[];
  readonly hasDrift: boolean;
}

/** One series judged. Numbers are finite; shifts are in the domain of the evidence. */
export interface SeriesJudgement {
  readonly evidence: SeriesEvidence;
  readonly verdict: JudgeVerdict;
  readonly reason: JudgeReason;
  readonly test: JudgeTest;
  readonly p: number | null;
  readonly q: number | null;
  /** The q that the verdict needed. */
  readonly alpha: number;
  readonly shift: number | null;
  /** 95 % interval of the shift; an end is null where it is unbounded. */
  readonly low: number | null;
  readonly high: number | null;
  readonly threshold: Threshold;
  readonly standardError: number | null;
  /** Null: normal distribution. */
  readonly degreesOfFreedom: number | null;
  /** Of an inconclusive series: the smallest change (in the domain) that these data would have shown 9 times of 10. */
  readonly smallestDetectable: number | null;
  /** Of an inconclusive series: about so many more hours in each period; null where none would do. */
  readonly hoursNeeded: number | null;
  readonly rank: RankEvidence | null;
  readonly days: DayFindings | null;
  readonly findings: readonly JudgeFinding[];
  readonly severity: number;
}
