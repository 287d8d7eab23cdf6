import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ALWAYS,
  counters,
  DAY_MS,
  deliver,
  type OpenedStore,
  type OpenStore,
  QUARTER_MS,
  readBlocks,
  readSamples,
  T0,
} from './store-fixture.ts';

const CELLS = ['NRCellDU=1', 'NRCellDU=2', 'NRCellDU=3'];
const PERIODS = 4;
/** Enough for three groups. */
const COUNTERS = 500;

/** Reading back: filters, orders, and ends before the end. */
export function describeScanning(open: OpenStore): void {
  describe('scanning', () => {
    let opened: OpenedStore;
    beforeAll(async () => {
      opened = await open();
      // The latest first, so that no order comes by itself.
      for (let period = PERIODS - 1; period >= 0; period--) {
        const beginMs = T0 + DAY_MS - 2 * QUARTER_MS + period * QUARTER_MS;
        const blocks = CELLS.map((ldn, cell) => ({ ldn, beginMs, values: counters('c', COUNTERS, cell + period) }));
        await deliver(opened.store, { blocks: blocks.reverse() });
      }
    });
    afterAll(() => opened.close());
    const objectIdsOf = async (...ldns: string[]) =>
      (await opened.store.measuredObjects()).filter((object) => ldns.includes(object.ldn)).map((object) => object.id);
    const pegIdsOf = async (wanted: (index: number) => boolean) =>
      (await opened.store.pegs()).filter((peg) => wanted(Number(peg.name.slice(1)))).map((peg) => peg.id);

    it('gives every sample once in any order', async () => {
      const orders = ['none', 'object', 'time'] as const;
      const [none, object, time] = await Promise.all(orders.map((order) => readSamples(opened.store, { order })));
      expect(none.size).toBe(CELLS.length * PERIODS * COUNTERS);
      expect(object).toEqual(none);
      expect(time).toEqual(none);
    });

    it('orders by object, then begin, or by begin, then object', async () => {
      const visited: Record<string, [number, number][]> = { object: [], time: [] };
      for (const order of ['object', 'time'] as const) {
        const pegIds = await pegIdsOf((index) => index === 10);
        await opened.store.scan({ objectIds: null, pegIds, interval: ALWAYS, order }, (block) => {
          visited[order].push([block.objectId, block.beginMs]);
        });
        expect(visited[order]).toHaveLength(CELLS.length * PERIODS);
      }
      const sorted = (first: 0 | 1) =>
        [...visited['object']].sort((a, b) => a[first] - b[first] || a[1 - first] - b[1 - first]);
      expect(visited['object']).toEqual(sorted(0));
      expect(visited['time']).toEqual(sorted(1));
    });

    it('reads the objects asked for', async () => {
      const blocks = await readBlocks(opened.store, { objectIds: await objectIdsOf('NRCellDU=1', 'NRCellDU=3') });
      expect(new Set(blocks.map((block) => block.ldn))).toEqual(new Set(['NRCellDU=1', 'NRCellDU=3']));
      expect(await readBlocks(opened.store, { objectIds: [] })).toEqual([]);
      expect(await readBlocks(opened.store, { objectIds: [2_000_000_000] })).toEqual([]);
    });

    it.each<[string, (index: number) => boolean]>([
      ['one PEG', (index) => index === 7],
      ['few PEGs of a group', (index) => index >= 30 && index < 40],
      ['most PEGs of a group', (index) => index < 200],
      ['a group without one PEG', (index) => index !== 100 && index < 240],
      ['PEGs of several groups', (index) => index % 100 === 3],
      ['all PEGs', () => true],
      ['no PEG', () => false],
    ])('reads the PEGs asked for: %s', async (_what, wanted) => {
      const all = await readSamples(opened.store);
      const expected = [...all].filter(([key]) => wanted(Number(key.split('|c')[1])));
      const read = await readSamples(opened.store, { pegIds: await pegIdsOf(wanted) });
      expect(read).toEqual(new Map(expected));
    });

    it('takes the begin of the interval in and leaves its end out', async () => {
      const beginMs = T0 + DAY_MS - QUARTER_MS;
      const at = async (fromMs: number, toMs: number) => {
        const blocks = await readBlocks(opened.store, { interval: { fromMs, toMs } });
        return [...new Set(blocks.map((block) => block.beginMs))];
      };
      expect(await at(beginMs, beginMs + QUARTER_MS)).toEqual([beginMs]);
      expect(await at(beginMs, beginMs + QUARTER_MS + 1)).toEqual([beginMs, beginMs + QUARTER_MS]);
      expect(await at(beginMs + 1, beginMs + QUARTER_MS)).toEqual([]);
      expect(await at(beginMs, beginMs)).toEqual([]);
    });

    it('keeps one list of PEG ids for all blocks of a group', async () => {
      const lists = new Set<Int32Array>();
      await opened.store.scan({ objectIds: null, pegIds: null, interval: ALWAYS, order: 'none' }, (block) => {
        lists.add(block.pegIds);
      });
      expect(lists.size).toBe(3);
      expect(new Set([...lists].flatMap((list) => [...list])).size).toBe((await opened.store.pegs()).length);
    });

    it('stops with the error of the visitor, and can be used again', async () => {
      const selection = { objectIds: null, pegIds: null, interval: ALWAYS, order: 'none' } as const;
      for (let round = 0; round < 15; round++) {
        let visits = 0;
        const scan = opened.store.scan(selection, () => {
          visits++;
          throw new RangeError('enough');
        });
        await expect(scan).rejects.toThrow(RangeError);
        expect(visits).toBe(1);
      }
      expect(await readBlocks(opened.store)).toHaveLength(CELLS.length * PERIODS * 3);
    });

    it('stops on an aborted signal, and can be used again', async () => {
      const selection = { objectIds: null, pegIds: null, interval: ALWAYS, order: 'none' } as const;
      const before = new AbortController();
      before.abort(new Error('never mind'));
      await expect(opened.store.scan(selection, () => {}, before.signal)).rejects.toThrow('never mind');
      for (let round = 0; round < 15; round++) {
        const during = new AbortController();
        const scan = opened.store.scan(selection, () => during.abort(), during.signal);
        await expect(scan).rejects.toMatchObject({ name: 'AbortError' });
      }
      expect(await readBlocks(opened.store)).toHaveLength(CELLS.length * PERIODS * 3);
    });
  });
}
