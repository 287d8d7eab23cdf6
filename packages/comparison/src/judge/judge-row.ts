import type { JudgeRow } from '@pegboard/contracts';
import { difference, relativeChange } from '@pegboard/stats';
import { dateOf } from './day-grid.ts';
import type { SeriesJudgement } from './judgement.ts';
import { sentencesOf } from './sentences.ts';
import type { PeriodFacts, SeriesEvidence } from './series-evidence.ts';
import { shiftAbsolute, shiftOnScale, shiftPercent } from './shift-on-scale.ts';

/** The row of a result, made when it is written: judgements are small, rows are not. */
export function judgeRow(judgement: SeriesJudgement): JudgeRow {
  const { evidence, threshold } = judgement;
  const { about, traits, nMinus1, n } = evidence;
  const both = nMinus1.mean !== null && n.mean !== null ? ([nMinus1.mean, n.mean] as const) : null;
  return {
    peg_name: about.pegName,
    kind: about.kind,
    family: about.family,
    ne: about.ne,
    object: about.object,
    cell_id: about.cellId,
    weight: traits.weight,
    polarity: traits.polarity,
    critical: traits.critical,
    n_minus_1: periodOf(nMinus1),
    n: periodOf(n),
    change_absolute: both && difference(both[0], both[1]),
    change_percent: both && relativeChange(both[0], both[1]),
    verdict: judgement.verdict,
    p: judgement.p,
    q: judgement.q,
    shift: shiftOf(judgement),
    effect: evidence.cliffsDelta === null ? null : { measure: 'cliffs_delta', value: evidence.cliffsDelta },
    threshold: { scale: threshold.scale, value: threshold.value },
    findings: [...judgement.findings],
    test: judgement.test,
    reason: judgement.reason,
    sentences: sentencesOf(judgement),
    evidence: behind(judgement),
    quality: { completeness: [completeness(nMinus1), completeness(n)], flags: [...evidence.flags] },
    severity: judgement.severity,
  };
}

function periodOf({ mean, std, min, max, count }: PeriodFacts): JudgeRow['n'] {
  return { mean, std, min, max, count };
}

function completeness({ count, expected }: PeriodFacts): number {
  return count / expected;
}

function shiftOf({ evidence, shift, low, high }: SeriesJudgement): JudgeRow['shift'] {
  if (shift === null) return null;
  const ends = (
    convert: (evidence: SeriesEvidence, shift: number) => number | null,
  ): [number | null, number | null] => {
    const [a, b] = [low === null ? null : convert(evidence, low), high === null ? null : convert(evidence, high)];
    // More failures are less of a ratio: the ends change places.
    return a !== null && b !== null ? [Math.min(a, b), Math.max(a, b)] : [a, b];
  };
  const turned = evidence.traits.scale === 'failure' && evidence.domain === 'log';
  const absolute = ends(shiftAbsolute);
  return {
    absolute: shiftAbsolute(evidence, shift),
    percent: shiftPercent(evidence, shift),
    ci_absolute: turned && absolute.includes(null) ? [absolute[1], absolute[0]] : absolute,
    ci_percent: ends(shiftPercent),
  };
}

function behind(judgement: SeriesJudgement): JudgeRow['evidence'] {
  const { evidence, days } = judgement;
  const size = (shift: number): number => shiftOnScale(evidence, shift) ?? 0;
  return {
    match: evidence.match,
    days: daysOf(evidence),
    standard_error: judgement.standardError,
    degrees_of_freedom: judgement.degreesOfFreedom,
    domain: evidence.shift === null ? null : evidence.domain,
    rank_test: judgement.rank,
    smallest_detectable:
      judgement.smallestDetectable === null ? null : shiftOnScale(evidence, judgement.smallestDetectable),
    hours_needed: judgement.hoursNeeded,
    spread_ratio: evidence.spread === null ? null : Math.exp(Math.max(-700, Math.min(700, evidence.spread.logRatio))),
    onset: days?.step ? { date: dateOf(days.step.day), period: days.step.period, size: size(days.step.size) } : null,
    outlier_days: (days?.outliers ?? []).map(({ period, day, distance }) => ({
      date: dateOf(day),
      period,
      size: size(distance),
    })),
  };
}

function daysOf({ shift }: SeriesEvidence): [number, number] {
  if (shift === null) return [0, 0];
  if (shift.unit !== 'days') return [...shift.days];
  return [shift.levels[0].length * shift.daysPerUnit, shift.levels[1].length * shift.daysPerUnit];
}
