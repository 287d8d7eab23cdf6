import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

const MAX_BYTES = 64 * 1024;
const CSV = 'timestamp,ne,cell,peg,value\n2026-01-10T00:00:00Z,NE1,20,Thru,1.5\n2026-01-10T00:15:00Z,NE1,20,Thru,2.5\n';

let server: TestApp;
let temporaryBefore: string[];

beforeAll(async () => {
  temporaryBefore = await uploadFolders();
  server = await createTestApp({ PEGBOARD_MAX_UPLOAD_BYTES: String(MAX_BYTES), PEGBOARD_MAX_UPLOAD_FILES: '3' });
});
afterAll(() => server.close());
afterEach(async () => {
  expect(await uploadFolders()).toEqual(temporaryBefore);
});

async function uploadFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('pegboard-upload-'));
}

async function upload(files: Record<string, string | Buffer>, url = '/api/ingest') {
  const form = new FormData();
  for (const [name, content] of Object.entries(files)) form.append('file', new Blob([Buffer.from(content)]), name);
  const request = new Request('http://test/', { method: 'POST', body: form });
  const headers = { 'content-type': request.headers.get('content-type') ?? '' };
  const payload = Buffer.from(await request.arrayBuffer());
  return server.as('analyst', { method: 'POST', url, headers, payload });
}

describe('POST /api/ingest', () => {
  it('takes good files, names bad ones, and lets the values be read back', async () => {
    const answer = await upload({
      'good.csv': CSV,
      'bad.xml': '<measCollecFile><open></measCollecFile>',
      'notes.md': '# hello',
    });
    expect(answer.statusCode).toBe(200);
    const { files, totals } = answer.json();
    expect(files.map(({ name, status }: { name: string; status: string }) => [name, status])).toEqual([
      ['good.csv', 'ok'],
      ['bad.xml', 'quarantined'],
      ['notes.md', 'skipped'],
    ]);
    expect(totals).toMatchObject({ files: 3, ok: 1, quarantined: 1, skipped: 1, values: 2 });

    const query = { start_date: '2026-01-10', end_date: '2026-01-10', kpi_types: 'Thru', cellid: '20' };
    const { data } = (await server.post('viewer', '/api/kpi/query', query)).json();
    expect(
      data['Thru'].map(({ timestamp, value }: { timestamp: string; value: number }) => [timestamp, value]),
    ).toEqual([
      ['2026-01-10T00:00:00Z', 1.5],
      ['2026-01-10T00:15:00Z', 2.5],
    ]);
    const log = (await server.as('viewer', { url: '/api/ingest/files?limit=1' })).json();
    const rest = (await server.as('viewer', { url: `/api/ingest/files?cursor=${log.next_cursor}` })).json();
    const entries = [...log.items, ...rest.items].map(({ name, status }) => `${name} ${status}`);
    expect(entries.sort()).toEqual(['bad.xml quarantined', 'good.csv ok']);
    expect(rest.next_cursor).toBeNull();
  });

  it('takes the same content once', async () => {
    const again = await upload({ 'renamed.csv.gz': gzipSync(CSV) });
    expect(again.json().files).toMatchObject([{ name: 'renamed.csv.gz', status: 'duplicate' }]);
  });

  it('keeps nothing of the folders in a name', async () => {
    const answer = await upload({ '../../etc/pass\u0007wd.csv': CSV.replace('1.5', '9') });
    expect(answer.json().files[0].name).toBe('passwd.csv');
  });

  it('uses what the query says of files that do not say', async () => {
    const content = 'timestamp,peg,value\n2026-01-11 00:00,Lone,3\n';
    const answer = await upload({ 'lone.csv': content }, '/api/ingest?ne=NE9&cell=5&timezone=Asia/Seoul');
    expect(answer.json().files).toMatchObject([
      { status: 'ok', period: { start: expect.stringMatching(/^2026-01-10T15:00:00/) } },
    ]);
    expect((await upload({ 'x.csv': content }, '/api/ingest?timezone=Nowhere')).statusCode).toBe(400);
  });

  it('refuses what is too large, too many, empty, or no upload', async () => {
    const large = await upload({ 'a.csv': 'x'.repeat(MAX_BYTES / 2), 'b.csv': 'y'.repeat(MAX_BYTES / 2 + 1) });
    expect([large.statusCode, large.json().error.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const many = await upload({ 'a.csv': '1', 'b.csv': '2', 'c.csv': '3', 'd.csv': '4' });
    expect([many.statusCode, many.json().error.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect((await upload({})).statusCode).toBe(400);
    const json = await server.post('analyst', '/api/ingest', { file: 'x' });
    expect([json.statusCode, json.json().error.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  it('refuses an upload that breaks off', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const payload = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\ntimestamp,ne';
    const answer = await server.as('analyst', { method: 'POST', url: '/api/ingest', headers, payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().success).toBe(false);
  });
});

describe('over the network', () => {
  let address: string;
  let authorization: string;
  beforeAll(async () => {
    address = await server.app.listen({ host: '127.0.0.1', port: 0 });
    authorization = `Bearer ${await server.token('analyst')}`;
  });

  it('answers an upload after its body has ended', async () => {
    const body = new FormData();
    body.append('file', new Blob([CSV.replace('1.5', '77')]), 'net.csv');
    const answer = await fetch(`${address}/api/ingest`, { method: 'POST', headers: { authorization }, body });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ files: [{ name: 'net.csv', status: 'ok' }] });
  });

  it('removes what has arrived of an upload whose client goes away', async () => {
    const away = new AbortController();
    const { promise: arriving, resolve: arrive } = Promise.withResolvers<void>();
    const body = new ReadableStream({
      pull: async (stream) => {
        stream.enqueue(
          Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\ntimestamp'),
        );
        await expect.poll(uploadFolders).not.toEqual(temporaryBefore);
        arrive();
        await new Promise(() => {});
      },
    });
    const headers = { authorization, 'content-type': 'multipart/form-data; boundary=b' };
    const request = { method: 'POST', headers, body, duplex: 'half', signal: away.signal } as const;
    const answer = fetch(`${address}/api/ingest`, request);
    answer.catch(() => {});
    await arriving;
    away.abort();
    await expect(answer).rejects.toThrow();
    await expect.poll(uploadFolders).toEqual(temporaryBefore);
  });
});

describe('GET /api/ingest/files', () => {
  it('refuses a cursor that is none', async () => {
    expect((await server.as('viewer', { url: '/api/ingest/files?cursor=abc' })).statusCode).toBe(400);
  });
});
