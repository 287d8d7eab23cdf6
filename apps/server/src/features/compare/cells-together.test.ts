import {
  type CompareDocument,
  type CompareRequestInput,
  compareDocument,
  compareRequest,
  kpiQueryRequest,
} from '@pegboard/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeServices, type Services } from '../../compose.ts';
import { manualClock } from '../../platform/clock.ts';
import { type TestSeries, writeSamples } from '../../testing/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';

const N1 = '2025-08-07T00:00:00Z';
const N = '2025-08-08T00:00:00Z';
/** Half an hour each: two granularity periods. */
const PERIODS = { n_minus_1: `${N1}/2025-08-07T00:30:00Z`, n: `${N}/2025-08-08T00:30:00Z` };

type Values = readonly (number | null)[];

let database: TestDatabase;
let services: Services;
beforeAll(async () => {
  database = await createTestDatabase();
  services = composeServices(database, { timeZone: 'UTC' }, { clock: manualClock(Date.parse(N)), emit: () => {} });
});
afterAll(() => database.drop());

/** Each test has network elements of its own. */
async function compare(request: Partial<CompareRequestInput> & { ne: string | string[] }): Promise<CompareDocument> {
  const parsed = compareRequest.parse({ ...PERIODS, by: 'ne', ...request });
  const maxSeries = Number.POSITIVE_INFINITY;
  return compareDocument.parse(await services.compare.compare(parsed, { maxSeries }));
}

function cell(ne: string, id: number, begin: string, values: Record<string, Values>, ldn = 'NRCellDU'): TestSeries {
  return { ne, ldn: `${ldn}=${id}`, begin, values };
}

async function write(...series: TestSeries[]): Promise<void> {
  await writeSamples(services.store, series);
  services.catalogue.forget();
}

const rowOf = ({ results }: CompareDocument, peg: string) => results.find((row) => row.peg_name === peg)!;

