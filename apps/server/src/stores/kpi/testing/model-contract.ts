import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addFile,
  type OpenStore,
  QUARTER_MS,
  readBlocks,
  sampleKey,
  T0,
  type TestBlock,
  type TestFile,
} from './store-fixture.ts';

const DAY_END = T0 + 86_400_000 - QUARTER_MS;

const value = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 9 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
);

const block: fc.Arbitrary<TestBlock> = fc.record({
  ne: fc.constantFrom('NE1', 'NE2'),
  ldn: fc.constantFrom('NRCellDU=20', 'NRCellDU=21', 'EUtranCellFDD=20', ''),
  beginMs: fc.constantFrom(T0, DAY_END, DAY_END + QUARTER_MS),
  granularityS: fc.constantFrom(900, 3600),
  suspect: fc.boolean(),
  values: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'v[0]', 'v[1]'), value, { minKeys: 1 }),
});

const file: fc.Arbitrary<TestFile> = fc.record({ blocks: fc.array(block, { maxLength: 8 }) });

type Delivery = { readonly files: readonly TestFile[]; readonly spillEvery: number | null };

const delivery: fc.Arbitrary<Delivery> = fc.oneof(
  fc.record({ files: fc.array(file, { minLength: 1, maxLength: 3 }), spillEvery: fc.constant(null) }),
  fc.record({ files: fc.tuple(file), spillEvery: fc.integer({ min: 1, max: 4 }) }),
);

/** What a store must hold after deliveries: the last present value of each counter. */
function expectedSamples(deliveries: readonly Delivery[]): Map<string, number> {
  const samples = new Map<string, number>();
  for (const block of deliveries.flatMap(({ files }) => files).flatMap(({ blocks }) => blocks)) {
    for (const [peg, value] of Object.entries(block.values)) {
      if (value !== null) samples.set(sampleKey(block, peg), value);
    }
  }
  return samples;
}

/** Which blocks are suspect: those with a value that a suspect part brought, unless its file was corrected in full. */
function expectedSuspects(deliveries: readonly Delivery[]): Set<string> {
  const held = new Map<string, { pegs: Set<string>; suspect: boolean }>();
  for (const { blocks } of deliveries.flatMap(({ files }) => files)) {
    const brought = new Map<string, { pegs: Set<string>; suspect: boolean }>();
    for (const part of blocks) {
      const pegs = Object.keys(part.values).filter((peg) => part.values[peg] !== null);
      if (pegs.length === 0) continue;
      const key = sampleKey(part, '');
      const known = brought.get(key) ?? { pegs: new Set(), suspect: false };
      for (const peg of pegs) known.pegs.add(peg);
      brought.set(key, { pegs: known.pegs, suspect: known.suspect || part.suspect === true });
    }
    for (const [key, now] of brought) {
      const before = held.get(key) ?? { pegs: new Set(), suspect: false };
      const keeps = [...before.pegs].some((peg) => !now.pegs.has(peg));
      const pegs = new Set([...before.pegs, ...now.pegs]);
      held.set(key, { pegs, suspect: now.suspect || (before.suspect && keeps) });
    }
  }
  return new Set([...held].filter(([, { suspect }]) => suspect).map(([key]) => key));
}

/** Random deliveries against a model that is simple enough to be right. */
export function describeModel(open: OpenStore): void {
  describe('any deliveries', () => {
    it('read back as the last present value of each counter', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(delivery, { minLength: 1, maxLength: 4 }), async (deliveries) => {
          const { store, close } = await open();
          const writer = store.openWriter();
          try {
            for (const { files, spillEvery } of deliveries) {
              for (const file of files) await addFile(writer, { ...file, ...(spillEvery && { spillEvery }) });
              const report = await writer.commit();
              expect(report).toMatchObject({ duplicates: [], refused: [] });
            }
            const blocks = await readBlocks(store);
            const samples = new Map<string, number>();
            for (const read of blocks) {
              for (const [peg, value] of Object.entries(read.values)) samples.set(sampleKey(read, peg), value);
            }
            expect(samples).toEqual(expectedSamples(deliveries));
            if (deliveries.some(({ spillEvery }) => spillEvery !== null)) return;
            const suspects = blocks.filter((read) => read.suspect).map((read) => sampleKey(read, ''));
            expect(new Set(suspects)).toEqual(expectedSuspects(deliveries));
          } finally {
            await writer.close();
            await close();
          }
        }),
        { numRuns: 20 },
      );
    }, 120_000);
  });
}
