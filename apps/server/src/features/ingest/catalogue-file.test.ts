import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeServices, type Services } from '../../compose.ts';
import { manualClock } from '../../platform/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { findFiles } from './find-files.ts';

let database: TestDatabase;
let services: Services;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  services = composeServices(database, { timeZone: 'UTC' }, { clock: manualClock(0), emit: () => {} });
});
afterAll(() => database.drop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-ingest-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function ingestCatalogue(content: string, mayDescribePegs = true) {
  await writeFile(join(folder, 'catalogue.json'), content);
  const { files } = await services.ingest.ingestPaths(await findFiles([folder]), { mayDescribePegs });
  return files[0];
}

const catalogue = (...pegs: object[]) => JSON.stringify({ pegboard_catalogue: 1, pegs });
const thru = { family: 'NRCellDU', name: 'Thru', polarity: 'higher_better', unit: 'kbit/s', weight: 8 };

describe('a catalogue file', () => {
  it('describes PEGs, as often as it comes', async () => {
    expect(await ingestCatalogue(catalogue(thru))).toMatchObject({
      status: 'ok',
      format: 'pegboard-catalogue',
      values: 0,
    });
    expect(await services.store.pegs()).toMatchObject([thru]);
    const partly = { family: 'NRCellDU', name: 'Thru', weight: 3 };
    expect(await ingestCatalogue(catalogue(partly))).toMatchObject({ status: 'ok' });
    expect(await services.store.pegs()).toMatchObject([{ ...thru, weight: 3 }]);
    expect(await ingestCatalogue(catalogue(thru))).toMatchObject({ status: 'ok' });
    expect(await services.store.pegs()).toMatchObject([thru]);
  });

  it('is not taken from others than administrators', async () => {
    const before = await services.store.pegs();
    const report = await ingestCatalogue(catalogue({ ...thru, weight: 1 }), false);
    expect(report).toMatchObject({ status: 'skipped', reason: expect.stringContaining('administrators') });
    expect(await services.store.pegs()).toEqual(before);
  });

  it.each([
    ['no JSON', '{"pegboard_catalogue":1,', /JSON/],
    ['an unknown version', '{"pegboard_catalogue":2,"pegs":[]}', /pegboard_catalogue/],
    ['a wrong polarity', catalogue({ ...thru, polarity: 'up' }), /pegs\.0\.polarity/],
    ['an unknown key', catalogue({ ...thru, colour: 'red' }), /colour/],
    ['a wrong weight', catalogue(thru, { ...thru, weight: 11 }), /pegs\.1\.weight/],
    ['a NUL', catalogue({ ...thru, name: 'a\0' }), /NUL/],
    ['half a surrogate pair', catalogue({ ...thru, unit: 'a\ud83d' }), /surrogate/],
  ])('with %s is refused with the reason, and changes nothing', async (_what, content, message) => {
    const before = await services.store.pegs();
    const report = await ingestCatalogue(content);
    expect(report).toMatchObject({ status: 'quarantined', error: { code: 'catalogue_invalid' } });
    expect(report.error?.message).toMatch(message);
    expect(await services.store.pegs()).toEqual(before);
  });
});
