import type {
  CompareDocument,
  KpiQueryResponse,
  KpiRecord,
  KpiStatisticsResponse,
  MasterKpi,
} from '@pegboard/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp, type TestSeries, writeSamples } from '../../testing/test-app.ts';

let server: TestApp;
const N1 = '2025-08-07T00:00:00Z';
const N = '2025-08-08T00:00:00Z';
const DAYS = { n_minus_1: '2025-08-07', n: '2025-08-08' };
const FIRST_DAY = { start_date: '2025-08-07', end_date: '2025-08-07' };
const ATT = 'RRC.ConnEstabAtt.sum';
const SUCC = 'RRC.ConnEstabSucc.sum';

const lte = (
  cell: number,
  begin: string,
  values: TestSeries['values'],
  more: Partial<TestSeries> = {},
): TestSeries => ({
  ...{ ne: 'ENB1', ldn: `EUtranCellFDD=${cell}`, begin, values },
  ...more,
});

beforeAll(async () => {
  server = await createTestApp();
  await writeSamples(server.services.store, [
    // Three cells of unequal traffic over two quarters: 900/1000 and 0/0, 50/100 and 100/100, 0/10 and 10/10.
    lte(1, N1, { [ATT]: [1000, 0], [SUCC]: [900, 0] }),
    lte(2, N1, { [ATT]: [100, 100], [SUCC]: [50, 100] }),
    lte(3, N1, { [ATT]: [10, 10], [SUCC]: [0, 10] }, { ldn: 'EUtranCellTDD=3' }),
    lte(1, N, { [ATT]: [1000, 10], [SUCC]: [500, 5] }),
    lte(2, N, { [ATT]: [100, 100], [SUCC]: [100, 50] }),
    lte(3, N, { [ATT]: [10, 10], [SUCC]: [12, 10] }, { ldn: 'EUtranCellTDD=3' }),
    // The node repeats the totals of its cells under the same names: they must not count twice.
    lte(0, N1, { [ATT]: [1110, 110], [SUCC]: [950, 110] }, { ldn: 'ENodeBFunction=1' }),
    // A cell that delivers attempts only.
    { ne: 'ENB2', ldn: 'EUtranCellFDD=9', begin: N1, values: { [ATT]: [5000] } },
    // Kinds and dimensions.
    {
      ...{ ne: 'GNB1', ldn: 'NRCellDU=1', begin: N1 },
      values: {
        'RRU.PrbTotDl': [10, 20, null, 30],
        'DRB.UEThpDl': [100, 400, 300, null],
        'DRB.PdcpSduVolumeDL': [3, 1, null, 7],
        'DRB.EstabAtt.9': [10, 10],
        'DRB.EstabAtt.7': [5, 5],
        'DRB.EstabAtt.01': [15, 15],
        'DRB.EstabSucc.9': [9, 9],
        'DRB.EstabSucc.7': [5, 4],
        'Vol(Kbytes)': [1, 2],
        'Odd Name (x)': [1, 2],
      },
    },
    {
      ne: 'GNB1',
      ldn: 'NRCellCU=1',
      begin: N1,
      values: { 'RRC.ConnEstabAtt.1': [4, 4], 'RRC.ConnEstabSucc.1': [4, 2] },
    },
    // Hours of one counter, quarters of the other.
    { ne: 'MIX', ldn: 'NRCellDU=1', begin: N1, granularityS: 3600, values: { HourlyAtt: [100] } },
    { ne: 'MIX', ldn: 'NRCellCU=1', begin: N1, values: { QuarterSucc: [10, 20, 30, 30] } },
  ]);
  await server.services.store.describePegs([
    { family: 'NRCellDU', name: 'HourlyAtt', kind: 'cumulative' },
    { family: 'NRCellCU', name: 'QuarterSucc', kind: 'cumulative' },
    { family: 'NRCellDU', name: 'Vol(Kbytes)', kind: 'cumulative' },
  ]);
});
afterAll(() => server.close());

async function answer<Body>(url: string, request: object): Promise<Body> {
  const got = await server.post('analyst', url, request);
  if (got.statusCode !== 200) throw new Error(got.body);
  return got.json();
}
const query = (request: object) => answer<KpiQueryResponse>('/api/kpi/query', { ...FIRST_DAY, ...request });
const compare = (request: object) => answer<CompareDocument>('/api/compare', { ...DAYS, ...request });
const batch = (request: object) =>
  answer<KpiStatisticsResponse>('/api/kpi/statistics/batch', { ...FIRST_DAY, ...request });
