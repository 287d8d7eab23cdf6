import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PmFileError } from './pm-file-error.ts';
import { mutatedBytes } from './testing/mutations.ts';
import { unpackBuffer, unpackedBytes } from './unpack.ts';

const content = fc
  .tuple(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 50 }))
  .map(([bytes, times]) => Buffer.concat(Array.from({ length: times }, () => bytes)));
/** Several members are one content (RFC 1952, 2.2). */
const members = fc.array(fc.tuple(content, fc.constantFrom(0, 1, 9)), { minLength: 1, maxLength: 3 });
const packed = (all: readonly (readonly [Buffer, number])[]) =>
  Buffer.concat(all.map(([bytes, level]) => gzipSync(bytes, { level })));
const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });

/** The content, or the code of the refusal. */
async function streamed(bytes: Uint8Array, chunks: readonly number[]): Promise<string> {
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let at = 0, i = 0; at < bytes.length; i += 1) {
      const size = chunks[Math.min(i, chunks.length - 1)];
      yield bytes.subarray(at, at + size);
      at += size;
    }
  }
  const parts: Uint8Array[] = [];
  try {
    for await (const part of unpackedBytes(source())) parts.push(part);
  } catch (error) {
    return codeOf(error);
  }
  return Buffer.concat(parts).toString('base64');
}

function whole(bytes: Uint8Array): string {
  try {
    return Buffer.from(unpackBuffer(bytes)).toString('base64');
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof PmFileError) return error.rejection.code;
  throw error;
}

describe('any gzip file', () => {
  it('gives the content that was packed, however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(members, sizes, async (all, chunks) => {
        const expected = Buffer.concat(all.map(([bytes]) => bytes)).toString('base64');
        expect(whole(packed(all))).toBe(expected);
        expect(await streamed(packed(all), chunks)).toBe(expected);
      }),
    );
  });

  it('gives the same content or refusal however the bytes are cut, whatever it is changed to', async () => {
    await fc.assert(
      fc.asyncProperty(mutatedBytes(members.map(packed)), sizes, async (bytes, chunks) => {
        const outcome = whole(bytes);
        expect(await streamed(bytes, chunks)).toBe(outcome);
        expect(['gzip_damaged', 'truncated', expectedOf(bytes)]).toContain(outcome);
      }),
    );
  });
});

/** What zlib says; the bytes themselves where they do not begin like gzip. */
function expectedOf(bytes: Buffer): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('base64');
  try {
    return gunzipSync(bytes).toString('base64');
  } catch {
    return 'gzip_damaged';
  }
}
