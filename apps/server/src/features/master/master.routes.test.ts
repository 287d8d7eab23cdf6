import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp, writeSamples } from '../../testing/test-app.ts';

let server: TestApp;

beforeAll(async () => {
  server = await createTestApp();
  const begin = '2025-08-08T08:00:00Z';
  await writeSamples(server.services.store, [
    { ne: 'B', ldn: 'NRCellDU=2', begin, values: { Thru: [1], Drops: [1] } },
    { ne: 'A', ldn: 'NRCellCU=1', begin, values: { Att: [1] } },
    { ne: 'A', ldn: 'NRCellDU=1', begin, values: { Thru: [1] } },
    { ne: 'A', ldn: 'Board=1', begin, values: { Drops: [1] } },
  ]);
});
afterAll(() => server.close());

const get = (url: string) => server.as('viewer', { url });

describe('master data', () => {
  it('lists PEGs by family and name', async () => {
    const pegs = (await get('/api/master/pegs')).json();
    expect(pegs.map((peg: { family: string; peg_name: string }) => `${peg.family}/${peg.peg_name}`)).toEqual([
      'Board/Drops',
      'NRCellCU/Att',
      'NRCellDU/Drops',
      'NRCellDU/Thru',
    ]);
    expect(pegs[3]).toMatchObject({ polarity: null, weight: null, critical: false, thresholds: null });
  });

  it('finds by part of a name and pages by the header', async () => {
    const first = await get('/api/master/pegs?q=DROP&limit=1');
    expect(first.json()).toMatchObject([{ family: 'Board', peg_name: 'Drops' }]);
    const second = await get(`/api/master/pegs?q=DROP&limit=1&cursor=${first.headers['x-next-cursor']}`);
    expect(second.json()).toMatchObject([{ family: 'NRCellDU', peg_name: 'Drops' }]);
    expect(second.headers['x-next-cursor']).toBeUndefined();
    expect((await get('/api/master/pegs?cursor=zzz')).statusCode).toBe(400);
    expect((await get('/api/master/pegs?limt=1')).statusCode).toBe(400);
  });

  it('lists network elements, families, and cells with all their objects', async () => {
    expect((await get('/api/master/ne')).json().map(({ ne }: { ne: string }) => ne)).toEqual(['A', 'B']);
    expect((await get('/api/master/families')).json()).toMatchObject([
      { family: 'Board', pegs: 1 },
      { family: 'NRCellCU', pegs: 1 },
      { family: 'NRCellDU', pegs: 2 },
    ]);
    expect((await get('/api/master/cells')).json()).toEqual([
      { ne: 'A', cell_id: '1', rat: 'NR', entity_id: 'A#1', objects: ['NRCellCU=1', 'NRCellDU=1'] },
      { ne: 'B', cell_id: '2', rat: 'NR', entity_id: 'B#2', objects: ['NRCellDU=2'] },
    ]);
    expect((await get('/api/master/cells?ne=B')).json()).toHaveLength(1);
    expect((await get('/api/master/cells?ne=C')).statusCode).toBe(422);
  });
});

describe('PUT /api/master/pegs/{name}', () => {
  const put = (name: string, payload: object) =>
    server.as('admin', { method: 'PUT', url: `/api/master/pegs/${encodeURIComponent(name)}`, payload });

  it('sets what is given and keeps the rest; null goes back to the default', async () => {
    const set = await put('Thru', {
      polarity: 'higher_better',
      weight: 8,
      critical: true,
      thresholds: { relative: 5 },
    });
    expect(set.json()).toMatchObject({
      polarity: 'higher_better',
      weight: 8,
      critical: true,
      thresholds: { relative: 5 },
    });
    const kept = await put('Thru', { weight: null });
    expect(kept.json()).toMatchObject({ polarity: 'higher_better', weight: null, critical: true });
    expect((await get('/api/master/pegs?q=thru')).json()).toEqual([kept.json()]);
  });

  it('wants the family where a name is in several', async () => {
    const refused = await put('Drops', { weight: 3 });
    expect(refused.statusCode).toBe(422);
    expect(refused.json().error.details[0].suggestions).toEqual(['Board/Drops', 'NRCellDU/Drops']);
    expect((await put('Drops', { weight: 3, family: 'Board' })).json()).toMatchObject({ family: 'Board', weight: 3 });
    expect((await put('NRCellDU/Drops', { weight: 4 })).json()).toMatchObject({ family: 'NRCellDU', weight: 4 });
    const pegs = (await get('/api/master/pegs?q=drops')).json();
    expect(pegs.map(({ weight }: { weight: number }) => weight)).toEqual([3, 4]);
  });

  it('does not take globs, unknown names or bad values', async () => {
    expect((await put('Th*', { weight: 3 })).statusCode).toBe(422);
    expect((await put('Thro', { weight: 3 })).json().error).toMatchObject({
      code: 'UNKNOWN_NAME',
      details: [{ suggestions: ['Thru'] }],
    });
    expect((await put('Thru', { weight: 11 })).statusCode).toBe(400);
    expect((await put('Thru', {})).statusCode).toBe(400);
  });
});
