import type { JudgeReason, JudgeVerdict } from '@pegboard/contracts';
import { studentTQuantile } from '@pegboard/stats';
import type { SeriesEvidence } from './series-evidence.ts';
import { isIdentical, type TestedShift } from './shift-test.ts';
import type { Threshold } from './threshold-of.ts';

/** With one or two days the q has to be so much smaller, on top of the variation that is assumed of days. */
const STRICTER = 0.5;
const POWER = 0.9;
const HOUR_MS = 3_600_000;
/** More than this many hours more are no advice. */
const MOST_HOURS = 24 * 366;
const HOURS_OF_THREE_DAYS = 72;

export interface Verdict {
  readonly verdict: JudgeVerdict;
  readonly reason: JudgeReason;
}

/** The q that a series needs: α, or half of it where the variation between days is not measured. */
export function alphaOf({ shift }: SeriesEvidence, alpha: number): number {
  if (shift === null || shift.unit === 'days') return alpha;
  return Math.min(...shift.days) < 3 ? alpha * STRICTER : alpha;
}

/** +1: the series became better, −1: worse, 0: neither is better. */
function qualityOf({ traits }: SeriesEvidence, shift: number): -1 | 0 | 1 {
  if (traits.polarity === 'neutral' || shift === 0) return 0;
  const rises = shift > 0 === (traits.scale !== 'failure');
  return rises === (traits.polarity === 'higher_better') ? 1 : -1;
}

/** Of a series that was not tested. */
export function untestedVerdict(evidence: SeriesEvidence): Verdict {
  const [before, after] = [evidence.nMinus1.count, evidence.n.count];
  if (before === 0 && after > 0) return { verdict: 'added', reason: 'only_in_n' };
  if (after === 0 && before > 0) return { verdict: 'removed', reason: 'only_in_n_minus_1' };
  if (evidence.shift !== null && isIdentical(evidence)) return { verdict: 'unchanged', reason: 'identical' };
  return { verdict: 'insufficient_data', reason: evidence.insufficient ?? 'too_few_samples' };
}

/** The verdict of a tested series by its q, its effect and its interval. */
export function testedVerdict(
  evidence: SeriesEvidence,
  tested: TestedShift,
  q: number,
  alpha: number,
  threshold: Threshold,
): Verdict {
  const size = Math.abs(tested.shift);
  const isCertain = q <= alpha;
  if (isCertain && size >= threshold.inDomain) {
    const quality = qualityOf(evidence, tested.shift);
    const verdict = quality === 0 ? 'changed' : quality > 0 ? 'improved' : 'degraded';
    return { verdict, reason: 'certain_and_large' };
  }
  if (tested.low > -threshold.inDomain && tested.high < threshold.inDomain) {
    return { verdict: 'unchanged', reason: isCertain ? 'certain_but_small' : 'interval_inside_threshold' };
  }
  return { verdict: 'inconclusive', reason: inconclusiveReason(evidence, tested, isCertain, alpha, size, threshold) };
}

function inconclusiveReason(
  { shift }: SeriesEvidence,
  tested: TestedShift,
  isCertain: boolean,
  alpha: number,
  size: number,
  threshold: Threshold,
): JudgeReason {
  if (isCertain) return 'certain_but_size_unsure';
  if (shift?.confounder === 'time_of_day') return 'different_time_of_day';
  if (shift?.confounder === 'day_type') return 'different_day_type';
  const onlyDays = tested.assumesDays && tested.pWithinDays <= alpha && size >= threshold.inDomain;
  return onlyDays ? 'days_not_measurable' : 'interval_too_wide';
}

/** Smallest change that data with this standard error show 9 times of 10, at a test of `alpha`. */
export function smallestDetectable({ standardError, df }: TestedShift, alpha: number): number {
  return (studentTQuantile(1 - alpha / 2, df) + studentTQuantile(POWER, df)) * standardError;
}

/**
 * About how many more hours each period would need until the verdict is one or the other, if the shift stays as it is: the
 * standard error falls with the root of the length. At least three days where the days are not measured.
 */
export function hoursNeeded(
  evidence: SeriesEvidence,
  tested: TestedShift,
  alpha: number,
  threshold: Threshold,
): number | null {
  if (evidence.shift?.confounder) return null;
  const hours = hoursOf(evidence);
  const size = Math.abs(tested.shift);
  const isLarge = size >= threshold.inDomain;
  const room = isLarge ? size : threshold.inDomain - size;
  const multiple = studentTQuantile(1 - (isLarge ? alpha : 0.05) / 2, Math.max(tested.df, 10));
  const factor = room > 0 ? ((tested.standardError * multiple) / room) ** 2 : Number.POSITIVE_INFINITY;
  const total = Math.max(hours * factor, evidence.shift?.unit === 'days' ? 0 : HOURS_OF_THREE_DAYS);
  const more = Math.ceil(Math.max(1, total - hours));
  return more <= MOST_HOURS ? more : null;
}

function hoursOf({ nMinus1, n, granularityS }: SeriesEvidence): number {
  return (Math.min(nMinus1.count, n.count) * granularityS * 1000) / HOUR_MS;
}
