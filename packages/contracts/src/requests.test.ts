import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { compareRequest } from './compare.ts';
import { nameList } from './fields.ts';
import { ingestFilesQuery } from './ingest.ts';
import { kpiQueryRequest } from './kpi-query.ts';
import { kpiStatisticsRequest } from './kpi-statistics.ts';
import { masterPegUpdate, masterQuery } from './master.ts';
import { pegComparisonRequest } from './peg-comparison.ts';

const PERIODS = { n_minus_1: '2025-08-13', n: '2025-08-14' };
const RANGE = { start_date: '2025-08-13', end_date: '2025-08-14' };

function issues(schema: z.ZodType, body: unknown): string[] {
  const result = schema.safeParse(body);
  return result.success ? [] : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

describe('nameList', () => {
  it.each([
    ['20', ['20']],
    ['a, b,,a ', ['a', 'b']],
    [
      ['a', ' b '],
      ['a', 'b'],
    ],
    [['RRC.Att{QCI=9,ARP=1}'], ['RRC.Att{QCI=9,ARP=1}']],
    ['RRC.Att{QCI=9,ARP=1},b,c{,d', ['RRC.Att{QCI=9,ARP=1}', 'b', 'c{', 'd']],
    ['"SubNetwork=1,ManagedElement=2", b', ['SubNetwork=1,ManagedElement=2', 'b']],
    ['"say ""hi"", twice"', ['say "hi", twice']],
    ['"never closed, b', ['"never closed, b']],
    ['', []],
    [[], []],
  ])('takes %j as %j', (written, list) => {
    expect(nameList.parse(written)).toEqual(list);
  });

  it('is bounded in entries and in length', () => {
    expect(nameList.safeParse(Array.from({ length: 2000 }, (_, i) => `p${i}`)).success).toBe(true);
    expect(nameList.safeParse(Array.from({ length: 2001 }, (_, i) => `p${i}`)).success).toBe(false);
    expect(nameList.safeParse(Array.from({ length: 2001 }, (_, i) => `p${i}`).join(',')).success).toBe(false);
    expect(nameList.safeParse('x'.repeat(256)).success).toBe(true);
    expect(nameList.safeParse('x'.repeat(257)).success).toBe(false);
    expect(nameList.safeParse(['x'.repeat(257)]).success).toBe(false);
    expect(nameList.safeParse('x,'.repeat(100_000)).success).toBe(false);
  });

  it('says how to write what it refuses', () => {
    expect(issues(nameList, [20])).toEqual([expect.stringContaining('numbers in quotes')]);
  });
});

describe('compareRequest', () => {
  it('fills in what is absent', () => {
    expect(compareRequest.parse(PERIODS)).toEqual({
      ...PERIODS,
      ne: [],
      cellid: [],
      pegs: [],
      kpis: [],
      by: 'cell',
      peg_definitions: {},
    });
  });

  it.each(['cellid', 'cell_id', 'cell'])('takes the cell filter as %s', (key) => {
    expect(compareRequest.parse({ ...PERIODS, [key]: '20,21' }).cellid).toEqual(['20', '21']);
  });

  it('refuses one thing said twice', () => {
    expect(issues(compareRequest, { ...PERIODS, cellid: '1', cell: '2' })).toEqual([
      'cell: cellid and cell mean the same: give one of them',
    ]);
  });

  it('names an unknown key and the one that was meant', () => {
    expect(issues(compareRequest, { ...PERIODS, nMinus1: 'x' })).toEqual([
      ': unknown key "nMinus1"; did you mean "n_minus_1"?',
    ]);
    expect(issues(compareRequest, { ...PERIODS, db_config: {} })).toEqual([
      expect.stringContaining('unknown key "db_config"; known keys: n_minus_1, n, ne'),
    ]);
  });

  it('takes a formula alone for a definition, and says what is wrong inside one', () => {
    const definitions = { A: '100*B/C', D: { weight: 3 } };
    expect(compareRequest.parse({ ...PERIODS, peg_definitions: definitions }).peg_definitions).toEqual({
      A: { formula: '100*B/C' },
      D: { weight: 3 },
    });
    expect(issues(compareRequest, { ...PERIODS, peg_definitions: { A: { weigth: 3 } } })).toEqual([
      'peg_definitions.A: unknown key "weigth"; did you mean "weight"?',
    ]);
  });

  it('requires both periods', () => {
    expect(issues(compareRequest, {}).map((issue) => issue.split(':')[0])).toEqual(['n_minus_1', 'n']);
  });

  it.each([
    ['n', 'x'.repeat(129)],
    ['alpha', 0],
    ['alpha', 0.6],
    ['threshold', -1],
    ['by', 'site'],
    ['peg_definitions', { A: { weight: 11 } }],
    ['peg_definitions', { A: { polarity: 'up' } }],
    ['peg_definitions', { A: { formulas: 'B' } }],
    ['peg_definitions', { A: '' }],
    ['peg_definitions', Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`p${i}`, 'B']))],
    ['peg_definitions', Object.fromEntries(Array.from({ length: 2001 }, (_, i) => [`p${i}`, {}]))],
  ])('refuses %s out of bounds', (key, value) => {
    expect(issues(compareRequest, { ...PERIODS, [key]: value })).toHaveLength(1);
  });
});

