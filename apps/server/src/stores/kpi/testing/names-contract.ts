import type { CounterLayout } from '@pegboard/pm-files';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KpiStore, SampleWriter } from '../kpi-store.ts';
import {
  DAY_MS,
  deliver,
  fileRecord,
  type OpenedStore,
  type OpenStore,
  readBlocks,
  T0,
  type TestBlock,
  toBlock,
} from './store-fixture.ts';

/** `ne`, `ne/ldn` and `family/peg` of all that a store knows. */
async function namesOf(store: KpiStore): Promise<string[]> {
  const [nes, objects, pegs] = await Promise.all([store.networkElements(), store.measuredObjects(), store.pegs()]);
  return [
    ...nes.map(({ name }) => name),
    ...objects.map(({ ne, ldn }) => `${ne}/${ldn}`),
    ...pegs.map(({ family, name }) => `${family}/${name}`),
  ].sort();
}

function namesIn(blocks: readonly TestBlock[]): string[] {
  const names = blocks.flatMap(({ ne = 'NE1', ldn = 'NRCellDU=20', family = ldn.split('=')[0], values }) => [
    ...[ne, `${ne}/${ldn}`],
    ...Object.keys(values).map((peg) => `${family}/${peg}`),
  ]);
  return [...new Set(names)].sort();
}

interface TriedFile {
  readonly blocks: readonly TestBlock[];
  readonly isDropped: boolean;
  readonly spills: boolean;
}

/** Readers may use one layout for many files. */
const layouts = new Map<string, CounterLayout>();

async function offer(writer: SampleWriter, { blocks, isDropped, spills }: TriedFile): Promise<void> {
  writer.beginFile();
  for (const [at, block] of blocks.entries()) {
    writer.add(toBlock(block, layouts));
    if (spills && at % 2 === 1) await writer.spill();
  }
  if (isDropped) await writer.dropFile();
  else writer.endFile(fileRecord());
}

/** Names of network elements, objects and PEGs: shown once a file that brings them has been taken. */
export function describeNames(open: OpenStore): void {
  describe('names', () => {
    let opened: OpenedStore;
    let writer: SampleWriter;
    beforeEach(async () => {
      opened = await open();
      writer = opened.store.openWriter();
    });
    afterEach(async () => {
      await writer.close();
      await opened.close();
    });

    const old: TestBlock = { ne: 'NE0', values: { known: 1 } };
    const bad: readonly TestBlock[] = [
      { ne: 'BAD', values: { a: 1 } },
      { ne: 'BAD', ldn: 'NRCellDU=21', values: { a: 1, b: 2 } },
      { ne: 'NE0', ldn: 'NRCellDU=22', values: { known: 1, c: 3 } },
    ];

    it.each([
      ['a small file', false],
      ['a large file', true],
    ])('of %s that is dropped are not shown, also when the writer goes on', async (_what, spills) => {
      await deliver(opened.store, { blocks: [old] });
      await offer(writer, { blocks: bad, isDropped: true, spills });
      expect(await namesOf(opened.store)).toEqual(namesIn([old]));
      const good: TestBlock = { ne: 'NE2', values: { other: 1 } };
      await offer(writer, { blocks: [good], isDropped: false, spills: false });
      await writer.commit();
      expect(await namesOf(opened.store)).toEqual(namesIn([old, good]));
    });

    it.each([
      ['the same writer, in a small file', true, false],
      ['the same writer, in a large file', true, true],
      ['another writer, in a small file', false, false],
      ['another writer, in a large file', false, true],
    ])('of a dropped large file are shown when %s brings some of them', async (_who, isSame, spills) => {
      await offer(writer, { blocks: bad, isDropped: true, spills: true });
      const again = [bad[1], { ...bad[1], beginMs: T0 + DAY_MS }];
      const other = isSame ? writer : opened.store.openWriter();
      await offer(other, { blocks: again, isDropped: false, spills });
      await other.commit();
      if (!isSame) await other.close();
      expect(await namesOf(opened.store)).toEqual(namesIn(again));
      expect((await readBlocks(opened.store)).map(({ ldn, values }) => [ldn, values])).toEqual([
        ['NRCellDU=21', { a: 1, b: 2 }],
        ['NRCellDU=21', { a: 1, b: 2 }],
      ]);
    });

    it('of a large file are shown when it is taken, not before', async () => {
      writer.beginFile();
      for (const block of bad) {
        writer.add(toBlock(block));
        await writer.spill();
      }
      expect(await namesOf(opened.store)).toEqual([]);
      writer.endFile(fileRecord());
      expect(await namesOf(opened.store)).toEqual([]);
      await writer.commit();
      expect(await namesOf(opened.store)).toEqual(namesIn(bad));
    });

    it('of a large file that the store refuses at last are not shown', async () => {
      const days = Array.from({ length: 401 }, (_, day) => ({ ...bad[0], beginMs: T0 + day * DAY_MS }));
      writer.beginFile();
      writer.add(toBlock(days[0]));
      await writer.spill();
      for (const day of days) writer.add(toBlock(day));
      writer.endFile(fileRecord());
      expect((await writer.commit()).refused).toMatchObject([{ code: 'too_many_days' }]);
      expect(await namesOf(opened.store)).toEqual([]);
    });

    it('of PEGs that a dropped file brought are shown when they are described', async () => {
      await offer(writer, { blocks: bad, isDropped: true, spills: true });
      expect(await opened.store.describePegs([{ family: 'NRCellDU', name: 'b' }])).toBe(1);
      expect(await namesOf(opened.store)).toEqual(['NRCellDU/b']);
    });

    const block = fc.record({
      ne: fc.constantFrom('NE1', 'NE2', 'NE3'),
      ldn: fc.constantFrom('NRCellDU=1', 'NRCellDU=2', 'EUtranCellFDD=1'),
      values: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 9 }), { minKeys: 1 }),
    });
    const file = fc.record({
      blocks: fc.array(block, { minLength: 1, maxLength: 6 }),
      isDropped: fc.boolean(),
      spills: fc.boolean(),
    });

    it('are those of the taken files, and samples are theirs, whatever is dropped between them', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(file, { minLength: 1, maxLength: 8 }),
          fc.array(fc.boolean()),
          async (files, fresh) => {
            const { store, close } = await open();
            let own = store.openWriter();
            try {
              const taken: TestBlock[] = [];
              for (const [at, one] of files.entries()) {
                // A spilled file is the only one of its transaction.
                if (one.spills || fresh[at]) await own.commit();
                if (fresh[at]) {
                  await own.close();
                  own = store.openWriter();
                }
                await offer(own, one);
                if (!one.isDropped) taken.push(...one.blocks);
                if (one.spills) await own.commit();
              }
              await own.commit();
              expect(await namesOf(store)).toEqual(namesIn(taken));
              const expected = new Map<string, number>();
              for (const { ne, ldn, values } of taken) {
                for (const [peg, value] of Object.entries(values)) expected.set(`${ne}|${ldn}|${peg}`, Number(value));
              }
              const found = new Map<string, number>();
              for (const { ne, ldn, values } of await readBlocks(store)) {
                for (const [peg, value] of Object.entries(values)) found.set(`${ne}|${ldn}|${peg}`, value);
              }
              expect(found).toEqual(expected);
            } finally {
              await own.close();
              await close();
            }
          },
        ),
        { numRuns: 25 },
      );
    }, 120_000);
  });
}
