/** A thread of `read-ahead.ts`: reads small files whole, unpacks them and hashes what they hold. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { isZipArchive, unpackBuffer } from '@pegboard/pm-files';
import { checkNotNested } from './file-content.ts';
import type { ReadAnswer, ReadRequest } from './read-ahead.ts';

/** Some are held at once, packed and unpacked. */
const MAX_PACKED_BYTES = 1024 ** 2;
const MAX_UNPACKED_BYTES = 4 * 1024 ** 2;

parentPort?.on('message', ({ number, path }: ReadRequest) => {
  const prepared = prepare(path);
  parentPort?.postMessage({ number, prepared } satisfies ReadAnswer, prepared ? [prepared.content] : []);
});

function prepare(path: string): ReadAnswer['prepared'] {
  try {
    const entry = statSync(path);
    if (!entry.isFile() || entry.size > MAX_PACKED_BYTES) return null;
    const packed = readFileSync(path);
    if (isZipArchive(packed)) return null;
    const content = unpackBuffer(packed, { maxUnpackedBytes: MAX_UNPACKED_BYTES });
    checkNotNested(content);
    return { content: ownMemory(content), sha256: createHash('sha256').update(content).digest('hex') };
  } catch {
    return null;
  }
}

/** Memory that holds the bytes and nothing else, so that it can be handed over without a copy. */
function ownMemory({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer {
  if (byteLength === buffer.byteLength && buffer instanceof ArrayBuffer) return buffer;
  return Uint8Array.prototype.slice.call(new Uint8Array(buffer, byteOffset, byteLength)).buffer as ArrayBuffer;
}
