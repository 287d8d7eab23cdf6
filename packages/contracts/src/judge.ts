/** Rows and summary of algorithm `judge-1`. */
import { z } from 'zod';
import { cellId, ne, object, polarity, weight } from './fields.ts';

export const JUDGE_VERDICTS = [
  'degraded',
  'improved',
  'changed',
  'unchanged',
  'inconclusive',
  'insufficient_data',
  'added',
  'removed',
] as const;
export const judgeVerdict = z
  .enum(JUDGE_VERDICTS)
  .describe(
    '`degraded`, `improved`: certain and large enough; `changed`: the same of a neutral PEG; `unchanged`: the interval lies inside the threshold; `inconclusive`: neither; `insufficient_data`: no test possible; `added`, `removed`: in one period only.',
  );
export type JudgeVerdict = z.output<typeof judgeVerdict>;

export const JUDGE_REASONS = [
  'certain_and_large',
  'interval_inside_threshold',
  'identical',
  'interval_too_wide',
  'certain_but_size_unsure',
  'certain_but_small',
  'days_not_measurable',
  'different_time_of_day',
  'different_day_type',
  'no_samples',
  'too_few_samples',
  'only_in_n',
  'only_in_n_minus_1',
] as const;
export const judgeReason = z.enum(JUDGE_REASONS).describe('Why the verdict is what it is.');
export type JudgeReason = z.output<typeof judgeReason>;

export const JUDGE_FINDINGS = [
  'spread_changed',
  'load_changed',
  'onset',
  'outlier_days',
  'drift',
  'unit_change_suspected',
] as const;
export const judgeFinding = z
  .enum(JUDGE_FINDINGS)
  .describe(
    '`spread_changed`: the scatter changed; `load_changed`: the load of the place changed; `onset`: a step inside a period; `outlier_days`: days apart from the others; `drift`: a trend that began in N-1; `unit_change_suspected`: a factor as of another unit.',
  );
export type JudgeFinding = z.output<typeof judgeFinding>;

export const JUDGE_TESTS = [
  'moderated_day_t',
  'matched_hours_t',
  'overdispersed_counts_t',
  'exact_poisson',
  'mann_whitney',
  'none',
] as const;

const finite = z.number().nullable();
const interval = z.tuple([finite, finite]).nullable();

export const judgePeriod = z
  .object({
    mean: finite.describe('Arithmetic mean of the samples; null without samples.'),
    std: finite.describe('Sample standard deviation (n−1); null below two samples.'),
    min: finite.describe('Smallest sample.'),
    max: finite.describe('Largest sample.'),
    count: z.int().min(0).describe('Number of samples.'),
  })
  .describe('The samples of one period.');
export type JudgePeriod = z.output<typeof judgePeriod>;

