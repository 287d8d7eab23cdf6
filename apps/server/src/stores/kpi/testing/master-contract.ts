import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DAY_MS,
  deliver,
  fileRecord,
  type OpenedStore,
  type OpenStore,
  QUARTER_MS,
  readBlocks,
  refusal,
  sha256Of,
  T0,
  toBlock,
} from './store-fixture.ts';

/** Identities, PEG metadata, the ingest log, and whole days. */
export function describeMasterData(open: OpenStore): void {
  describe('master data', () => {
    let opened: OpenedStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('is empty at first', async () => {
      const { store } = opened;
      expect(await store.networkElements()).toEqual([]);
      expect(await store.measuredObjects()).toEqual([]);
      expect(await store.pegs()).toEqual([]);
      expect(await store.extent()).toBeNull();
      expect(await store.dropDaysBefore(Date.UTC(2100, 0, 1))).toEqual([]);
      expect(await store.knownFiles([])).toEqual(new Set());
      await store.ping();
    });

    it('identifies cells by class, and keeps objects that are no cells', async () => {
      const ldns = ['', 'GNBDUFunction=1,NRCellDU=20', 'EUtranCellFDD=20', 'Equipment=1', 'odd'];
      await deliver(opened.store, { blocks: ldns.map((ldn) => ({ ldn, values: { a: 1 } })) });
      const objects = await opened.store.measuredObjects();
      expect(objects.map(({ ne, ldn, objectClass, cellId, rat }) => [ne, ldn, objectClass, cellId, rat])).toEqual([
        ['NE1', '', 'ManagedElement', null, null],
        ['NE1', 'EUtranCellFDD=20', 'EUtranCellFDD', '20', 'LTE'],
        ['NE1', 'Equipment=1', 'Equipment', null, null],
        ['NE1', 'GNBDUFunction=1,NRCellDU=20', 'NRCellDU', '20', 'NR'],
        ['NE1', 'odd', 'Object', null, null],
      ]);
    });

    it('learns what later files say of a network element, and forgets nothing', async () => {
      const writer = opened.store.openWriter();
      const say = async (facts: { userLabel?: string; vendor?: string; swVersion?: string }) => {
        const block = toBlock({ values: { a: 1 } });
        writer.beginFile();
        writer.add({ ...block, managedElement: { ...block.managedElement, ...facts } });
        writer.endFile(fileRecord());
        await writer.commit();
        const [ne] = await opened.store.networkElements();
        return [ne.name, ne.userLabel, ne.vendor, ne.swVersion];
      };
      expect(await say({ vendor: 'ACME', swVersion: '1' })).toEqual(['NE1', null, 'ACME', '1']);
      expect(await say({ userLabel: 'site 7', swVersion: '2' })).toEqual(['NE1', 'site 7', 'ACME', '2']);
      expect(await say({})).toEqual(['NE1', 'site 7', 'ACME', '2']);
      await writer.close();
    });

    it('describes PEGs in part: keys that are absent stay, null clears', async () => {
      const { store } = opened;
      await deliver(store, { blocks: [{ values: { Thru: 1 } }] });
      const thru = { family: 'NRCellDU', name: 'Thru' };
      const described = {
        unit: 'kbit/s',
        kind: 'gauge',
        polarity: 'higher_better',
        weight: 8,
        critical: true,
      } as const;
      expect(await store.describePegs([{ ...thru, ...described, thresholds: { relative: 7.5 } }])).toBe(1);
      expect(await store.pegs()).toMatchObject([{ ...thru, rat: 'NR', ...described, thresholds: { relative: 7.5 } }]);
      expect(await store.describePegs([{ ...thru, polarity: 'neutral', description: 'mean, of the UEs' }])).toBe(1);
      expect(await store.describePegs([{ ...thru, weight: null, thresholds: null }])).toBe(1);
      const expected = {
        ...described,
        polarity: 'neutral',
        weight: null,
        thresholds: null,
        description: 'mean, of the UEs',
      };
      expect(await store.pegs()).toMatchObject([{ ...thru, ...expected }]);
      expect(await store.describePegs([{ ...thru, ...expected, polarity: 'neutral' }])).toBe(0);
      expect(await store.describePegs([])).toBe(0);
    });

    it('makes PEGs known before their samples come, with the RAT of their family', async () => {
      const { store } = opened;
      expect(await store.describePegs([{ family: 'NRCellDU', name: 'Drops', polarity: 'lower_better' }])).toBe(1);
      await deliver(store, { blocks: [{ values: { Drops: 3 } }] });
      expect(await store.pegs()).toMatchObject([
        { name: 'Drops', polarity: 'lower_better', rat: 'NR', critical: false },
      ]);
      expect((await readBlocks(store)).map((block) => block.values)).toEqual([{ Drops: 3 }]);
    });

    it('takes the last of several descriptions of one PEG', async () => {
      const thru = { family: 'F', name: 'Thru' };
      await opened.store.describePegs([
        { ...thru, weight: 1, unit: 'a' },
        { ...thru, weight: 2 },
      ]);
      expect(await opened.store.pegs()).toMatchObject([{ weight: 2, unit: 'a' }]);
    });

    it('describes nothing when a description cannot be stored', async () => {
      const entries = [
        { family: 'F', name: 'good', weight: 3 },
        { family: 'F', name: 'bad', weight: 99 },
      ];
      await expect(opened.store.describePegs(entries)).rejects.toThrow();
      expect(await opened.store.pegs()).toEqual([]);
    });

    describe('ingest log', () => {
      it('keeps what is known of a file', async () => {
        const record = fileRecord({
          ...{ name: 'a 🙂.xml', sender: 'DN=1', swVersion: 'v1', periodBeginMs: T0, periodEndMs: T0 + QUARTER_MS },
          ...{ values: 11_515, numbers: 11_995 },
          warnings: [{ code: 'odd', message: 'odd \0 thing \ud83d', line: 7, count: 2 }],
        });
        const writer = opened.store.openWriter();
        writer.beginFile();
        writer.add(toBlock({ values: { a: 1 } }));
        writer.endFile(record);
        await writer.commit();
        await writer.close();
        const { items } = await opened.store.listFiles({ limit: 10 });
        const readable = [{ code: 'odd', message: 'odd \ufffd thing \ufffd', line: 7, count: 2 }];
        const { settles: _, ...kept } = record;
        const row = { status: 'ok', errorCode: null, errorMessage: null, errorLine: null };
        expect(items).toEqual([
          { ...kept, ...row, warnings: readable, id: expect.any(Number), ingestedAtMs: expect.any(Number) },
        ]);
      });

      it('lists the newest first, by pages and by status', async () => {
        const { store } = opened;
        for (let i = 0; i < 5; i++) {
          await deliver(store, { content: `ok ${i}`, blocks: [{ beginMs: T0 + i * QUARTER_MS, values: { a: i } }] });
          await store.quarantine.record(refusal({ content: `bad ${i}`, name: `bad ${i}` }), null);
        }
        const seen: (string | null)[] = [];
        let cursor: string | null = null;
        do {
          const page = await store.listFiles({ limit: 3, ...(cursor !== null && { cursor }) });
          expect(page.items.length).toBeLessThanOrEqual(3);
          seen.push(...page.items.map((item) => item.sha256));
          cursor = page.nextCursor;
        } while (cursor !== null);
        const expected = [4, 3, 2, 1, 0].flatMap((i) => [sha256Of(`bad ${i}`), sha256Of(`ok ${i}`)]);
        expect(seen).toEqual(expected);
        const refused = await store.listFiles({ status: 'quarantined', limit: 5 });
        expect(refused.items.map((item) => item.name)).toEqual(['bad 4', 'bad 3', 'bad 2', 'bad 1', 'bad 0']);
        expect(refused.nextCursor).toBeNull();
        expect((await store.listFiles({ status: 'ok', limit: 2 })).items).toHaveLength(2);
        const bad = store.listFiles({ limit: 1, cursor: "1' OR true" });
        await expect(bad).rejects.toMatchObject({ code: 'DATA_VALIDATION_ERROR' });
      });
    });

    describe('whole days', () => {
      const days = [0, 1, 2].map((day) => ({ beginMs: T0 + day * DAY_MS, values: { a: day } }));

      it('gives the extent from the first begin to the last end', async () => {
        const late = { beginMs: T0 + 2 * DAY_MS + 23 * 3_600_000, granularityS: 3600, values: { a: 9 } };
        await deliver(opened.store, { blocks: [late, ...days] });
        expect(await opened.store.extent()).toEqual({ fromMs: T0, toMs: T0 + 3 * DAY_MS });
      });

      it('drops days that ended before a time, and takes them again', async () => {
        const { store } = opened;
        const writer = store.openWriter();
        const bring = async () => {
          writer.beginFile();
          for (const day of days) writer.add(toBlock(day));
          writer.endFile(fileRecord());
          return writer.commit();
        };
        await bring();
        expect(await store.dropDaysBefore(T0 + DAY_MS - 1)).toEqual([]);
        expect(await store.dropDaysBefore(T0 + 2 * DAY_MS)).toEqual(['2025-08-07', '2025-08-08']);
        expect(await store.extent()).toEqual({ fromMs: T0 + 2 * DAY_MS, toMs: T0 + 2 * DAY_MS + QUARTER_MS });
        expect(await readBlocks(store)).toHaveLength(1);
        expect(await bring()).toMatchObject({ insertedBlocks: 2, mergedBlocks: 1 });
        await writer.close();
        expect(await readBlocks(store)).toHaveLength(3);
      });

      it('knows the extent when the first or last day has lost its samples', async () => {
        await deliver(opened.store, { blocks: [{ beginMs: T0, values: { a: null } }, ...days.slice(1)] });
        expect(await opened.store.extent()).toEqual({ fromMs: T0 + DAY_MS, toMs: T0 + 2 * DAY_MS + QUARTER_MS });
      });
    });
  });
}
