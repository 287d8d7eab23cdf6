/** `GET /api/master/{pegs,ne,cells}` and `PUT /api/master/pegs/{name}` */
import { z } from 'zod';
import { cursor, MAX_NAME_CHARACTERS, PEG_KINDS, pegKind, polarity, weight } from './fields.ts';
import { thresholds } from './kpi-definitions.ts';
import { strictObject } from './strict-object.ts';

export const DEFAULT_MASTER_LIMIT = 1000;
export const MAX_MASTER_LIMIT = 10_000;

/**
 * Query of the lists. A list is a bare array; where there is more, the header `X-Next-Cursor` carries the cursor of the
 * next page.
 */
export const masterQuery = strictObject({
  q: z.string().trim().max(MAX_NAME_CHARACTERS).optional().describe('Part of the name, in upper or lower case.'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_MASTER_LIMIT)
    .default(DEFAULT_MASTER_LIMIT)
    .describe('Largest number of entries of one answer.'),
  cursor: cursor.optional().describe('The header `X-Next-Cursor` of the page before.'),
});
export type MasterQuery = z.output<typeof masterQuery>;

/** The cells, also by network element. */
export const masterCellsQuery = masterQuery.safeExtend({
  ne: z.string().trim().min(1).max(MAX_NAME_CHARACTERS).optional().describe('Cells of this network element only.'),
});
export type MasterCellsQuery = z.output<typeof masterCellsQuery>;

const rat = z.string().nullable().describe('Radio access technology, e.g. `NR`; null where unknown.');

export const masterPeg = z
  .object({
    peg_name: z.string().describe('Name of the PEG.'),
    description: z.string().nullable().describe('What it counts; null where unknown.'),
    unit: z.string().nullable().describe('Unit; null where unknown.'),
    family: z.string().describe('Object class of 3GPP files, or the family name of exports.'),
    rat,
    polarity: polarity
      .nullable()
      .describe('Which direction is better; null: nobody has said (algorithms take higher).'),
    weight: weight.nullable().describe('1–10; null: the default of 5.'),
    kind: z.enum(PEG_KINDS).nullable().describe('How the counter aggregates; null where unknown.'),
    critical: z.boolean().describe('Its degradation fails a run.'),
    thresholds: thresholds.nullable().describe('Practical thresholds by name; null: the defaults.'),
    base_name: z.string().describe('The counter that it is a sub-counter of, or its own name.'),
    dimensions: z
      .record(z.string(), z.string())
      .describe('For a sub-counter: values by dimension, e.g. `{"QCI":"9"}`.'),
  })
  .describe('A PEG of the catalogue.');
export type MasterPeg = z.output<typeof masterPeg>;
export const masterPegsResponse = z.array(masterPeg).describe('PEGs by family and name.');

export const masterNe = z
  .object({
    ne: z.string().describe('Name of the network element.'),
    user_label: z.string().nullable().describe('Label given by the operator.'),
    vendor: z.string().nullable().describe('Vendor.'),
    sw_version: z.string().nullable().describe('Software version last seen.'),
  })
  .describe('A network element.');
export type MasterNe = z.output<typeof masterNe>;
export const masterNesResponse = z.array(masterNe).describe('Network elements by name.');

export const masterCell = z
  .object({
    ne: z.string().describe('Network element of the cell.'),
    cell_id: z.string().describe('Cell id, unique within its network element and RAT.'),
    rat,
    entity_id: z.string().describe('`<ne>#<cell id>`, as answers name it.'),
    objects: z.array(z.string()).describe('Measured objects that are this cell, e.g. its CU and DU objects.'),
  })
  .describe('A cell.');
export type MasterCell = z.output<typeof masterCell>;
export const masterCellsResponse = z.array(masterCell).describe('Cells by network element and cell id.');

export const masterFamily = z
  .object({
    family: z.string().describe('Name of the family.'),
    rat,
    pegs: z.int().min(1).describe('Number of its PEGs.'),
  })
  .describe('A family of PEGs: an object class of 3GPP files, or a family of exports.');
export type MasterFamily = z.output<typeof masterFamily>;
export const masterFamiliesResponse = z.array(masterFamily).describe('Families by name.');

/** Body of `PUT /api/master/pegs/{name}`: absent keys stay as they are, null goes back to the default. */
export const masterPegUpdate = strictObject({
  family: z
    .string()
    .trim()
    .min(1)
    .max(MAX_NAME_CHARACTERS)
    .optional()
    .describe('Family of the PEG; needed where the name is in several.'),
  polarity: polarity.nullable().optional(),
  weight: weight.nullable().optional(),
  critical: z.boolean().optional().describe('Its degradation fails a run.'),
  thresholds: thresholds
    .refine((value) => Object.keys(value).length <= 32, { error: 'at most 32 thresholds' })
    .nullable()
    .optional(),
  kind: pegKind.nullable().optional(),
  unit: z.string().trim().max(64).nullable().optional().describe('Unit, e.g. `kbit/s`.'),
  description: z.string().trim().max(2000).nullable().optional().describe('What it counts.'),
}).refine((update) => Object.keys(update).some((key) => key !== 'family'), {
  error: 'nothing to change: give at least one of polarity, weight, critical, thresholds, kind, unit, description',
});
export type MasterPegUpdate = z.output<typeof masterPegUpdate>;

export const MASTER_PEG_EXAMPLE: MasterPeg = {
  peg_name: 'RRC.ConnEstabSucc.sum',
  description: 'Successful RRC connection establishments',
  unit: null,
  family: 'NRCellCU',
  rat: 'NR',
  polarity: 'higher_better',
  weight: 8,
  kind: 'cumulative',
  critical: false,
  thresholds: null,
  base_name: 'RRC.ConnEstabSucc',
  dimensions: {},
};
export const MASTER_NE_EXAMPLE: MasterNe = {
  ne: 'nvgnb#10000',
  user_label: null,
  vendor: 'Vendor',
  sw_version: '5.1.0',
};
export const MASTER_CELL_EXAMPLE: MasterCell = {
  ne: 'nvgnb#10000',
  cell_id: '2010',
  rat: 'NR',
  entity_id: 'nvgnb#10000#2010',
  objects: ['GNBCUCPFunction=1,NRCellCU=2010', 'GNBDUFunction=1,NRCellDU=2010'],
};
export const MASTER_PEG_UPDATE_EXAMPLE: MasterPegUpdate = { polarity: 'lower_better', weight: 9 };
