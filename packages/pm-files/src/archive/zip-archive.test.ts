import { describe, expect, it } from 'vitest';
import type { ReadLimits } from '../measurement.ts';
import { PmFileError } from '../pm-file-error.ts';
import { zipFile } from '../testing/zip-file.ts';
import { bufferAccess } from './random-access.ts';
import { type ArchiveEntry, archiveEntries, isZipArchive } from './zip-archive.ts';

async function streamed(entry: ArchiveEntry): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of entry.stream()) {
    chunks.push(chunk);
    length += chunk.length;
    expect(length).toBeLessThanOrEqual(entry.size);
  }
  return Buffer.concat(chunks).toString();
}

/** What comes of reading all entries, in both ways, which must agree. */
async function contents(zip: Uint8Array, limits?: Partial<ReadLimits>): Promise<[string, string][]> {
  const read: [string, string][] = [];
  for (const entry of await archiveEntries(bufferAccess(zip), limits)) {
    const [whole, parts] = await Promise.all([
      entry.bytes().then((bytes) => Buffer.from(bytes).toString(), codeOf),
      streamed(entry).catch(codeOf),
    ]);
    expect(parts).toBe(whole);
    read.push([entry.name, whole]);
  }
  return read;
}

function codeOf(error: unknown): string {
  if (error instanceof PmFileError) return error.rejection.code;
  throw error;
}

const refusal = (zip: Uint8Array, limits?: Partial<ReadLimits>) => contents(zip, limits).then(() => null, codeOf);

const HELLO = 'hello '.repeat(20);
/** Written by Python's zipfile and by Info-ZIP. */
const FOREIGN: readonly (readonly [string, string, string, string])[] = [
  [
    'with a data descriptor',
    'a/b.txt',
    HELLO,
    'UEsDBBQACAAIAAAAdl0AAAAAAAAAAAAAAAAHAAAAYS9iLnR4dMtIzcnJV8igOwkAUEsHCC/6+EgLAAAAeAAAAFBLAQIUAxQACAAIAAAAdl0v+vhICwAAAHgAAAAHAAAAAAAAAAAAAACAAQAAAABhL2IudHh0UEsFBgAAAAABAAEANQAAAEAAAAAAAA==',
  ],
  [
    'with zip64 sizes in the local header',
    'a/b.txt',
    HELLO,
    'UEsDBC0AAAAIAAAAdl0v+vhI//////////8HABQAYS9iLnR4dAEAEAB4AAAAAAAAAAsAAAAAAAAAy0jNyclXyKA7CQBQSwECLQMtAAAACAAAAHZdL/r4SAsAAAB4AAAABwAAAAAAAAAAAAAAgAEAAAAAYS9iLnR4dFBLBQYAAAAAAQABADUAAABEAAAAAAA=',
  ],
  [
    'with a zip64 directory',
    '-',
    HELLO,
    'UEsDBC0AAAAIAJQVdl0v+vhI//////////8BABQALQEAEAB4AAAAAAAAAAsAAAAAAAAAy0jNyclXyKA7CQBQSwECHgMtAAAACACUFXZdL/r4SAsAAAD/////AQAMAAAAAAABAAAAgBEAAAAALQEACAB4AAAAAAAAAFBLBgYsAAAAAAAAAB4DLQAAAAAAAAAAAAEAAAAAAAAAAQAAAAAAAAA7AAAAAAAAAD4AAAAAAAAAUEsGBwAAAAB5AAAAAAAAAAEAAABQSwUGAAAAAAEAAQA7AAAA/////wAA',
  ],
  [
    'encrypted',
    'a/b.txt',
    'entry_encrypted',
    'UEsDBBQACQAIAAAAdF0v+vhIFwAAAHgAAAAHAAAAYS9iLnR4dK6L2gNOFeLYelvNqrdzGBa/WlAZ0e8IUEsHCC/6+EgXAAAAeAAAAFBLAQIeAxQACQAIAAAAdF0v+vhIFwAAAHgAAAAHAAAAAAAAAAEAAACkgQAAAABhL2IudHh0UEsFBgAAAAABAAEANQAAAEwAAAAAAA==',
  ],
  [
    'packed by bzip2',
    'a/b.txt',
    'zip_unsupported',
    'UEsDBC4AAAAMAAAAdl0v+vhILwAAAHgAAAAHAAAAYS9iLnR4dEJaaDkxQVkmU1lnJvcxAAAdkQBAAAJEoAAwzQBSoxpMJ8mE0ThdyRThQkGcm9zEUEsBAi4DLgAAAAwAAAB2XS/6+EgvAAAAeAAAAAcAAAAAAAAAAAAAAIABAAAAAGEvYi50eHRQSwUGAAAAAAEAAQA1AAAAVAAAAAAA',
  ],
];

