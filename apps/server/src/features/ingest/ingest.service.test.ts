import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
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
import { createIngestService, type IngestLimits, type IngestOptions } from './ingest.service.ts';
import { pmXml } from './testing/pm-xml.ts';

const AT = '2025-08-07T00:00:00.000Z|900';
const clock = manualClock(Date.parse('2025-08-08T00:00:00Z'));
const CELL = 'NRCellDU=20';

let database: TestDatabase;
let services: Services;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-ingest-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  database = await createTestDatabase();
  services = composeServices(database, { timeZone: 'UTC' }, { clock, emit: () => {} });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
});
afterEach(() => database.drop());

async function put(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

const ALL = { mayDescribePegs: true } as const;

async function ingest(options: Partial<IngestOptions> = {}, limits: Partial<IngestLimits> = {}) {
  const service = createIngestService({ store: services.store, clock, timeZone: 'UTC', limits });
  return service.ingestPaths(await findFiles([folder]), { ...ALL, ...options });
}

const statuses = (files: readonly IngestFileReport[]) =>
  Object.fromEntries(files.map(({ name, status }) => [name.slice(folder.length + 1), status]));

const good = (value: number, ldn = CELL) => pmXml({ objects: { [ldn]: { a: value } } });
const LARGE: Partial<IngestLimits> = { inMemoryBytes: 200, chunkBytes: 10_000, spillNumbers: 3 };

describe('files of a folder', () => {
  it('takes the good ones and names the bad ones with reason and line, in report and log', async () => {
    await put({
      '1-good.xml': good(1, 'NRCellDU=1'),
      '2-torn.xml': good(2).slice(0, -60),
      '3-notes.md': '# notes',
      '4-empty.xml': '',
      'sub/5-torn.xml.gz': gzipSync(good(2)).subarray(0, -9),
      'sub/6-text.xml': pmXml({ objects: { 'NRCellDU=6': { a: 'many', b: 6 } } }),
      'sub/.hidden.xml': good(7),
    });
    const { files, totals } = await ingest();
    expect(statuses(files)).toEqual({
      '1-good.xml': 'ok',
      '2-torn.xml': 'quarantined',
      '3-notes.md': 'skipped',
      '4-empty.xml': 'quarantined',
      'sub/5-torn.xml.gz': 'quarantined',
      'sub/6-text.xml': 'ok',
    });
    expect(files[1].error).toMatchObject({ code: expect.any(String), line: expect.any(Number) });
    expect(files[3].error).toMatchObject({ code: 'empty', hint: expect.stringContaining('fetch') });
    expect(files[4].error).toMatchObject({ code: 'truncated' });
    expect(files[5]).toMatchObject({ values: 2, numbers: 2, missing: 0, not_numbers: 1 });
    expect(totals).toMatchObject({
      files: 6,
      ok: 2,
      quarantined: 3,
      skipped: 1,
      values: 3,
      numbers: 3,
      not_numbers: 1,
    });
    expect(await readSamples(services.store)).toEqual(
      new Map([
        [`NE1|NRCellDU=1|${AT}|a`, 1],
        [`NE1|NRCellDU=6|${AT}|b`, 6],
      ]),
    );
    const log = (await services.store.listFiles({ limit: 10 })).items;
    expect(log.map(({ name, status, errorCode }) => [name.slice(folder.length + 1), status, errorCode]).sort()).toEqual(
      [
        ['1-good.xml', 'ok', null],
        ['2-torn.xml', 'quarantined', files[1].error?.code],
        ['4-empty.xml', 'quarantined', 'empty'],
        ['sub/5-torn.xml.gz', 'quarantined', 'truncated'],
        ['sub/6-text.xml', 'ok', null],
      ],
    );
    expect(log.find(({ name }) => name.endsWith('2-torn.xml'))?.errorLine).toBe(files[1].error?.line);
  });

  it('counts numbers once vectors are split, the missing ones included', async () => {
    await put({ 'vector.xml': pmXml({ objects: { [CELL]: { a: '1,2,,4', b: '', c: 'NIL', d: 'x', e: 5 } } }) });
    const { files, totals } = await ingest();
    const counts = { values: 5, numbers: 8, missing: 3, not_numbers: 1 };
    expect(files[0]).toMatchObject(counts);
    expect(totals).toMatchObject(counts);
    expect((await services.store.listFiles({ limit: 1 })).items[0]).toMatchObject({ values: 5, numbers: 8 });
    expect((await readSamples(services.store)).size).toBe(4);
  });

  it('goes by the content, whatever the name: of one or many elements and periods, with or without the sender', async () => {
    const [a, b, c, d] = [1, 2, 3, 4].map((i) => good(i, `NRCellDU=${i}`));
    await put({
      'A20250807.0000+0900-0015+0900': a,
      'B20250807.0000+0900-0015+0900_-4_NE1.xml.gz': b,
      'C20250807.0000+0900-20250808.0000+0900_SubNetwork=1,ManagedElement=NE1.csv': gzipSync(c),
      'D20250807.0000+0900-20250808.0000+0900_-_1.json': d,
    });
    const { totals } = await ingest();
    expect(totals).toMatchObject({ files: 4, ok: 4 });
    expect([...(await readSamples(services.store)).values()].sort()).toEqual([1, 2, 3, 4]);
  });

  it('is not stopped by periods that cannot be stored', async () => {
    const row = (time: string, value: number, granularity = '900') => `${time},n,1,p,${value},${granularity}\n`;
    const header = 'time,ne,cell,peg,value,granularity\n';
    await put({
      'good.xml': good(1),
      'half.xml': good(2).replaceAll('PT900S', 'PT0.5S'),
      'nearly.csv': header + row('2025-08-07T00:00:00Z', 3, 'PT900.1S') + row('2025-08-07T00:00:00Z', 4, 'PT900.2S'),
      'same.csv': header + row('1754524800.0000001', 5) + row('1754524800.0000004', 6) + row('1754524800000003', 7),
    });
    const { files } = await ingest();
    expect(statuses(files)).toEqual({
      'good.xml': 'ok',
      'half.xml': 'quarantined',
      'nearly.csv': 'quarantined',
      'same.csv': 'ok',
    });
    expect([...(await readSamples(services.store)).values()].sort()).toEqual([1, 7]);
  });

  it('finds nothing in an empty folder', async () => {
    const report = await ingest();
    expect(report).toMatchObject({ files: [], totals: { files: 0, ok: 0, values: 0 }, values_per_s: null });
  });

  it('names what is no file: a pipe, a link to a folder, a link to nothing', async () => {
    await put({ 'good.xml': good(1), 'other/good.xml': good(2, 'NRCellDU=2') });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await symlink(join(folder, 'other'), join(folder, 'link'));
    await symlink(join(folder, 'nowhere'), join(folder, 'broken'));
    const { files } = await ingest();
    expect(statuses(files)).toEqual({
      broken: 'quarantined',
      'good.xml': 'ok',
      link: 'skipped',
      'other/good.xml': 'ok',
      pipe: 'skipped',
    });
    expect(files[0].error).toMatchObject({ code: 'unreadable', message: expect.stringContaining('ENOENT') });
    expect(files[4].reason).toBe('not a regular file');
  });

  it.each([
    ['small', {}],
    ['large', LARGE],
  ])('shows no names of a %s file that is refused', async (_size, limits) => {
    const objects = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`NRCellDU=9${i}`, { [`bad${i}`]: 1, bad: 2 }]),
    );
    await put({ '1-torn.xml': pmXml({ ne: 'BAD', padding: 8000, objects }).slice(0, -60), '2-good.xml': good(1) });
    expect((await ingest({}, limits)).totals).toMatchObject({ ok: 1, quarantined: 1 });
    const { store } = services;
    expect((await store.networkElements()).map(({ name }) => name)).toEqual(['NE1']);
    expect((await store.measuredObjects()).map(({ ldn }) => ldn)).toEqual([CELL]);
    expect((await store.pegs()).map(({ name }) => name)).toEqual(['a']);
  });

  it('refuses a path that is not there', async () => {
    await expect(findFiles([join(folder, 'nothing')])).rejects.toMatchObject({ code: 'DATA_VALIDATION_ERROR' });
  });

  it('goes on without files that vanish, small or while they are read in a stream', async () => {
    await put({ 'a.xml': good(1, 'NRCellDU=1'), 'b.xml': good(2, 'NRCellDU=2'), 'c.xml': good(3, 'NRCellDU=3') });
    const inputs = await findFiles([folder]);
    await rm(join(folder, 'a.xml'));
    let hashed = 0;
    // The stream is read twice: the file goes between the two.
    const store = {
      ...services.store,
      knownFiles: async (sha256: readonly string[]) => {
        if (++hashed === 1) await rm(join(folder, 'b.xml'));
        return services.store.knownFiles(sha256);
      },
    };
    const service = createIngestService({ store, clock, timeZone: 'UTC', limits: LARGE });
    const { files } = await service.ingestPaths(inputs, ALL);
    expect(files.map(({ status, error }) => [status, error?.code])).toEqual([
      ['quarantined', 'unreadable'],
      ['quarantined', 'unreadable'],
      ['ok', undefined],
    ]);
    expect([...(await readSamples(services.store)).values()]).toEqual([3]);
  });

  it('tells of each file once its fate is certain', async () => {
    await put({ 'a.xml': good(1), 'b.xml': good(1), 'c.md': 'x', 'd.xml': '<x', 'e.xml': good(5) });
    const told: IngestFileReport[] = [];
    const { files } = await ingest({ onFile: (file) => told.push(file) }, { batchFiles: 2 });
    const byName = (a: IngestFileReport, b: IngestFileReport) => (a.name < b.name ? -1 : 1);
    expect(told.sort(byName)).toEqual(files);
  });
});

