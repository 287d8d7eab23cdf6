/** `GET /api/master/kpis`, `GET /api/kpi/coverage`, and `PUT`, `DELETE /api/master/kpis/{name}` */
import { z } from 'zod';
import { polarity, weight } from './fields.ts';
import { formulaText, thresholds } from './kpi-definitions.ts';
import { masterQuery } from './master.ts';
import { strictObject } from './strict-object.ts';

export const KPI_CATEGORIES = [
  'accessibility',
  'retainability',
  'mobility',
  'integrity',
  'availability',
  'utilisation',
] as const;

const replacement = z
  .object({
    counter: z.string().describe('The counter as the KPI refers to it.'),
    by: z.string().describe('What stands in for it, in the language of formulas.'),
    vendor: z.string().nullable().describe('Null where it is another form of the same counter.'),
    note: z.string().nullable().describe('How it differs.'),
  })
  .describe('A counter that is not delivered under its own name.');

const missingCounter = z
  .object({
    counter: z.string().describe('The counter that is missing.'),
    would_do: z
      .array(z.object({ vendor: z.string().describe('Vendor.'), formula: z.string().describe('Its counters.') }))
      .describe('Counters of vendors that would do instead.'),
  })
  .describe('A counter that no file has brought.');

export const masterKpi = z
  .object({
    name: z.string().describe('Id of the catalogue, e.g. `L01`, or the name that an administrator gave.'),
    name_en: z.string().nullable().describe('Name in English; null for KPIs of administrators.'),
    name_ko: z.string().nullable().describe('Name in Korean; null for KPIs of administrators.'),
    source: z.enum(['catalogue', 'stored']).describe('`stored`: defined or changed by an administrator.'),
    formula: z.string().nullable().describe('As its author wrote it.'),
    version: z.int().min(0).describe('Version of the formula.'),
    effective_from: z.string().nullable().describe('Since when the formula is so, ISO 8601.'),
    unit: z.string().nullable().describe('Unit; null where unknown.'),
    rat: z.string().nullable().describe('Radio access technology; null: any.'),
    category: z.string().nullable().describe('Service category of 3GPP.'),
    polarity: polarity.nullable().describe('Which direction is better; null: nobody has said.'),
    weight: weight.nullable().describe('1–10; null: the default of 5.'),
    critical: z.boolean().describe('Its degradation fails a run.'),
    thresholds: thresholds.nullable().describe('Practical thresholds by effect scale.'),
    clause: z.string().nullable().describe('Clause of the standard.'),
    core: z.boolean().describe('Of the default set.'),
    description: z.string().nullable().describe('What it says; `unverified:` where clause, names or unit are unsure.'),
    computable: z.boolean().describe('Whether the counters at hand give it.'),
    computed_by: z
      .string()
      .nullable()
      .describe('The formula on the counters at hand; null where it is not computable.'),
    replaced: z.array(replacement).describe('Counters that others stand in for.'),
    reason: z.string().nullable().describe('Why it is not computable.'),
    missing: z.array(missingCounter).describe('Counters that it lacks.'),
  })
  .describe('A KPI, and whether it can be computed from the counters at hand.');
export type MasterKpi = z.output<typeof masterKpi>;
export const masterKpisResponse = z.array(masterKpi).describe('KPIs by name.');

/** Query of the list of KPIs. */
export const masterKpisQuery = masterQuery.safeExtend({
  computable: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .describe('Only those that the counters at hand give, or only the others.'),
});
export type MasterKpisQuery = z.output<typeof masterKpisQuery>;

const storableText = z.string().refine((value) => !value.includes('\0') && value.isWellFormed(), {
  error: 'holds a NUL character or half a surrogate pair',
});

/** Body of `PUT /api/master/kpis/{name}`: absent keys stay as they are, null goes back to the catalogue's. */
export const masterKpiUpdate = strictObject({
  formula: formulaText.nullable().optional(),
  unit: storableText.trim().max(64).nullable().optional().describe('Unit, e.g. `%`.'),
  rat: z.enum(['LTE', 'NR']).nullable().optional().describe('Bare names mean counters of all families of this RAT.'),
  category: z.enum(KPI_CATEGORIES).nullable().optional().describe('Service category of 3GPP.'),
  polarity: polarity.nullable().optional(),
  weight: weight.nullable().optional(),
  critical: z.boolean().nullable().optional().describe('Its degradation fails a run.'),
  thresholds: thresholds
    .refine((value) => Object.keys(value).length <= 32, { error: 'at most 32 thresholds' })
    .nullable()
    .optional(),
  description: storableText.trim().max(2000).nullable().optional().describe('What it says.'),
}).refine((update) => Object.keys(update).length > 0, { error: 'nothing to change' });
export type MasterKpiUpdate = z.output<typeof masterKpiUpdate>;

export const masterKpiRemoved = z
  .object({ name: z.string().describe('The name.'), removed: z.literal(true).describe('Always true.') })
  .describe('What an administrator said of the KPI is gone; one of the catalogue is as shipped again.');

export const kpiCoverageResponse = z
  .object({
    catalogue_version: z.string().describe('Version of the shipped catalogue.'),
    computable: z.int().min(0).describe('KPIs that the counters at hand give.'),
    not_computable: z.int().min(0).describe('KPIs that lack a counter.'),
    kpis: z.array(masterKpi).describe('All KPIs by name.'),
  })
  .describe('What the counters at hand can give.');
export type KpiCoverageResponse = z.output<typeof kpiCoverageResponse>;

export const MASTER_KPI_EXAMPLE: MasterKpi = {
  name: 'L01',
  name_en: 'RRC setup success rate',
  name_ko: 'RRC 연결 설정 성공률',
  source: 'catalogue',
  formula: '100*RRC.ConnEstabSucc.sum/RRC.ConnEstabAtt.sum',
  version: 1,
  effective_from: '2026-11-22',
  unit: '%',
  rat: 'LTE',
  category: 'accessibility',
  polarity: 'higher_better',
  weight: 8,
  critical: false,
  thresholds: { failure: 20 },
  clause: '32.425 4.1.1.2, 4.1.1.1; 32.450 6.1.1',
  core: true,
  description: 'First factor of E-RAB accessibility.',
  computable: false,
  computed_by: null,
  replaced: [],
  reason: 'not computable: counter RRC.ConnEstabSucc.sum missing',
  missing: [{ counter: 'RRC.ConnEstabSucc.sum', would_do: [{ vendor: 'Ericsson', formula: 'pmRrcConnEstabSucc' }] }],
};
export const MASTER_KPI_UPDATE_EXAMPLE: MasterKpiUpdate = {
  formula: "100*'Drops'/'Calls'",
  unit: '%',
  polarity: 'lower_better',
  weight: 9,
};