describe('archiveEntries', () => {
  it.each(FOREIGN)('reads an archive of another writer: %s', async (_what, name, expected, base64) => {
    expect(await contents(Buffer.from(base64, 'base64'))).toEqual([[name, expected]]);
  });

  it('gives the files in their order, packed or stored, empty or not, behind a comment', async () => {
    const zip = zipFile(
      [
        { name: 'folder/', content: '' },
        { name: 'folder/b.xml', content: 'b'.repeat(100_000) },
        { name: 'a.xml', content: 'a', isStored: true },
        { name: 'empty', content: '' },
        { name: '.hidden', content: 'x' },
        { name: '__MACOSX/a.xml', content: 'x' },
      ],
      'PK\x05\x06 is no end here',
    );
    expect(isZipArchive(zip)).toBe(true);
    expect(await contents(zip)).toEqual([
      ['folder/b.xml', 'b'.repeat(100_000)],
      ['a.xml', 'a'],
      ['empty', ''],
    ]);
    const empty = zipFile([]);
    expect([isZipArchive(empty), await contents(empty)]).toEqual([true, []]);
  });

  it('says where a name leads out of the archive, and makes names printable', async () => {
    const names = ['../../etc/passwd', '/etc/passwd', 'C:\\x', 'a\\..\\b', 'a/..b', 'fine\u0000\u001b[31m.xml'];
    const entries = await archiveEntries(bufferAccess(zipFile(names.map((name) => ({ name, content: 'x' })))));
    expect(entries.map(({ name, warnings }) => [name, warnings.map(({ code }) => code)])).toEqual([
      ['../../etc/passwd', ['archive_name_unsafe']],
      ['/etc/passwd', ['archive_name_unsafe']],
      ['C:\\x', ['archive_name_unsafe']],
      ['a\\..\\b', ['archive_name_unsafe']],
      ['fine[31m.xml', []],
    ]);
  });

  it('reads names in UTF-8 and CP949', async () => {
    const cp949 = Buffer.from([0xbc, 0xad, 0xbf, 0xef]);
    const zip = zipFile([
      { name: cp949, content: '' },
      { name: '부산', content: '' },
    ]);
    expect((await contents(zip)).map(([name]) => name)).toEqual(['서울', '부산']);
  });

  it('refuses an entry that is not what the directory says, and reads the others', async () => {
    const content = 'content '.repeat(50_000);
    const zip = zipFile([
      { name: 'short', content, size: content.length + 1 },
      { name: 'long', content, size: 10 },
      { name: 'changed', content, crc32: 1 },
      { name: 'good', content },
      { name: 'bomb', content: 'x', size: 20_000_000 },
      { name: 'strong', content: 'x', flags: 1 << 6 },
    ]);
    expect((await contents(zip)).map(([name, read]) => [name, read.slice(0, 20)])).toEqual([
      ['short', 'zip_damaged'],
      ['long', 'zip_damaged'],
      ['changed', 'zip_damaged'],
      ['good', 'content content cont'],
      ['bomb', 'zip_bomb'],
      ['strong', 'entry_encrypted'],
    ]);
    expect(await contents(zipFile([{ name: 'a', content }]), { maxUnpackedBytes: 1000 })).toEqual([['a', 'too_large']]);
  });

  it('refuses entries that share their bytes', async () => {
    const content = 'x'.repeat(1000);
    const zip = zipFile([
      { name: 'a', content },
      { name: 'b', content, offset: 0 },
      { name: 'c', content },
    ]);
    expect(await refusal(zip)).toBe('zip_bomb');
  });

  it('bounds entries and bytes in all', async () => {
    const zip = zipFile(['a', 'b', 'c'].map((name) => ({ name, content: 'x'.repeat(100) })));
    expect(await refusal(zip, { maxArchiveEntries: 2 })).toBe('archive_too_large');
    expect(await refusal(zip, { maxArchiveBytes: 299 })).toBe('archive_too_large');
    expect(await refusal(zip, { maxArchiveBytes: 300, maxArchiveEntries: 3 })).toBeNull();
  });

  it('refuses an archive that is cut off anywhere', async () => {
    const zip = zipFile([
      { name: 'a', content: HELLO },
      { name: 'b', content: HELLO },
    ]);
    for (let end = 0; end < zip.length; end += 1) {
      expect(await refusal(zip.subarray(0, end))).toBe('truncated');
      expect(await refusal(zip.subarray(zip.length - end))).not.toBeNull();
    }
  });

  it('refuses an archive over several files', async () => {
    const zip = zipFile([{ name: 'a', content: 'x' }]);
    zip.writeUInt16LE(1, zip.length - 18);
    expect(await refusal(zip)).toBe('zip_unsupported');
  });
});