const values = (records: readonly Pick<KpiRecord, 'value'>[]) => records.map(({ value }) => value);

describe('a ratio over cells of unequal traffic', () => {
  const quarters = [(100 * 950) / 1110, 100];
  const day = (100 * 1060) / 1220;

  it('is the ratio of sums in queries, by quarter and by day', async () => {
    const byQuarter = await query({ kpi_types: 'L01', by: 'ne', ne: 'ENB1' });
    expect(values(byQuarter.data['L01'])).toEqual(quarters);
    expect(byQuarter.data['L01'][0]).toMatchObject({
      ...{ entity_id: 'ENB1', ne: 'ENB1', cell_id: null, object: null, granularity_s: 900 },
      ...{ numerator: 950, denominator: 1110, completeness: 1, reason: null, flags: [] },
    });
    const byDay = await query({ kpi_types: ['L01'], by: 'network', ne: 'ENB1', interval_minutes: 1440 });
    expect(byDay.data['L01']).toMatchObject([{ value: day, entity_id: 'network', numerator: 1060, denominator: 1220 }]);
    expect(byDay.data['L01'][0].completeness).toBeCloseTo(2 / 96, 12);
    expect(byDay.metadata.aggregation).toEqual({ L01: 'formula' });
  });

  it('is the ratio of sums in batches', async () => {
    const { data, statistics } = await batch({ kpi_types: 'L01', by: 'ne', ne: 'ENB1', interval_minutes: 1440 });
    expect(values(data['L01'])).toEqual([day]);
    expect(statistics['L01']).toMatchObject([{ entity_id: 'ENB1', count: 2, min: quarters[0], max: 100 }]);
  });

  it('is the ratio of sums in comparisons, at each level', async () => {
    const byNe = await compare({ kpis: 'L01', by: 'ne', ne: 'ENB1' });
    expect(byNe.results).toHaveLength(1);
    expect(byNe.results[0]).toMatchObject({
      ...{ kind: 'kpi', peg_name: 'L01', ne: 'ENB1', family: null, weight: 8 },
      n1_period: { avg: day, count: 2, values: quarters },
      n_period: { avg: (100 * 677) / 1230 },
      kpi: { n_minus_1: { value: day, numerator: 1060, denominator: 1220 }, n: { numerator: 677, denominator: 1230 } },
      metadata: { polarity: 'higher_better', outcome: 'declined' },
    });
    const byCell = await compare({ kpis: 'L01', ne: 'ENB1' });
    const averages = Object.fromEntries(byCell.results.map((row) => [row.cell_id, row.n1_period.avg]));
    expect(averages).toEqual({ '1': 90, '2': 75, '3': 50 });
    const ofCell3 = byCell.results.find((row) => row.cell_id === '3');
    expect(ofCell3?.kpi?.n.flags).toEqual(['numerator_above_denominator']);
    expect(ofCell3?.metadata.flags).toContain('numerator_above_denominator');
  });

  it('compares amounts by granularity period, however long the periods are', async () => {
    const { results } = await compare({
      ...{ n_minus_1: '2025-08-07', n: '2025-08-08T00:00Z/2025-08-08T00:15Z', by: 'ne', ne: 'ENB1' },
      peg_definitions: { fails: `'LTE/${ATT}'-'LTE/${SUCC}'` },
    });
    expect(results).toMatchObject([
      { peg_name: 'fails', n1_period: { avg: 80, values: [160, 0] }, n_period: { avg: 498, values: [498] } },
    ]);
  });

  it('leaves out the attempts of a cell whose successes are missing, and says how much that is', async () => {
    const { data } = await query({ kpi_types: 'L01', by: 'network', interval_minutes: 1440 });
    expect(values(data['L01'])).toEqual([day]);
    expect(data['L01'][0].completeness).toBeCloseTo((3 * 2) / (4 * 96), 12);
    const alone = await query({ kpi_types: 'L01', ne: 'ENB2' });
    expect(alone.data['L01']).toMatchObject([
      { value: null, reason: expect.stringMatching(/^missing_input: no samples of .*RRC\.ConnEstabSucc\.sum/) },
    ]);
  });

  it('has no value for 0/0', async () => {
    const { data } = await query({ kpi_types: 'L01', cellid: 'ENB1/1' });
    expect(values(data['L01'])).toEqual([90, null]);
    expect(data['L01'][1]).toMatchObject({
      reason: '0/0: nothing was attempted'.replace('0/0', 'zero_over_zero: 0/0'),
    });
  });

  it('stands beside PEGs, which stay as they were', async () => {
    const both = await compare({ kpis: 'L01', pegs: 'EUtranCellFDD/RRC.*', ne: 'ENB1' });
    expect(both.results.map(({ kind }) => kind).sort()).toEqual(['kpi', 'kpi', 'kpi', 'peg', 'peg', 'peg', 'peg']);
    const { data } = await query({ kpi_types: ['EUtranCellFDD/RRC.ConnEstabAtt.sum', 'L01'], cellid: 'ENB1/2' });
    expect(values(data['EUtranCellFDD/RRC.ConnEstabAtt.sum'])).toEqual([100, 100]);
    expect(values(data['L01'])).toEqual([50, 100]);
  });
});

