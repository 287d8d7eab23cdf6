import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PegboardError } from '../../platform/errors.ts';

/** A file to ingest: where it is, and what reports call it. */
export interface IngestInput {
  readonly path: string;
  readonly displayName: string;
  /** Sent by a client: the file goes when the ingest has ended. Default: it stays where it is. */
  readonly isUpload?: boolean;
  /** Only this entry of the archive at `path`; `displayName` is the entry's. */
  readonly entry?: string;
  /** The entry of the quarantine that is read again. */
  readonly retryOf?: RetriedEntry;
}

/** An entry of the quarantine on its second or later try. */
export interface RetriedEntry {
  readonly id: number;
  readonly origin: string;
  /** Name of the file that is read in its place; null: it is read itself. */
  readonly mendedBy: string | null;
  /** Whether it came out of an archive, and is none itself. */
  readonly isArchiveEntry: boolean;
}

/**
 * The files behind the given paths, in the order given; folders are searched with their subfolders, in the order of
 * names. Hidden entries (`.name`) of folders are passed over; links to folders are not followed, and folders that cannot
 * be listed stand for themselves, so that the report names them. Throws DATA_VALIDATION_ERROR for a path that is not there.
 */
export async function findFiles(paths: readonly string[]): Promise<IngestInput[]> {
  const found: IngestInput[] = [];
  for (const path of paths) {
    const entry = await stat(path).catch((error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? 'no such file or folder' : error.message;
      throw new PegboardError('DATA_VALIDATION_ERROR', `cannot ingest ${path}: ${why}`, {
        hint: 'Check the path; it is taken from the current folder.',
        details: [{ path, message: why }],
      });
    });
    if (entry.isDirectory()) await addFolder(path, found);
    else found.push({ path, displayName: path });
  }
  return found;
}

async function addFolder(folder: string, found: IngestInput[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => null);
  if (!entries) {
    found.push({ path: folder, displayName: folder });
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await addFolder(path, found);
    else found.push({ path, displayName: path });
  }
}