describe('kpiQueryRequest', () => {
  it('takes aliases and comma strings', () => {
    expect(kpiQueryRequest.parse({ ...RANGE, kpi_type: 'A,B', ne: 'x', cell: ['20'] })).toEqual({
      ...RANGE,
      kpi_types: ['A', 'B'],
      ne: ['x'],
      cellid: ['20'],
      by: 'cell',
      limit: 10_000,
    });
  });

  it.each([
    [{}, 'kpi_types: kpi_types is required'],
    [{ kpi_types: ' , ' }, 'kpi_types: name at least one KPI or PEG'],
    [{ kpi_types: 'A', kpi_type: 'B' }, 'kpi_type: kpi_types and kpi_type mean the same: give one of them'],
    [{ kpi_types: 'A', cellId: '1' }, ': unknown key "cellId"; did you mean "cellid"?'],
  ])('%j: %s', (part, message) => {
    expect(issues(kpiQueryRequest, { ...RANGE, ...part })).toEqual([message]);
  });

  it.each([
    { limit: 0 },
    { limit: 100_001 },
    { interval_minutes: 0 },
    { interval_minutes: 1.5 },
    { cursor: 'x'.repeat(1025) },
    { start_date: '' },
  ])('refuses %j', (part) => {
    expect(issues(kpiQueryRequest, { ...RANGE, kpi_types: 'A', ...part })).toHaveLength(1);
  });
});

describe('other requests', () => {
  it('statistics are hourly unless asked otherwise', () => {
    expect(kpiStatisticsRequest.parse({ ...RANGE, kpi_types: ['A'], entity_ids: 'x#20' })).toEqual({
      ...RANGE,
      kpi_types: ['A'],
      ne: [],
      cellid: [],
      by: 'cell',
      entity_ids: ['x#20'],
      interval_minutes: 60,
    });
  });

  it('query strings carry numbers as text', () => {
    expect(masterQuery.parse({ limit: '5', q: ' rrc ' })).toEqual({ limit: 5, q: 'rrc' });
    expect(ingestFilesQuery.parse({})).toEqual({ limit: 100 });
    expect(issues(masterQuery, { limit: 'all' })).toHaveLength(1);
    expect(issues(ingestFilesQuery, { limit: '1001' })).toHaveLength(1);
  });

  it('an update of a PEG changes something', () => {
    expect(masterPegUpdate.parse({ weight: null })).toEqual({ weight: null });
    expect(issues(masterPegUpdate, { family: 'NRCellDU' })).toEqual([expect.stringContaining('nothing to change')]);
    expect(issues(masterPegUpdate, { weigth: 3 })).toContain(': unknown key "weigth"; did you mean "weight"?');
  });

  it('a PEG comparison fills in its options', () => {
    const request = pegComparisonRequest.parse({
      analysis_id: 'a',
      raw_data: {
        stats: [{ kpi_name: 'A', period: 'N', avg: 1, cell_id: 20 }],
        period_info: { n1_start: 'a', n1_end: 'b', n_start: 'c', n_end: 'd' },
      },
    });
    expect(request.options).toEqual({
      include_metadata: true,
      cache_ttl: 3600,
      algorithm_version: 'v2.1.0',
      group_by: 'cell',
    });
    expect(request.raw_data.stats[0].cell_id).toBe('20');
    expect(request.raw_data.peg_definitions).toEqual({});
  });
});
