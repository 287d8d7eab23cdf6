import { squeezeVariance, studentTQuantile, studentTUpperTail } from '@pegboard/stats';
import type { DayShift } from './day-shift.ts';
import { exactEvents } from './exact-events.ts';
import type { JudgeTest } from './judgement.ts';
import { inflationOf } from './moving-together.ts';
import type { Confounder, CountEvidence, DayEvidence, HourEvidence, SeriesEvidence } from './series-evidence.ts';
import type { SeriesGroup } from './series-groups.ts';
import type { Threshold } from './threshold-of.ts';

/** Standard deviation that days are taken to have where it cannot be measured, in standard thresholds of the scale. */
const ASSUMED_DAY_SD = 0.55;
/** Standard deviation between other hours of the day, and between working days and weekends, in standard thresholds. */
const CONFOUNDED_SD: Readonly<Record<Confounder, number>> = { time_of_day: 20, day_type: 7 };
/** Some cells vary more than others; what their spread says of one of them is worth no more degrees of freedom. */
const SPREAD_DF = 4;
/** Scatter below this share of the values is rounding. */
const ROUNDING = 1e-10;
const INTERVAL = 0.975;
/** Changes up to this share of the threshold are as good as none: p is that of a larger one. */
const NO_CHANGE = 0.5;
/** Fewer days than this are short; what is assumed of them counts as much as so many measured days. */
const FEW_DAYS = 3;

/** A shift tested. */
export interface TestedShift {
  readonly test: JudgeTest;
  readonly p: number;
  readonly shift: number;
  readonly standardError: number;
  /** Infinity: normal distribution. */
  readonly df: number;
  /** 95 % interval; infinite where unbounded. */
  readonly low: number;
  readonly high: number;
  /** The variation between days is assumed, not measured. */
  readonly assumesDays: boolean;
  /** p if the days did not differ at all; where `assumesDays`. */
  readonly pWithinDays: number;
}

/** Tests one series with what its group knows. Null where there is no variation and no event to test. */
export function testShift(
  evidence: SeriesEvidence,
  days: DayShift | null,
  group: SeriesGroup,
  threshold: Threshold,
): TestedShift | null {
  const { shift } = evidence;
  if (shift === null || isIdentical(evidence)) return null;
  if (shift.unit === 'days') return days && testDays(evidence, shift, days, group, threshold);
  return shift.unit === 'hours' ? testHours(shift, group, threshold) : testCounts(shift, group, threshold);
}

/** All samples of both periods are the same number. */
export function isIdentical({ nMinus1, n, shift }: SeriesEvidence): boolean {
  if (shift?.unit === 'counts') return shift.events[0] + shift.events[1] === 0 || shift.complement === 0;
  return nMinus1.min !== null && nMinus1.min === nMinus1.max && n.min === n.max && n.min === nMinus1.min;
}

function confounded(confounder: Confounder | null, threshold: Threshold): number {
  return confounder === null ? 0 : (CONFOUNDED_SD[confounder] * threshold.standard) ** 2;
}

function testDays(
  evidence: SeriesEvidence,
  shift: DayEvidence,
  days: DayShift,
  group: SeriesGroup,
  threshold: Threshold,
): TestedShift {
  const drawn = squeezeVariance(days.variance, days.df, group.prior);
  const df = Math.max(days.df, Math.min(drawn.df, group.mostDf));
  const units = (shift.levels[0].length + shift.levels[1].length) / 2;
  const widened = drawn.variance * inflationOf(group.dayCorrelation, units);
  const variance = Math.max(widened, shift.countingVariance) * days.leverage + confounded(shift.confounder, threshold);
  const test: JudgeTest = shift.countingVariance > 0 ? 'overdispersed_counts_t' : 'moderated_day_t';
  const size = evidence.domain === 'log' ? 1 : Math.max(...(evidence.levels ?? [1]).map(Math.abs));
  if (variance <= (ROUNDING * size) ** 2) return byRank(evidence, days.shift);
  return bounded(test, days.shift, Math.sqrt(variance), df, NO_CHANGE * threshold.inDomain);
}

function bounded(test: JudgeTest, shift: number, standardError: number, df: number, margin: number): TestedShift {
  const p = beyondMargin(shift, standardError, df, margin);
  const reach = studentTQuantile(INTERVAL, df) * standardError;
  return {
    test,
    p,
    shift,
    standardError,
    df,
    low: shift - reach,
    high: shift + reach,
    assumesDays: false,
    pWithinDays: p,
  };
}

/**
 * Chance of a shift at least so large, either way, where the true one is no larger than the margin. With the margin 0 it is
 * the ordinary two-sided p.
 *
 * Why: weeks differ by a little also where nothing was changed, and with enough data any little becomes certain.
 * Source: McCarthy, Smyth, "Testing significance relative to a fold-change threshold is a TREAT", Bioinformatics 25 (2009)
 * 765.
 */
