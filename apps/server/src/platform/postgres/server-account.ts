import { existsSync } from 'node:fs';
import { chmod, chown, lstat, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PegboardError } from '../errors.ts';

/** The system account that the server runs as when this process is root; PostgreSQL refuses to run as root. */
export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

const PREFERRED_ACCOUNTS = ['postgres', '_postgres', 'nobody'];
const SETPRIV_PATHS = ['/usr/bin/setpriv', '/bin/setpriv', '/usr/sbin/setpriv', '/sbin/setpriv'];
/** Linux capabilities that let a process pass folders it may not search: number in `/proc/self/status`, name in setpriv. */
const TRAVERSAL_CAPABILITIES = [
  { bit: 2n, name: 'dac_read_search' },
  { bit: 1n, name: 'dac_override' },
] as const;

/**
 * The account to run the server as: null (the own one) unless this process is root. A data folder that exists already
 * keeps its owner.
 */
export async function chooseServerAccount(clusterFolder: string): Promise<ServerAccount | null> {
  if (process.getuid?.() !== 0) {
    return null;
  }
  const owner = await stat(clusterFolder).catch(() => null);
  if (owner !== null && owner.uid !== 0) {
    return { name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  }
  const accounts = parseAccounts(await readFile('/etc/passwd', 'utf8').catch(() => ''));
  for (const name of PREFERRED_ACCOUNTS) {
    const account = accounts.find((candidate) => candidate.name === name && candidate.uid !== 0);
    if (account !== undefined) {
      return account;
    }
  }
  throw new PegboardError(
    'CONFIGURATION_ERROR',
    'PostgreSQL does not run as root, and there is no account to run it as.',
    {
      hint: 'Create a system user named postgres, run Pegboard as an ordinary user, or set DB_HOST to use an outside PostgreSQL.',
    },
  );
}

function parseAccounts(passwd: string): ServerAccount[] {
  return passwd
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }));
}

/** Gives a folder and all in it to the account; links are not followed. */
export async function giveFolder(folder: string, account: ServerAccount): Promise<void> {
  await chown(folder, account.uid, account.gid);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) {
      await chown(join(entry.parentPath, entry.name), account.uid, account.gid);
    }
  }
}

/**
 * Lets the account pass through a data folder of mode 700 (group: search only) where that is all it takes to reach the
 * server's folder; otherwise nothing changes and the server is started with a capability instead.
 */
export async function openPassage(dataDir: string, account: ServerAccount): Promise<void> {
  const { mode, uid } = await stat(dataDir);
  if ((mode & 0o777) === 0o700 && uid === 0 && (await isSearchable(dirname(dataDir), account))) {
    await chown(dataDir, 0, account.gid);
    await chmod(dataDir, 0o710);
  }
}

/**
 * How to start a program of the server so that it can reach the given paths: as this process's own user; as the account;
 * or, where the account may not search a folder above (a checkout in `/root` or in `mktemp -d`), as the account with the
 * one capability that lets it pass.
 * @throws PegboardError CONFIGURATION_ERROR when the last is needed and the system cannot do it.
 */
export async function serverCommand(
  account: ServerAccount | null,
  program: string,
  args: readonly string[],
  reach: readonly string[],
): Promise<ServerCommand> {
  if (account === null) {
    return { program, args };
  }
  const blocked = await firstUnsearchable([...reach, dirname(program)], account);
  if (blocked === null) {
    return { program, args, uid: account.uid, gid: account.gid };
  }
  const setpriv = SETPRIV_PATHS.find((path) => existsSync(path));
  const capability = await traversalCapability();
  if (setpriv === undefined || capability === null) {
    const lack =
      setpriv === undefined ? 'the program setpriv (util-linux) is missing' : 'this process lacks CAP_DAC_READ_SEARCH';
    throw new PegboardError(
      'CONFIGURATION_ERROR',
      `The PostgreSQL server runs as ${account.name}, which may not enter ${blocked}, and ${lack}.`,
      {
        hint: `Run \`chmod o+x ${blocked}\`, move the checkout and the data folder elsewhere, or run Pegboard as the owner of that folder instead of root.`,
      },
    );
  }
  const privileges = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', '--no-new-privs'];
  // Without no_setuid_fixup the kernel ignores capabilities of ordinary users in access(2), by which initdb looks for postgres.
  privileges.push('--securebits=+no_setuid_fixup', `--inh-caps=+${capability}`, `--ambient-caps=+${capability}`);
  return { program: setpriv, args: [...privileges, '--', program, ...args] };
}

async function traversalCapability(): Promise<string | null> {
  const status = await readFile('/proc/self/status', 'latin1').catch(() => '');
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return TRAVERSAL_CAPABILITIES.find(({ bit }) => ((effective >> bit) & 1n) === 1n)?.name ?? null;
}

async function firstUnsearchable(folders: readonly string[], account: ServerAccount): Promise<string | null> {
  for (const folder of folders) {
    const blocked = await unsearchableAbove(folder, account);
    if (blocked !== null) {
      return blocked;
    }
  }
  return null;
}

async function isSearchable(folder: string, account: ServerAccount): Promise<boolean> {
  return (await unsearchableAbove(folder, account)) === null;
}

/** The topmost folder on the way to `folder`, itself included, that the account may not search. */
async function unsearchableAbove(folder: string, account: ServerAccount): Promise<string | null> {
  const parent = dirname(folder);
  if (parent !== folder) {
    const blocked = await unsearchableAbove(parent, account);
    if (blocked !== null) {
      return blocked;
    }
  }
  const { mode, uid, gid } = await lstat(folder);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  return ((mode >> shift) & 1) === 1 ? null : folder;
}