export const judgeRow = z
  .object({
    peg_name: z.string().describe('Name of the PEG or KPI.'),
    kind: z.enum(['peg', 'kpi']).describe('What the row is about.'),
    family: z.string().nullable().describe('Family of the PEG; null for KPIs and where unknown.'),
    ne,
    object,
    cell_id: cellId,
    weight,
    polarity: polarity.describe('The direction that counted as better.'),
    critical: z.boolean().describe('Whether its degradation alone fails the comparison.'),
    n_minus_1: judgePeriod.describe('Period N-1.'),
    n: judgePeriod.describe('Period N.'),
    change_absolute: finite.describe('Mean of N minus mean of N-1, in the unit of the PEG.'),
    change_percent: finite.describe('The same in percent of abs(mean of N-1); null from 0.'),
    verdict: judgeVerdict,
    p: finite.describe('Two-sided p value of the test; null without one.'),
    q: finite.describe('p after Benjamini–Hochberg over all tests of the comparison.'),
    shift: z
      .object({
        absolute: finite.describe('In the unit of the PEG.'),
        percent: finite.describe('In percent: of N-1, on the failure scale of the failures of N-1.'),
        ci_absolute: interval.describe('95 % interval; an end is null where it is unbounded.'),
        ci_percent: interval.describe('95 % interval; an end is null where it is unbounded.'),
      })
      .nullable()
      .describe('Matched, robust shift of the level from N-1 to N; null without a test.'),
    effect: z
      .object({
        measure: z.literal('cliffs_delta').describe('Cliff’s delta.'),
        value: z.number().min(-1).max(1).describe('−1: all of N below N-1; 1: above. The daily pattern is taken out.'),
      })
      .nullable()
      .describe('Effect size; null where it cannot be had.'),
    threshold: z
      .object({
        scale: z
          .enum(['relative', 'failure', 'points', 'db'])
          .describe('Percent, percent of the failures, percentage points, dB.'),
        value: z.number().positive().describe('Smallest change that matters, on the scale.'),
      })
      .describe('The practical threshold.'),
    findings: z.array(judgeFinding).describe('What was noticed beside the verdict.'),
    test: z.enum(JUDGE_TESTS).describe('The test behind p.'),
    reason: judgeReason,
    sentences: z
      .object({ en: z.string().describe('In English.'), ko: z.string().describe('In Korean.') })
      .describe('The verdict and its reason in a sentence.'),
    evidence: z
      .object({
        match: z
          .enum(['time_of_week', 'time_of_day', 'common_hours', 'unpaired'])
          .nullable()
          .describe('How the samples of both periods were put beside each other.'),
        days: z.tuple([z.int(), z.int()]).describe('Whole days used in N-1 and N.'),
        standard_error: finite.describe('Of the shift, in `domain`.'),
        degrees_of_freedom: finite.describe('Behind the interval; null: normal distribution.'),
        domain: z.enum(['log', 'linear']).nullable().describe('`log`: of ln ratios; `linear`: in the unit.'),
        rank_test: z
          .object({
            test: z.enum(['wilcoxon_signed_rank', 'mann_whitney']).describe('Which.'),
            p: z.number().min(0).max(1).describe('Two-sided.'),
            pairs: z.int().min(0).describe('Units compared.'),
          })
          .nullable()
          .describe('The rank test beside the main one.'),
        smallest_detectable: finite.describe(
          'Inconclusive: the smallest change that would have been found 9 times of 10, on the scale of the threshold.',
        ),
        hours_needed: finite.describe('Inconclusive: about so many more hours in each period.'),
        spread_ratio: finite.describe('Scatter of N / scatter of N-1; null where not measured.'),
        onset: z
          .object({
            date: z.string().describe('First local day after the step.'),
            period: z.enum(['n_minus_1', 'n']).describe('The period with the step.'),
            size: z.number().describe('On the scale of the threshold.'),
          })
          .nullable()
          .describe('A lasting step inside a period.'),
        outlier_days: z
          .array(
            z.object({
              date: z.string().describe('Local date.'),
              period: z.enum(['n_minus_1', 'n']).describe('Its period.'),
              size: z.number().describe('Distance from the other days, on the scale of the threshold.'),
            }),
          )
          .describe('Days apart from the others of their period.'),
      })
      .describe('What is behind the verdict.'),
    quality: z
      .object({
        completeness: z
          .tuple([z.number().min(0), z.number().min(0)])
          .describe('Samples present / expected in N-1 and N.'),
        flags: z.array(z.string()).describe('Remarks on the data, e.g. `few_days`, `suspect_samples`.'),
      })
      .describe('How good the data is.'),
    severity: z.number().min(0).describe('weight × abs(effect)/threshold × (1 − q).'),
  })
  .describe('One PEG or KPI of one place in both periods, judged.');
export type JudgeRow = z.output<typeof judgeRow>;

const count = z.int().min(0);

export const judgeContribution = z
  .object({
    peg_name: z.string().describe('Name of the PEG or KPI.'),
    family: z.string().nullable().describe('Family of the PEG.'),
    cells: z
      .array(
        z.object({
          ne,
          object,
          cell_id: cellId,
          share: z.number().describe('Share of the sum of the cells’ changes, −1…1; negative: against the others.'),
          change_absolute: z.number().describe('Change of the level, in the unit of the PEG.'),
          verdict: judgeVerdict,
        }),
      )
      .describe('Largest part first, at most ten.'),
  })
  .describe('Which cells make up the change of a PEG.');
export type JudgeContribution = z.output<typeof judgeContribution>;

export const judgeScore = z.object({
  score: z.number().min(0).max(100).nullable().describe('Weight not degraded × 100; null where nothing was judged.'),
  verdict: z.enum(['PASS', 'MARGINAL', 'FAIL', 'NO_VERDICT']).describe('By the score, critical PEGs and coverage.'),
  reasons: z.array(z.string()).describe('Why.'),
});
export type JudgeScore = z.output<typeof judgeScore>;

export const judgeSummary = z
  .object({
    series: count.describe('Number of rows; the sum of the eight counts.'),
    improved: count.describe('Rows that became better.'),
    degraded: count.describe('Rows that became worse.'),
    unchanged: count.describe('Rows shown to be unchanged.'),
    changed: count.describe('Neutral rows that changed.'),
    inconclusive: count.describe('Rows that could not be decided.'),
    insufficient_data: count.describe('Rows without a test.'),
    added: count.describe('Rows in N only.'),
    removed: count.describe('Rows in N-1 only.'),
    ...judgeScore.shape,
    findings: z
      .array(z.enum(['load_changed', 'quality_changed', 'single_day', 'few_days']))
      .describe('What holds for the comparison as a whole.'),
  })
  .describe('Counts, score and verdict.');
export type JudgeSummary = z.output<typeof judgeSummary>;
