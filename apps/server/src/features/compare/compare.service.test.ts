import { type CompareDocument, type CompareRequestInput, compareDocument, compareRequest } from '@pegboard/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeServices, type Services } from '../../compose.ts';
import { manualClock } from '../../platform/clock.ts';
import { type TestSeries, writeSamples } from '../../testing/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';

const N1 = '2025-08-07T00:00:00Z';
const N = '2025-08-08T00:00:00Z';
const DAYS = { n_minus_1: '2025-08-07', n: '2025-08-08' };

let database: TestDatabase;
let services: Services;
beforeAll(async () => {
  database = await createTestDatabase();
  services = composeServices(database, { timeZone: 'UTC' }, { clock: manualClock(Date.parse(N)), emit: () => {} });
});
afterAll(() => database.drop());

/** Each test has network elements of its own. */
async function compare(
  request: Partial<CompareRequestInput> & { ne: string | string[] },
  maxSeries = Number.POSITIVE_INFINITY,
): Promise<CompareDocument> {
  const parsed = compareRequest.parse({ ...DAYS, ...request });
  services.catalogue.forget();
  return compareDocument.parse(await services.compare.compare(parsed, { maxSeries }));
}

type Both = Readonly<Record<string, readonly [readonly (number | null)[], readonly (number | null)[]]>>;

/** Samples of one object in N-1 and N, from the begin of both. */
function both(ne: string, pegs: Both, more: Partial<TestSeries> = {}): TestSeries[] {
  return [N1, N].map((begin, period) => ({
    ...{ ne, ldn: 'NRCellDU=20', begin },
    ...more,
    values: Object.fromEntries(Object.entries(pegs).map(([name, values]) => [name, values[period]])),
  }));
}

const codesOf = ({ warnings }: CompareDocument) => warnings.map((warning) => warning.code);

