import type { KpiQueryResponse, KpiRecord, KpiStatisticsResponse } from '@pegboard/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp, writeSamples } from '../../testing/test-app.ts';

let server: TestApp;
const NE = 'NVGNB#101086';
const DAY = { start_date: '2025-08-08', end_date: '2025-08-08' };

beforeAll(async () => {
  server = await createTestApp();
  await writeSamples(server.services.store, [
    {
      ne: NE,
      ldn: 'NRCellDU=20',
      begin: '2025-08-08T08:00:00Z',
      values: { Thru: [1, 2, null, 4, 10], Drops: [1, 1, 1, 1, 0] },
    },
    { ne: NE, ldn: 'NRCellDU=200', begin: '2025-08-08T08:00:00Z', values: { Thru: [100], Drops: [5] } },
    { ne: 'NVGNB#7', ldn: 'NRCellDU=20', begin: '2025-08-08T23:45:00Z', suspect: true, values: { Thru: [7] } },
    // The hour repeats what the quarters say; on another day it is met before them.
    { ne: NE, ldn: 'NRCellDU=20', begin: '2025-08-08T08:00:00Z', granularityS: 3600, values: { Thru: [999] } },
    { ne: NE, ldn: 'NRCellDU=30', begin: '2025-08-10T08:00:00Z', granularityS: 3600, values: { Thru: [999] } },
    { ne: NE, ldn: 'NRCellDU=30', begin: '2025-08-10T08:15:00Z', values: { Thru: [2, 4] } },
    // Quarters, and an hour of which there are no quarters.
    { ne: NE, ldn: 'NRCellDU=40', begin: '2025-08-11T08:00:00Z', values: { 'TB.TotNbrDlInitial': [1, 2, 3, 4] } },
    {
      ...{ ne: NE, ldn: 'NRCellDU=40', begin: '2025-08-11T09:00:00Z', granularityS: 3600 },
      values: { 'TB.TotNbrDlInitial': [400] },
    },
    { ne: NE, ldn: 'Board=1', begin: '2025-08-09T00:00:00Z', family: 'Board', values: { Temp: [41], Same: [1] } },
    { ne: NE, ldn: 'Fan=1', begin: '2025-08-09T00:00:00Z', family: 'Fan', values: { Same: [2] } },
  ]);
  await server.services.store.describePegs([{ family: 'NRCellDU', name: 'Drops', kind: 'cumulative' }]);
});
afterAll(() => server.close());

async function query(request: object): Promise<KpiQueryResponse> {
  const answer = await server.post('viewer', '/api/kpi/query', request);
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return answer.json();
}

const brief = (records: readonly KpiRecord[]) =>
  records.map((r) => `${r.timestamp} ${r.entity_id} ${r.granularity_s} ${r.value}`);

