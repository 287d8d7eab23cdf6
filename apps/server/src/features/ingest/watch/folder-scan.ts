import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** What a scan sees of a name in a folder. */
export interface FileFact {
  /**
   * `other`: no regular file, such as a pipe or a link to a folder; `unfinished`: its name says that it is still to come;
   * `missing`: a link to nothing, or a name that cannot be opened; `unreadable`: it cannot be looked at.
   */
  readonly kind: 'file' | 'other' | 'unfinished' | 'missing' | 'unreadable';
  /** Changes when the content may have changed. */
  readonly stamp: string;
}

/** What there is in the folders at one moment. */
export interface FolderScan {
  /** By path, below the folders as they were named, in the order of names. */
  readonly files: ReadonlyMap<string, FileFact>;
  readonly folders: readonly string[];
  /** Folders that cannot be listed now, and the code of the error (`ENOENT`, `EACCES` …). */
  readonly troubles: ReadonlyMap<string, string>;
}

/** Files looked at together: enough to hide the latency of a network file system. */
const FILES_AT_ONCE = 64;
/** Names under which programs write what is still to come. */
const UNFINISHED = /\.(part|partial|filepart|tmp|temp|download|crdownload|writing|inprogress|swp)$|~$/i;

/**
 * Looks at all files of the folders and their subfolders. Hidden names (`.name`) are passed over; links to folders are not
 * followed, so that there are no loops. Never throws for what the file system says. @throws the reason of the signal
 */
export async function scanFolders(roots: readonly string[], signal: AbortSignal): Promise<FolderScan> {
  const scan: MutableScan = { files: new Map(), folders: [], troubles: new Map() };
  const seen = new Set<string>();
  for (const root of roots) await scanFolder(root, scan, seen, signal);
  return scan;
}

interface MutableScan {
  readonly files: Map<string, FileFact>;
  readonly folders: string[];
  readonly troubles: Map<string, string>;
}

async function scanFolder(folder: string, scan: MutableScan, seen: Set<string>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  // One root may lie within another.
  if (seen.has(resolve(folder))) return;
  seen.add(resolve(folder));
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    scan.troubles.set(folder, codeOf(error));
    return;
  }
  scan.folders.push(folder);
  const visible = entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (let at = 0; at < visible.length; at += FILES_AT_ONCE) {
    signal.throwIfAborted();
    const some = visible.slice(at, at + FILES_AT_ONCE);
    const facts = await Promise.all(
      some.map((entry) => (entry.isDirectory() ? null : factOf(join(folder, entry.name)))),
    );
    for (const [index, entry] of some.entries()) {
      const path = join(folder, entry.name);
      const fact = facts[index];
      if (fact) scan.files.set(path, fact);
      else await scanFolder(path, scan, seen, signal);
    }
  }
}

async function factOf(path: string): Promise<FileFact> {
  let found: Stats;
  try {
    found = await stat(path);
  } catch (error) {
    const code = codeOf(error);
    return { kind: code === 'ENOENT' ? 'missing' : 'unreadable', stamp: code };
  }
  if (!found.isFile()) return { kind: 'other', stamp: 'other' };
  const stamp = `${found.size} ${found.mtimeMs} ${found.ino}`;
  return { kind: UNFINISHED.test(path) ? 'unfinished' : 'file', stamp };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
