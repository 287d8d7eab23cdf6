/** Rows and summary of algorithm `v2.1.0`, and the document of the PEG comparison endpoints. */
import { z } from 'zod';
import {
  cellId,
  MAX_NAME_CHARACTERS,
  MAX_TIME_CHARACTERS,
  ne,
  object,
  polarity,
  utcTime,
  warning,
  weight,
} from './fields.ts';
import { MAX_PEG_DEFINITIONS } from './kpi-definitions.ts';
import { strictObject } from './strict-object.ts';

/** Samples of one analyzer request; larger analyses read from the store instead. */
export const MAX_STATS_ROWS = 200_000;

export const pegComparisonPeriod = z
  .object({
    avg: z.number().nullable().describe('Arithmetic mean; null without samples.'),
    rsd: z.number().nullable().describe('Relative standard deviation (n−1) in percent; null for one sample or mean 0.'),
    values: z
      .array(z.number())
      .nullable()
      .describe('The samples in time order where times are known, else ascending; null beyond 200.'),
    count: z.int().min(0).describe('Number of samples.'),
    values_omitted: z.literal(true).optional().describe('Present where there are too many samples to list.'),
  })
  .describe('One PEG in one period.');
export type PegComparisonPeriod = z.output<typeof pegComparisonPeriod>;

export const COMPARISON_FLAGS = ['from_zero', 'to_zero', 'not_representable'] as const;

export const pegComparisonChange = z
  .object({
    change_percent: z.number().nullable().describe('Change in percent of abs(avg of N-1); null from 0.'),
    change_absolute: z
      .number()
      .nullable()
      .describe('avg(N) − avg(N-1), in the unit of the PEG; null where no double holds it.'),
    trend: z.enum(['up', 'down', 'stable']).describe('`stable` below 5 %, else the direction of the change.'),
    significance: z.enum(['high', 'medium', 'low']).describe('`high` from 20 % (and from 0), `medium` from 10 %.'),
    confidence: z.number().min(0).max(1).describe('Heuristic confidence, 0–1.'),
    flags: z
      .array(z.enum(COMPARISON_FLAGS))
      .optional()
      .describe('`from_zero`, `to_zero`; `not_representable`: a result no double holds.'),
  })
  .describe('The change from N-1 to N.');
export type PegComparisonChange = z.output<typeof pegComparisonChange>;

export const COMPARISON_OUTCOMES = ['improved', 'declined', 'stable', 'neutral', 'incomplete'] as const;
export const INCOMPLETE_REASONS = [
  'no_samples_in_n_minus_1',
  'no_samples_in_n',
  'no_samples',
  'no_common_cells',
] as const;

export const pegComparisonMetadata = z
  .object({
    ne,
    object,
    cell_id: cellId,
    family: z.string().nullable().describe('Family of the PEG; null where unknown.'),
    polarity: polarity.describe('The direction that counted as better.'),
    outcome: z
      .enum(COMPARISON_OUTCOMES)
      .describe(
        'By trend and polarity; `neutral`: a neutral PEG moved; `incomplete`: not to be compared, see `reason`.',
      ),
    calculated_at: utcTime.optional().describe('When it was calculated, UTC.'),
    data_quality: z.enum(['high', 'medium', 'low']).describe('By the spread of the samples.'),
    flags: z.array(z.string()).optional().describe('Remarks on the samples, e.g. `suspect_samples`.'),
  })
  .describe('What the row is about and how good its data is.');
export type PegComparisonMetadata = z.output<typeof pegComparisonMetadata>;

export const pegComparisonRow = z
  .object({
    peg_name: z.string().describe('Name of the PEG.'),
    weight,
    n1_period: pegComparisonPeriod.describe('Period N-1.'),
    n_period: pegComparisonPeriod.describe('Period N.'),
    comparison: pegComparisonChange.nullable().describe('Null for a PEG present in one period only; see `reason`.'),
    reason: z
      .enum(INCOMPLETE_REASONS)
      .optional()
      .describe(
        'Why `comparison` is null; `no_common_cells`: the amounts of both periods are of different cells altogether.',
      ),
    metadata: pegComparisonMetadata,
  })
  .describe('One PEG of one cell in both periods.');
export type PegComparisonRow = z.output<typeof pegComparisonRow>;

export const pegComparisonSummary = z
  .object({
    total_pegs: z.int().min(0).describe('Number of rows; the sum of the five counts.'),
    improved: z.int().min(0).describe('Rows that moved in the better direction.'),
    declined: z.int().min(0).describe('Rows that moved in the worse direction.'),
    stable: z.int().min(0).describe('Rows that moved less than 5 %.'),
    neutral: z.int().min(0).describe('Rows of neutral PEGs that moved.'),
    incomplete: z.int().min(0).describe('Rows present in one period only.'),
    weighted_avg_change: z
      .number()
      .nullable()
      .describe('Weighted mean change in percent, positive is better; null without any.'),
    overall_trend: z.enum(['improving', 'declining', 'stable']).describe('By `weighted_avg_change`, ±2 %.'),
  })
  .describe('Counts over all rows.');
export type PegComparisonSummary = z.output<typeof pegComparisonSummary>;

const name = z.string().trim().min(1).max(MAX_NAME_CHARACTERS);
const identifier = z.union([name, z.int()]).transform(String).describe('Cell id; a number is taken as its digits.');

