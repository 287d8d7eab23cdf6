import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GenerateError } from './generate-error.ts';
import { type GeneratedFile, generatePlannedFiles, type NetworkSize, networkSize } from './generate-network.ts';
import { CATALOGUE_FILE, catalogueDocument, README_FILE, readmeDocument } from './network-documents.ts';
import type { NetworkOptions } from './network-options.ts';
import { planNetwork } from './network-plan.ts';

export interface WriteOptions {
  /** Replaces a network of the generator that was made with other options. Foreign files are never touched. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  /** Called after every file. */
  readonly onProgress?: (progress: { readonly files: number; readonly totalFiles: number }) => void;
}

export interface WriteReport extends NetworkSize {
  readonly dir: string;
  readonly bytes: number;
}

/** Files written at the same time: enough to hide the latency of a disk. */
const CONCURRENCY = 8;
/** A file appears under its name only when it is whole. */
const PART_SUFFIX = '.part';
const DAY_FOLDER = /^\d{4}-\d\d-\d\d$/;
const XML_FILE = /^A\d{8}\.\d{4,6}\+0000-\d{4,6}\+0000_[a-z]nb-\d+\.xml(\.part)?$/;
const CSV_FILE = /^\d{8}_[a-z]nb-\d+\.csv(\.part)?$/;

/**
 * Writes a synthetic network to a folder: the PM files, the catalogue of their PEGs and a README.
 * An interrupted run leaves whole files only (and `.part` files after a crash) and may be repeated.
 *
 * @throws GenerateError `bad_change`; `folder_in_use` where the folder holds anything else, or a network made with
 *   other options and `force` is not set; `write_failed` naming the file; `aborted` by the signal
 */
export async function writeNetwork(
  dir: string,
  options: NetworkOptions,
  writeOptions: WriteOptions = {},
): Promise<WriteReport> {
  const plan = planNetwork(options);
  const size = networkSize(options);
  const readme = readmeDocument(plan);
  await prepareFolder(dir, readme, writeOptions.force ?? false);
  let bytes = await writeFileWhole(dir, { path: README_FILE, chunks: [readme] });
  bytes += await writeFileWhole(dir, { path: CATALOGUE_FILE, chunks: [catalogueDocument(plan)] });
  const queue = generatePlannedFiles(plan);
  const folders = new Set<string>();
  let files = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (!failed) {
      if (writeOptions.signal?.aborted) throw new GenerateError('aborted', `interrupted after ${files} files`);
      const next = queue.next();
      if (next.done) return;
      await ensureFolder(dir, dirname(next.value.path), folders);
      const written = await writeFileWhole(dir, next.value);
      bytes += written; // not `bytes += await`: that reads the sum before the wait
      files += 1;
      writeOptions.onProgress?.({ files, totalFiles: size.files });
    }
  };
  const guarded = (): Promise<void> =>
    worker().catch((error: unknown) => {
      failed = true;
      throw error;
    });
  const results = await Promise.allSettled(Array.from({ length: CONCURRENCY }, guarded));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return { ...size, dir, bytes };
}

async function ensureFolder(dir: string, folder: string, known: Set<string>): Promise<void> {
  if (known.has(folder)) return;
  await asWriteError(join(dir, folder), mkdir(join(dir, folder), { recursive: true }));
  known.add(folder);
}

/** Writes under a temporary name and renames. Returns the bytes written. */
async function writeFileWhole(dir: string, file: GeneratedFile): Promise<number> {
  const path = join(dir, file.path);
  return asWriteError(path, writeAndRename(path, file.chunks));
}

async function writeAndRename(path: string, chunks: Iterable<string>): Promise<number> {
  const part = `${path}${PART_SUFFIX}`;
  let bytes = 0;
  try {
    const handle = await open(part, 'w');
    try {
      for (const chunk of chunks) {
        const data = Buffer.from(chunk, 'utf8');
        await handle.writeFile(data);
        bytes += data.length;
      }
    } finally {
      await handle.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return bytes;
}

async function asWriteError<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = WRITE_REASONS[code] ?? (error instanceof Error ? error.message : String(error));
    throw new GenerateError('write_failed', `cannot write ${path}: ${reason}`, WRITE_HINTS[code] ?? null, error);
  }
}

const WRITE_REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a file is in the place of the folder',
};

const WRITE_HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space, choose another folder, or generate fewer days, cells or PEGs.',
  EACCES: 'Choose a folder that you may write to.',
  EPERM: 'Choose a folder that you may write to.',
  EROFS: 'Choose a folder that you may write to.',
};

/** Makes the folder; refuses foreign content; clears what an older run with other options left, if forced. */
async function prepareFolder(dir: string, readme: string, force: boolean): Promise<void> {
  await asWriteError(dir, mkdir(dir, { recursive: true }));
  const entries = await asWriteError(dir, readdir(dir, { withFileTypes: true }));
  if (entries.length === 0) return;
  const foreign: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory() && DAY_FOLDER.test(entry.name)) {
      const inner = await asWriteError(dir, readdir(join(dir, entry.name)));
      foreign.push(...inner.filter((name) => !XML_FILE.test(name)).map((name) => `${entry.name}/${name}`));
    } else if (!isOwnFile(entry.name)) foreign.push(entry.name);
  }
  const marked = await isGeneratedFolder(dir);
  if (foreign.length > 0 || !marked) {
    const what = foreign.length > 0 ? `holds other files, e.g. ${foreign[0]}` : 'was not written by the generator';
    throw new GenerateError('folder_in_use', `${dir} ${what}`, 'Choose an empty or new folder.');
  }
  const previous = await readFile(join(dir, README_FILE), 'utf8').catch(() => null);
  if (previous === readme) return;
  if (!force) {
    throw new GenerateError(
      'folder_in_use',
      `${dir} holds a network that was generated with other options`,
      'Choose another folder, or use force to replace it.',
    );
  }
  for (const entry of entries) await asWriteError(dir, rm(join(dir, entry.name), { recursive: true }));
}

function isOwnFile(name: string): boolean {
  const bare = name.endsWith(PART_SUFFIX) ? name.slice(0, -PART_SUFFIX.length) : name;
  return bare === README_FILE || bare === CATALOGUE_FILE || CSV_FILE.test(name);
}

/** The README is written first: its first line marks the folder. */
async function isGeneratedFolder(dir: string): Promise<boolean> {
  const text = await readFile(join(dir, README_FILE), 'utf8').catch(() => '');
  return text.startsWith('GENERATED DATA:');
}
