import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { makeFolder } from '../../platform/make-folder.ts';
import { GenerateError } from './generate-error.ts';
import { type GeneratedFile, generatePlannedFiles, type NetworkSize, networkSize } from './generate-network.ts';
import { CATALOGUE_FILE, catalogueDocument, README_FILE, README_MARK, readmeDocument } from './network-documents.ts';
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

/**
 * Files are small and many: written synchronously they cost half the time of the promise API. After so many of them the
 * event loop gets a turn, for signals and whatever else runs in the process.
 */
const FILES_A_TURN = 16;
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
  await makeFolder(dir).catch((error: unknown) =>
    asWriteError(dir, () => {
      throw error;
    }),
  );
  prepareFolder(dir, readme, writeOptions.force ?? false);
  let bytes = writeFileWhole(dir, { path: README_FILE, chunks: [readme] });
  bytes += writeFileWhole(dir, { path: CATALOGUE_FILE, chunks: [catalogueDocument(plan)] });
  const folders = new Set<string>();
  let files = 0;
  for (const file of generatePlannedFiles(plan)) {
    if (files % FILES_A_TURN === 0) await setImmediate();
    if (writeOptions.signal?.aborted) throw new GenerateError('aborted', `interrupted after ${files} files`);
    ensureFolder(join(dir, dirname(file.path)), folders);
    bytes += writeFileWhole(dir, file);
    files += 1;
    writeOptions.onProgress?.({ files, totalFiles: size.files });
  }
  return { ...size, dir, bytes };
}

function ensureFolder(folder: string, known: Set<string>): void {
  if (known.has(folder)) return;
  asWriteError(folder, () => mkdirSync(folder, { recursive: true }));
  known.add(folder);
}

/** Writes under a temporary name and renames. Returns the bytes written. */
function writeFileWhole(dir: string, file: GeneratedFile): number {
  const path = join(dir, file.path);
  return asWriteError(path, () => writeAndRename(path, file.chunks));
}

function writeAndRename(path: string, chunks: Iterable<string>): number {
  const part = `${path}${PART_SUFFIX}`;
  let bytes = 0;
  try {
    const descriptor = openSync(part, 'w');
    try {
      for (const chunk of chunks) {
        const data = Buffer.from(chunk, 'utf8');
        writeFileSync(descriptor, data);
        bytes += data.length;
      }
    } finally {
      closeSync(descriptor);
    }
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  return bytes;
}

function asWriteError<T>(path: string, work: () => T): T {
  try {
    return work();
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

/** Refuses foreign content; clears what an older run with other options left, if forced. */
function prepareFolder(dir: string, readme: string, force: boolean): void {
  const entries = asWriteError(dir, () => readdirSync(dir, { withFileTypes: true }));
  if (entries.length === 0) return;
  const foreign = entries.flatMap((entry) => {
    if (!entry.isDirectory() || !DAY_FOLDER.test(entry.name)) return isOwnFile(entry.name) ? [] : [entry.name];
    const inner = asWriteError(dir, () => readdirSync(join(dir, entry.name)));
    return inner.filter((name) => !XML_FILE.test(name)).map((name) => `${entry.name}/${name}`);
  });
  const previous = entries.some((entry) => entry.name === README_FILE && entry.isFile())
    ? asWriteError(dir, () => readFileSync(join(dir, README_FILE), 'utf8'))
    : '';
  if (foreign.length > 0 || !previous.startsWith(README_MARK)) {
    const what = foreign.length > 0 ? `holds other files, e.g. ${foreign[0]}` : 'was not written by the generator';
    throw new GenerateError('folder_in_use', `${dir} ${what}`, 'Choose an empty or new folder.');
  }
  if (previous === readme) return;
  if (!force) {
    throw new GenerateError(
      'folder_in_use',
      `${dir} holds a network that was generated with other options`,
      'Choose another folder, or use force to replace it.',
    );
  }
  for (const entry of entries) asWriteError(dir, () => rmSync(join(dir, entry.name), { recursive: true }));
}

function isOwnFile(name: string): boolean {
  const bare = name.endsWith(PART_SUFFIX) ? name.slice(0, -PART_SUFFIX.length) : name;
  return bare === README_FILE || bare === CATALOGUE_FILE || CSV_FILE.test(name);
}
