import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PegboardError } from '../../platform/errors.ts';
import { makeFolder } from '../../platform/make-folder.ts';
import { Secret } from '../../platform/secret.ts';

const FILE_NAME = 'jwt.secret';
const GENERATED_BYTES = 48;
const MIN_BYTES = 32;

/**
 * The signing key that the data folder keeps in `jwt.secret` (mode 600), made on first use. Processes that start at the
 * same time end with the same key: the file appears whole, once.
 * @throws PegboardError DATA_DIRECTORY_ERROR when the file cannot be made or read, is too short or is open to others.
 */
export async function loadJwtSecret(dataDir: string): Promise<Secret> {
  const path = join(dataDir, FILE_NAME);
  const existing = await readSecret(path);
  if (existing) return existing;
  await createSecret(dataDir, path);
  const created = await readSecret(path);
  if (created) return created;
  throw dataDirectoryError(`${path} vanished while it was being made`);
}

async function createSecret(dataDir: string, path: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  try {
    await makeFolder(dataDir, 0o700);
    await writeFile(temporary, `${randomBytes(GENERATED_BYTES).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    // A link, unlike a rename, never replaces what another process has put there meanwhile.
    await link(temporary, path).catch(ignore('EEXIST'));
  } catch (error) {
    throw dataDirectoryError(`cannot write ${path}: ${messageOf(error)}`, error);
  } finally {
    await rm(temporary, { force: true }).catch(ignore('EACCES', 'EROFS', 'ENOTDIR'));
  }
}

async function readSecret(path: string): Promise<Secret | null> {
  try {
    const [text, { mode }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw dataDirectoryError(`${path} can be read by other users; run: chmod 600 ${path}`);
    }
    const secret = text.trim();
    if (Buffer.byteLength(secret) < MIN_BYTES) {
      throw dataDirectoryError(`${path} has fewer than ${MIN_BYTES} bytes; delete it to have a new one made`);
    }
    return new Secret(secret);
  } catch (error) {
    if (error instanceof PegboardError) throw error;
    if (hasCode(error, 'ENOENT')) return null;
    throw dataDirectoryError(`cannot read ${path}: ${messageOf(error)}`, error);
  }
}

function ignore(...codes: readonly string[]): (error: unknown) => void {
  return (error) => {
    if (!codes.some((code) => hasCode(error, code))) throw error;
  };
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function dataDirectoryError(message: string, cause?: unknown): PegboardError {
  const refused = cause !== undefined && {
    hint: 'Let this user read and write there, or choose another folder with --data-dir or PEGBOARD_DATA_DIR.',
  };
  return new PegboardError('DATA_DIRECTORY_ERROR', message, { cause, ...refused });
}
