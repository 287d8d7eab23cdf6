import { randomBytes } from 'node:crypto';
import { chown, link, lstat, open, readFile, realpath, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, PegboardError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { Secret } from '../secret.ts';

/** Where things are in a Pegboard data folder. */
export interface DataFolder {
  /** Absolute, symbolic links resolved. */
  readonly root: string;
  readonly cluster: string;
  readonly passwordFile: string;
  readonly lockFile: string;
  readonly logFile: string;
}

const REFUSED_BY_SYSTEM: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it is a file',
  ENOENT: 'the path cannot be made',
  EINVAL: 'the system does not let this process give files to the account of the server',
  ELOOP: 'its symbolic links form a loop',
};

/**
 * Makes the data folder (mode 700) if it is not there, and proves that this process may write to it.
 * @throws PegboardError DATA_DIRECTORY_ERROR
 */
export async function prepareDataFolder(dataDir: string): Promise<DataFolder> {
  return await explainRefusal(dataDir, async () => {
    await makeFolder(dataDir, 0o700);
    const root = await realpath(dataDir);
    const probe = join(root, `.probe-${randomBytes(6).toString('hex')}`);
    await (await open(probe, 'wx', 0o600)).close();
    await unlink(probe);
    return {
      root,
      cluster: join(root, 'postgres'),
      passwordFile: join(root, 'postgres.password'),
      lockFile: join(root, 'postgres.lock'),
      logFile: join(root, 'postgres.log'),
    };
  });
}

/** Runs file operations; what the system refuses becomes an error that names the path, its owner and a way out. */
export async function explainRefusal<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = REFUSED_BY_SYSTEM[errorCode(cause) ?? ''];
    if (reason === undefined) {
      throw cause;
    }
    throw new PegboardError(
      'DATA_DIRECTORY_ERROR',
      `The data folder ${path} cannot be used: ${reason}${await ownership(path)}.`,
      {
        hint: 'Give this user write permission there, or choose another folder with --data-dir or PEGBOARD_DATA_DIR.',
        cause,
      },
    );
  }
}

async function ownership(path: string): Promise<string> {
  const owner = await stat(path).catch(() => null);
  return owner === null ? '' : ` (owner uid ${owner.uid}, this process runs as uid ${process.getuid?.() ?? '?'})`;
}

/** The server's password from its file; null if there is none. */
export async function readPassword({ passwordFile }: DataFolder): Promise<Secret | null> {
  return await explainRefusal(passwordFile, async () => {
    try {
      const text = (await readFile(passwordFile, 'utf8')).trim();
      return text === '' ? null : new Secret(text);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') {
        return null;
      }
      throw error;
    }
  });
}

/** Makes a random password and keeps it in a file of mode 600 that appears complete or not at all. */
export async function createPassword({ passwordFile }: DataFolder): Promise<Secret> {
  const password = new Secret(randomBytes(24).toString('base64url'));
  await explainRefusal(passwordFile, async () => {
    const draft = `${passwordFile}.draft`;
    await rm(draft, { force: true });
    await rm(passwordFile, { force: true });
    await writePrivateFile(draft, password.reveal());
    await link(draft, passwordFile);
    await unlink(draft);
    await syncFolder(dirname(passwordFile));
  });
  return password;
}

/** Writes a new file of mode 600, durably, and gives it to the owner if there is one. */
export async function writePrivateFile(
  path: string,
  text: string,
  owner?: { uid: number; gid: number } | null,
): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  if (owner) {
    await chown(path, owner.uid, owner.gid);
  }
}

/** Makes renames and new files in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether there is something at the path. */
export async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}
