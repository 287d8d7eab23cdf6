import type { JudgeFinding } from '@pegboard/contracts';
import { benjaminiHochberg, RankScratch, studentTTwoSided } from '@pegboard/stats';
import { dayFindings } from './day-findings.ts';
import { DEFAULT_JUDGE_OPTIONS, type JudgeOptions } from './judge-options.ts';
import type { DayFindings, SeriesJudgement } from './judgement.ts';
import { rankOfDays } from './rank-test.ts';
import type { RankEvidence, SeriesEvidence } from './series-evidence.ts';
import { groupSeries } from './series-groups.ts';
import { type TestedShift, testShift } from './shift-test.ts';
import { type Threshold, thresholdOf } from './threshold-of.ts';
import {
  alphaOf,
  hoursNeeded,
  smallestDetectable,
  testedVerdict,
  untestedVerdict,
  type Verdict,
} from './verdict-of.ts';

const SPREAD_P = 0.001;
const SPREAD_LOG_RATIO = Math.log(1.25);
/** Factors between units that are mixed up, as ln: bytes and kbytes, seconds and minutes, shares and percent. */
const UNIT_FACTORS = [10, 60, 100, 1000, 1024, 3600, 1e4, 1e6, 1024 ** 2].map(Math.log);
const UNIT_TOLERANCE = 0.05;

/**
 * Phase 2: judges all series of a comparison together, in the order of the evidence.
 *
 * Variances are moderated within groups of series, p values corrected over all. Deterministic and independent of the order
 * of the series. Cost: O(n log n); some microseconds a series.
 */
export function judgeTogether(
  evidences: readonly SeriesEvidence[],
  options: JudgeOptions = DEFAULT_JUDGE_OPTIONS,
): SeriesJudgement[] {
  const { groups, dayShifts } = groupSeries(evidences);
  const thresholds = evidences.map((evidence) => thresholdOf(evidence, options));
  const tested = evidences.map((evidence, i) => testShift(evidence, dayShifts[i], groups[i], thresholds[i]));
  const qs = falseDiscoveryRates(tested);
  const scratch = new RankScratch();
  const judged = evidences.map((evidence, i) => {
    const { shift } = evidence;
    const days = dayShifts[i];
    const found = shift?.unit === 'days' && days ? dayFindings(shift, days, thresholds[i].inDomain) : null;
    return judge(evidence, tested[i], qs[i], thresholds[i], options, found, scratch);
  });
  return withLoad(judged);
}

function falseDiscoveryRates(tested: readonly (TestedShift | null)[]): (number | null)[] {
  const places = tested.flatMap((test, place) => (test ? [place] : []));
  const qs = benjaminiHochberg(Float64Array.from(places, (place) => tested[place]?.p ?? 1));
  const byPlace = new Array<number | null>(tested.length).fill(null);
  places.forEach((place, i) => {
    byPlace[place] = qs[i];
  });
  return byPlace;
}

function judge(
  evidence: SeriesEvidence,
  tested: TestedShift | null,
  q: number | null,
  threshold: Threshold,
  options: JudgeOptions,
  days: DayFindings | null,
  scratch: RankScratch,
): SeriesJudgement {
  const alpha = alphaOf(evidence, options.alpha);
  const verdict: Verdict =
    tested === null || q === null ? untestedVerdict(evidence) : testedVerdict(evidence, tested, q, alpha, threshold);
  const isOpen = verdict.verdict === 'inconclusive' && tested !== null;
  const isIdentical = verdict.reason === 'identical';
  return {
    evidence,
    ...verdict,
    test: tested?.test ?? 'none',
    p: tested?.p ?? null,
    q,
    alpha,
    shift: tested ? finiteOrNull(tested.shift) : isIdentical ? 0 : null,
    low: tested ? finiteOrNull(tested.low) : isIdentical ? 0 : null,
    high: tested ? finiteOrNull(tested.high) : isIdentical ? 0 : null,
    threshold,
    standardError: tested ? finiteOrNull(tested.standardError) : null,
    degreesOfFreedom: tested ? finiteOrNull(tested.df) : null,
    smallestDetectable: isOpen ? finiteOrNull(smallestDetectable(tested, alpha)) : null,
    hoursNeeded: isOpen ? hoursNeeded(evidence, tested, alpha, threshold) : null,
    rank: rankOf(evidence, scratch),
    days,
    findings: findingsOf(evidence, tested, days),
    severity: severityOf(evidence, tested, q, threshold),
  };
}

function rankOf({ shift }: SeriesEvidence, scratch: RankScratch): RankEvidence | null {
  if (shift?.unit === 'days') return rankOfDays(shift, scratch);
  return shift?.unit === 'hours' ? shift.rank : null;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function findingsOf(evidence: SeriesEvidence, tested: TestedShift | null, days: DayFindings | null): JudgeFinding[] {
  const findings: JudgeFinding[] = [];
  if (hasOtherSpread(evidence)) findings.push('spread_changed');
  if (days?.step) findings.push('onset');
  if (days && days.outliers.length > 0) findings.push('outlier_days');
  if (days?.hasDrift) findings.push('drift');
  if (tested && evidence.domain === 'log' && isUnitFactor(tested)) findings.push('unit_change_suspected');
  return findings;
}

function hasOtherSpread({ spread }: SeriesEvidence): boolean {
  if (!spread || Math.abs(spread.logRatio) < SPREAD_LOG_RATIO) return false;
  return studentTTwoSided(spread.logRatio / spread.standardError, spread.df) < SPREAD_P;
}

function isUnitFactor({ shift, p }: TestedShift): boolean {
  const size = Math.abs(shift);
  return p < 0.01 && UNIT_FACTORS.some((factor) => Math.abs(size - factor) < UNIT_TOLERANCE);
}

/** weight × abs(effect) / threshold × (1 − q): what to look at first. */
function severityOf(
  evidence: SeriesEvidence,
  tested: TestedShift | null,
  q: number | null,
  threshold: Threshold,
): number {
  if (tested === null || q === null) return 0;
  const times = Math.min(Math.abs(tested.shift) / threshold.inDomain, Number.MAX_VALUE / 10);
  return evidence.traits.weight * times * (1 - q);
}

/** Marks series of places whose load (a neutral PEG) changed: then a change of theirs may be the load's. */
function withLoad(judged: readonly SeriesJudgement[]): SeriesJudgement[] {
  const loaded = new Set<string>();
  for (const { evidence, verdict } of judged) {
    if (verdict === 'changed' && evidence.traits.polarity === 'neutral') loaded.add(placeOf(evidence));
  }
  if (loaded.size === 0) return [...judged];
  return judged.map((one) => {
    const isQuality = one.evidence.traits.polarity !== 'neutral';
    if (!isQuality || !loaded.has(placeOf(one.evidence))) return one;
    return { ...one, findings: [...one.findings, 'load_changed' as const] };
  });
}

function placeOf({ about }: SeriesEvidence): string {
  return JSON.stringify([about.ne, about.object, about.cellId]);
}
