import { Readable } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import type { ReadLimits } from './measurement.ts';
import { type PmFileError, refuse } from './pm-file-error.ts';
import { resolveReadLimits } from './read-limits.ts';

/** Short files may legitimately pack very well; the ratio is looked at only beyond this. */
const RATIO_FREE_BYTES = 10_000_000;
const GUNZIP_CHUNK_BYTES = 256 * 1024;

/** Whether the bytes begin like a gzip file (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The content of a file, unpacked where it is gzip (recognised by its first bytes; concatenated members are one
 * content). Throws `PmFileError` (`gzip_bomb`, `gzip_damaged`, `truncated`, `too_large`), whose `rejection` says why;
 * errors of the source itself pass through unchanged.
 */
export async function* unpackedBytes(
  source: AsyncIterable<Uint8Array>,
  limits?: Partial<ReadLimits>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const bounds = resolveReadLimits(limits);
  const packed = { bytes: 0 };
  const iterator = source[Symbol.asyncIterator]();
  try {
    const start = await firstBytes(iterator, 2);
    const whole = counted(start, iterator, packed);
    if (!isGzip(start)) {
      for await (const chunk of whole) {
        if (packed.bytes > bounds.maxUnpackedBytes) throw tooLarge(bounds);
        yield chunk;
      }
      return;
    }
    yield* gunzipped(whole, packed, bounds);
  } finally {
    await iterator.return?.();
  }
}

/** The content of a file that is in memory; throws as `unpackedBytes` does. */
export function unpackBuffer(bytes: Uint8Array, limits?: Partial<ReadLimits>): Uint8Array {
  const bounds = resolveReadLimits(limits);
  if (!isGzip(bytes)) {
    if (bytes.length > bounds.maxUnpackedBytes) throw tooLarge(bounds);
    return bytes;
  }
  const byRatio = Math.max(RATIO_FREE_BYTES, bytes.length * bounds.maxUnpackRatio);
  const maxOutputLength = Math.min(bounds.maxUnpackedBytes, byRatio, Number.MAX_SAFE_INTEGER);
  try {
    return gunzipSync(bytes, { maxOutputLength, chunkSize: GUNZIP_CHUNK_BYTES });
  } catch (error) {
    if (codeOf(error) !== 'ERR_BUFFER_TOO_LARGE') throw gzipError(error);
    throw byRatio < bounds.maxUnpackedBytes ? gzipBomb(bounds) : tooLarge(bounds);
  }
}

async function firstBytes(iterator: AsyncIterator<Uint8Array>, count: number): Promise<Uint8Array> {
  let start: Uint8Array = new Uint8Array(0);
  while (start.length < count) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    start = start.length === 0 ? value : Buffer.concat([start, value]);
  }
  return start;
}

async function* counted(
  start: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
  packed: { bytes: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let chunk = start; ; ) {
    packed.bytes += chunk.length;
    if (chunk.length > 0) yield chunk;
    const next = await iterator.next();
    if (next.done === true) return;
    chunk = next.value;
  }
}

async function* gunzipped(
  source: AsyncIterable<Uint8Array>,
  packed: { readonly bytes: number },
  limits: ReadLimits,
): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip({ chunkSize: GUNZIP_CHUNK_BYTES });
  const input = Readable.from(source, { objectMode: false });
  let sourceError: unknown = null;
  input.on('error', (error) => {
    sourceError = error;
    gunzip.destroy();
  });
  input.pipe(gunzip);
  let unpacked = 0;
  try {
    for await (const chunk of gunzip) {
      unpacked += chunk.length;
      if (unpacked > limits.maxUnpackedBytes) throw tooLarge(limits);
      if (unpacked > RATIO_FREE_BYTES && unpacked > packed.bytes * limits.maxUnpackRatio) throw gzipBomb(limits);
      yield chunk;
    }
  } catch (error) {
    if (sourceError !== null) throw sourceError;
    throw isZlibError(error) ? gzipError(error) : error;
  } finally {
    input.destroy();
    gunzip.destroy();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function isZlibError(error: unknown): boolean {
  return codeOf(error).startsWith('Z_');
}

function gzipError(error: unknown): PmFileError {
  if (codeOf(error) === 'Z_BUF_ERROR') {
    return refuse(
      'truncated',
      'the gzip file ends before its content does',
      'The file seems to be cut off; transfer it again.',
      null,
    );
  }
  const detail = error instanceof Error ? error.message : String(error);
  return refuse(
    'gzip_damaged',
    `the gzip file is damaged (${detail})`,
    'Transfer the file again, in binary mode.',
    null,
  );
}

function gzipBomb(limits: ReadLimits): PmFileError {
  const message = `the gzip file unpacks to more than ${limits.maxUnpackRatio} times its size`;
  return refuse('gzip_bomb', message, 'No PM file packs so well; check where the file comes from.', null);
}

function tooLarge(limits: ReadLimits): PmFileError {
  return refuse(
    'too_large',
    `the file is larger than ${limits.maxUnpackedBytes} bytes`,
    'Split the file, or raise the limit if it is meant.',
    null,
  );
}
