import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { counters, deliver, type OpenedStore, type OpenStore, QUARTER_MS, readBlocks, T0 } from './store-fixture.ts';

/** A present value replaces, an absent one keeps; suspect lasts as long as a suspect value does. */
export function describeMerging(open: OpenStore): void {
  describe('merging by counter', () => {
    let opened: OpenedStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());
    const valuesOf = async () => (await readBlocks(opened.store)).map((block) => block.values);

    it('completes blocks of one object over one file, in any order of counters', async () => {
      const report = await deliver(opened.store, {
        blocks: [{ values: { a: 1, b: null } }, { values: { c: 3, b: 2 } }, { values: { a: null, d: 4 } }],
      });
      expect(await valuesOf()).toEqual([{ a: 1, b: 2, c: 3, d: 4 }]);
      expect(report).toEqual({ insertedBlocks: 1, mergedBlocks: 0, duplicates: [], refused: [] });
    });

    it('lets a later block of a file replace a value', async () => {
      await deliver(opened.store, { blocks: [{ values: { a: 1, b: 1 } }, { values: { b: 9 } }] });
      expect(await valuesOf()).toEqual([{ a: 1, b: 9 }]);
    });

    it.each(['one batch', 'two batches'] as const)('merges two files of %s', async (how) => {
      const files = [{ blocks: [{ values: { a: 1, b: 1 } }] }, { blocks: [{ values: { b: 2, c: 3 } }] }];
      if (how === 'one batch') await deliver(opened.store, ...files);
      else for (const file of files) await deliver(opened.store, file);
      expect(await valuesOf()).toEqual([{ a: 1, b: 2, c: 3 }]);
    });

    it('counts what was new and what was merged', async () => {
      await deliver(opened.store, { blocks: [{ values: { a: 1 } }] });
      const report = await deliver(opened.store, {
        blocks: [{ values: { a: 2 } }, { beginMs: T0 + QUARTER_MS, values: { a: 3 } }],
      });
      expect(report).toMatchObject({ insertedBlocks: 1, mergedBlocks: 1 });
    });

    it('is idempotent: the same samples in another file change nothing', async () => {
      const blocks = [{ values: { a: 1, b: null, c: 3 } }, { ldn: 'NRCellDU=21', suspect: true, values: { a: 7 } }];
      await deliver(opened.store, { blocks });
      const before = await readBlocks(opened.store);
      await deliver(opened.store, { blocks });
      expect(await readBlocks(opened.store)).toEqual(before);
    });

    it('keeps 15-minute and hourly blocks with one begin apart', async () => {
      await deliver(opened.store, { blocks: [{ values: { a: 1 } }, { granularityS: 3600, values: { a: 4 } }] });
      await deliver(opened.store, { blocks: [{ granularityS: 3600, values: { b: 5 } }] });
      expect(await readBlocks(opened.store)).toMatchObject([
        { granularityS: 900, values: { a: 1 } },
        { granularityS: 3600, values: { a: 4, b: 5 } },
      ]);
    });

    it('keeps objects of one name on two network elements apart', async () => {
      await deliver(opened.store, { blocks: [{ values: { a: 1 } }, { ne: 'NE2', values: { a: 2 } }] });
      expect(await readBlocks(opened.store)).toMatchObject([
        { ne: 'NE1', values: { a: 1 } },
        { ne: 'NE2', values: { a: 2 } },
      ]);
    });

    it('keeps counters of one name in two families apart', async () => {
      await deliver(opened.store, {
        blocks: [
          { family: 'Primary', values: { Thru: 1 } },
          { family: 'Secondary', values: { Thru: 2 } },
        ],
      });
      const pegs = await opened.store.pegs();
      expect(pegs.map(({ family, name }) => `${family}/${name}`)).toEqual(['Primary/Thru', 'Secondary/Thru']);
      for (const { id, family } of pegs) {
        const blocks = await readBlocks(opened.store, { pegIds: [id] });
        expect(blocks.map((block) => block.values)).toEqual([{ Thru: family === 'Primary' ? 1 : 2 }]);
      }
    });

    it('keeps every finite double to the bit', async () => {
      const values = {
        ...{ big: 1e308, small: -1e308, max: Number.MAX_VALUE, denormal: Number.MIN_VALUE, tiny: -4.9e-320 },
        ...{ zero: 0, minusZero: -0, third: 1 / 3, count: 2 ** 53 - 1 },
      };
      await deliver(opened.store, { blocks: [{ values }] });
      const read = (await valuesOf())[0];
      expect(Object.keys(read).sort()).toEqual(Object.keys(values).sort());
      for (const [name, value] of Object.entries(values)) expect(Object.is(read[name], value), name).toBe(true);
    });

    it('takes infinities as missing: they replace nothing', async () => {
      await deliver(
        opened.store,
        { blocks: [{ values: { a: 1, b: 2 } }] },
        { blocks: [{ values: { a: Number.POSITIVE_INFINITY, b: Number.NEGATIVE_INFINITY } }] },
      );
      expect(await valuesOf()).toEqual([{ a: 1, b: 2 }]);
    });

    it('stores no block without a value, but knows its object and counters', async () => {
      await deliver(opened.store, { blocks: [{ suspect: true, values: { a: null, b: null } }] });
      expect(await readBlocks(opened.store)).toEqual([]);
      expect((await opened.store.pegs()).map((peg) => peg.name)).toEqual(['a', 'b']);
      expect((await opened.store.measuredObjects()).map((object) => object.ldn)).toEqual(['NRCellDU=20']);
    });

    it('reads missing values at the end, in the middle, and of counters that came later as missing', async () => {
      await deliver(opened.store, { blocks: [{ values: { a: null, b: 2, c: null } }] });
      await deliver(opened.store, { blocks: [{ beginMs: T0 + QUARTER_MS, values: { d: 4 } }] });
      expect(await valuesOf()).toEqual([{ b: 2 }, { d: 4 }]);
    });

    it('gives each element of a vector a place of its own', async () => {
      await deliver(opened.store, { blocks: [{ values: { 'v[0]': 1, 'v[1]': 2 } }] });
      await deliver(opened.store, { blocks: [{ values: { 'v[0]': 5, 'v[1]': null, 'v[2]': 6 } }] });
      expect(await valuesOf()).toEqual([{ 'v[0]': 5, 'v[1]': 2, 'v[2]': 6 }]);
    });

    it('takes more counters of an object than fit one group, also when they come in parts', async () => {
      const all = counters('c', 900);
      const entries = Object.entries(all);
      await deliver(opened.store, { blocks: [{ values: Object.fromEntries(entries.slice(0, 100)) }] });
      await deliver(opened.store, { blocks: [{ values: Object.fromEntries(entries.slice(50, 500).reverse()) }] });
      await deliver(opened.store, { blocks: [{ values: all }] });
      await deliver(opened.store, { blocks: [{ values: { c7: -7, c899: -899 } }] });
      const blocks = await valuesOf();
      expect(blocks.length).toBeGreaterThan(1);
      expect(blocks.flatMap((values) => Object.keys(values))).toHaveLength(900);
      expect(Object.assign({}, ...blocks)).toEqual({ ...all, c7: -7, c899: -899 });
    });

    describe('suspect', () => {
      const suspectAfter = async (how: 'one batch' | 'two batches', files: Parameters<typeof deliver>[1][]) => {
        if (how === 'one batch') await deliver(opened.store, ...files);
        else for (const file of files) await deliver(opened.store, file);
        return (await readBlocks(opened.store)).map((block) => block.suspect);
      };
      const file = (suspect: boolean, values: Record<string, number | null>) => ({ blocks: [{ suspect, values }] });

      it('holds for a block of which any part is suspect', async () => {
        const blocks = [{ values: { a: 1 } }, { suspect: true, values: { b: 2 } }, { values: { c: 3 } }];
        expect(await suspectAfter('one batch', [{ blocks }])).toEqual([true]);
      });

      it.each(['one batch', 'two batches'] as const)('follows the values (%s)', async (how) => {
        expect(await suspectAfter(how, [file(true, { a: 1, b: 2 }), file(false, { a: 3 })])).toEqual([true]);
      });

      it.each(['one batch', 'two batches'] as const)('ends when all values are corrected (%s)', async (how) => {
        const files = [file(true, { a: 1, b: null }), file(false, { a: 3, c: 1 })];
        expect(await suspectAfter(how, files)).toEqual([false]);
      });

      it.each(['one batch', 'two batches'] as const)('begins with a suspect correction (%s)', async (how) => {
        expect(await suspectAfter(how, [file(false, { a: 1, b: 2 }), file(true, { a: 3 })])).toEqual([true]);
      });

      it.each(['one batch', 'two batches'] as const)('is not brought by a block without values (%s)', async (how) => {
        expect(await suspectAfter(how, [file(false, { a: 1 }), file(true, { a: null })])).toEqual([false]);
      });
    });
  });
}
