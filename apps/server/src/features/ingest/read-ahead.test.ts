import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReadAhead, type ReadAhead } from './read-ahead.ts';
import { zipOf } from './testing/zip-file.ts';

const TEXT = 'measCollecFile '.repeat(1000);
const sha256 = (content: Uint8Array | string) => createHash('sha256').update(content).digest('hex');

let folder: string;
let ahead: ReadAhead;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-read-ahead-test-'));
  ahead = openReadAhead(1000);
});
afterAll(async () => {
  await ahead.close();
  await rm(folder, { recursive: true, force: true });
});

async function prepared(name: string, content: Uint8Array | string) {
  const path = join(folder, name);
  await writeFile(path, content);
  const result = await ahead.read(path);
  return result && { text: Buffer.from(result.content).toString(), sha256: result.sha256 };
}

describe('reading ahead', () => {
  it('gives the unpacked content of small files and its hash', async () => {
    expect(await prepared('plain.xml', TEXT)).toEqual({ text: TEXT, sha256: sha256(TEXT) });
    expect(await prepared('packed.xml.gz', gzipSync(TEXT))).toEqual({ text: TEXT, sha256: sha256(TEXT) });
    expect(await prepared('empty.xml', '')).toEqual({ text: '', sha256: sha256('') });
  });

  it('answers each of many questions with its own file', async () => {
    const texts = Array.from({ length: 100 }, (_, i) => `${i} `.repeat(i * 50));
    const results = await Promise.all(texts.map((text, i) => prepared(`${i}.txt`, text)));
    expect(results.map((result) => result?.text)).toEqual(texts);
  });

  it('leaves to their turn what is large, packed twice, damaged, an archive, no file, or not there', async () => {
    await mkdir(join(folder, 'a-folder'));
    const zip = zipOf({ 'a.xml': TEXT });
    const large = Buffer.alloc(1024 ** 2 + 1);
    expect(await prepared('large.xml', large)).toBeNull();
    expect(await prepared('unpacks-large.gz', gzipSync(Buffer.alloc(4 * 1024 ** 2 + 1)))).toBeNull();
    expect(await prepared('twice.gz', gzipSync(gzipSync(TEXT)))).toBeNull();
    expect(await prepared('torn.gz', gzipSync(TEXT).subarray(0, 30))).toBeNull();
    expect(await prepared('archive.zip', zip)).toBeNull();
    expect(await ahead.read(join(folder, 'a-folder'))).toBeNull();
    expect(await ahead.read(join(folder, 'nowhere.xml'))).toBeNull();
  });

  it('leaves everything to its turn once it is closed', async () => {
    const closed = openReadAhead(1000);
    const path = join(folder, 'plain.xml');
    const asked = closed.read(path);
    await closed.close();
    await asked;
    expect(await closed.read(path)).toBeNull();
  });
});
