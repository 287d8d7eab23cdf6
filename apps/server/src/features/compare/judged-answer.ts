import {
  ALGORITHM_JUDGE_1,
  contributionsOf,
  createEvidenceCollector,
  DEFAULT_JUDGE_OPTIONS,
  type JudgeContext,
  judgeRow,
  judgeTogether,
  orderBySeverity,
  type SeriesEvidence,
  summarizeJudge,
} from '@pegboard/comparison';
import type { CompareRequest, JudgeDocument, JudgeResultRow } from '@pegboard/contracts';
import { difference, relativeChange } from '@pegboard/stats';
import type { ComparedSeries } from './compared-series.ts';
import { judgeSeries } from './judge-series.ts';
import { unitOf, wireTotal } from './result-rows.ts';
import { type KpiTotals, totalsOf } from './series-pair.ts';

/** What is kept of a series beside its evidence; the samples themselves are let go. */
interface Kept extends Pick<ComparedSeries, 'subject' | 'quality'> {
  readonly totals: KpiTotals | null;
}

export interface JudgedSeries {
  readonly evidence: SeriesEvidence;
  readonly kept: Kept;
  /** In N-1 and N. */
  readonly hasSamples: readonly [boolean, boolean];
}

/** Makes the function that reduces a series to its evidence. */
export function createJudgedReducer(
  context: JudgeContext,
  { peg_definitions }: Pick<CompareRequest, 'peg_definitions'>,
): (series: ComparedSeries) => JudgedSeries {
  const collect = createEvidenceCollector(context);
  return (series) => {
    const { subject, quality, nMinus1, n } = series;
    return {
      evidence: collect(judgeSeries(series, peg_definitions)),
      kept: { subject, quality, totals: totalsOf(series) },
      hasSamples: [nMinus1 !== null, n !== null],
    };
  };
}

/** All series of a request judged together, by algorithm `judge-1`. */
export function judgedAnswer(
  series: readonly JudgedSeries[],
  { alpha, threshold }: Pick<CompareRequest, 'alpha' | 'threshold'>,
): Pick<JudgeDocument, 'algorithm_version' | 'summary' | 'results' | 'contributions'> {
  const options = {
    ...DEFAULT_JUDGE_OPTIONS,
    alpha: alpha ?? DEFAULT_JUDGE_OPTIONS.alpha,
    thresholdPercent: threshold ?? null,
  };
  const keptOf = new Map(series.map(({ evidence, kept }) => [evidence, kept]));
  const judged = orderBySeverity(
    judgeTogether(
      series.map(({ evidence }) => evidence),
      options,
    ),
  );
  return {
    algorithm_version: ALGORITHM_JUDGE_1,
    summary: summarizeJudge(judged, options),
    results: judged.map((judgement, index) => {
      const kept = keptOf.get(judgement.evidence);
      if (!kept) throw new Error(`no series belongs to the row of ${judgement.evidence.about.pegName}`);
      return resultRow(`r${index + 1}`, judgeRow(judgement), kept);
    }),
    contributions: contributionsOf(judged),
  };
}

function resultRow(id: string, row: ReturnType<typeof judgeRow>, { subject, quality, totals }: Kept): JudgeResultRow {
  const { granularity_s, left_out, cells } = quality;
  const about = {
    id,
    ...row,
    unit: unitOf(subject),
    quality: { ...row.quality, granularity_s, left_out, ...(cells && { cells }) },
  };
  if (totals === null) return about;
  const [before, after] = totals.map(({ value }) => value);
  const both = before !== null && after !== null;
  return {
    ...about,
    // As by v2.1.0: the KPI of what its counters add up to, never the mean of ratios.
    n_minus_1: { ...row.n_minus_1, mean: before },
    n: { ...row.n, mean: after },
    change_absolute: both ? difference(before, after) : null,
    change_percent: both ? relativeChange(before, after) : null,
    kpi: { n_minus_1: wireTotal(totals[0]), n: wireTotal(totals[1]) },
  };
}
