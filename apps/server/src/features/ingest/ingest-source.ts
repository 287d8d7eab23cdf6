import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import {
  type ArchiveEntry,
  archiveEntries,
  isZipArchive,
  PmFileError,
  type RandomAccess,
  type ReadLimits,
  type ReadWarning,
} from '@pegboard/pm-files';
import { hashOf, readSmall } from './file-content.ts';
import type { IngestInput } from './find-files.ts';
import { openReadAhead, type PreparedContent } from './read-ahead.ts';

/** Something to ingest: a file, or an entry of an archive. To be read before the next one is asked for. */
export interface IngestSource {
  /** What reports call it; an entry is `archive.zip/entry`. */
  readonly displayName: string;
  /** To be reported beside those of its content. */
  readonly warnings: readonly ReadWarning[];
  /** Why it is passed over without being read. */
  readonly skipReason: string | null;
  /** Its content, where that has been read before its turn. */
  readonly prepared: PreparedContent | null;
  /** The content as it is, of at most so many bytes. Throws PmFileError, and errors of the file system. */
  readSmall(maxBytes: number): Promise<Uint8Array | 'large' | 'no_file'>;
  /** The content as it is, in parts; may be asked for again. Throws as `readSmall` does. */
  stream(chunkBytes: number): AsyncIterable<Uint8Array>;
  /** SHA-256 in hex that stands for it where its content cannot be read to the end. */
  fingerprint(): Promise<string>;
}

const FILES_AHEAD = 16;

/** The files, and in place of each zip archive its entries. Where there are many, small files are read some ahead. */
export async function* ingestSources(
  inputs: readonly IngestInput[],
  limits?: Partial<ReadLimits>,
): AsyncGenerator<IngestSource, void, undefined> {
  const ahead = openReadAhead(inputs.length);
  try {
    const prepared = inputs.slice(0, FILES_AHEAD).map(({ path }) => ahead.read(path));
    for (const [at, input] of inputs.entries()) {
      const content = await prepared.shift();
      const next = inputs[at + FILES_AHEAD];
      if (next) prepared.push(ahead.read(next.path));
      if (content) yield { ...fileSource(input), prepared: content };
      else yield* unpreparedSources(input, limits);
    }
  } finally {
    await ahead.close();
  }
}

async function* unpreparedSources(
  input: IngestInput,
  limits: Partial<ReadLimits> | undefined,
): AsyncGenerator<IngestSource, void, undefined> {
  const file = fileSource(input);
  const archive = await openArchive(input.path);
  if (archive === null) {
    yield file;
    return;
  }
  try {
    yield* archiveSources(file, archive, limits);
  } finally {
    await archive.close();
  }
}

function fileSource({ path, displayName }: IngestInput): IngestSource {
  return {
    displayName,
    warnings: [],
    skipReason: null,
    prepared: null,
    readSmall: (maxBytes) => readSmall(path, maxBytes),
    stream: (chunkBytes) => createReadStream(path, { highWaterMark: chunkBytes }),
    fingerprint: () => hashOf(createReadStream(path)),
  };
}

async function* archiveSources(
  file: IngestSource,
  archive: FileHandle,
  limits: Partial<ReadLimits> | undefined,
): AsyncGenerator<IngestSource, void, undefined> {
  let entries: readonly ArchiveEntry[];
  try {
    entries = await archiveEntries(await fileAccess(archive), limits);
  } catch (error) {
    if (!(error instanceof PmFileError)) throw error;
    const readSmall = () => Promise.reject(error);
    yield { ...file, readSmall };
    return;
  }
  if (entries.length === 0) yield { ...file, skipReason: 'the archive is empty' };
  else if (entries.some(({ name }) => name === '[Content_Types].xml')) {
    yield { ...file, skipReason: 'an office document; export its table as CSV' };
  } else {
    let archiveHash: Promise<string> | null = null;
    const hash = () => {
      archiveHash ??= file.fingerprint();
      return archiveHash;
    };
    for (const entry of entries) yield entrySource(file.displayName, entry, hash);
  }
}

function entrySource(archiveName: string, entry: ArchiveEntry, archiveHash: () => Promise<string>): IngestSource {
  return {
    displayName: `${archiveName}/${entry.name}`,
    warnings: entry.warnings,
    skipReason: null,
    prepared: null,
    readSmall: async (maxBytes) => (entry.rejection === null && entry.size > maxBytes ? 'large' : await entry.bytes()),
    stream: () => entry.stream(),
    fingerprint: async () =>
      createHash('sha256')
        .update(`${await archiveHash()}/${entry.name}`)
        .digest('hex'),
  };
}

/** The file where it is a zip archive; null for any other, and where it cannot be read, which reading it will say. */
async function openArchive(path: string): Promise<FileHandle | null> {
  let file: FileHandle | null = null;
  try {
    // Opening a pipe would wait for its writer.
    if (!(await stat(path)).isFile()) return null;
    file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (isZipArchive(buffer.subarray(0, bytesRead))) return file;
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
  }
  await file?.close();
  return null;
}

async function fileAccess(file: FileHandle): Promise<RandomAccess> {
  const { size } = await file.stat();
  return {
    size,
    read: async (position, length) => {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    },
  };
}
