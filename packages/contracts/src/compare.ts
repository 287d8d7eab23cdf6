/** `POST /api/compare`, and the document of `compare --format json`. */
import { z } from 'zod';
import { COMPARE_LEVELS, cellId, nameList, ne, object, periodText, timeZone, utcTime, warning } from './fields.ts';
import { completeness, measuredShape, pegDefinitions } from './kpi-definitions.ts';
import { PEG_COMPARISON_ROW_EXAMPLE, pegComparisonRow, pegComparisonSummary } from './peg-comparison.ts';
import { oneOf, strictObject } from './strict-object.ts';

const cellFilter = 'Cell ids, exact (20 is not 200); none: all.';

/** Body of `POST /api/compare`. Parsing gives `cellid` whatever alias was used, and lists as arrays. */
export const compareRequest = strictObject({
  n_minus_1: periodText.describe(
    'Period N-1, before the change: `2025-08-13_00:00~2025-08-13_23:59`, `A/B`, or a date.',
  ),
  n: periodText.describe('Period N, after the change; written like `n_minus_1`.'),
  ne: nameList.optional().describe('Network elements; none: all.'),
  cellid: nameList.optional().describe(cellFilter),
  cell_id: nameList.optional().describe(`Alias of \`cellid\`. ${cellFilter}`),
  cell: nameList.optional().describe(`Alias of \`cellid\`. ${cellFilter}`),
  pegs: nameList
    .optional()
    .describe('PEGs: names, `Family/Name`, or globs such as `RRC.*`; none: all, or no PEGs where KPIs are asked for.'),
  kpis: nameList
    .optional()
    .describe(
      'KPIs: ids or names of the catalogue, names of stored KPIs and of formulas in `peg_definitions`. None: all formulas of `peg_definitions`.',
    ),
  by: z.enum(COMPARE_LEVELS).optional().describe('Level of a result row. Default `cell`.'),
  algorithm_version: z
    .string()
    .trim()
    .min(1)
    .max(32)
    .optional()
    .describe('Algorithm: `v2.1.0` (the default), or `judge-1` (alias `judge`).'),
  alpha: z
    .number()
    .gt(0)
    .max(0.5)
    .optional()
    .describe('False discovery rate that a verdict may have; default 0.01. Not used by `v2.1.0`.'),
  threshold: z
    .number()
    .gt(0)
    .max(1000)
    .optional()
    .describe(
      'Smallest change that matters, in percent, for all series on a scale in percent, before what their definitions say. Not used by `v2.1.0`.',
    ),
  timezone: timeZone.optional(),
  peg_definitions: pegDefinitions
    .optional()
    .describe(
      'By name: a KPI by its formula, or what counts for a PEG (`Family/Name` where its name is in several) or KPI.',
    ),
}).transform(({ cellid, cell_id, cell, ...request }, context) => ({
  ...request,
  ne: request.ne ?? [],
  cellid: oneOf(context, { cellid, cell_id, cell }) ?? [],
  pegs: request.pegs ?? [],
  kpis: request.kpis ?? [],
  by: request.by ?? 'cell',
  peg_definitions: request.peg_definitions ?? {},
}));
export type CompareRequest = z.output<typeof compareRequest>;
export type CompareRequestInput = z.input<typeof compareRequest>;

export const COMPARE_VERDICTS = ['PASS', 'MARGINAL', 'FAIL', 'NO_VERDICT'] as const;
export type CompareVerdict = (typeof COMPARE_VERDICTS)[number];

const period = z.object({
  start: utcTime.describe('Begin, UTC, inclusive.'),
  end: utcTime.describe('End, UTC, exclusive.'),
});

export const comparePeriods = z
  .object({ n_minus_1: period.describe('Period N-1.'), n: period.describe('Period N.') })
  .describe('The two periods.');

const kpiPeriod = z.object({
  value: z.number().nullable().describe('The KPI over the whole period: the same as the average.'),
  ...measuredShape,
});

export const kpiPeriods = z
  .object({
    n_minus_1: kpiPeriod.describe('In period N-1.'),
    n: kpiPeriod.describe('In period N.'),
  })
  .describe('For KPIs: what is behind the averages.');

const entityCounts = z
  .object({
    both: z.int().min(0).describe('With samples in both periods.'),
    only_n_minus_1: z.int().min(0).describe('With samples in N-1 only.'),
    only_n: z.int().min(0).describe('With samples in N only.'),
  })
  .describe('Cells (or objects that are none) that stand behind the row.');

