import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeServices, type Services } from '../../compose.ts';
import { manualClock } from '../../platform/clock.ts';
import type { KpiStore, SampleWriter } from '../../stores/kpi/kpi-store.ts';
import { readSamples } from '../../stores/kpi/testing/store-fixture.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { findFiles } from './find-files.ts';
import { createIngestService, type IngestLimits } from './ingest.service.ts';
import { pmXml } from './testing/pm-xml.ts';

const FILES = 12;
const CELLS = 5;
const clock = manualClock(Date.parse('2025-08-08T00:00:00Z'));

let database: TestDatabase;
let services: Services;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-ingest-test-'));
  database = await createTestDatabase();
  services = composeServices(database, { timeZone: 'UTC' }, { clock, emit: () => {} });
  for (let i = 0; i < FILES; i++) {
    const begin = new Date(Date.parse('2025-08-07T00:00:00Z') + i * 900_000).toISOString();
    const objects = Object.fromEntries(
      Array.from({ length: CELLS }, (_, cell) => [`NRCellDU=${cell}`, { a: i, b: cell }]),
    );
    await writeFile(join(folder, `${String(i).padStart(2, '0')}.xml`), pmXml({ begin, objects, padding: 30_000 }));
  }
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

type Limits = Partial<IngestLimits>;
const WAYS: [string, Limits][] = [
  ['in batches', { batchFiles: 2 }],
  ['file by file in streams', { inMemoryBytes: 200, chunkBytes: 10_000, spillNumbers: 2 }],
];

async function run(store: KpiStore, limits: Limits, signal?: AbortSignal, onFile?: () => void) {
  const service = createIngestService({ store, clock, timeZone: 'UTC', limits });
  const inputs = await findFiles([folder]);
  return service.ingestPaths(inputs, { mayDescribePegs: true, ...(signal && { signal }), ...(onFile && { onFile }) });
}

/** The store with something done before a call of a writer. */
function meddling(store: KpiStore, before: (operation: 'spill' | 'commit') => Promise<void>): KpiStore {
  return {
    ...store,
    openWriter: () => {
      const writer = store.openWriter();
      const meddled = (operation: 'spill' | 'commit') => async () => {
        await before(operation);
        return writer[operation]() as never;
      };
      return new Proxy<SampleWriter>(writer, {
        get: (target, key) => {
          if (key === 'spill' || key === 'commit') return meddled(key);
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
  };
}

/** Each file in the log is there in whole, and nothing else is. */
async function expectWholeFiles(): Promise<number> {
  const { items } = await services.store.listFiles({ limit: 100 });
  const samples = await readSamples(services.store);
  expect(samples.size).toBe(items.length * CELLS * 2);
  return items.length;
}

describe.each(WAYS)('an ingest %s that is ended in the middle', (_how, limits) => {
  it('by a signal keeps what it has reported, nothing half, and a second run completes it', async () => {
    const ending = new AbortController();
    let told = 0;
    const ended = run(services.store, limits, ending.signal, () => {
      told++;
      if (told === 4) ending.abort(new Error('told to stop'));
    });
    await expect(ended).rejects.toThrow('told to stop');
    const taken = await expectWholeFiles();
    expect(taken).toBeGreaterThanOrEqual(4);
    expect(taken).toBeLessThan(FILES);

    const { totals } = await run(services.store, limits);
    expect(totals).toMatchObject({ ok: FILES - taken, duplicate: taken, inserted_blocks: (FILES - taken) * CELLS });
    expect(await expectWholeFiles()).toBe(FILES);
  });

  it('by the end of its connections says so, keeps nothing half, and a second run completes it', async () => {
    let calls = 0;
    const store = meddling(services.store, async () => {
      calls++;
      if (calls !== 4) return;
      const other = await database.connect();
      await other.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      await other.end();
    });
    await expect(run(store, limits)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    // The pool may still have to hear that an idle connection of its own was ended too.
    await expect.poll(() => services.store.ping()).toBeUndefined();
    const taken = await expectWholeFiles();
    expect(taken).toBeLessThan(FILES);
    const { totals } = await run(services.store, limits);
    expect(totals).toMatchObject({ ok: FILES - taken, duplicate: taken });
    expect(await expectWholeFiles()).toBe(FILES);
  });
});

describe('two ingests at once', () => {
  it('of large files with the same objects in opposite order both go in', async () => {
    const objects = Array.from({ length: 100 }, (_, i) => `NRCellDU=1${i}`);
    const orders = { a: objects, b: [...objects].reverse() };
    let spills = 0;
    const store = meddling(services.store, async (operation) => {
      if (operation === 'spill') spills++;
    });
    const limits = { inMemoryBytes: 1000, chunkBytes: 10_000, spillNumbers: 10 };
    const reports = await Promise.all(
      Object.entries(orders).map(async ([peg, order]) => {
        const path = join(folder, `${peg}.large`);
        const values = Object.fromEntries(order.map((ldn) => [ldn, { [peg]: 1 }]));
        await writeFile(path, pmXml({ padding: 5000, objects: values }));
        const service = createIngestService({ store, clock, timeZone: 'UTC', limits });
        return service.ingestPaths([{ path, displayName: path }], { mayDescribePegs: true });
      }),
    );
    expect(reports.map(({ totals }) => totals.ok)).toEqual([1, 1]);
    expect(spills).toBeGreaterThan(4);
    expect((await readSamples(services.store)).size).toBe(200);
  });
});