describe('POST /api/kpi/query', () => {
  it('gives samples as stored, with all that says what they are', async () => {
    const { data, metadata } = await query({ ...DAY, kpi_types: 'Thru', cellid: '200', timezone: 'Asia/Seoul' });
    expect(data).toEqual({
      Thru: [
        {
          timestamp: '2025-08-08T08:00:00Z',
          entity_id: 'NVGNB#101086#200',
          ne: NE,
          object: 'NRCellDU=200',
          cell_id: '200',
          peg_name: 'Thru',
          kpi_type: 'Thru',
          value: 100,
          granularity_s: 900,
          suspect: false,
          date: '2025-08-08',
          hour: 17,
        },
      ],
    });
    expect(metadata).toEqual({
      total_records: 1,
      kpi_types: ['Thru'],
      date_range: '2025-08-08 ~ 2025-08-08',
      entity_count: 1,
      ne_filters: [],
      cellid_filters: ['200'],
      unknown_kpi_types: [],
      truncated: false,
      next_cursor: null,
      generated_at: '2026-01-15T00:00:00Z',
      data_source: 'PostgreSQL',
      aggregation: { Thru: 'none' },
      units: { Thru: null },
    });
  });

  it('takes cell 20 for 20, not for 200, on every network element that has one', async () => {
    const { data } = await query({ ...DAY, kpi_types: ['Thru'], cell: '20' });
    expect(brief(data['Thru'])).toEqual([
      '2025-08-08T08:00:00Z NVGNB#101086#20 900 1',
      '2025-08-08T08:00:00Z NVGNB#101086#20 3600 999',
      '2025-08-08T08:15:00Z NVGNB#101086#20 900 2',
      '2025-08-08T08:45:00Z NVGNB#101086#20 900 4',
      '2025-08-08T09:00:00Z NVGNB#101086#20 900 10',
      '2025-08-08T23:45:00Z NVGNB#7#20 900 7',
    ]);
    expect(data['Thru'].at(-1)?.suspect).toBe(true);
    const one = await query({ ...DAY, kpi_types: ['Thru'], cellid: ['NVGNB#7#20'] });
    expect(brief(one.data['Thru'])).toEqual(['2025-08-08T23:45:00Z NVGNB#7#20 900 7']);
  });

  it('takes an end date with its whole day, in the zone asked for', async () => {
    const inSeoul = await query({ ...DAY, kpi_types: 'Thru', ne: 'NVGNB#7', timezone: 'Asia/Seoul' });
    expect(inSeoul.data['Thru']).toEqual([]);
    const nextDay = { start_date: '2025-08-09', end_date: '2025-08-09' };
    const next = await query({ ...nextDay, kpi_types: 'Thru', ne: 'NVGNB#7', timezone: 'Asia/Seoul' });
    expect(next.data['Thru']).toMatchObject([{ date: '2025-08-09', hour: 8, timestamp: '2025-08-08T23:45:00Z' }]);
    const exact = { start_date: '2025-08-08T17:15:00+09:00', end_date: '2025-08-08T17:45:00+09:00' };
    expect(brief((await query({ ...exact, kpi_types: 'Thru', cell: '20' })).data['Thru'])).toEqual([
      '2025-08-08T08:15:00Z NVGNB#101086#20 900 2',
    ]);
  });

  it('pages by cursor without losing or repeating a record', async () => {
    const request = { ...DAY, kpi_types: ['Thru', 'Drops'], limit: 4 };
    const all = await query({ ...request, limit: 1000 });
    const pages: KpiQueryResponse[] = [];
    let cursor: string | null | undefined;
    do {
      pages.push(await query({ ...request, ...(cursor && { cursor }) }));
      cursor = pages.at(-1)?.metadata.next_cursor;
    } while (cursor);
    expect(pages.map(({ metadata }) => metadata.total_records)).toEqual([4, 4, 4, 1]);
    expect(pages.map(({ metadata }) => metadata.truncated)).toEqual([true, true, true, false]);
    for (const kpi of ['Thru', 'Drops']) expect(pages.flatMap(({ data }) => data[kpi])).toEqual(all.data[kpi]);
  });

  it('refuses the cursor of another request, and what is none', async () => {
    const first = await query({ ...DAY, kpi_types: 'Thru', limit: 1 });
    for (const cursor of [first.metadata.next_cursor, 'bm8', '!!']) {
      const answer = await server.post('viewer', '/api/kpi/query', { ...DAY, kpi_types: 'Drops', cursor });
      expect(answer.statusCode).toBe(400);
      expect(answer.json().error.details[0].path).toBe('cursor');
    }
  });

  it('makes buckets: sums of counts, means of the rest, of the shortest granularity only', async () => {
    const request = { ...DAY, kpi_types: ['Thru', 'Drops'], cellid: 'NVGNB#101086/20', interval_minutes: 60 };
    const { data, metadata } = await query(request);
    expect(brief(data['Thru'])).toEqual([
      `2025-08-08T08:00:00Z NVGNB#101086#20 3600 ${7 / 3}`,
      '2025-08-08T09:00:00Z NVGNB#101086#20 3600 10',
    ]);
    expect(brief(data['Drops'])).toEqual([
      '2025-08-08T08:00:00Z NVGNB#101086#20 3600 4',
      '2025-08-08T09:00:00Z NVGNB#101086#20 3600 0',
    ]);
    expect(metadata.aggregation).toEqual({ Thru: 'mean', Drops: 'sum' });
    const paged = await query({ ...request, limit: 3 });
    const rest = await query({ ...request, limit: 3, cursor: paged.metadata.next_cursor });
    expect([paged.metadata.total_records, rest.metadata.total_records]).toEqual([3, 1]);
  });

  it('says which granularity a bucket is made of, and how much was left out', async () => {
    const request = { ...DAY, kpi_types: 'Thru', cellid: 'NVGNB#101086/20', interval_minutes: 60 };
    const { data, metadata } = await query(request);
    expect(data['Thru'].map(({ value, flags }) => [value, flags])).toEqual([
      [7 / 3, ['mixed_granularity']],
      [10, []],
    ]);
    expect(metadata.granularities).toEqual({
      Thru: { used_s: [900], left_out: [{ granularity_s: 3600, samples: 1 }] },
    });
    expect(metadata.warnings).toContainEqual({
      code: 'mixed_granularity',
      message:
        'samples of several granularities; in each bucket of a cell the shortest count, since longer ones say the same again: Thru (made of samples of 900 s; left out: 1 of 3600 s)',
    });
    const csv = await server.post('viewer', '/api/kpi/query', request, { accept: 'text/csv' });
    expect(csv.body.split('\r\n')[1]).toMatch(/,mixed_granularity$/);
  });

  it('gives the sum of the hour for a count, in its unit, and flags what is longer than a bucket', async () => {
    const request = { start_date: '2025-08-11', end_date: '2025-08-11', kpi_types: 'TB.TotNbrDlInitial' };
    const hours = await query({ ...request, interval_minutes: 60 });
    expect(hours.data['TB.TotNbrDlInitial'].map(({ value, granularity_s }) => [value, granularity_s])).toEqual([
      [10, 3600],
      [400, 3600],
    ]);
    expect(hours.metadata).toMatchObject({
      units: { 'TB.TotNbrDlInitial': '1' },
      aggregation: { 'TB.TotNbrDlInitial': 'sum' },
    });
    const halves = await query({ ...request, interval_minutes: 30 });
    expect(halves.data['TB.TotNbrDlInitial'].map(({ value, flags }) => [value, flags])).toEqual([
      [3, []],
      [7, []],
      [400, ['spans_buckets']],
    ]);
  });

  it('makes buckets and statistics of the shortest granularity, also where a longer one comes first', async () => {
    const request = { start_date: '2025-08-10', end_date: '2025-08-10', kpi_types: 'Thru', interval_minutes: 60 };
    const { data } = await query(request);
    expect(brief(data['Thru'])).toEqual(['2025-08-10T08:00:00Z NVGNB#101086#30 3600 3']);
    const statistics = (await server.post('viewer', '/api/kpi/statistics/batch', request)).json();
    expect(statistics.statistics['Thru']).toMatchObject([{ count: 2, mean: 3 }]);
    expect(statistics.data['Thru']).toMatchObject([{ value: 3 }]);
  });

  it('streams all records as NDJSON and as CSV', async () => {
    const request = { ...DAY, kpi_types: ['Thru', 'Nothing'], cellid: '20', limit: 1 };
    const lines = await server.post('viewer', '/api/kpi/query', request, { accept: 'application/x-ndjson' });
    expect(lines.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(lines.headers['x-unknown-kpi-types']).toBe('Nothing');
    const records = lines.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records).toEqual((await query({ ...request, limit: 100 })).data['Thru']);
    const csv = await server.post('viewer', '/api/kpi/query', request, { accept: 'text/csv' });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.body.split('\r\n').slice(0, 2)).toEqual([
      'timestamp,entity_id,ne,object,cell_id,peg_name,kpi_type,value,granularity_s,suspect,date,hour,numerator,denominator,completeness,reason,flags',
      '2025-08-08T08:00:00Z,NVGNB#101086#20,NVGNB#101086,NRCellDU=20,20,Thru,Thru,1,900,false,2025-08-08,8,,,,,',
    ]);
    expect(csv.body.split('\r\n')).toHaveLength(8);
  });

  it('names what it does not know, with what would do', async () => {
    const { metadata, data } = await query({ ...DAY, kpi_types: 'Thruu' });
    expect(data).toEqual({});
    expect(metadata.unknown_kpi_types).toEqual([{ kpi_type: 'Thruu', suggestions: ['Thru'] }]);
    const refused = await server.post('viewer', '/api/kpi/query', { ...DAY, kpi_types: 'Thru', cellid: '2', ne: NE });
    expect(refused.statusCode).toBe(422);
    expect(refused.json().error).toMatchObject({
      code: 'UNKNOWN_NAME',
      details: [{ path: 'cellid', suggestions: ['20'] }],
    });
  });

  it('asks which family is meant where a name is in several', async () => {
    const days = { start_date: '2025-08-09', end_date: '2025-08-09' };
    const refused = await server.post('viewer', '/api/kpi/query', { ...days, kpi_types: 'Same' });
    expect(refused.statusCode).toBe(422);
    expect(refused.json().error).toMatchObject({
      code: 'UNPROCESSABLE',
      details: [{ path: 'kpi_types', suggestions: ['Board/Same', 'Fan/Same'] }],
    });
    expect(brief((await query({ ...days, kpi_types: 'Fan/Same' })).data['Fan/Same'])).toEqual([
      '2025-08-09T00:00:00Z NVGNB#101086#Fan=1 900 2',
    ]);
    expect(brief((await query({ ...days, kpi_types: '*Sam?' })).data['*Sam?'])).toHaveLength(2);
  });

  it.each([
    [{ start_date: '2025-02-30' }, 'start_date'],
    [{ end_date: '2025-08-07' }, 'end_date'],
    [{ timezone: 'Mars/Olympus' }, 'timezone'],
    [{ limit: 0 }, 'limit'],
    [{ kpi_types: [] }, 'kpi_types'],
    [{ kpi_typse: 'x' }, 'body'],
  ])('refuses %o', async (change, path) => {
    const answer = await server.post('viewer', '/api/kpi/query', { ...DAY, kpi_types: 'Thru', ...change });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.details.map((detail: { path: string }) => detail.path)).toContain(path);
  });
});