describe('the same content again', () => {
  it('is a duplicate in a later run, whatever its name and packing', async () => {
    await put({ 'a.xml': good(1) });
    await ingest();
    await put({ 'b.xml': good(1), 'c.xml.gz': gzipSync(good(1)) });
    for (const limits of [{}, LARGE]) {
      const { files, totals } = await ingest({}, limits);
      expect(files.map(({ status, reason }) => [status, reason])).toEqual(
        Array(3).fill(['duplicate', expect.stringContaining('the same content')]),
      );
      expect(totals).toMatchObject({ duplicate: 3, values: 0, inserted_blocks: 0, merged_blocks: 0 });
    }
    expect((await services.store.listFiles({ limit: 10 })).items).toHaveLength(1);
  });

  it.each<[string, Partial<IngestLimits>]>([
    ['of one batch', {}],
    ['of many batches', { batchFiles: 1 }],
    ['of large files', LARGE],
  ])('is a duplicate within a run (%s)', async (_how, limits) => {
    await put({ 'a.xml': good(1), 'b.xml.gz': gzipSync(good(1)), 'c.xml': good(1) });
    const { files } = await ingest({}, limits);
    const reason = `the same content as ${join(folder, 'a.xml')}`;
    expect(files.map(({ status, reason }) => [status, reason])).toEqual([
      ['ok', null],
      ['duplicate', reason],
      ['duplicate', reason],
    ]);
  });

  it.each<[string, Partial<IngestLimits>]>([
    ['one batch', {}],
    ['many batches', { batchFiles: 1 }],
    ['large files', LARGE],
  ])('is no duplicate of a file that the store refused (%s)', async (_how, limits) => {
    const days = Array.from({ length: 401 }, (_, day) => new Date(Date.UTC(2020, 0, 1 + day)).toISOString());
    const csv = `timestamp,ne,cell,peg,value\n${days.map((day) => `${day},NE1,20,a,1\n`).join('')}`;
    await put({ 'a.csv': csv, 'b.csv': csv, 'c.csv.gz': gzipSync(csv), 'd.xml': good(1) });
    const { files } = await ingest({}, limits);
    expect(files.map(({ status, error }) => [status, error?.code])).toEqual([
      ['quarantined', 'too_many_days'],
      ['quarantined', 'too_many_days'],
      ['quarantined', 'too_many_days'],
      ['ok', undefined],
    ]);
    expect((await readSamples(services.store)).size).toBe(1);
  });

  it('with other values is a correction', async () => {
    await put({ 'a.xml': pmXml({ suspect: true, objects: { [CELL]: { a: 1, b: 1 } } }) });
    await ingest();
    await put({ 'a.xml': pmXml({ objects: { [CELL]: { a: 2, b: 2 } } }) });
    const { totals } = await ingest();
    expect(totals).toMatchObject({ ok: 1, inserted_blocks: 0, merged_blocks: 1 });
    expect([...(await readSamples(services.store)).values()]).toEqual([2, 2]);
  });
});