export const pegStat = strictObject({
  kpi_name: name.describe('Name of the PEG.'),
  period: z.enum(['N-1', 'N']).describe('The period the sample belongs to.'),
  avg: z.number().nullable().describe('The sample; null where it is missing.'),
  cell_id: identifier.nullish(),
  ne: name.nullish().describe('Network element.'),
  timestamp: z.string().max(MAX_TIME_CHARACTERS).nullish().describe('Time of the sample, ISO 8601 with an offset.'),
}).describe('One sample.');
export type PegStat = z.output<typeof pegStat>;

export const pegDefinition = strictObject({
  formula: z
    .string()
    .max(4096)
    .optional()
    .describe('Formula of a derived PEG; its samples come ready-made in `stats`.'),
  weight: weight.optional(),
  polarity: polarity.optional(),
  thresholds: z.record(z.string().max(64), z.number()).optional().describe('Not used by `v2.1.0`.'),
}).describe('What is known of a PEG; what is absent comes from the catalogue.');
export type PegDefinition = z.output<typeof pegDefinition>;

const periodBound = z.string().max(MAX_TIME_CHARACTERS);
const periodInfo = z.object({
  n1_start: periodBound.describe('Begin of N-1.'),
  n1_end: periodBound.describe('End of N-1.'),
  n_start: periodBound.describe('Begin of N.'),
  n_end: periodBound.describe('End of N.'),
});

/** Body of `POST /mcp/peg-comparison/analysis`. */
export const pegComparisonRequest = strictObject({
  analysis_id: z.string().min(1).max(128).describe('The analysis the samples belong to.'),
  raw_data: strictObject({
    stats: z.array(pegStat).max(MAX_STATS_ROWS).describe('The samples of both periods.'),
    peg_definitions: z
      .record(name, pegDefinition)
      .refine((definitions) => Object.keys(definitions).length <= MAX_PEG_DEFINITIONS, {
        error: `at most ${MAX_PEG_DEFINITIONS} definitions`,
      })
      .default({})
      .describe('By name of the PEG.'),
    period_info: periodInfo.describe('The two periods, as the caller defined them.'),
  }).describe('What to compare.'),
  options: strictObject({
    include_metadata: z.boolean().default(true).describe('With the time and period of the calculation.'),
    cache_ttl: z.int().min(0).max(86_400).default(3600).describe('Seconds the caller keeps the result.'),
    algorithm_version: z.string().max(32).default('v2.1.0').describe('Algorithm to use.'),
    group_by: z.enum(['cell', 'peg']).default('cell').describe('`peg` pools the cells of a PEG.'),
  })
    .prefault({})
    .describe('How to compare.'),
}).describe('Samples of two periods to be compared.');
export type PegComparisonRequest = z.output<typeof pegComparisonRequest>;
export type PegComparisonRequestInput = z.input<typeof pegComparisonRequest>;

export const pegComparisonData = z
  .object({
    analysis_id: z.string().describe('The analysis as named in the request.'),
    peg_comparison_results: z
      .array(pegComparisonRow)
      .describe('Declined first, then by weight × abs(change_percent); incomplete rows last.'),
    summary: pegComparisonSummary,
    analysis_metadata: z
      .object({
        calculated_at: utcTime,
        algorithm_version: z.string().describe('The algorithm that made the result.'),
        data_source: z.string().describe('Where the samples came from.'),
        period_definition: periodInfo.describe('The periods as given.'),
      })
      .optional()
      .describe('When and how it was calculated.'),
    warnings: z.array(warning).describe('What the caller should know.'),
  })
  .describe('Result of a PEG comparison.');
export type PegComparisonData = z.output<typeof pegComparisonData>;

export const PEG_COMPARISON_REQUEST_EXAMPLE: PegComparisonRequestInput = {
  analysis_id: 'result_123',
  raw_data: {
    stats: [
      {
        kpi_name: 'UL_throughput_avg',
        period: 'N-1',
        avg: 45.8,
        cell_id: '2010',
        ne: 'nvgnb#10000',
        timestamp: '2025-08-13T00:00:00Z',
      },
      {
        kpi_name: 'UL_throughput_avg',
        period: 'N',
        avg: 46.9,
        cell_id: '2010',
        ne: 'nvgnb#10000',
        timestamp: '2025-08-14T00:00:00Z',
      },
    ],
    peg_definitions: { UL_throughput_avg: { weight: 8, polarity: 'higher_better' } },
    period_info: {
      n1_start: '2025-08-13T00:00:00Z',
      n1_end: '2025-08-14T00:00:00Z',
      n_start: '2025-08-14T00:00:00Z',
      n_end: '2025-08-15T00:00:00Z',
    },
  },
  options: { algorithm_version: 'v2.1.0' },
};

export const PEG_COMPARISON_ROW_EXAMPLE: PegComparisonRow = {
  peg_name: 'UL_throughput_avg',
  weight: 8,
  n1_period: { avg: 46, rsd: 2.1739130434782608, values: [45, 46, 47], count: 3 },
  n_period: { avg: 61, rsd: 1.639344262295082, values: [60, 61, 62], count: 3 },
  comparison: {
    change_percent: 32.608695652173914,
    change_absolute: 15,
    trend: 'up',
    significance: 'high',
    confidence: 0.612,
  },
  metadata: {
    ne: 'nvgnb#10000',
    object: 'ManagedElement=nvgnb#10000,GNBDUFunction=1,NRCellDU=2010',
    cell_id: '2010',
    family: 'NRCellDU',
    polarity: 'higher_better',
    outcome: 'improved',
    calculated_at: '2025-08-15T00:05:00Z',
    data_quality: 'high',
  },
};
