export { type Clock, comparePegStats } from './algorithms/compare-peg-stats.ts';
export {
  ALGORITHM_V2_1_0,
  compareV210,
  summarizeV210,
  type V210Options,
  type V210Result,
} from './algorithms/v2-1-0.ts';
export { compareRows as compareRowsV210 } from './algorithms/v2-1-0-order.ts';
export { MAX_LISTED_VALUES } from './algorithms/v2-1-0-row.ts';
export { type V210Verdict, verdictV210 } from './algorithms/v2-1-0-verdict.ts';
export { createEvidenceCollector } from './judge/collect-evidence.ts';
export { contributionsOf } from './judge/contributions.ts';
export type {
  EffectScale,
  JudgeContext,
  JudgeSeries,
  PeriodSamples,
  SeriesAbout,
  SeriesKind,
  SeriesTraits,
} from './judge/judge-input.ts';
export { DEFAULT_JUDGE_OPTIONS, type JudgeOptions } from './judge/judge-options.ts';
export { judgeRow } from './judge/judge-row.ts';
export { judgeTogether } from './judge/judge-together.ts';
export type { JudgeTest, SeriesJudgement } from './judge/judgement.ts';
export { orderBySeverity } from './judge/order-by-severity.ts';
export { summarizeJudge, summarizeJudgeBy } from './judge/roll-up.ts';
export type { SeriesEvidence } from './judge/series-evidence.ts';
export { parsePeriod, parseTimeRange } from './periods.ts';
export { DEFAULT_POLARITY, DEFAULT_WEIGHT, type PegOverrides } from './polarity.ts';
export { type PeriodRelation, type PeriodWarning, relatePeriods } from './relate-periods.ts';
export type { PeriodSummary, Polarity, SeriesPair } from './series.ts';
export { parseInstant, type TimeOptions } from './time/parse-instant.ts';
export type { Period, TimeProblem, TimeProblemCode, TimeResult } from './time/time-problem.ts';
export { parseTimeZone } from './time/time-zone.ts';
