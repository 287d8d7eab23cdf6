import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { unpackedBytes } from '@pegboard/pm-files';

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

/** SHA-256 of the unpacked content in hex. Throws PmFileError, and errors of the file system. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of unpackedBytes(createReadStream(path, { highWaterMark: 1 << 20 }))) hash.update(chunk);
  return hash.digest('hex');
}

/** SHA-256 of the bytes as they are, in hex: for archives that cannot be unpacked. */
export async function hashOfPacked(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

export function isFileSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
