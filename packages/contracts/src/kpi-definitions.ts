/** Formulas in requests, and values of KPIs in answers. */
import { z } from 'zod';
import { MAX_NAME_CHARACTERS, polarity, weight } from './fields.ts';
import { strictObject } from './strict-object.ts';

/** Formulas of one request; each may stand on the others. */
export const MAX_REQUEST_FORMULAS = 100;
/** Definitions of one request, with or without a formula. */
export const MAX_PEG_DEFINITIONS = 2000;
/** More than a formula may have: the check of formulas says the rest better. */
const MAX_FORMULA_TEXT_CHARACTERS = 100_000;

/** Text that can be stored: PostgreSQL takes no NUL, and half a surrogate pair is no text. */
export const storableName = z
  .string()
  .trim()
  .min(1)
  .max(MAX_NAME_CHARACTERS)
  .refine((value) => !value.includes('\0') && value.isWellFormed(), {
    error: 'holds a NUL character or half a surrogate pair',
  });

export const formulaText = z
  .string()
  .trim()
  .min(1)
  .max(MAX_FORMULA_TEXT_CHARACTERS)
  .describe(
    "Formula over PEGs and KPIs, e.g. `100*Succ/Att`: `+ - * / ^`, comparisons, `if(cond,a,b)`, `min max abs sqrt log exp`; names with other letters in single quotes, `X{QCI=9}`, `X{QCI=*}`, `'Family/Name'`. Counters are aggregated first, then the formula is applied.",
  );

export const thresholds = z.record(z.string().min(1).max(64), z.number()).describe('Practical thresholds by name.');

const definition = strictObject({
  formula: formulaText.optional(),
  unit: z.string().trim().max(64).optional().describe('Unit of the KPI; checked where it and the counters’ are known.'),
  weight: weight.optional(),
  polarity: polarity.optional(),
  thresholds: thresholds.optional(),
}).describe('A KPI with a formula, or what counts for a PEG in place of what the catalogue says.');

/** By name: the definition, or the formula alone. Parsing gives definitions. */
export const pegDefinitions = z
  .record(
    storableName,
    z.union([formulaText, definition], {
      error: (issue) =>
        issue.code === 'invalid_union' && typeof issue.input === 'object' ? nestedMessage(issue.errors[1]) : undefined,
    }),
  )
  .refine((definitions) => Object.keys(definitions).length <= MAX_PEG_DEFINITIONS, {
    error: `at most ${MAX_PEG_DEFINITIONS} definitions`,
  })
  .transform((definitions) =>
    Object.fromEntries(
      Object.entries(definitions).map(([name, given]) => [
        name,
        typeof given === 'string' ? { formula: given } : given,
      ]),
    ),
  )
  .refine(
    (definitions) =>
      Object.values(definitions).filter(({ formula }) => formula !== undefined).length <= MAX_REQUEST_FORMULAS,
    { error: `at most ${MAX_REQUEST_FORMULAS} formulas` },
  );
export type PegDefinitions = z.output<typeof pegDefinitions>;

function nestedMessage(issues: readonly z.core.$ZodIssue[] | undefined): string | undefined {
  const [issue] = issues ?? [];
  return issue && [issue.path.join('.'), issue.message].filter((text) => text !== '').join(': ');
}

export const completeness = z
  .number()
  .min(0)
  .max(1)
  .describe('Samples that are there over those that should be, 0–1; of several counters the lowest.');

export const measuredFlag = z.enum([
  'numerator_above_denominator',
  'negative_count',
  'mixed_granularity',
  'spans_buckets',
]);

/** What stands beside a value that was aggregated. */
export const measuredShape = {
  numerator: z.number().nullable().describe('Of a ratio of counts; null for others.'),
  denominator: z.number().nullable().describe('Of a ratio of counts; null for others.'),
  completeness,
  reason: z.string().nullable().describe('Why there is no value, `code: words`; null where there is one.'),
  flags: z
    .array(measuredFlag)
    .describe(
      '`numerator_above_denominator`: more successes than attempts; `negative_count`; `mixed_granularity`: samples of a longer granularity were left out, since the shorter ones say the same; `spans_buckets`: a sample reaches beyond the end of the bucket that it begins in. The value is given as it is.',
    ),
};