export const compareQuality = z
  .object({
    completeness: z
      .tuple([completeness, completeness])
      .describe('Samples that are there over those that should be, in N-1 and in N.'),
    granularity_s: z
      .int()
      .min(1)
      .nullable()
      .describe(
        'Length of the samples in seconds: the average of a count is one of counts of so many seconds. Null without samples.',
      ),
    left_out: z
      .array(
        z.object({
          granularity_s: z.int().min(1).describe('Length of the samples in seconds.'),
          samples: z.tuple([z.int().min(0), z.int().min(0)]).describe('How many, in N-1 and in N.'),
        }),
      )
      .describe('Samples of other lengths, which were left out (`mixed_granularity`).'),
    cells: entityCounts.optional().describe('Where several cells are taken together.'),
  })
  .describe('What the comparison stands on.');
export type CompareQuality = z.output<typeof compareQuality>;

export const compareResultRow = pegComparisonRow
  .extend({
    id: z.string().describe('Id of the row within this document: `r1`, `r2`, …'),
    kind: z
      .enum(['peg', 'kpi'])
      .describe(
        'What the row is about. The samples of a PEG over several cells are, by granularity period, their sum (counts) or weighted mean. The average of a KPI is its value over the whole period, of what its counters add up to (of an amount: by granularity period), never a mean of ratios; its samples are its values by granularity period.',
      ),
    ne,
    cell_id: cellId,
    object,
    family: z.string().nullable().describe('Family of the PEG; null for KPIs.'),
    unit: z.string().nullable().describe('Unit of the averages; null where unknown.'),
    quality: compareQuality,
    kpi: kpiPeriods.optional(),
  })
  .describe('One PEG of one cell, NE or of the network, in both periods.');
export type CompareResultRow = z.output<typeof compareResultRow>;

export const compareSummary = pegComparisonSummary
  .extend({
    score: z
      .number()
      .min(0)
      .max(100)
      .nullable()
      .describe('Share of the weight not declined × 100; null without comparable rows.'),
    verdict: z
      .enum(COMPARE_VERDICTS)
      .describe('`PASS` from 95, `MARGINAL` from 75, else `FAIL`; `NO_VERDICT` without comparable rows.'),
    reasons: z.array(z.string()).describe('Why the verdict is what it is.'),
  })
  .describe('Counts, score and verdict.');
export type CompareSummary = z.output<typeof compareSummary>;

/** Result of algorithm `v2.1.0`. */
export const compareDocument = z
  .object({
    algorithm_version: z.literal('v2.1.0').describe('The algorithm that made the result.'),
    periods: comparePeriods,
    summary: compareSummary,
    results: z.array(compareResultRow).describe('Most severe first: declined, then by weight × abs(change_percent).'),
    warnings: z.array(warning).describe('What the caller should know about periods, selection and data.'),
  })
  .describe('Two periods compared.');
export type CompareDocument = z.output<typeof compareDocument>;

export const COMPARE_REQUEST_EXAMPLE: CompareRequestInput = {
  n_minus_1: '2025-08-13_00:00~2025-08-13_23:59',
  n: '2025-08-14_00:00~2025-08-14_23:59',
  ne: 'nvgnb#10000,nvgnb#10001',
  cellid: ['2010', '2011'],
  pegs: ['UL_throughput_avg'],
  algorithm_version: 'v2.1.0',
  timezone: 'Asia/Seoul',
  peg_definitions: { UL_throughput_avg: { weight: 8, polarity: 'higher_better' } },
};

export const COMPARE_DOCUMENT_EXAMPLE: CompareDocument = {
  algorithm_version: 'v2.1.0',
  periods: {
    n_minus_1: { start: '2025-08-12T15:00:00Z', end: '2025-08-13T15:00:00Z' },
    n: { start: '2025-08-13T15:00:00Z', end: '2025-08-14T15:00:00Z' },
  },
  summary: {
    total_pegs: 1,
    improved: 1,
    declined: 0,
    stable: 0,
    neutral: 0,
    incomplete: 0,
    weighted_avg_change: 32.608695652173914,
    overall_trend: 'improving',
    score: 100,
    verdict: 'PASS',
    reasons: ['100 % of the weight of 1 comparable PEGs has not declined'],
  },
  results: [
    {
      id: 'r1',
      kind: 'peg',
      ne: PEG_COMPARISON_ROW_EXAMPLE.metadata.ne,
      cell_id: PEG_COMPARISON_ROW_EXAMPLE.metadata.cell_id,
      object: PEG_COMPARISON_ROW_EXAMPLE.metadata.object,
      family: PEG_COMPARISON_ROW_EXAMPLE.metadata.family,
      unit: 'Mbit/s',
      quality: { completeness: [1, 1], granularity_s: 900, left_out: [] },
      ...PEG_COMPARISON_ROW_EXAMPLE,
    },
  ],
  warnings: [],
};
