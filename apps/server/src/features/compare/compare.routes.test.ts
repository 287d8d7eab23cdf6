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
  // Hours with a daily cycle, and days that differ by some percent, in the second week otherwise than in the first.
  const hours = (level: number, by: number) =>
    Array.from({ length: 168 }, (_, hour) => {
      const ofDay = 1 + 0.01 * Math.sin(Math.floor(hour / 24) * 2.3 + by * 7);
      return level * (1.5 + Math.sin((hour * Math.PI) / 12)) * ofDay * (1 + 0.02 * Math.sin(hour * 1.7 + by * 5));
    });
  const week = (begin: string, factor: number, more: Record<string, number[]>) => ({
    ...{ ne: 'NE2', ldn: 'NRCellDU=20', begin, granularityS: 3600 },
    values: { Thru: hours(100 * factor, factor), Drops: hours(10, factor), ...more },
  });
  await writeSamples(server.services.store, [
    day('2025-08-07T00:00:00Z', 100, 10),
    day('2025-08-08T00:00:00Z', 50, 10),
    week('2025-06-02T00:00:00Z', 1, {}),
    week('2025-06-09T00:00:00Z', 0.7, { New: Array<number>(168).fill(3) }),
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
    const weeks = { n_minus_1: '2025-06-02/2025-06-09', n: '2025-06-09/2025-06-16' };
    const answer = await server.post('analyst', '/api/compare', { ...weeks, algorithm_version });
    expect(answer.statusCode).toBe(200);
    const { algorithm_version: made, results, summary } = answer.json();
    expect(made).toBe('judge-1');
    expect(results.map((row: Record<string, unknown>) => [row.id, row.peg_name, row.verdict])).toEqual([
      ['r1', 'Thru', 'degraded'],
      ['r2', 'Drops', 'unchanged'],
      ['r3', 'New', 'added'],
    ]);
    expect(results[0]).toMatchObject({ ne: 'NE2', cell_id: '20', n: { count: 168 }, quality: { granularity_s: 3600 } });
    expect(results[0].shift.percent).toBeCloseTo(-30, 0);
    expect(summary).toMatchObject({ series: 3, degraded: 1, unchanged: 1, added: 1 });
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