describe('PEGs of several cells', () => {
  it('are by granularity period the sum of counts, the mean of states, the mean by weight of what is derived', async () => {
    const first = { 'TB.TotNbrDlInitial': [100, 200], 'RRU.PrbTotDl': [10, 20], 'DRB.UEThpDl': [1000, 400] };
    const second = { 'TB.TotNbrDlInitial': [10, 20], 'RRU.PrbTotDl': [30, 60], 'DRB.UEThpDl': [2000, 100] };
    // What weights the throughput stands on the other object of the cell.
    const volumes = [{ 'DRB.PdcpSduVolumeDL': [3, 0] }, { 'DRB.PdcpSduVolumeDL': [1, 5] }];
    await write(
      cell('kinds', 1, N1, first),
      cell('kinds', 2, N1, second),
      cell('kinds', 1, N1, volumes[0], 'NRCellCU'),
      cell('kinds', 2, N1, volumes[1], 'NRCellCU'),
      cell('kinds', 1, N, first),
      cell('kinds', 2, N, second),
      cell('kinds', 1, N, volumes[0], 'NRCellCU'),
      cell('kinds', 2, N, volumes[1], 'NRCellCU'),
    );
    for (const by of ['ne', 'network'] as const) {
      const document = await compare({ ne: 'kinds', by });
      const row = (peg: string) => rowOf(document, peg);
      expect(row('TB.TotNbrDlInitial').n1_period).toMatchObject({ values: [110, 220], avg: 165, count: 2 });
      expect(row('RRU.PrbTotDl').n1_period.values).toEqual([20, 40]);
      expect(row('DRB.UEThpDl').n1_period.values).toEqual([(1000 * 3 + 2000 * 1) / 4, 100]);
      expect(row('DRB.PdcpSduVolumeDL')).toMatchObject({
        ...{ object: null, cell_id: null, unit: 'Mbit', n1_period: { values: [4, 5] } },
        comparison: { change_percent: 0 },
        quality: {
          completeness: [1, 1],
          granularity_s: 900,
          left_out: [],
          cells: { both: 2, only_n_minus_1: 0, only_n: 0 },
        },
      });
      expect(document.warnings).toEqual([]);
    }
    const byCell = await compare({ ne: 'kinds', by: 'cell' });
    expect(rowOf(byCell, 'DRB.UEThpDl').quality).toEqual({ completeness: [1, 1], granularity_s: 900, left_out: [] });
  });

  it('sum the bins of a distribution and the elements of a vector', async () => {
    const own = { 'CARR.WBCQIDist[7]': [5, 6], 'CARR.WBCQIDist.Bin8': [1, 1], 'Delay.Bin3': [2, 2] };
    for (const begin of [N1, N]) await write(cell('bins', 1, begin, own), cell('bins', 2, begin, own));
    await services.store.describePegs([{ family: 'NRCellDU', name: 'Delay.Bin3', kind: 'distribution' }]);
    const document = await compare({ ne: 'bins' });
    const values = document.results.map((row) => [row.peg_name, row.n_period.values]).sort();
    expect(values).toEqual([
      ['CARR.WBCQIDist.Bin8', [2, 2]],
      ['CARR.WBCQIDist[7]', [10, 12]],
      ['Delay.Bin3', [4, 4]],
    ]);
  });

  it('are no change where a cell lacks samples for a while, and say so', async () => {
    const attempts = (values: Values) => ({ 'TB.TotNbrDlInitial': values, 'RRU.PrbTotDl': [50, 50] });
    await write(
      cell('gap', 1, N1, attempts([300, 300])),
      cell('gap', 2, N1, attempts([100, 100])),
      cell('gap', 1, N, attempts([300, 300])),
      cell('gap', 2, N, { 'TB.TotNbrDlInitial': [100, null], 'RRU.PrbTotDl': [50, null] }),
    );
    const document = await compare({ ne: 'gap' });
    const count = rowOf(document, 'TB.TotNbrDlInitial');
    expect(count).toMatchObject({
      n1_period: { values: [400, 400] },
      n_period: { values: [400, 400] },
      comparison: { change_percent: 0, trend: 'stable' },
      quality: { completeness: [1, 0.75] },
      metadata: { flags: ['cells_missing'] },
    });
    expect(rowOf(document, 'RRU.PrbTotDl').metadata.flags).toEqual(['cells_missing']);
    expect(document.warnings).toMatchObject([
      { code: 'cells_missing', message: expect.stringMatching(/100 % of the samples in N-1, 75 % in N/) },
    ]);
    // A query gives what is there, with its completeness beside it.
    const request = { start_date: N, end_date: '2025-08-08T00:30:00Z', kpi_types: 'TB.TotNbrDlInitial', by: 'ne' };
    const { data } = await services.queries.query(kpiQueryRequest.parse({ ...request, ne: 'gap' }));
    const records = data['TB.TotNbrDlInitial'].map(({ value, completeness }) => [value, completeness]);
    expect(records).toEqual([
      [400, 1],
      [300, 0.5],
    ]);
  });

  it('are compared over the cells that have samples in both periods, and say which have not', async () => {
    const own = (count: number) => ({ 'TB.TotNbrDlInitial': [count, count], 'RRU.PrbTotDl': [count, count] });
    await write(
      cell('moved', 1, N1, own(40)),
      cell('moved', 2, N1, own(20)),
      cell('moved', 1, N, own(40)),
      cell('moved', 3, N, own(100)),
      cell('moved', 4, N, own(100)),
    );
    const document = await compare({ ne: 'moved', peg_definitions: { half: "'NR/TB.TotNbrDlInitial'/2" }, pegs: '*' });
    const cells = { both: 1, only_n_minus_1: 1, only_n: 2 };
    const count = rowOf(document, 'TB.TotNbrDlInitial');
    expect(count).toMatchObject({
      n1_period: { avg: 40 },
      n_period: { avg: 40 },
      comparison: { trend: 'stable' },
      quality: { cells },
      metadata: { flags: ['cells_differ'] },
    });
    // Two of the four cells of the class are there in N-1, three in N.
    expect(count.quality.completeness).toEqual([0.5, 0.75]);
    expect(rowOf(document, 'half')).toMatchObject({
      n1_period: { avg: 20 },
      n_period: { avg: 20 },
      quality: { cells },
    });
    // Means hardly depend on how many cells there are: all count.
    expect(rowOf(document, 'RRU.PrbTotDl')).toMatchObject({ n1_period: { avg: 30 }, n_period: { avg: 80 } });
    expect(document.warnings.map(({ code }) => code)).toEqual(['cells_differ']);
  });

  it('are shown and not compared where no cell has samples in both periods', async () => {
    await write(
      cell('other', 1, N1, { 'TB.TotNbrDlInitial': [5] }),
      cell('other', 2, N, { 'TB.TotNbrDlInitial': [9] }),
    );
    const { results, summary } = await compare({ ne: 'other' });
    expect(results).toMatchObject([
      {
        n1_period: { avg: 5 },
        n_period: { avg: 9 },
        comparison: null,
        reason: 'no_common_cells',
        metadata: { flags: ['cells_differ'] },
      },
    ]);
    expect(summary).toMatchObject({ incomplete: 1, verdict: 'NO_VERDICT' });
  });

  it('of a network element that is there in one period only have samples in that', async () => {
    await write(cell('gone', 1, N1, { 'TB.TotNbrDlInitial': [5] }), cell('gone', 2, N1, { 'TB.TotNbrDlInitial': [7] }));
    const { results } = await compare({ ne: 'gone' });
    expect(results).toMatchObject([{ n1_period: { avg: 12 }, n_period: { count: 0 }, reason: 'no_samples_in_n' }]);
  });

  it('are guessed to be counts or states where nobody has said, which is said', async () => {
    for (const begin of [N1, N]) {
      const own = { CallsStarted: [1, 2], UserThruAvg: [10, 20] };
      await write(cell('guess', 1, begin, own), cell('guess', 2, begin, own));
    }
    const document = await compare({ ne: 'guess' });
    expect(rowOf(document, 'CallsStarted').n_period.values).toEqual([2, 4]);
    expect(rowOf(document, 'UserThruAvg').n_period.values).toEqual([10, 20]);
    expect(document.warnings).toMatchObject([
      { code: 'kind_unknown', message: expect.stringContaining('CallsStarted, UserThruAvg') },
    ]);
    expect((await compare({ ne: 'guess', by: 'cell' })).warnings).toEqual([]);
  });

  it('are flagged as suspect where one sample is', async () => {
    const own = { 'TB.TotNbrDlInitial': [1, 2] };
    await write(cell('doubt', 1, N1, own), cell('doubt', 2, N1, own), cell('doubt', 1, N, own), {
      ...cell('doubt', 2, N, own),
      suspect: true,
    });
    const { results } = await compare({ ne: 'doubt' });
    expect(results[0].metadata.flags).toEqual(['suspect_samples']);
  });
});
