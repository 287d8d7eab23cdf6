import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { isGzip, isZipArchive, PmFileError, unpackedBytes } from '@pegboard/pm-files';

/**
 * The packed content of a file of at most `maxBytes`; otherwise what it is instead. Throws errors of the file system, also
 * for folders that cannot be listed.
 */
export async function readSmall(path: string, maxBytes: number): Promise<Uint8Array | 'large' | 'no_file'> {
  const entry = await stat(path);
  // A folder comes here where it could not be listed, or by a link: listing it says which.
  if (entry.isDirectory()) await readdir(path);
  if (!entry.isFile()) return 'no_file';
  if (entry.size > maxBytes) return 'large';
  const file = await open(path);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** The content, unpacked. Throws PmFileError, `archive_nested` among them, and errors of the source. */
export async function* unpackedContent(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let isFirst = true;
  for await (const chunk of unpackedBytes(packed)) {
    if (isFirst) checkNotNested(chunk);
    isFirst = false;
    yield chunk;
  }
}

/** Refuses unpacked content that is packed once more: files are packed once, and archives hold files. */
export function checkNotNested(content: Uint8Array): void {
  const what = isZipArchive(content) ? 'a zip archive' : isGzip(content) ? 'packed by gzip' : null;
  if (what === null) return;
  const message = `what was unpacked is itself ${what}`;
  throw new PmFileError({ code: 'archive_nested', message, hint: 'Unpack it first.', line: null, column: null });
}

/** SHA-256 in hex. Throws errors of the source. */
export async function hashOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk);
  return hash.digest('hex');
}

/** What a file system says of a file that is open, where Node.js names no path. */
const OF_OPEN_FILES: readonly unknown[] = ['EIO', 'ESTALE', 'EISDIR', 'ENXIO', 'ENODEV', 'EREMOTEIO'];

export function isFileSystemError(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error && 'syscall' in error)) return false;
  return 'path' in error || ('code' in error && OF_OPEN_FILES.includes(error.code));
}
