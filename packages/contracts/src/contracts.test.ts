import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import * as contracts from './index.ts';

const EXAMPLES: readonly [string, z.ZodType, unknown][] = [
  ['compareRequest', contracts.compareRequest, contracts.COMPARE_REQUEST_EXAMPLE],
  ['compareAnswer', contracts.compareAnswer, contracts.JUDGE_DOCUMENT_EXAMPLE],
  ['judgeDocument', contracts.judgeDocument, contracts.JUDGE_DOCUMENT_EXAMPLE],
  ['compareDocument', contracts.compareDocument, contracts.COMPARE_DOCUMENT_EXAMPLE],
  ['pegComparisonRequest', contracts.pegComparisonRequest, contracts.PEG_COMPARISON_REQUEST_EXAMPLE],
  ['pegComparisonRow', contracts.pegComparisonRow, contracts.PEG_COMPARISON_ROW_EXAMPLE],
  ['kpiQueryRequest', contracts.kpiQueryRequest, contracts.KPI_QUERY_REQUEST_EXAMPLE],
  ['kpiQueryResponse', contracts.kpiQueryResponse, contracts.KPI_QUERY_RESPONSE_EXAMPLE],
  ['kpiStatisticsRequest', contracts.kpiStatisticsRequest, contracts.KPI_STATISTICS_REQUEST_EXAMPLE],
  ['kpiStatisticsResponse', contracts.kpiStatisticsResponse, contracts.KPI_STATISTICS_RESPONSE_EXAMPLE],
  ['masterPegsResponse', contracts.masterPegsResponse, [contracts.MASTER_PEG_EXAMPLE]],
  ['masterNesResponse', contracts.masterNesResponse, [contracts.MASTER_NE_EXAMPLE]],
  ['masterCellsResponse', contracts.masterCellsResponse, [contracts.MASTER_CELL_EXAMPLE]],
  ['masterPegUpdate', contracts.masterPegUpdate, contracts.MASTER_PEG_UPDATE_EXAMPLE],
  ['masterKpisResponse', contracts.masterKpisResponse, [contracts.MASTER_KPI_EXAMPLE]],
  ['masterKpiUpdate', contracts.masterKpiUpdate, contracts.MASTER_KPI_UPDATE_EXAMPLE],
  ['ingestResponse', contracts.ingestResponse, contracts.INGEST_RESPONSE_EXAMPLE],
  ['ingestFilesResponse', contracts.ingestFilesResponse, contracts.INGEST_FILES_RESPONSE_EXAMPLE],
  ['quarantineResponse', contracts.quarantineResponse, contracts.QUARANTINE_RESPONSE_EXAMPLE],
  ['quarantineRetryResponse', contracts.quarantineRetryResponse, contracts.QUARANTINE_RETRY_RESPONSE_EXAMPLE],
  ['problem', contracts.problem, contracts.PROBLEM_EXAMPLE],
];

const schemas = Object.entries(contracts).filter(
  (entry): entry is [string, z.ZodType] => entry[1] instanceof z.core.$ZodType,
);

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema | boolean;
}

/** Paths of the properties that have no description, neither of their own nor in the alternatives of a union. */
function undescribed(schema: JsonSchema, path: string): string[] {
  const nested = [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, property]) => [
      ...(property.description || property.anyOf?.some((option) => option.description) ? [] : [`${path}.${key}`]),
      ...undescribed(property, `${path}.${key}`),
    ]),
    ...(schema.items ? undescribed(schema.items, `${path}[]`) : []),
    ...(schema.anyOf ?? []).flatMap((option) => undescribed(option, path)),
  ];
  return typeof schema.additionalProperties === 'object'
    ? [...nested, ...undescribed(schema.additionalProperties, `${path}.*`)]
    : nested;
}

describe('examples', () => {
  it.each(EXAMPLES)('of %s parses', (_name, schema, example) => {
    expect(schema.safeParse(example)).toMatchObject({ success: true });
  });

  it.each(EXAMPLES.filter(([name]) => /Response|Document|Row|problem/.test(name)))(
    'of %s survives its schema unchanged',
    (_name, schema, example) => {
      expect(schema.parse(example)).toEqual(example);
    },
  );
});

describe('schemas', () => {
  it.each(schemas)('%s describes every property', (name, schema) => {
    expect(undescribed(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, name)).toEqual([]);
  });

  it.each(EXAMPLES)('%s can be written as OpenAPI', (name, schema) => {
    const io = /Request|Update/.test(name) ? 'input' : 'output';
    expect(() => z.toJSONSchema(schema, { io, target: 'draft-2020-12' })).not.toThrow();
  });

  it('responses refuse NaN and Infinity', () => {
    for (const value of [Number.NaN, Infinity]) {
      expect(contracts.pegComparisonPeriod.safeParse({ avg: value, rsd: null, values: [], count: 0 }).success).toBe(
        false,
      );
    }
  });

  it('times on the wire are UTC', () => {
    expect(contracts.utcTime.safeParse('2025-08-13T00:00:00Z').success).toBe(true);
    expect(contracts.utcTime.safeParse('2025-08-13T00:00:00.123Z').success).toBe(true);
    expect(contracts.utcTime.safeParse('2025-08-13T00:00:00+09:00').success).toBe(false);
    expect(contracts.utcTime.safeParse('2025-08-13T00:00:00').success).toBe(false);
  });
});
