import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PmFileError } from '../pm-file-error.ts';
import { oddName } from '../testing/generated-names.ts';
import { mutatedBytes } from '../testing/mutations.ts';
import { type ZipPart, zipFile } from '../testing/zip-file.ts';
import type { RandomAccess } from './random-access.ts';
import { type ArchiveEntry, archiveEntries } from './zip-archive.ts';

/** Bytes in memory that count how many of them are read. */
class CountedAccess implements RandomAccess {
  readonly size: number;
  read = async (position: number, length: number) => {
    const part = this.#bytes.subarray(position, position + length);
    this.bytesRead += part.length;
    return part;
  };
  bytesRead = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.length;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof PmFileError) return error.rejection.code;
  throw error;
}

async function streamed(entry: ArchiveEntry): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of entry.stream()) {
    chunks.push(chunk);
    length += chunk.length;
    expect(length).toBeLessThanOrEqual(entry.size);
  }
  return Buffer.concat(chunks);
}

const isListed = (name: string) =>
  !name.split('/').some((part) => part === '' || part === '__MACOSX' || part[0] === '.');
const part: fc.Arbitrary<ZipPart> = fc.record({
  name: oddName.filter((name) => isListed(name) && !/\p{C}/u.test(name) && name.length < 500),
  content: fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ maxLength: 50 }).map((text) => Buffer.from(text.repeat(40))),
  ),
  isStored: fc.boolean(),
  isZip64: fc.boolean(),
  hasDescriptor: fc.boolean(),
});
const parts = fc.array(part, { maxLength: 5 });
const comment = fc.oneof(fc.constant(''), fc.string({ maxLength: 30 }), fc.constant('PK\x05\x06'));
const archives = fc.tuple(parts, comment).map(([all, text]) => zipFile(all, text));

describe('any zip archive', () => {
  it('is read back as it was written, at once and in parts', async () => {
    await fc.assert(
      fc.asyncProperty(parts, comment, async (all, text) => {
        const entries = await archiveEntries(new CountedAccess(zipFile(all, text)));
        expect(entries.map(({ name }) => name)).toEqual(all.map(({ name }) => name));
        for (const [i, entry] of entries.entries()) {
          expect(Buffer.from(await entry.bytes()).equals(Buffer.from(all[i].content))).toBe(true);
          expect((await streamed(entry)).equals(Buffer.from(all[i].content))).toBe(true);
        }
      }),
    );
  });

  it('gives files or refusals, never more bytes than it says, and reads each byte a few times at most', async () => {
    await fc.assert(
      fc.asyncProperty(mutatedBytes(archives), async (bytes) => {
        const access = new CountedAccess(bytes);
        const entries = await archiveEntries(access).catch(codeOf);
        if (typeof entries === 'string') {
          expect(entries).toMatch(/^(?:truncated|zip_damaged|zip_unsupported|zip_bomb|archive_too_large)$/);
          return;
        }
        for (const entry of entries) {
          const whole = await entry.bytes().then((content) => Buffer.from(content), codeOf);
          const inParts = await streamed(entry).catch(codeOf);
          if (typeof whole === 'string') expect(inParts).toBe(whole);
          else {
            expect(whole.equals(inParts as Buffer)).toBe(true);
            expect(whole.length).toBe(entry.size);
          }
        }
        // Directory, tail, and each entry twice.
        expect(access.bytesRead).toBeLessThanOrEqual(5 * bytes.length + 1000);
      }),
    );
  });
});
