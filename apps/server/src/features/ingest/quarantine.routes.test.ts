import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { QuarantineEntryDocument, QuarantineResponse } from '@pegboard/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusal, sha256Of } from '../../stores/kpi/testing/store-fixture.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';
import { findFiles } from './find-files.ts';
import { pmXml } from './testing/pm-xml.ts';
import { zipOf } from './testing/zip-file.ts';

const MAX_KEPT_BYTES = 3000;
const quarter = (n: number) => new Date(Date.UTC(2026, 0, 10) + n * 900_000).toISOString().replace('.000', '');
const good = (n: number, ne = 'NE1') => pmXml({ ne, begin: quarter(n), objects: { 'NRCellDU=20': { Thru: n } } });
const torn = (n: number) => good(n).slice(0, -60);
/** Names no network element. */
const nameless = (n: number) => good(n).replaceAll(/ localDn="NE1"/g, '');

let server: TestApp;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-quarantine-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = await createTestApp({ PEGBOARD_QUARANTINE_MAX_FILE_BYTES: String(MAX_KEPT_BYTES) });
});
afterEach(async () => {
  await server.close();
  expect((await readdir(tmpdir())).filter((name) => name.startsWith('pegboard-retry-'))).toEqual([]);
});

type Files = Readonly<Record<string, string | Buffer>>;
type Role = 'viewer' | 'analyst' | 'admin';

async function send(url: string, files: Files | null, role: Role = 'analyst') {
  if (files === null) return server.as(role, { method: 'POST', url });
  const form = new FormData();
  for (const [name, content] of Object.entries(files)) form.append('file', new Blob([Buffer.from(content)]), name);
  const request = new Request('http://test/', { method: 'POST', body: form });
  const headers = { 'content-type': request.headers.get('content-type') ?? '' };
  return server.as(role, { method: 'POST', url, headers, payload: Buffer.from(await request.arrayBuffer()) });
}

const retry = (id: number, files: Files | null = null, query = '') =>
  send(`/api/ingest/quarantine/${id}/retry${query}`, files);

async function list(query = ''): Promise<QuarantineResponse> {
  return (await server.as('viewer', { url: `/api/ingest/quarantine${query}` })).json();
}

/** Uploads a file that is refused; gives its entry. */
async function refused(name: string, content: string | Buffer, query = ''): Promise<QuarantineEntryDocument> {
  const answer = (await send(`/api/ingest${query}`, { [name]: content })).json();
  expect(answer.files[0].status).toBe('quarantined');
  return (await list()).items[0];
}

async function samples(ne = 'NE1'): Promise<number[]> {
  const query = { start_date: '2026-01-10', end_date: '2026-01-10', kpi_types: 'Thru', ne };
  const { data } = (await server.post('viewer', '/api/kpi/query', query)).json();
  return (data?.Thru ?? []).map(({ value }: { value: number }) => value);
}

describe('GET /api/ingest/quarantine', () => {
  it('says of an upload what was refused, why, how often, and that it is kept', async () => {
    await refused('a.xml', torn(1), '?ne=NE5&timezone=Asia/Seoul');
    server.clock.advance(1000);
    const entry = await refused('a.xml', torn(1), '?ne=NE6');
    expect(entry).toEqual({
      id: expect.any(Number),
      name: 'a.xml',
      sha256: sha256Of(torn(1)),
      format: '3gpp-32.435-xml',
      error: {
        code: 'truncated',
        message: expect.stringMatching(/^the file ends /),
        hint: expect.stringContaining('transfer it again'),
        line: 12,
        column: expect.any(Number),
      },
      source: { kind: 'upload', path: null, entry: null },
      content: { state: 'kept', packed_bytes: expect.any(Number), note: null },
      options: { ne: 'NE6', cell: null, timezone: 'UTC' },
      first_seen: expect.stringMatching(/^\d{4}-.*Z$/),
      last_seen: expect.stringMatching(/^\d{4}-.*Z$/),
      times: 2,
    });
    expect(entry.first_seen < entry.last_seen).toBe(true);
  });

  it('is paged, the newest first, with the total', async () => {
    for (let i = 0; i < 3; i++) await refused(`${i}.xml`, torn(i));
    const first = await list('?limit=2');
    expect([first.items.map(({ name }) => name), first.total]).toEqual([['2.xml', '1.xml'], 3]);
    const rest = await list(`?limit=2&cursor=${first.next_cursor}`);
    expect([rest.items.map(({ name }) => name), rest.total, rest.next_cursor]).toEqual([['0.xml'], 3, null]);
    expect((await server.as('viewer', { url: '/api/ingest/quarantine?cursor=x' })).statusCode).toBe(400);
    expect((await server.as('viewer', { url: '/api/ingest/quarantine?limit=0' })).statusCode).toBe(400);
  });
});

