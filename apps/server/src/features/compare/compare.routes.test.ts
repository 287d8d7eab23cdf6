import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp, writeSamples } from '../../testing/test-app.ts';

let server: TestApp;
const PERIODS = { n_minus_1: '2025-08-07', n: '2025-08-08' };

beforeAll(async () => {
  server = await createTestApp();
  const day = (begin: string, thru: number, drops: number) => ({
    ne: 'NE1',
    ldn: 'NRCellDU=20',
    begin,
    values: { Thru: Array<number>(96).fill(thru), Drops: Array<number>(96).fill(drops) },
  });
  await writeSamples(server.services.store, [
    day('2025-08-07T00:00:00Z', 100, 10),
    day('2025-08-08T00:00:00Z', 50, 10),
  ]);
});
afterAll(() => server.close());

describe('POST /api/compare', () => {
  it('gives the comparison, the most severe first', async () => {
    const answer = await server.post('analyst', '/api/compare', PERIODS);
    expect(answer.statusCode).toBe(200);
    const { results, periods, summary } = answer.json();
    expect(periods).toEqual({
      n_minus_1: {
        start: expect.stringMatching(/^2025-08-07T00:00:00/),
        end: expect.stringMatching(/^2025-08-08T00:00:00/),
      },
      n: { start: expect.stringMatching(/^2025-08-08T00:00:00/), end: expect.stringMatching(/^2025-08-09T00:00:00/) },
    });
    expect(results).toMatchObject([
      { id: 'r1', ne: 'NE1', cell_id: '20', peg_name: 'Thru', comparison: { change_percent: -50 } },
      { id: 'r2', peg_name: 'Drops', comparison: { change_percent: 0 } },
    ]);
    expect(summary).toMatchObject({ declined: 1, stable: 1 });
  });

  it.each(['judge-1', 'judge'])('is made by judge-1 where %s is asked for', async (algorithm_version) => {
    const answer = await server.post('analyst', '/api/compare', { ...PERIODS, algorithm_version });
    expect(answer.statusCode).toBe(200);
    const { algorithm_version: made, results, summary } = answer.json();
    expect(made).toBe('judge-1');
    expect(summary).toMatchObject({ series: 2, added: 0, removed: 0 });
    const drops = results.find((row: { peg_name: string }) => row.peg_name === 'Drops');
    expect(drops).toMatchObject({
      verdict: 'unchanged',
      reason: 'identical',
      ...{ ne: 'NE1', cell_id: '20', n_minus_1: { mean: 10, count: 96 }, quality: { granularity_s: 900 } },
    });
    const thru = results.find((row: { peg_name: string }) => row.peg_name === 'Thru');
    // One day a period, without noise: the change of the means is given, whatever can be said of it.
    expect(thru).toMatchObject({ change_percent: -50, quality: { flags: expect.arrayContaining(['single_day']) } });
  });

  it.each([
    [{ n: 'soon' }, 400, 'DATA_VALIDATION_ERROR'],
    [{ algorithm_version: 'v9' }, 400, 'ALGORITHM_VERSION_ERROR'],
    [{ pegs: 'Thruu' }, 422, 'UNKNOWN_NAME'],
    [{ cellid: '2' }, 422, 'UNKNOWN_NAME'],
  ])('refuses %o', async (change, status, code) => {
    const answer = await server.post('analyst', '/api/compare', { ...PERIODS, ...change });
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
  });

  it('is counted', async () => {
    await server.post('analyst', '/api/compare', PERIODS);
    const metrics = (await server.app.inject({ url: '/metrics', remoteAddress: '127.0.0.1' })).body;
    expect(metrics).toMatch(/comparisons_total\{algorithm="v2.1.0",outcome="ok"\} [1-9]/);
    expect(metrics).toMatch(/store_calls_total\{store="kpi",operation="scan",outcome="ok"\} [1-9]/);
  });
});