describe('aggregation by kind', () => {
  const ofDay = async (kpi: string, more: object = {}) => {
    const { data } = await query({ kpi_types: kpi, ne: 'GNB1', interval_minutes: 1440, ...more });
    return data[kpi];
  };

  it('sums counts, averages states over time, and weights what is derived', async () => {
    expect(values(await ofDay('RRU.PrbTotDl'))).toEqual([20]);
    expect(values(await ofDay('DRB.PdcpSduVolumeDL'))).toEqual([11]);
    // The third value has no weight, the fourth weight no value.
    expect(values(await ofDay('DRB.UEThpDl'))).toEqual([(100 * 3 + 400 * 1) / 4]);
    const { metadata } = await query({ kpi_types: ['RRU.PrbTotDl', 'DRB.UEThpDl'], ne: 'GNB1', interval_minutes: 60 });
    expect(metadata.aggregation).toEqual({ 'RRU.PrbTotDl': 'mean', 'DRB.UEThpDl': 'weighted_mean' });
  });

  it('sums the sub-counters of one partition, never of two', async () => {
    const definitions = {
      all: 'DRB.EstabAtt',
      flows: 'DRB.EstabAtt{5QI=*}',
      slices: 'DRB.EstabAtt{SNSSAI=*}',
      nine: '100*DRB.EstabSucc{5QI=9}/DRB.EstabAtt{5QI=9}',
    };
    const { data } = await query({
      ...{ kpi_types: [...Object.keys(definitions), 'N04', 'N01'], peg_definitions: definitions },
      ...{ ne: 'GNB1', interval_minutes: 1440 },
    });
    expect([data['all'], data['flows'], data['slices'], data['nine']].map((all) => all[0].value)).toEqual([
      30, 30, 30, 90,
    ]);
    expect(values(data['N04'])).toEqual([(100 * 27) / 30]);
    expect(values(data['N01'])).toEqual([75]);
  });

  it('puts the CU and DU objects of a cell together, also where one reports hours and one quarters', async () => {
    const definitions = { rate: '100*QuarterSucc/HourlyAtt' };
    const { data } = await query({ kpi_types: 'rate', peg_definitions: definitions, ne: 'MIX' });
    expect(data['rate']).toMatchObject([{ value: 90, granularity_s: 3600, cell_id: '1', object: null }]);
  });

  it('converts units to those that a KPI counts on', async () => {
    const volume = (await server.as('viewer', { url: '/api/master/kpis?q=volume' })).json() as MasterKpi[];
    const downlink = volume.find(({ formula }) => formula === 'DRB.PdcpSduVolumeDL')?.name ?? '';
    expect(values(await ofDay(downlink))).toEqual([11]);
    const set = (unit: string | null) =>
      server.as('admin', { method: 'PUT', url: '/api/master/pegs/DRB.PdcpSduVolumeDL', payload: { unit } });
    await set('kbit');
    expect(values(await ofDay(downlink))).toEqual([0.011]);
    await set('dBm');
    expect((await query({ kpi_types: downlink })).metadata.unknown_kpi_types).toMatchObject([
      { kpi_type: downlink, reason: expect.stringContaining('dBm') },
    ]);
    await set(null);
  });

  it('says what it assumed of counters of unknown kind', async () => {
    const { data, metadata } = await query({
      ...{ kpi_types: 'ad hoc', peg_definitions: { 'ad hoc': "2*'Odd Name (x)'" }, ne: 'GNB1', interval_minutes: 60 },
    });
    expect(values(data['ad hoc'])).toEqual([6]);
    expect(metadata.warnings).toMatchObject([
      { code: 'kind_unknown', message: expect.stringContaining('Odd Name (x)') },
    ]);
  });
});

