import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PegboardError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { createPassword, type DataFolder, exists, readPassword, syncFolder, writePrivateFile } from './data-folder.ts';
import { giveFolder, type ServerAccount, type ServerCommand, serverCommand } from './server-account.ts';
import type { ServerBinaries } from './server-binaries.ts';

export const SERVER_USER = 'pegboard';
const SERVER_MAJOR = '18';
const UNFINISHED_PREFIX = 'postgres.new-';
/** Nothing of the caller's environment (secrets, PG* variables) reaches the server. */
const SERVER_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as const;
/** Sorts by bytes everywhere alike and knows Unicode upper and lower case; needs no locale of the system. */
const ENCODING_ARGUMENTS = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];

export interface ClusterOptions {
  readonly folder: DataFolder;
  readonly binaries: ServerBinaries;
  readonly account: ServerAccount | null;
  readonly durable: boolean;
}

/**
 * The password of the cluster in the data folder; makes the cluster if there is none. A cluster that was not finished
 * (a crash in the middle) is made anew. The caller holds the lock of the folder.
 * @throws PegboardError DATA_DIRECTORY_ERROR when what is there is no cluster of this PostgreSQL version.
 */
export async function ensureCluster(options: ClusterOptions): Promise<Secret> {
  const { folder, account } = options;
  await removeUnfinished(folder);
  if (await hasCluster(folder.cluster)) {
    if (account !== null && (await stat(folder.cluster)).uid === 0) {
      await giveFolder(folder.cluster, account);
    }
    return await knownPassword(folder);
  }
  const password = (await readPassword(folder)) ?? (await createPassword(folder));
  // The name is new each time: an initdb whose parent was killed may still be writing under the old one.
  const unfinished = join(folder.root, `${UNFINISHED_PREFIX}${randomBytes(6).toString('hex')}`);
  await initialise(options, password, unfinished);
  await rename(unfinished, folder.cluster);
  await syncFolder(folder.root);
  return password;
}

async function removeUnfinished({ root }: DataFolder): Promise<void> {
  const leftovers = (await readdir(root)).filter((name) => name.startsWith(UNFINISHED_PREFIX));
  for (const name of leftovers) {
    // What a dying initdb still writes is removed at a later start.
    await rm(join(root, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
}

async function knownPassword(folder: DataFolder): Promise<Secret> {
  const password = await readPassword(folder);
  if (password !== null) {
    return password;
  }
  throw new PegboardError(
    'DATA_DIRECTORY_ERROR',
    `The password file ${folder.passwordFile} of the embedded PostgreSQL is missing or empty.`,
    {
      hint: 'Put the file back from a backup, or choose another data folder with --data-dir.',
    },
  );
}

async function hasCluster(cluster: string): Promise<boolean> {
  if (!(await exists(cluster))) {
    return false;
  }
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version === null && (await isEmptyFolder(cluster))) {
    await rmdir(cluster);
    return false;
  }
  if (version?.trim() === SERVER_MAJOR) {
    return true;
  }
  const found = version === null ? 'is no PostgreSQL data folder' : `was made by PostgreSQL ${version.trim()}`;
  throw new PegboardError(
    'DATA_DIRECTORY_ERROR',
    `The folder ${cluster} ${found}; this Pegboard runs PostgreSQL ${SERVER_MAJOR}.`,
    {
      hint: 'Choose another data folder with --data-dir, or move this one away.',
    },
  );
}

async function isEmptyFolder(path: string): Promise<boolean> {
  const entries = await readdir(path).catch(() => null);
  return entries?.length === 0;
}

async function initialise(options: ClusterOptions, password: Secret, target: string): Promise<void> {
  const { folder, binaries, account, durable } = options;
  await mkdir(target, { mode: 0o700 });
  if (account !== null) {
    await chown(target, account.uid, account.gid);
  }
  const passwordCopy = `${target}.password`;
  await writePrivateFile(passwordCopy, password.reveal(), account);
  const args = [`--pgdata=${target}`, `--username=${SERVER_USER}`, `--pwfile=${passwordCopy}`];
  args.push('--auth=scram-sha-256', '--no-instructions', ...ENCODING_ARGUMENTS);
  if (!durable) {
    args.push('--no-sync');
  }
  try {
    await run(await serverCommand(account, binaries.initdb, args, [folder.root]));
  } finally {
    await rm(passwordCopy, { force: true });
  }
}

async function run(command: ServerCommand): Promise<void> {
  const child = spawnServerProgram(command, ['ignore', 'pipe', 'pipe']);
  let output = '';
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-4000);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const exit = await new Promise<string>((resolve, reject) => {
    child.once('error', (cause) => reject(cannotStart(command, cause)));
    child.once('close', (code, signal) => resolve(signal ?? String(code)));
  });
  if (exit !== '0') {
    throw new PegboardError(
      'DATA_DIRECTORY_ERROR',
      `The embedded PostgreSQL could not be set up (initdb ended with ${exit}): ${output.trim()}`,
    );
  }
}

/** Starts a program of the server in its own session, so that Ctrl-C at the terminal does not reach it. */
export function spawnServerProgram(command: ServerCommand, stdio: ('ignore' | 'pipe' | number)[]): ChildProcess {
  const { program, args, uid, gid } = command;
  const account = uid === undefined || gid === undefined ? {} : { uid, gid };
  return spawn(program, args, { cwd: '/', detached: true, env: SERVER_ENVIRONMENT, stdio, ...account });
}

/** The error for a program that the system did not start. */
export function cannotStart(command: ServerCommand, cause: Error): PegboardError {
  return new PegboardError(
    'STORE_UNAVAILABLE',
    `The embedded PostgreSQL cannot be started: ${command.program}: ${cause.message}.`,
    {
      hint: 'The bundled programs need glibc (not musl) on Linux; elsewhere set DB_HOST to use an outside PostgreSQL 15 or newer.',
      cause,
    },
  );
}
