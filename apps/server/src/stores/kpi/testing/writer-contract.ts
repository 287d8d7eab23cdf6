import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SamplesRefusedError } from '../kpi-store.ts';
import {
  addFile,
  counters,
  DAY_MS,
  deliver,
  fileRecord,
  type OpenedStore,
  type OpenStore,
  QUARTER_MS,
  readBlocks,
  readSamples,
  sampleKey,
  sha256Of,
  T0,
  type TestBlock,
  type TestFile,
  toBlock,
} from './store-fixture.ts';

const quarters = (count: number, block: TestBlock): TestBlock[] =>
  Array.from({ length: count }, (_, i) => ({ ...block, beginMs: T0 + i * QUARTER_MS }));

/** Files go in whole or not at all, also large ones, also from several writers at once. */
export function describeWriting(open: OpenStore): void {
  describe('writing files', () => {
    let opened: OpenedStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('shows nothing before the commit and all after it', async () => {
      const writer = opened.store.openWriter();
      await addFile(writer, { blocks: quarters(10, { values: { a: 1 } }), spillEvery: 4 });
      expect(await readBlocks(opened.store)).toEqual([]);
      expect(writer.pendingNumbers).toBe(2);
      expect(await writer.commit()).toMatchObject({ insertedBlocks: 10, mergedBlocks: 0 });
      expect(writer.pendingNumbers).toBe(0);
      await writer.close();
      expect(await readBlocks(opened.store)).toHaveLength(10);
    });

    it('forgets what was not committed when it is closed', async () => {
      const writer = opened.store.openWriter();
      await addFile(writer, { blocks: quarters(4, { values: { a: 1 } }), spillEvery: 3 });
      await writer.close();
      expect(await readBlocks(opened.store)).toEqual([]);
      expect((await opened.store.listFiles({ limit: 10 })).items).toEqual([]);
    });

    it('merges a spilled file like any other', async () => {
      await deliver(opened.store, { blocks: quarters(6, { values: { a: 1, b: 1 } }) });
      const report = await deliver(opened.store, { blocks: quarters(8, { values: { b: 2, c: 3 } }), spillEvery: 3 });
      expect(report).toMatchObject({ insertedBlocks: 2, mergedBlocks: 6 });
      const values = (await readBlocks(opened.store)).map((block) => block.values);
      expect(values.slice(0, 6)).toEqual(Array(6).fill({ a: 1, b: 2, c: 3 }));
      expect(values.slice(6)).toEqual(Array(2).fill({ b: 2, c: 3 }));
    });

    it('takes parts of one block from both sides of a spill', async () => {
      await deliver(opened.store, { blocks: [{ values: { a: 1 } }, { values: { b: 2 } }], spillEvery: 1 });
      expect((await readBlocks(opened.store)).map((block) => block.values)).toEqual([{ a: 1, b: 2 }]);
    });

    it('drops a file without a trace, spilled or not, and goes on', async () => {
      const writer = opened.store.openWriter();
      await addFile(writer, { blocks: [{ ldn: 'NRCellDU=1', values: { a: 1 } }] });
      writer.beginFile();
      writer.add(toBlock({ ldn: 'NRCellDU=1', values: { a: 99 } }));
      await writer.dropFile();
      await writer.commit();
      writer.beginFile();
      writer.add(toBlock({ ldn: 'NRCellDU=2', values: { a: 98 } }));
      await writer.spill();
      writer.add(toBlock({ ldn: 'NRCellDU=3', values: { a: 97 } }));
      await writer.dropFile();
      expect(writer.pendingNumbers).toBe(0);
      await addFile(writer, { blocks: [{ ldn: 'NRCellDU=4', values: { a: 4 } }] });
      await writer.commit();
      await writer.close();
      expect((await readBlocks(opened.store)).map(({ ldn, values }) => [ldn, values])).toEqual([
        ['NRCellDU=1', { a: 1 }],
        ['NRCellDU=4', { a: 4 }],
      ]);
      expect((await opened.store.listFiles({ limit: 10 })).items).toHaveLength(2);
    });

    it.each([undefined, 2])(
      'lets the next file be dropped while one is being committed (spill every %s)',
      async (spillEvery) => {
        const writer = opened.store.openWriter();
        await addFile(writer, {
          blocks: quarters(5, { values: { a: 1 } }),
          content: 'first',
          ...(spillEvery && { spillEvery }),
        });
        const committing = writer.commit();
        writer.beginFile();
        writer.add(toBlock({ ldn: 'NRCellDU=9', values: { a: 9 } }));
        await writer.dropFile();
        await addFile(writer, { blocks: [{ ldn: 'NRCellDU=10', values: { a: 10 } }] });
        expect(await committing).toMatchObject({ insertedBlocks: 5, duplicates: [] });
        expect(await writer.commit()).toMatchObject({ insertedBlocks: 1 });
        await writer.close();
        expect(await readBlocks(opened.store)).toHaveLength(6);
      },
    );

    it('takes a content once: in later batches, spilled or not, it is a duplicate and changes nothing', async () => {
      await deliver(opened.store, { content: 'x', blocks: [{ values: { a: 1 } }] });
      for (const spillEvery of [undefined, 1]) {
        const again: TestFile = { content: 'x', blocks: [{ values: { a: 2 } }], ...(spillEvery && { spillEvery }) };
        const report = await deliver(opened.store, again);
        expect(report).toEqual({ insertedBlocks: 0, mergedBlocks: 0, duplicates: [sha256Of('x')], refused: [] });
      }
      expect([...(await readSamples(opened.store)).values()]).toEqual([1]);
      expect(await opened.store.knownFiles([sha256Of('x'), sha256Of('y')])).toEqual(new Set([sha256Of('x')]));
    });

    it('keeps the other files of a batch in which one is a duplicate', async () => {
      await deliver(opened.store, { content: 'x', blocks: [{ values: { a: 1 } }] });
      const report = await deliver(
        opened.store,
        { blocks: [{ ldn: 'NRCellDU=30', values: { a: 3 } }] },
        { content: 'x', blocks: [{ values: { a: 2 } }] },
        { blocks: [{ ldn: 'NRCellDU=31', values: { a: 4 } }] },
      );
      expect(report).toMatchObject({ insertedBlocks: 2, duplicates: [sha256Of('x')] });
      expect([...(await readSamples(opened.store)).values()]).toEqual([1, 3, 4]);
    });

    it('gives one content to one of two writers that bring it at once', async () => {
      for (let round = 0; round < 5; round++) {
        const file = { content: `round ${round}`, blocks: [{ ldn: `NRCellDU=${round}`, values: { a: round } }] };
        const reports = await Promise.all([
          deliver(opened.store, file),
          deliver(opened.store, { ...file, spillEvery: 1 }),
        ]);
        expect(reports.flatMap((report) => report.duplicates)).toEqual([sha256Of(file.content)]);
        expect(reports.reduce((sum, report) => sum + report.insertedBlocks, 0)).toBe(1);
      }
    });

    it('gives new counters one place when two writers bring them at once', async () => {
      const cells = [1, 2, 3, 4];
      await Promise.all(
        cells.map((cell) =>
          deliver(opened.store, {
            blocks: [
              { ne: `NE${cell}`, ldn: `NRCellDU=${cell}`, values: counters('c', 300, cell * 100) },
              { ne: 'shared', ldn: 'NRCellDU=0', values: counters('c', 300, cell * 100) },
            ],
          }),
        ),
      );
      const expected = new Map<string, number>();
      for (const cell of cells) {
        for (const [name, value] of Object.entries(counters('c', 300, cell * 100))) {
          expected.set(sampleKey({ ne: `NE${cell}`, ldn: `NRCellDU=${cell}` }, name), value);
          expected.set(sampleKey({ ne: 'shared', ldn: 'NRCellDU=0' }, name), value);
        }
      }
      expect(await readSamples(opened.store)).toEqual(expected);
      expect((await opened.store.pegs()).filter((peg) => peg.name === 'c350')).toHaveLength(1);
    });

    it('loses nothing when two writers complete the same blocks in opposite order', async () => {
      const objects = Array.from({ length: 40 }, (_, i) => `NRCellDU=${i}`);
      const aroundMidnight = [-2, -1, 0, 1, 2].map((quarter) => T0 + quarter * QUARTER_MS);
      const bring = (peg: string, order: readonly string[]) =>
        deliver(opened.store, {
          blocks: order.flatMap((ldn) => aroundMidnight.map((beginMs) => ({ ldn, beginMs, values: { [peg]: 1 } }))),
        });
      for (let round = 0; round < 3; round++) {
        await Promise.all([bring(`a${round}`, objects), bring(`b${round}`, [...objects].reverse())]);
      }
      const blocks = await readBlocks(opened.store);
      expect(blocks).toHaveLength(200);
      for (const { values } of blocks) expect(Object.keys(values).sort()).toEqual(['a0', 'a1', 'a2', 'b0', 'b1', 'b2']);
    });

    it('loses nothing when two large files complete the same blocks in opposite order', async () => {
      const objects = Array.from({ length: 20 }, (_, i) => `NRCellDU=${i}`);
      const file = (peg: string, order: readonly string[]): TestFile => ({
        blocks: order.flatMap((ldn) => quarters(5, { ldn, values: { [peg]: 1 } })),
        spillEvery: 10,
      });
      await Promise.all([
        deliver(opened.store, file('a', objects)),
        deliver(opened.store, file('b', [...objects].reverse())),
      ]);
      const blocks = await readBlocks(opened.store);
      expect(blocks.map(({ values }) => values)).toEqual(Array(100).fill({ a: 1, b: 1 }));
    });

    describe('refusals', () => {
      it('takes a file of 400 new days and refuses one of 401, spilled or not, without its samples', async () => {
        const daily = (from: number, count: number): TestBlock[] =>
          Array.from({ length: count }, (_, day) => ({ beginMs: T0 + (from + day) * DAY_MS, values: { a: day } }));
        const good = { blocks: daily(0, 2) };
        const tooMany = { content: 'clock', blocks: daily(1000, 401) };
        const report = await deliver(opened.store, good, tooMany);
        expect(report.refused).toMatchObject([{ sha256: sha256Of('clock'), code: 'too_many_days' }]);
        expect(report.refused[0].message).toMatch(/401 days.*at most 400/);
        expect(report).toMatchObject({ insertedBlocks: 2 });
        await expect(deliver(opened.store, { ...tooMany, spillEvery: 401 })).rejects.toThrow(SamplesRefusedError);
        const late = { ...tooMany, blocks: [...Array(500).fill(good.blocks[0]), ...tooMany.blocks], spillEvery: 500 };
        expect(await deliver(opened.store, late)).toMatchObject({
          refused: [{ sha256: sha256Of('clock'), code: 'too_many_days' }],
        });
        expect(await readBlocks(opened.store)).toHaveLength(2);
        expect(await opened.store.knownFiles([sha256Of('clock')])).toEqual(new Set());
        expect(await deliver(opened.store, { blocks: daily(2000, 400) })).toMatchObject({ insertedBlocks: 400 });
      }, 60_000);

      const noise = (length: number) => Array.from({ length }, (_, i) => sha256Of(String(i))[0]).join('');
      const refusedBlocks: [string, TestBlock, string][] = [
        ['a NUL in a counter', { values: { 'a\0': 1 } }, 'name_invalid'],
        ['a NUL in an object', { ldn: 'NRCellDU=\0', values: { a: 1 } }, 'name_invalid'],
        ['a NUL in a network element', { ne: 'N\0E', values: { a: 1 } }, 'name_invalid'],
        ['half a surrogate pair', { values: { 'a\ud83d': 1 } }, 'name_invalid'],
        ['an empty counter name', { values: { '': 1 } }, 'name_invalid'],
        ['a counter __proto__', { values: Object.fromEntries([['__proto__', 1]]) }, 'name_invalid'],
        ['an empty network element', { ne: '', values: { a: 1 } }, 'name_invalid'],
        ['a long counter', { values: { [noise(2001)]: 1 } }, 'name_too_long'],
        ['a long object', { ldn: `NRCellDU=${noise(2001)}`, values: { a: 1 } }, 'name_too_long'],
        ['a long network element in Korean', { ne: '가'.repeat(700), values: { a: 1 } }, 'name_too_long'],
        ['a long class', { ldn: `${noise(1800)}=1`, values: { a: 1 } }, 'name_too_long'],
        ['a long counter of a long family', { family: noise(1500), values: { [noise(1500)]: 1 } }, 'name_too_long'],
      ];
      it.each(refusedBlocks)('refuses %s and can go on', async (_what, block, code) => {
        const writer = opened.store.openWriter();
        writer.beginFile();
        writer.add(toBlock({ values: { good: 1 } }));
        expect(() => writer.add(toBlock(block))).toThrow(expect.objectContaining({ code }));
        await writer.dropFile();
        await addFile(writer, { blocks: [{ values: { after: 2 } }] });
        await writer.commit();
        await writer.close();
        expect((await readBlocks(opened.store)).map(({ values }) => values)).toEqual([{ after: 2 }]);
      });

      it('takes the longest names', async () => {
        const values = { [noise(1000)]: 1, ['가'.repeat(333)]: 2, 'quote\' \\ " 🙂\n\t': 3 };
        await deliver(opened.store, {
          blocks: [{ ne: noise(2000), ldn: `X=${noise(1998)}`, family: noise(1000), values }],
        });
        expect((await readBlocks(opened.store)).map((block) => block.values)).toEqual([values]);
      });
    });

    it('says when it is used in the wrong order', async () => {
      const writer = opened.store.openWriter();
      expect(() => writer.add(toBlock({ values: { a: 1 } }))).toThrow('no file is open');
      expect(() => writer.endFile(fileRecord())).toThrow('no file is open');
      writer.beginFile();
      expect(() => writer.beginFile()).toThrow('open already');
      await expect(writer.commit()).rejects.toThrow('a file is open');
      await writer.dropFile();
      expect(await writer.commit()).toEqual({ insertedBlocks: 0, mergedBlocks: 0, duplicates: [], refused: [] });
      await writer.close();
    });
  });
}