describe('POST /api/ingest/quarantine/{id}/retry', () => {
  it('reads what was kept again: refused again it stays with the new reason; taken with other options it goes', async () => {
    const { id } = await refused('a.xml.gz', gzipSync(nameless(1)));
    const again = (await retry(id)).json();
    expect(again).toMatchObject({
      success: true,
      id,
      name: 'a.xml.gz',
      outcome: 'refused',
      resolved: false,
      files: [{ name: 'a.xml.gz', status: 'quarantined', error: { code: 'managed_element_unknown' } }],
    });
    expect(await list()).toMatchObject({
      items: [{ id, times: 2, error: { code: 'managed_element_unknown' } }],
      total: 1,
    });
    const taken = (await retry(id, null, '?ne=NE7')).json();
    expect(taken).toMatchObject({ outcome: 'taken', resolved: true, files: [{ status: 'ok', values: 1 }] });
    expect(await list()).toEqual({ items: [], total: 0, next_cursor: null });
    expect(await samples('NE7')).toEqual([1]);
    expect((await retry(id)).statusCode).toBe(404);
  });

  it('takes a mended file in its place, under its name and with the options that it had', async () => {
    const { id, sha256 } = await refused('a.xml', nameless(2).slice(0, -60), '?ne=NE8');
    const worse = (await retry(id, { 'mended.xml': '<measCollecFile>\n<a></measCollecFile>' })).json();
    expect(worse).toMatchObject({ outcome: 'refused', resolved: false });
    const [entry] = (await list()).items;
    expect(entry).toMatchObject({ id, sha256, name: 'a.xml', times: 2, content: { state: 'kept' } });
    expect(entry.error).toMatchObject({
      code: 'not_well_formed',
      line: 2,
      message: expect.stringMatching(/^mended.xml: /),
    });
    expect((await retry(id, { 'mended.xml': nameless(2) })).json()).toMatchObject({
      outcome: 'taken',
      files: [{ name: 'a.xml', sha256: sha256Of(nameless(2)) }],
    });
    expect(await samples('NE8')).toEqual([2]);
    expect((await list()).total).toBe(0);
    const log = (await server.as('viewer', { url: '/api/ingest/files' })).json();
    expect(log.items).toMatchObject([{ name: 'a.xml', status: 'ok', sha256: sha256Of(nameless(2)) }]);
  });

  it('is settled by a mended file whose content was taken before', async () => {
    const { id } = await refused('a.xml', torn(3));
    await send('/api/ingest', { 'b.xml': good(3) });
    expect((await retry(id, { 'c.xml': good(3) })).json()).toMatchObject({ outcome: 'duplicate', resolved: true });
    expect((await list()).total).toBe(0);
  });

  it('twice at the same time takes it once', async () => {
    const { id } = await refused('a.xml', nameless(4));
    const answers = await Promise.all([1, 2, 3].map(() => retry(id, null, '?ne=NE1')));
    const outcomes = answers.map((answer) => (answer.statusCode === 200 ? answer.json().outcome : answer.statusCode));
    expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(1);
    expect(outcomes.filter((outcome) => !['taken', 'duplicate', 404].includes(outcome))).toEqual([]);
    expect(await samples()).toEqual([4]);
    expect((await list()).total).toBe(0);
  });

  it('of an archive reads each refused entry by itself', async () => {
    const zip = zipOf({ 'good.xml': good(5), 'in/a.xml': nameless(6), 'in/b.xml': torn(7) });
    await send('/api/ingest', { 'net.zip': zip });
    const { items } = await list();
    expect(items.map(({ name, source, content }) => [name, source.entry, content.state])).toEqual([
      ['net.zip/in/b.xml', 'in/b.xml', 'kept'],
      ['net.zip/in/a.xml', 'in/a.xml', 'kept'],
    ]);
    expect((await retry(items[1].id, null, '?ne=NE1')).json()).toMatchObject({
      outcome: 'taken',
      files: [{ name: 'net.zip/in/a.xml' }],
    });
    expect((await retry(items[0].id)).json().outcome).toBe('refused');
    expect((await list()).items.map(({ name, times }) => [name, times])).toEqual([['net.zip/in/b.xml', 2]]);
  });

  it('of an archive that was cut off takes a whole one, whose bad entries are then entries of their own', async () => {
    const zip = zipOf({ 'a.xml': good(8), 'b.xml': torn(9) });
    const { id, error } = await refused('net.zip', zip.subarray(0, 300));
    expect(error.code).toBe('truncated');
    const answer = (await retry(id, { 'again.zip': zip })).json();
    expect(answer).toMatchObject({ outcome: 'taken', resolved: true });
    expect(answer.files.map(({ name, status }: Record<string, string>) => [name, status])).toEqual([
      ['net.zip/a.xml', 'ok'],
      ['net.zip/b.xml', 'quarantined'],
    ]);
    expect((await list()).items.map(({ name, content }) => [name, content.state])).toEqual([['net.zip/b.xml', 'kept']]);
    // Where nothing of it is good, the archive itself is mended all the same.
    const other = await refused('other.zip', zipOf({ 'a.xml': torn(10) }).subarray(0, 300));
    const bad = (await retry(other.id, { 'x.zip': zipOf({ 'a.xml': torn(10) }) })).json();
    expect(bad).toMatchObject({ outcome: 'refused', resolved: true });
    expect((await list()).items.map(({ name }) => name)).toEqual(['other.zip/a.xml', 'net.zip/b.xml']);
  });

  it('keeps an archive in an archive refused', async () => {
    await send('/api/ingest', { 'net.zip': zipOf({ 'in.zip': zipOf({ 'a.xml': good(11) }) }) });
    const [{ id, error }] = (await list()).items;
    expect(error.code).toBe('archive_nested');
    expect((await retry(id)).json()).toMatchObject({
      outcome: 'refused',
      files: [{ error: { code: 'archive_nested' } }],
    });
  });

  it('reads a file where it is: mended in place it goes; gone it stays and says so', async () => {
    const paths = ['stays.xml', 'goes.xml', 'sub'].map((name) => join(folder, name));
    await writeFile(paths[0], torn(12));
    await writeFile(paths[1], torn(13));
    await server.services.ingest.ingestPaths(await findFiles([folder]), { mayDescribePegs: true });
    const [first, second] = (await list()).items.reverse();
    expect([first, second].map(({ source, content }) => [source, content.state])).toEqual([
      [{ kind: 'path', path: paths[1], entry: null }, 'in_place'],
      [{ kind: 'path', path: paths[0], entry: null }, 'in_place'],
    ]);
    await rm(paths[1]);
    const gone = await retry(first.id);
    expect([gone.statusCode, gone.json().error.code]).toEqual([404, 'NOT_FOUND']);
    expect(gone.json().detail).toContain(`there is no ${paths[1]} any more`);
    await writeFile(paths[0], good(12));
    expect((await retry(second.id)).json()).toMatchObject({ outcome: 'taken', resolved: true });
    expect((await list()).items.map(({ id, times }) => [id, times])).toEqual([[first.id, 1]]);
    expect(await samples()).toEqual([12]);
  });

  it('says why there is nothing to read where the content was not kept; a mended file is taken all the same', async () => {
    const noise = Array.from({ length: 400 }, (_, i) => sha256Of(`${i}`)).join('');
    const { id, content } = await refused('large.xml', torn(14).replace('?>', `?><!--${noise}-->`));
    expect(content).toEqual({
      state: 'not_kept',
      packed_bytes: null,
      note: 'packed it has more than 3000 bytes (PEGBOARD_QUARANTINE_MAX_FILE_BYTES)',
    });
    const answer = await retry(id);
    expect(answer.statusCode).toBe(404);
    expect(answer.json().detail).toContain('its content was not kept: packed it has more than 3000 bytes');
    expect((await list()).total).toBe(1);
    expect((await retry(id, { 'mended.xml': good(14) })).json().outcome).toBe('taken');
    expect((await list()).total).toBe(0);
  });

  it('leaves an entry alone where the mended file is no PM file, or a catalogue that the caller may not apply', async () => {
    const { id } = await refused('a.xml', torn(15));
    const catalogue = '{"pegboard_catalogue":1,"pegs":[]}';
    for (const content of ['# notes', catalogue]) {
      expect((await retry(id, { x: content })).json()).toMatchObject({ outcome: 'skipped', resolved: false });
    }
    expect((await list()).items).toMatchObject([{ id, times: 1, error: { code: 'truncated' } }]);
  });

  it('takes an entry of an earlier version with a mended file, and replaces it when the same comes again', async () => {
    const { store } = server.services;
    for (const content of [torn(16), torn(17)]) {
      const legacy = refusal({ content, source: { kind: 'unknown' }, origin: sha256Of(content) });
      await store.quarantine.record(legacy, { note: 'refused by an earlier version' });
    }
    const [, { id }] = (await list()).items;
    expect((await retry(id)).statusCode).toBe(404);
    expect((await retry(id, { 'a.xml': good(16) })).json().outcome).toBe('taken');
    await refused('b.xml', torn(17));
    expect((await list()).items.map(({ name, times }) => [name, times])).toEqual([['b.xml', 1]]);
  });

  it('refuses ids that are none, and more than one mended file', async () => {
    const { id } = await refused('a.xml', torn(18));
    for (const path of ['abc', '0', '-1', '1e99', '1.5', '99999999999999999999']) {
      const answer = await send(`/api/ingest/quarantine/${path}/retry`, null);
      expect([path, answer.statusCode, answer.json().error.code]).toEqual([path, 400, 'DATA_VALIDATION_ERROR']);
    }
    expect((await retry(9_007_199_254_740_991)).statusCode).toBe(404);
    expect((await retry(id, { a: good(18), b: good(19) })).statusCode).toBe(400);
    expect((await retry(id, null, '?nee=x')).statusCode).toBe(400);
    expect((await retry(id, {})).statusCode).toBe(400);
    const json = await server.post('analyst', `/api/ingest/quarantine/${id}/retry`, { ne: 'NE1' });
    expect([json.statusCode, json.json().error.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect((await list()).items).toMatchObject([{ id, times: 1 }]);
  });
});

describe('an upload that is taken', () => {
  it('settles entries of the same content, whatever they are called', async () => {
    await refused('a.xml', nameless(20));
    await refused('b.xml', nameless(20));
    expect((await list()).total).toBe(2);
    await send('/api/ingest?ne=NE1', { 'c.xml': nameless(20) });
    expect((await list()).total).toBe(0);
  });
});

describe('a file that is taken from its path', () => {
  it('settles the entry of what was there before, also where the content is a duplicate', async () => {
    const place = await mkdtemp(join(folder, 'in-place-'));
    const [a, b, zip] = ['a.xml', 'b.xml', 'c.zip'].map((name) => join(place, name));
    await writeFile(a, torn(21));
    await writeFile(b, torn(22));
    await writeFile(zip, zipOf({ 'x.xml': good(23) }).subarray(0, 200));
    const ingest = async () => server.services.ingest.ingestPaths(await findFiles([place]), { mayDescribePegs: true });
    await ingest();
    expect((await list()).total).toBe(3);
    await writeFile(a, good(21));
    await writeFile(b, good(21));
    await writeFile(zip, zipOf({ 'x.xml': good(23) }));
    expect((await ingest()).totals).toMatchObject({ ok: 2, duplicate: 1 });
    expect((await list()).total).toBe(0);
  });
});

describe('DELETE /api/ingest/quarantine/{id}', () => {
  it('removes an entry once, for administrators', async () => {
    const { id } = await refused('a.xml', torn(24));
    const request = { method: 'DELETE', url: `/api/ingest/quarantine/${id}` } as const;
    expect((await server.as('analyst', request)).statusCode).toBe(403);
    expect((await server.as('admin', request)).json()).toEqual({ id, discarded: true });
    expect((await server.as('admin', request)).statusCode).toBe(404);
    expect((await list()).total).toBe(0);
  });
});
