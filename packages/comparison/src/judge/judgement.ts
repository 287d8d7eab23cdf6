/** Phase 2: what all evidence of a comparison says together. */
import type { JudgeFinding, JudgeReason, JudgeVerdict } from '@pegboard/contracts';
import type { SeriesEvidence } from './series-evidence.ts';

export type JudgeTest =
  | 'moderated_day_t'
  | 'matched_hours_t'
  | 'overdispersed_counts_t'
  | 'exact_poisson'
  | 'mann_whitney'
  | 'none';

/** One series judged. Numbers are finite; shifts are in the domain of the evidence. */
export interface SeriesJudgement {
  readonly evidence: SeriesEvidence;
  readonly verdict: JudgeVerdict;
  readonly reason: JudgeReason;
  readonly test: JudgeTest;
  readonly p: number | null;
  readonly q: number | null;
  readonly shift: number | null;
  /** 95 % interval of the shift; an end is null where it is unbounded. */
  readonly low: number | null;
  readonly high: number | null;
  /** The practical threshold in the domain of the shift. */
  readonly threshold: number;
  /** Standard error and degrees of freedom behind the interval. */
  readonly standardError: number | null;
  readonly degreesOfFreedom: number | null;
  /** Of an inconclusive series: the smallest change (in the domain) that these data would have shown 9 times of 10. */
  readonly smallestDetectable: number | null;
  /** Of an inconclusive series: about so many more hours in each period. */
  readonly hoursNeeded: number | null;
  readonly findings: readonly JudgeFinding[];
  readonly severity: number;
}