describe('POST /api/kpi/statistics/batch', () => {
  async function statistics(request: object): Promise<KpiStatisticsResponse> {
    const answer = await server.post('viewer', '/api/kpi/statistics/batch', { ...DAY, ...request });
    if (answer.statusCode !== 200) throw new Error(answer.body);
    return answer.json();
  }

  it('agrees with what is computed by hand', async () => {
    const {
      data,
      statistics: byKpi,
      metadata,
    } = await statistics({ kpi_types: ['Thru', 'Drops'], cellid: 'NVGNB#101086/20' });
    const [thru] = byKpi['Thru'];
    // 1, 2, 4, 10: mean 17/4; squares of the differences sum to 48.75; type 7 quantiles of 4 values.
    expect(thru).toMatchObject({ entity_id: 'NVGNB#101086#20', count: 4, mean: 4.25, min: 1, max: 10, p50: 3 });
    expect(thru.std).toBeCloseTo(Math.sqrt(48.75 / 3), 12);
    expect(thru.p95).toBeCloseTo(4 + 0.85 * 6, 12);
    expect(thru.p99).toBeCloseTo(4 + 0.97 * 6, 12);
    expect(thru.completeness).toBeCloseTo(4 / 96, 12);
    expect(byKpi['Drops']).toMatchObject([{ count: 5, mean: 0.8, p50: 1 }]);
    expect(data['Thru'].map(({ timestamp, value }) => [timestamp, value])).toEqual([
      ['2025-08-08T08:00:00Z', 7 / 3],
      ['2025-08-08T09:00:00Z', 10],
    ]);
    expect(data['Drops'].map(({ value }) => value)).toEqual([4, 0]);
    expect(metadata.granularities).toEqual({
      Thru: { used_s: [900], left_out: [{ granularity_s: 3600, samples: 1 }] },
      Drops: { used_s: [900], left_out: [] },
    });
    expect(metadata.warnings?.map(({ code }) => code)).toEqual(['kind_unknown', 'mixed_granularity']);
    expect(metadata.warnings?.[1].message).toContain('Thru (made of samples of 900 s; left out: 1 of 3600 s)');
    expect(thru.granularity_s).toBe(900);
  });

  it('takes entities as answers name them', async () => {
    const { statistics: byKpi } = await statistics({ kpi_types: 'Thru', entity_ids: ['NVGNB#7#20'] });
    expect(byKpi['Thru']).toMatchObject([{ ne: 'NVGNB#7', count: 1, std: null, p99: 7 }]);
    const refused = await server.post('viewer', '/api/kpi/statistics/batch', {
      ...DAY,
      kpi_types: 'Thru',
      entity_ids: 'NVGNB#7#21',
    });
    expect(refused.json().error).toMatchObject({
      code: 'UNKNOWN_NAME',
      details: [{ path: 'entity_ids', suggestions: ['NVGNB#7#20'] }],
    });
  });

  it('gives nothing for a period without data', async () => {
    const empty = await statistics({ start_date: '2024-01-01', end_date: '2024-01-31', kpi_types: 'Thru' });
    expect([empty.data, empty.statistics]).toEqual([{ Thru: [] }, { Thru: [] }]);
  });
});