describe('large files', () => {
  const cells = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [`NRCellDU=${i}`, { a: i, b: `${i},${i + 1}`, [`c${i % 7}`]: -i }]),
  );

  it('give the same by the stream as in memory', async () => {
    const [xml, torn] = ['NE1', 'NE2'].map((ne) => pmXml({ ne, padding: 5_000, objects: cells }));
    await put({
      'a.xml': xml,
      'b.xml.gz': gzipSync(torn.slice(0, -30)),
      'c.xml.gz': gzipSync(pmXml({ ne: 'NE3', objects: cells })),
    });
    const inMemory = await ingest();
    const expected = await readSamples(services.store);
    expect(expected.size).toBe(2 * 60 * 4);

    await database.drop();
    database = await createTestDatabase();
    services = composeServices(database, { timeZone: 'UTC' }, { clock, emit: () => {} });
    const streamed = await ingest({}, { inMemoryBytes: 200, chunkBytes: 10_000, spillNumbers: 50 });
    expect(await readSamples(services.store)).toEqual(expected);
    const withoutPackedHash = (files: IngestFileReport[]) => files.map(({ sha256: _, ...rest }) => rest);
    expect(withoutPackedHash(streamed.files)).toEqual(withoutPackedHash(inMemory.files));
    expect(streamed.totals).toEqual(inMemory.totals);
  });

  it('keep their samples when bad files follow', async () => {
    await put({
      'a.xml': pmXml({ padding: 5_000, objects: cells }),
      'b.xml': '<x',
      'c.xml': good(1, 'NRCellDU=100'),
      'd.xml': '<y',
    });
    const { files } = await ingest({}, { inMemoryBytes: 1000, chunkBytes: 10_000, spillNumbers: 50 });
    expect(files.map((file) => file.status)).toEqual(['ok', 'skipped', 'ok', 'skipped']);
    expect((await readSamples(services.store)).size).toBe(60 * 4 + 1);
  });
});