describe('bad formulas', () => {
  const deep = `${'('.repeat(1000)}1${')'.repeat(1000)}`;
  const long = `1${'+1'.repeat(5000)}`;
  it.each([
    ['an unknown name', { x: '1 + RRC.ConnEstabAt.sum' }, /line 1, column 5: .*did you mean RRC\.ConnEstabAtt\.sum/],
    ['a cycle', { x: 'y+1', y: 'x+1' }, /cycle|circle|x → y → x|y → x → y/],
    ['10,000 characters', { x: long }, /10,?000/],
    ['1,000 levels', { x: deep }, /deep|level/],
    ['__proto__', { x: '__proto__' }, /column 1: no counter or formula is called "__proto__"/],
    ['constructor', { x: 'constructor' }, /"constructor"/],
    ['a property', { x: 'a.constructor.constructor' }, /no counter or formula/],
    ['a unit mismatch', { x: 'DRB.PdcpSduVolumeDL + DRB.UEThpDl' }, /Mbit and kbit\/s cannot be added/],
    ['a name with parentheses and spaces unquoted', { x: 'Odd Name (x)' }, /line 1, column/],
    ['an unknown dimension', { x: 'DRB.EstabAtt{QCI=9}' }, /no dimension "QCI"/],
    ['an ambiguous name', { x: `100*${SUCC}/${ATT}` }, /several families: write .*'LTE\/RRC/],
  ])('%s', async (_what, definitions, message) => {
    const request = { kpi_types: 'x', peg_definitions: definitions };
    const inQuery = await server.post('viewer', '/api/kpi/query', { ...FIRST_DAY, ...request });
    const inCompare = await server.post('analyst', '/api/compare', {
      ...DAYS,
      kpis: 'x',
      peg_definitions: definitions,
    });
    for (const refused of [inQuery, inCompare]) {
      expect([refused.statusCode, refused.json().error?.code]).toEqual([400, 'DATA_VALIDATION_ERROR']);
      expect(refused.json().error.message).toMatch(message);
      expect(refused.json().error.details[0].path).toMatch(/^peg_definitions\.[xy]\.formula$/);
    }
  });

  it('a division by zero is no fault but gives no value', async () => {
    const { data } = await query({ kpi_types: 'x', peg_definitions: { x: `'LTE/${SUCC}'/0` }, cellid: 'ENB1/2' });
    expect(data['x'][0]).toMatchObject({ value: null, reason: expect.stringContaining('zero_division') });
  });

  it('names that a prototype has are names', async () => {
    const names = ['constructor', 'toString'];
    const definitions = Object.fromEntries(names.map((name) => [name, `'LTE/${ATT}'`]));
    const { data } = await query({ kpi_types: names, peg_definitions: definitions, cellid: 'ENB1/2' });
    for (const name of names) expect(values(data[name])).toEqual([100, 100]);
  });

  it('KPIs that cannot be had are said so, with the counter that is missing', async () => {
    const { metadata } = await query({ kpi_types: ['L06', 'L1'] });
    expect(metadata.unknown_kpi_types).toMatchObject([
      { kpi_type: 'L1', suggestions: expect.arrayContaining(['L01']) },
      { kpi_type: 'L06', reason: expect.stringContaining('counter ERAB.RelActNbr.sum missing') },
    ]);
    const refused = await server.post('analyst', '/api/compare', { ...DAYS, kpis: 'L06' });
    expect([refused.statusCode, refused.json().error.code]).toEqual([422, 'UNPROCESSABLE']);
    const unknown = await server.post('analyst', '/api/compare', { ...DAYS, kpis: 'L1' });
    expect([unknown.statusCode, unknown.json().error.code]).toEqual([422, 'UNKNOWN_NAME']);
  });
});

describe('KPIs of administrators', () => {
  const put = (name: string, payload: object) =>
    server.as('admin', { method: 'PUT', url: `/api/master/kpis/${encodeURIComponent(name)}`, payload });
  const list = async (q: string): Promise<MasterKpi[]> =>
    (await server.as('viewer', { url: `/api/master/kpis?q=${encodeURIComponent(q)}` })).json();

  it('are defined, versioned, used by name and removed', async () => {
    const made = await put('실패율 (%)', {
      formula: `100-100*${SUCC}/${ATT}`,
      rat: 'LTE',
      unit: '%',
      polarity: 'lower_better',
    });
    expect(made.json()).toMatchObject({ source: 'stored', version: 1, computable: true, polarity: 'lower_better' });
    const again = await put('실패율 (%)', { formula: '100-L01' });
    expect(again.json()).toMatchObject({ version: 2, unit: '%' });
    const { results } = await compare({ kpis: ['실패율 (%)'], by: 'ne', ne: 'ENB1' });
    expect(results[0].n1_period.avg).toBeCloseTo(100 - (100 * 1060) / 1220, 10);
    expect(results[0].metadata.outcome).toBe('declined');
    const removed = await server.as('admin', {
      method: 'DELETE',
      url: `/api/master/kpis/${encodeURIComponent('실패율 (%)')}`,
    });
    expect(removed.json()).toEqual({ name: '실패율 (%)', removed: true });
    expect(await list('실패율 (%)')).toEqual([]);
    expect((await server.as('admin', { method: 'DELETE', url: '/api/master/kpis/nobody' })).statusCode).toBe(422);
  });

  it('change what the catalogue says, and give it back', async () => {
    expect(
      (await put('L01', { weight: 3, polarity: 'neutral', critical: true, thresholds: { points: 2 } })).json(),
    ).toMatchObject({
      ...{ name: 'L01', source: 'stored', weight: 3, polarity: 'neutral', critical: true, thresholds: { points: 2 } },
      formula: `100*${SUCC}/${ATT}`,
    });
    const { results } = await compare({ kpis: 'L01', by: 'network', ne: 'ENB1' });
    expect(results[0]).toMatchObject({ weight: 3, metadata: { polarity: 'neutral', outcome: 'neutral' } });
    await server.as('admin', { method: 'DELETE', url: '/api/master/kpis/L01' });
    expect((await list('L01'))[0]).toMatchObject({ source: 'catalogue', weight: 8, polarity: 'higher_better' });
  });

  it('may name counters that are yet to come, but no nonsense', async () => {
    expect((await put('later', { formula: 'a/b' })).json()).toMatchObject({
      ...{ computable: false, computed_by: null },
      missing: [{ counter: 'a' }, { counter: 'b' }],
    });
    await server.as('admin', { method: 'DELETE', url: '/api/master/kpis/later' });
    for (const formula of ['1+', 'self+1', "'x"]) {
      const refused = await put('self', { formula });
      expect([refused.statusCode, refused.json().error.code]).toEqual([400, 'DATA_VALIDATION_ERROR']);
    }
    expect((await put('no formula', { weight: 3 })).statusCode).toBe(422);
  });
});

describe('GET /api/kpi/coverage', () => {
  it('says what can be computed and what is missing', async () => {
    const report = (await server.as('viewer', { url: '/api/kpi/coverage' })).json();
    const of = (name: string) => report.kpis.find((kpi: MasterKpi) => kpi.name === name);
    expect(of('L01')).toMatchObject({ computable: true, computed_by: `100 * ${SUCC} / ${ATT}`, reason: null });
    expect(of('L06')).toMatchObject({
      computable: false,
      missing: [{ counter: 'ERAB.RelActNbr.sum' }, { counter: 'ERAB.SessionTimeUE' }],
    });
    expect(report.computable + report.not_computable).toBe(report.kpis.length);
    const shown = await server.as('viewer', { url: '/api/master/kpis?computable=true&limit=2' });
    expect(shown.json()).toHaveLength(2);
    expect(shown.headers['x-next-cursor']).toBeDefined();
  });
});
