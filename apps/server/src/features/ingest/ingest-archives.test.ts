import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { IngestFileReport } from '@pegboard/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeServices, type Services } from '../../compose.ts';
import { manualClock } from '../../platform/clock.ts';
import { readSamples } from '../../stores/kpi/testing/store-fixture.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { findFiles } from './find-files.ts';
import { createIngestService, type IngestLimits } from './ingest.service.ts';
import { pmXml } from './testing/pm-xml.ts';
import { zipOf } from './testing/zip-file.ts';

const clock = manualClock(Date.parse('2025-08-08T00:00:00Z'));
const good = (value: number) => pmXml({ objects: { [`NRCellDU=${value}`]: { a: value } } });

let database: TestDatabase;
let services: Services;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-archives-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  database = await createTestDatabase();
  services = composeServices(database, { timeZone: 'UTC' }, { clock, emit: () => {} });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
});
afterEach(() => database.drop());

async function ingest(files: Readonly<Record<string, Uint8Array | string>>, limits: Partial<IngestLimits> = {}) {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const service = createIngestService({ store: services.store, clock, timeZone: 'UTC', limits });
  return service.ingestPaths(await findFiles([folder]), { mayDescribePegs: true });
}

const fates = (files: readonly IngestFileReport[]) =>
  files.map(({ name, status, error }) => [name.slice(folder.length + 1), error === null ? status : error.code]);
const values = async () => [...(await readSamples(services.store)).values()].sort();

const WAYS: [string, Partial<IngestLimits>][] = [
  ['in memory', {}],
  ['by the stream', { inMemoryBytes: 100, chunkBytes: 10_000 }],
];

describe.each(WAYS)('entries of an archive, read %s', (_how, limits) => {
  it('are files of their own: the good ones go in, the bad ones are named', async () => {
    const { files, totals } = await ingest(
      {
        'a.xml': good(1),
        'b.zip': zipOf({
          'x/1.xml': good(2),
          'x/2.xml.gz': gzipSync(good(3)),
          '../3.xml': good(4),
          'again.xml': good(2),
          'inner.zip': zipOf({ 'y.xml': good(5) }),
          'twice.gz': gzipSync(gzipSync(good(6))),
          'torn.xml': good(7).slice(0, -30),
          'notes.txt': 'no PM file',
        }),
        'c.xml': good(8),
      },
      limits,
    );
    expect(fates(files)).toEqual([
      ['a.xml', 'ok'],
      ['b.zip/x/1.xml', 'ok'],
      ['b.zip/x/2.xml.gz', 'ok'],
      ['b.zip/../3.xml', 'ok'],
      ['b.zip/again.xml', 'duplicate'],
      ['b.zip/inner.zip', 'archive_nested'],
      ['b.zip/twice.gz', 'archive_nested'],
      ['b.zip/torn.xml', 'truncated'],
      ['b.zip/notes.txt', 'skipped'],
      ['c.xml', 'ok'],
    ]);
    expect(files[3].warnings).toMatchObject([{ code: 'archive_name_unsafe' }]);
    expect(totals).toMatchObject({ files: 10, ok: 5, duplicate: 1, skipped: 1, quarantined: 3 });
    expect(await values()).toEqual([1, 2, 3, 4, 8]);
    const log = await services.store.listFiles({ limit: 20 });
    expect(log.items.map(({ name }) => name.slice(folder.length + 1))).toContain('b.zip/../3.xml');
    expect(new Set(log.items.map(({ sha256 }) => sha256)).size).toBe(log.items.length);
  });

  it('are duplicates when they come again, packed otherwise', async () => {
    await ingest({ 'a.zip': zipOf({ '1.xml': good(1), '2.xml': good(2) }) }, limits);
    const { files } = await ingest({ 'a.zip': zipOf({ '2.xml': gzipSync(good(2)), 'new.xml': good(3) }) }, limits);
    expect(fates(files)).toEqual([
      ['a.zip/2.xml', 'duplicate'],
      ['a.zip/new.xml', 'ok'],
    ]);
    expect(await values()).toEqual([1, 2, 3]);
  });
});

it('names archives that are of no use as a whole, and entries that cannot be unpacked', async () => {
  const damaged = zipOf({ 'a.xml': good(1), 'b.xml': good(2) });
  damaged.fill(0, 60, 70);
  const { files } = await ingest({
    '1.zip': zipOf({ 'a.xml': good(1) }).subarray(0, 200),
    '2.zip': zipOf({}),
    '3.zip': zipOf({ 'a.xml': good(3) }, 1),
    '4.xlsx': zipOf({ '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': '<x/>' }),
    '5.zip': damaged,
    '6.zip.gz': gzipSync(zipOf({ 'a.xml': good(6) })),
  });
  expect(fates(files)).toEqual([
    ['1.zip', 'truncated'],
    ['2.zip', 'skipped'],
    ['3.zip/a.xml', 'entry_encrypted'],
    ['4.xlsx', 'skipped'],
    ['5.zip/a.xml', 'zip_damaged'],
    ['5.zip/b.xml', 'ok'],
    ['6.zip.gz', 'archive_nested'],
  ]);
  expect(files.map(({ reason }) => reason).filter((reason) => reason !== null)).toEqual([
    'the archive is empty',
    'an office document; export its table as CSV',
  ]);
  expect(files.every(({ status, sha256 }) => status !== 'quarantined' || /^[0-9a-f]{64}$/.test(sha256 ?? ''))).toBe(
    true,
  );
});