function beyondMargin(shift: number, standardError: number, df: number, margin: number): number {
  const size = Math.abs(shift);
  if (standardError === 0) return size > margin ? 0 : 1;
  const near = studentTUpperTail((size - margin) / standardError, df);
  const far = studentTUpperTail((size + margin) / standardError, df);
  return Math.min(1, near + far);
}

/**
 * No sample differs from another of its period: the smallest p that a rank test can give, 2 / C(a + b, a), or where nothing
 * shifted, 1.
 */
function byRank({ nMinus1, n }: SeriesEvidence, shift: number): TestedShift {
  const logChoices = logBinomial(nMinus1.count + n.count, n.count);
  const p = shift === 0 ? 1 : Math.min(1, 2 * Math.exp(-logChoices));
  return {
    test: 'mann_whitney',
    p,
    shift,
    standardError: 0,
    df: Infinity,
    low: shift,
    high: shift,
    assumesDays: false,
    pWithinDays: p,
  };
}

function logBinomial(n: number, k: number): number {
  let sum = 0;
  const fewer = Math.min(k, n - k);
  for (let i = 1; i <= fewer && sum < 800; i++) sum += Math.log((n - fewer + i) / i);
  return sum;
}

/** Variance that days add to a shift of one or two days: measured between days or series where possible, else assumed. */
function dayPart(
  days: readonly [number, number],
  own: { readonly variance: number; readonly df: number },
  group: SeriesGroup,
  threshold: Threshold,
): { readonly variance: number; readonly df: number; readonly isAssumed: boolean } {
  const assumed = (ASSUMED_DAY_SD * threshold.standard) ** 2;
  const share = 1 / days[0] + 1 / days[1];
  const ofSeries = group.shiftVariance;
  if (own.df > 0) {
    const drawn = squeezeVariance(own.variance, own.df, group.prior);
    const df = Math.min(drawn.df, Math.max(own.df, group.mostDf));
    // Two days tell little by themselves; what is assumed counts as much as FEW_DAYS measured days.
    const variance = (df * drawn.variance + FEW_DAYS * assumed) / (df + FEW_DAYS);
    if (df === Infinity) return { variance: drawn.variance * share, df, isAssumed: false };
    return { variance: Math.max(variance * share, ofSeries ?? 0), df: df + FEW_DAYS, isAssumed: df < 10 };
  }
  const measured = ofSeries ?? 0;
  const isMeasured = measured > assumed * share;
  return {
    variance: Math.max(measured, assumed * share),
    df: isMeasured ? Math.max(2, Math.min(SPREAD_DF, group.series - 1)) : Infinity,
    isAssumed: !isMeasured,
  };
}

function testHours(shift: HourEvidence, group: SeriesGroup, threshold: Threshold): TestedShift {
  const days = dayPart(shift.days, { variance: shift.dayVariance, df: shift.dayDf }, group, threshold);
  const other = confounded(shift.confounder, threshold);
  const variance = shift.variance + days.variance + other;
  // Satterthwaite: the parts are known with their own degrees of freedom.
  const parts = shift.variance ** 2 / Math.max(1, shift.df) + days.variance ** 2 / days.df;
  const df = parts > 0 ? Math.max(1, variance ** 2 / parts) : Infinity;
  // No margin: what days are allowed to differ by is in the variance already.
  const tested = bounded('matched_hours_t', shift.shift, Math.sqrt(variance), df, 0);
  const pWithinDays = beyondMargin(shift.shift, Math.sqrt(shift.variance), Math.max(1, shift.df), 0);
  return { ...tested, assumesDays: days.isAssumed, pWithinDays };
}

function testCounts(shift: CountEvidence, group: SeriesGroup, threshold: Threshold): TestedShift {
  const isShort = Math.min(...shift.days) < FEW_DAYS;
  const assumedDay = isShort ? (ASSUMED_DAY_SD * threshold.standard) ** 2 * (1 / shift.days[0] + 1 / shift.days[1]) : 0;
  const fixed = assumedDay + confounded(shift.confounder, threshold);
  const drawn = squeezeVariance(shift.dispersion, shift.df, group.prior);
  const measuredDf = Math.min(drawn.df, Math.max(shift.df, group.mostDf));
  const dispersion = Math.max(1, drawn.variance);
  const df = dispersion === 1 || measuredDf === 0 ? Infinity : Math.max(1, measuredDf);
  const tested = exactEvents(shift, dispersion, df, fixed, isShort ? 0 : NO_CHANGE * threshold.inDomain);
  return { ...tested, assumesDays: isShort, pWithinDays: tested.p };
}
