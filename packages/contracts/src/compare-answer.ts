/** Results of algorithm `judge-1`, and the answer of `POST /api/compare`, whatever the algorithm. */
import { z } from 'zod';
import { COMPARE_DOCUMENT_EXAMPLE, compareDocument, comparePeriods, compareQuality, kpiPeriods } from './compare.ts';
import { warning } from './fields.ts';
import { judgeContribution, judgeRow, judgeSummary } from './judge.ts';

export const judgeResultRow = judgeRow
  .extend({
    id: z.string().describe('Id of the row within this document: `r1`, `r2`, …'),
    unit: z.string().nullable().describe('Unit of the means; null where unknown.'),
    quality: judgeRow.shape.quality
      .extend({
        granularity_s: compareQuality.shape.granularity_s,
        left_out: compareQuality.shape.left_out,
        cells: compareQuality.shape.cells,
      })
      .describe('How good the data is, and what the row stands on.'),
    kpi: kpiPeriods.optional(),
  })
  .describe('One PEG or KPI of one cell, NE or of the network, judged.');
export type JudgeResultRow = z.output<typeof judgeResultRow>;

export const judgeDocument = z
  .object({
    algorithm_version: z.literal('judge-1').describe('The algorithm that made the result.'),
    periods: comparePeriods,
    summary: judgeSummary,
    results: z
      .array(judgeResultRow)
      .describe('Most severe first: degraded, improved, changed, the rest; each by `severity`.'),
    contributions: z.array(judgeContribution).describe('Of PEGs that changed somewhere: the cells behind it.'),
    warnings: z.array(warning).describe('What the caller should know about periods, selection and data.'),
  })
  .describe('Two periods compared, judged.');
export type JudgeDocument = z.output<typeof judgeDocument>;

/** Answer of `POST /api/compare`; what `compare --format json` prints. */
export const compareAnswer = z
  .discriminatedUnion('algorithm_version', [compareDocument, judgeDocument])
  .describe('Two periods compared; `algorithm_version` says by which algorithm.');
export type CompareAnswer = z.output<typeof compareAnswer>;

export const JUDGE_DOCUMENT_EXAMPLE: JudgeDocument = {
  algorithm_version: 'judge-1',
  periods: COMPARE_DOCUMENT_EXAMPLE.periods,
  summary: {
    series: 1,
    improved: 0,
    degraded: 1,
    unchanged: 0,
    changed: 0,
    inconclusive: 0,
    insufficient_data: 0,
    added: 0,
    removed: 0,
    score: 0,
    verdict: 'FAIL',
    reasons: ['score 0: 1 of 1 tested series degraded; MARGINAL begins at 75'],
    findings: ['quality_changed'],
  },
  results: [
    {
      id: 'r1',
      peg_name: 'UL_throughput_avg',
      kind: 'peg',
      family: 'NRCellDU',
      ne: 'nvgnb#10000',
      object: 'NRCellDU=2010',
      cell_id: '2010',
      unit: 'Mbit/s',
      weight: 8,
      polarity: 'higher_better',
      critical: false,
      n_minus_1: { mean: 50, std: 6, min: 31, max: 66, count: 672 },
      n: { mean: 40, std: 5, min: 24, max: 53, count: 672 },
      change_absolute: -10,
      change_percent: -20,
      verdict: 'degraded',
      p: 1e-9,
      q: 1e-9,
      shift: { absolute: -10.1, percent: -20.1, ci_absolute: [-11, -9.1], ci_percent: [-22, -18.1] },
      effect: { measure: 'cliffs_delta', value: -0.98 },
      threshold: { scale: 'relative', value: 5 },
      findings: [],
      test: 'moderated_day_t',
      reason: 'certain_and_large',
      sentences: {
        en: 'Degraded: −20.1 % (95 % interval −22 to −18.1 %).',
        ko: '악화: −20.1 % (95 % 구간 −22 ~ −18.1 %).',
      },
      evidence: {
        match: 'time_of_week',
        days: [7, 7],
        standard_error: 0.012,
        degrees_of_freedom: 12,
        domain: 'log',
        rank_test: { test: 'wilcoxon_signed_rank', p: 0.016, pairs: 7 },
        smallest_detectable: null,
        hours_needed: null,
        spread_ratio: 1.02,
        onset: null,
        outlier_days: [],
      },
      quality: { completeness: [1, 1], flags: [], granularity_s: 900, left_out: [] },
      severity: 32,
    },
  ],
  contributions: [],
  warnings: [],
};
