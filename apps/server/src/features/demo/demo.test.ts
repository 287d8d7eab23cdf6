import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeServices, type Services } from '../../compose.ts';
import { systemClock } from '../../platform/clock.ts';
import { writeSamples } from '../../testing/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { networkOptions } from '../generate/network-options.ts';
import { loadDemo } from './demo.ts';

const DAY_MS = 86_400_000;
const PERIODS_A_DAY = 96;

let dataDir: string;
let database: TestDatabase;
let services: Services;
let notes: string[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pegboard-demo-'));
  database = await createTestDatabase();
  services = composeServices(database, { timeZone: 'UTC' }, { clock: systemClock, emit: () => {} });
  notes = [];
});
afterEach(async () => {
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Two days of one cell, the second with half the load. */
function load({ signal = new AbortController().signal }: { signal?: AbortSignal } = {}) {
  return loadDemo({
    config: { dataDir },
    services,
    signal,
    note: (text) => notes.push(text),
    network: (clock) => {
      const startMs = (Math.floor(clock() / DAY_MS) - 2) * DAY_MS;
      const fromMs = startMs + DAY_MS;
      const change = { peg: 'DRB.RelActNbr', cells: '*', fromMs, toMs: null, effect: 'percent', percent: 300 } as const;
      return networkOptions({ nes: 1, cells: 1, pegs: 30, days: 2, startMs, seed: 7, changes: [change] }, clock);
    },
  });
}

async function count(sql: string): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`);
  return rows[0].n;
}

describe('loadDemo', () => {
  it('generates, loads and compares the two halves', async () => {
    const { comparison, filesFolder, periods } = await load();
    expect(comparison.results[0]).toMatchObject({ peg_name: 'DRB.RelActNbr', metadata: { outcome: 'declined' } });
    expect(comparison.warnings).toEqual([]);
    expect(periods.n).toMatch(/^\d{4}-\d\d-\d\dT00:00:00Z\/\d{4}-\d\d-\d\dT00:00:00Z$/);
    expect(await count("ingest_file WHERE status = 'ok'")).toBe(2 * PERIODS_A_DAY);
    expect(await readFile(join(filesFolder, 'README.txt'), 'utf8')).toMatch(/generated/i);
    expect(notes).toEqual([
      'generating a demo network: 1 NEs × 1 cells × 30 PEGs × 2 days …',
      'loading its PM files …',
      expect.stringMatching(/^193 files with [\d,]+ values loaded in \d+\.\d s$/),
    ]);
  });

  it('loads nothing the second time, and shows the same', async () => {
    const first = await load();
    const samples = await count('pm_sample');
    notes = [];
    const second = await load();
    expect(notes).toEqual([]);
    expect(await count('pm_sample')).toBe(samples);
    expect(second.periods).toEqual(first.periods);
    expect(second.comparison.summary).toEqual(first.comparison.summary);
  });

  it('goes on where it was interrupted, without duplicates', async () => {
    const stop = new AbortController();
    const reached = new Error('stopped');
    const loading = load({ signal: stop.signal });
    await expect.poll(() => notes).toContain('loading its PM files …');
    stop.abort(reached);
    await expect(loading).rejects.toBe(reached);
    const { comparison } = await load();
    expect(comparison.warnings).toEqual([]);
    expect(await count("ingest_file WHERE status = 'ok'")).toBe(2 * PERIODS_A_DAY);
    expect(
      await count('(SELECT begin, object, peg FROM pm_sample GROUP BY 1, 2, 3 HAVING count(*) > 1) AS twice'),
    ).toBe(0);
  });

  it('does not mix with other data', async () => {
    await writeSamples(services.store, [
      { ne: 'real', ldn: 'NRCellDU=1', begin: '2025-08-13T00:00:00Z', values: { Att: [1] } },
    ]);
    await expect(load()).rejects.toMatchObject({ code: 'CONFLICT', hint: expect.stringContaining('--data-dir') });
    expect(await count('network_element')).toBe(1);
  });
});
