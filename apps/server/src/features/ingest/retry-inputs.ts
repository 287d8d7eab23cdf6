import { stat } from 'node:fs/promises';
import type { QuarantineEntry } from '../../stores/kpi/quarantine-log.ts';
import { findFiles, type IngestInput, type RetriedEntry } from './find-files.ts';

/** A file that is read in place of the content of an entry. */
export interface MendedFile {
  readonly path: string;
  /** What refusals call it. */
  readonly name: string;
  readonly isUpload: boolean;
}

export type RetryInputs =
  | { readonly status: 'found'; readonly inputs: readonly IngestInput[]; readonly isFolder: boolean }
  /** There is nothing to read; why. */
  | { readonly status: 'gone'; readonly reason: string };

/**
 * What is to be read for an entry of the quarantine.
 * @param keptAt where its kept content lies now; null where there is none
 */
export async function findRetryInputs(
  entry: QuarantineEntry,
  { mended, keptAt }: { readonly mended: MendedFile | null; readonly keptAt: string | null },
): Promise<RetryInputs> {
  const { source, content } = entry;
  const isArchiveEntry = source.kind !== 'unknown' && source.entry !== null;
  const retryOf: RetriedEntry = { id: entry.id, origin: entry.origin, mendedBy: mended?.name ?? null, isArchiveEntry };
  const common = { displayName: entry.name, retryOf };
  if (mended) return found({ ...common, path: mended.path, isUpload: mended.isUpload });
  if (keptAt !== null) return found({ ...common, path: keptAt, isUpload: true });
  if (content.state === 'not_kept') return { status: 'gone', reason: `its content was not kept: ${content.note}` };
  if (source.kind !== 'path') return { status: 'gone', reason: 'it has left the quarantine meanwhile' };
  return inPlace(entry, source.path, source.entry === null ? common : { ...common, entry: source.entry });
}

function found(input: IngestInput): RetryInputs {
  return { status: 'found', inputs: [input], isFolder: false };
}

async function inPlace(
  { name }: QuarantineEntry,
  path: string,
  input: Omit<IngestInput, 'path'>,
): Promise<RetryInputs> {
  try {
    if (!(await stat(path)).isDirectory()) return found({ ...input, path });
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && /^(ENOENT|ENOTDIR)$/.test(String(error.code));
    if (isMissing) return { status: 'gone', reason: `there is no ${path} any more, as seen from this machine` };
    // Whatever else is wrong is said by reading it.
    return found({ ...input, path });
  }
  // A folder that could not be listed: its files are entries of their own where they are refused.
  const files = await findFiles([path]);
  const inputs = files.map((file) => (file.path === path ? { ...input, path } : file));
  return {
    status: 'found',
    inputs: inputs.map((file) => ({ ...file, displayName: inFolder(file, path, name) })),
    isFolder: true,
  };
}

/** As it was called when the folder was named as `name`. */
function inFolder(file: IngestInput, folder: string, name: string): string {
  return file.path.startsWith(folder) ? `${name}${file.path.slice(folder.length)}` : file.displayName;
}
