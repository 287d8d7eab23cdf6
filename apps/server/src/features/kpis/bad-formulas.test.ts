import type { KpiQueryResponse, MasterKpi } from '@pegboard/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp, writeSamples } from '../../testing/test-app.ts';

let server: TestApp;

beforeAll(async () => {
  server = await createTestApp();
  const values = { Att: [10, 0], Succ: [9, 0], 'Thru (Kbps)': [5, 6], Vol: [1, 2], Busy: [3, 4] };
  await writeSamples(server.services.store, [{ ne: 'N', ldn: 'NRCellDU=1', begin: '2025-08-07T00:00:00Z', values }]);
  const [kbit, s] = ['kbit', 's'].map((unit) => ({ family: 'NRCellDU', kind: 'cumulative', unit }) as const);
  await server.services.store.describePegs([
    { ...kbit, name: 'Vol' },
    { ...s, name: 'Busy' },
  ]);
});
afterAll(() => server.close());

const put = (name: string, formula: string) =>
  server.as('admin', { method: 'PUT', url: `/api/master/kpis/${encodeURIComponent(name)}`, payload: { formula } });
const remove = (name: string) =>
  server.as('admin', { method: 'DELETE', url: `/api/master/kpis/${encodeURIComponent(name)}` });
const query = (request: object) =>
  server.post('viewer', '/api/kpi/query', { start_date: '2025-08-07', end_date: '2025-08-07', ...request });

describe('a KPI of an administrator', () => {
  const deep = `${'('.repeat(1000)}1${')'.repeat(1000)}`;

  it.each([
    ['10,000 characters', `1${'+1'.repeat(5000)}`, /column 10001: the formula has 10001 characters, at most 10000/],
    ['1,000 levels', deep, /line 1, column 202: .*200 levels/],
    ['itself', 'K+1', /"K" refers to itself: K → K/],
    ['a circle with the catalogue’s words', "'K'*L01", /"K" refers to itself: K → K/],
    ['units that do not fit', 'Vol+Busy', /line 1, column 5: kbit and s cannot be added/],
    ['no operator between a name and its parentheses', 'Thru (Kbps)', /line 1, column 1: .*'Thru\(…\)'/],
    ['an unclosed quote', "'Thru (Kbps)/2", /line 1, column 1: a quote ' is opened here and never closed/],
    ['a function that is none', 'constructor(1)', /line 1, column 1: .*constructor/],
  ])('is refused with its place: %s', async (_what, formula, message) => {
    const refused = await put('K', formula);
    expect([refused.statusCode, refused.json().error?.code]).toEqual([400, 'DATA_VALIDATION_ERROR']);
    expect(refused.json().error.message).toMatch(message);
    expect(refused.json().error.details[0]).toMatchObject({ path: 'formula' });
  });

  it('is refused where it would close a circle of several, with the way around', async () => {
    expect((await put('one', 'two+1')).statusCode).toBe(200);
    expect((await put('two', 'three+1')).statusCode).toBe(200);
    const refused = await put('three', 'Att*one');
    expect(refused.statusCode).toBe(400);
    expect(refused.json().error.message).toMatch(/three → one → two → three|one → two → three → one/);
    for (const name of ['one', 'two']) await remove(name);
  });

  it.each([
    ['an unknown name', 'Suc/Att', 'no counter or formula is called "Suc"; did you mean Succ?'],
    ['__proto__', '__proto__', 'no counter or formula is called "__proto__"'],
    ['constructor', '1+constructor', 'no counter or formula is called "constructor"'],
    ['toString of a family', "'NRCellDU/toString'", 'no counter or formula is called "NRCellDU/toString"'],
  ])('is kept where only counters are missing, which may come, and says so: %s', async (_what, formula, reason) => {
    const kept = await put('K', formula);
    expect(kept.statusCode).toBe(200);
    expect(kept.json<MasterKpi>()).toMatchObject({ computable: false, reason: expect.stringContaining(reason) });
    await remove('K');
  });

  it('may have a name and counters with spaces and parentheses, and gives no value for 0/0', async () => {
    const name = 'Rate (%), of all';
    expect((await put(name, "100*'Thru (Kbps)'/'Thru (Kbps)'*Succ/Att")).json()).toMatchObject({ computable: true });
    const { data } = (await query({ kpi_types: [name] })).json<KpiQueryResponse>();
    expect(data[name]).toMatchObject([
      { value: 90, reason: null },
      { value: null, reason: expect.stringMatching(/^zero_over_zero: /) },
    ]);
    await remove(name);
  });

  it.each(['constructor', 'prototype', 'hasOwnProperty'])('may be called %s', async (name) => {
    expect((await put(name, 'Succ')).json()).toMatchObject({ name, computable: true });
    const { data } = (await query({ kpi_types: [name] })).json<KpiQueryResponse>();
    expect(Object.hasOwn(data, name) && data[name].map(({ value }) => value)).toEqual([9, 0]);
    await remove(name);
  });
});

it('a KPI cannot be called __proto__', async () => {
  const refused = await put('__proto__', 'Succ');
  expect([refused.statusCode, refused.json().error.message]).toEqual([400, 'name: is no name that can be taken']);
});

describe('formulas of a request', () => {
  it('are refused as a whole where a key is __proto__, before anything is read', async () => {
    const payload =
      '{"start_date":"2025-08-07","end_date":"2025-08-07","kpi_types":"x","peg_definitions":{"__proto__":"Succ"}}';
    const refused = await server.as('viewer', {
      method: 'POST',
      url: '/api/kpi/query',
      headers: { 'content-type': 'application/json' },
      payload,
    });
    expect(refused.statusCode).toBe(400);
    expect(({} as Record<string, unknown>)['Succ']).toBeUndefined();
  });

  it('that all refer to one another are refused in no time, with a few ways around', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `k${i}`.padEnd(80, 'x'));
    const refused = await query({
      kpi_types: names[0],
      peg_definitions: Object.fromEntries(names.map((name) => [name, names.join('+')])),
    });
    expect(refused.statusCode).toBe(400);
    const { message, details } = refused.json().error;
    expect(message).toMatch(/"k1x+" refers to itself: k0x+ → k1x+ → k0x+; .*; and 95 more$/s);
    expect(message.length).toBeLessThan(10_000);
    expect(details).toHaveLength(100);
  });
});