describe('a comparison', () => {
  it('gives the check value, with the samples in time order', async () => {
    await writeSamples(
      services.store,
      both('check', {
        a: [
          [45, 46, 47],
          [60, 61, 62],
        ],
      }),
    );
    const { results, summary, warnings, algorithm_version } = await compare({ ne: 'check' });
    expect(algorithm_version).toBe('v2.1.0');
    expect(results).toHaveLength(1);
    const [row] = results;
    expect(row).toMatchObject({
      ...{
        id: 'r1',
        kind: 'peg',
        peg_name: 'a',
        ne: 'check',
        object: 'NRCellDU=20',
        cell_id: '20',
        family: 'NRCellDU',
      },
      n1_period: { avg: 46, count: 3, values: [45, 46, 47] },
      n_period: { avg: 61, count: 3, values: [60, 61, 62] },
      comparison: { change_absolute: 15, trend: 'up', significance: 'high' },
      metadata: { data_quality: 'high', outcome: 'improved' },
    });
    expect(row.n1_period.rsd).toBeCloseTo(2.1739, 4);
    expect(row.n_period.rsd).toBeCloseTo(1.6393, 4);
    expect(row.comparison?.change_percent).toBeCloseTo(32.6087, 4);
    expect(row.comparison?.confidence).toBeCloseTo(0.612, 12);
    expect(summary).toMatchObject({ total_pegs: 1, improved: 1, verdict: 'PASS' });
    expect(warnings).toEqual([]);
  });

  it('keeps cell 20 of two NEs, and of two RATs, apart', async () => {
    await writeSamples(services.store, [
      ...both('two-1', { a: [[1], [2]] }),
      ...both('two-2', { a: [[10], [5]] }),
      ...both('two-2', { a: [[4], [4]] }, { ldn: 'EUtranCellFDD=20' }),
    ]);
    const { results } = await compare({ ne: ['two-1', 'two-2'], cellid: '20' });
    const changes = results.map((row) => [row.ne, row.object, row.comparison?.change_percent]);
    expect(changes).toEqual([
      ['two-2', 'NRCellDU=20', -50],
      ['two-1', 'NRCellDU=20', 100],
      ['two-2', 'EUtranCellFDD=20', 0],
    ]);
    expect(new Set(results.map((row) => row.cell_id))).toEqual(new Set(['20']));
  });

  it('never mixes granularities: takes the one that covers more, and says so', async () => {
    await writeSamples(services.store, [
      ...both('mixed', {
        a: [
          [1, 1, 1, 1],
          [2, 2, 2, 2],
        ],
        b: [[1], [1]],
      }),
      ...both(
        'mixed',
        {
          a: [
            [400, 400],
            [800, 800],
          ],
        },
        { granularityS: 3600 },
      ),
    ]);
    const { results, warnings } = await compare({ ne: 'mixed' });
    const a = results.find((row) => row.peg_name === 'a');
    expect(a).toMatchObject({ n1_period: { avg: 400, count: 2 }, n_period: { avg: 800, count: 2 } });
    expect(a?.metadata.flags).toEqual(['mixed_granularity']);
    expect(a?.quality).toEqual({
      completeness: [2 / 24, 2 / 24],
      granularity_s: 3600,
      left_out: [{ granularity_s: 900, samples: [4, 4] }],
    });
    expect(warnings).toMatchObject([
      {
        code: 'mixed_granularity',
        message: expect.stringContaining('3600 s taken, left out 4 samples of 900 s in N-1 and 4 in N'),
      },
    ]);
    expect(results.find((row) => row.peg_name === 'b')?.metadata.flags).toBeUndefined();
  });

  it('prefers the granularity that both periods have', async () => {
    const [n1, n] = both('mixed-one', {
      a: [
        [1, 2],
        [3, 4],
      ],
    });
    await writeSamples(services.store, [n1, n, { ...n, granularityS: 3600, values: { a: [100, 200, 300] } }]);
    const { results } = await compare({ ne: 'mixed-one' });
    expect(results).toMatchObject([{ n1_period: { avg: 1.5 }, n_period: { avg: 3.5 } }]);
  });

  it('flags suspect samples', async () => {
    const [n1, n] = both('suspect', { a: [[1], [1]] });
    await writeSamples(services.store, [n1, { ...n, suspect: true }]);
    const { results } = await compare({ ne: 'suspect' });
    expect(results[0].metadata.flags).toEqual(['suspect_samples']);
  });

  it('lists up to 200 values, also of a PEG with gaps in a long period, and omits more', async () => {
    const range = (count: number) => Array.from({ length: count }, (_, i) => i);
    const gaps = (count: number) => range(300).map((i) => (i % 3 === 0 && i / 3 < count ? i : null));
    const late = range(300).map((i) => (i >= 299 ? 7 : null));
    const values = {
      ...{ exact: range(200), more: range(201), many: range(300), gaps: gaps(100), one: late },
      gapsFirst: range(300).map((i) => (i < 200 ? i : null)),
    };
    const pegs = Object.fromEntries(Object.entries(values).map(([name, list]) => [name, [list, list] as const]));
    const periods = { n_minus_1: '2025-08-01/2025-08-05', n: '2025-08-11/2025-08-15' };
    const series = both('values', pegs).map((one, i) => ({ ...one, begin: `2025-08-${i}1T00:00:00Z` }));
    await writeSamples(services.store, series);
    const { results } = await compare({ ne: 'values', ...periods });
    for (const row of results) {
      const written = values[row.peg_name as keyof typeof values].filter((value) => value !== null);
      const expected = written.length <= 200 ? { values: written } : { values: null, values_omitted: true };
      expect(row.n1_period, row.peg_name).toMatchObject({ count: written.length, ...expected });
      expect(row.n_period).toEqual(row.n1_period);
      expect('values_omitted' in row.n_period).toBe(written.length > 200);
    }
    expect(results).toHaveLength(6);
  });

  it('lists the values of short periods in time order, whatever the order of delivery', async () => {
    for (const begin of ['02:00', '00:00', '01:00']) {
      const at = (day: string) => `${day.slice(0, 11)}${begin}:00Z`;
      const series = both('order', { a: [[Number(begin[1])], [Number(begin[1])]] });
      await writeSamples(
        services.store,
        series.map((one) => ({ ...one, begin: at(one.begin) })),
      );
    }
    expect((await compare({ ne: 'order' })).results).toMatchObject([{ n1_period: { values: [0, 1, 2] } }]);
  });

  it('uses polarity and weight of the catalogue, and of the request before it', async () => {
    await writeSamples(services.store, [
      ...both('judged', { Drops: [[10], [20]] }),
      ...both('judged', { Drops: [[10], [20]] }, { family: 'Other' }),
    ]);
    await services.store.describePegs([
      { family: 'NRCellDU', name: 'Drops', polarity: 'lower_better', weight: 9 },
      { family: 'Other', name: 'Drops', polarity: 'neutral', weight: 2 },
    ]);
    const judged = async (definitions: CompareRequestInput['peg_definitions']) =>
      Object.fromEntries(
        (await compare({ ne: 'judged', peg_definitions: definitions })).results.map((row) => [
          row.family,
          [row.metadata.outcome, row.weight],
        ]),
      );
    expect(await judged({})).toEqual({ NRCellDU: ['declined', 9], Other: ['neutral', 2] });
    const other = { 'Other/Drops': { polarity: 'higher_better', weight: 10 } } as const;
    expect(await judged(other)).toEqual({ NRCellDU: ['declined', 9], Other: ['improved', 10] });
    const bare = { Drops: { polarity: 'higher_better' } } as const;
    expect(await judged(bare)).toEqual({ NRCellDU: ['improved', 9], Other: ['improved', 2] });
  });

  it('tells PEGs of one name in two families apart in the selection', async () => {
    await expect(compare({ ne: 'judged', pegs: 'Drops' })).rejects.toMatchObject({
      code: 'UNPROCESSABLE',
      message: expect.stringMatching(/NRCellDU\/Drops.*Other\/Drops/),
    });
    const { results } = await compare({ ne: 'judged', pegs: 'Other/Drops' });
    expect(results.map((row) => row.family)).toEqual(['Other']);
  });

  it.each([
    [{ ne: 'chekc' }, /network element 'chekc'.*'check'/],
    [{ ne: 'check', cellid: '200' }, /cell '200'/],
    [{ ne: 'judged', pegs: 'Dropz' }, /PEG 'Dropz'.*'Drops'/],
    [{ ne: 'nowhere', pegs: 'Dropz' }, /nowhere.*Dropz/],
  ])('names what is unknown in %o', async (request, message) => {
    await expect(compare(request)).rejects.toMatchObject({
      code: 'UNKNOWN_NAME',
      message: expect.stringMatching(message),
    });
  });

  it('says where a PEG has samples in one period only', async () => {
    await writeSamples(services.store, both('half', { a: [[1], [null]], b: [[null], [1]], c: [[1], [1]] }));
    const { results, summary, warnings } = await compare({ ne: 'half' });
    const reasons = Object.fromEntries(results.map((row) => [row.peg_name, [row.comparison === null, row.reason]]));
    expect(reasons).toEqual({
      a: [true, 'no_samples_in_n'],
      b: [true, 'no_samples_in_n_minus_1'],
      c: [false, undefined],
    });
    expect(summary).toMatchObject({ total_pegs: 3, incomplete: 2, stable: 1 });
    expect(warnings).toEqual([]);
  });

  it('warns of equal, overlapping, reversed and empty periods', async () => {
    const ne = 'check';
    const same = await compare({ ne, n: DAYS.n_minus_1 });
    expect(codesOf(same)).toEqual(['periods_identical']);
    expect(same.results[0].comparison).toMatchObject({ change_percent: 0, trend: 'stable' });
    const overlap = await compare({ ne, n_minus_1: '2025-08-07/2025-08-09', n: '2025-08-08/2025-08-10' });
    expect(codesOf(overlap)).toContain('periods_overlap');
    const reversed = await compare({ ne, n_minus_1: DAYS.n, n: DAYS.n_minus_1 });
    expect(codesOf(reversed)).toEqual(['periods_reversed']);
    const empty = await compare({ ne, n: '2024-01-01' });
    expect(codesOf(empty)).toContain('no_samples_in_n');
    expect(empty.warnings.at(-1)?.message).toMatch(/the store has samples from 2025-08-01T.* to 2025-08-1/);
    expect(empty.summary).toMatchObject({ incomplete: 1, verdict: 'NO_VERDICT' });
  });

  it('warns of an empty period also where other PEGs of the block have samples', async () => {
    const document = await compare({ ne: 'half', pegs: 'NRCellDU/a' });
    expect(codesOf(document)).toEqual(['no_samples_in_n']);
  });

  it('refuses more series than the limit, and counts only series that have samples', async () => {
    const wide = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`w${i}`, [[i], [i]]] as const));
    await writeSamples(services.store, [
      ...both('wide', wide, { ldn: 'Wide=1' }),
      ...both(
        'narrow',
        {
          w0: [
            [1, null],
            [1, null],
          ],
          w149: [
            [null, 1],
            [null, 1],
          ],
        },
        { ldn: 'Wide=1' },
      ),
    ]);
    expect((await compare({ ne: 'wide' }, 150)).results).toHaveLength(150);
    await expect(compare({ ne: 'wide' }, 149)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect((await compare({ ne: 'narrow' }, 2)).results).toHaveLength(2);
    await expect(compare({ ne: 'narrow' }, 1)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  it('ends on an aborted signal', async () => {
    const request = compareRequest.parse({ ...DAYS, ne: 'check' });
    const options = { maxSeries: 10, signal: AbortSignal.abort(new Error('gone')) };
    await expect(services.compare.compare(request, options)).rejects.toThrow('gone');
  });
});
