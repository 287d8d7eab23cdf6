import { once } from 'node:events';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, PegboardError } from '../errors.ts';
import { type ClusterOptions, cannotStart, spawnServerProgram } from './cluster.ts';
import type { PostgresLogger } from './logger.ts';
import { identifyProcess } from './process-identity.ts';
import { serverCommand } from './server-account.ts';
import { settingArguments } from './server-settings.ts';

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  /** Folder of the unix socket; null: TCP only. */
  readonly socketFolder: string | null;
}

interface PostmasterFile extends RunningServer {
  /** The data folder as the server was told it. */
  readonly folder: string;
  readonly status: string;
}

const LOOPBACK = '127.0.0.1';
const POLL_MS = 20;
/** Recovery after a crash replays up to `max_wal_size`. */
const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 60_000;
/** Backends of a killed postmaster notice within a moment, unless they are in the middle of a long computation. */
const ORPHANS_TIMEOUT_MS = 30_000;
const MAX_PORT_ATTEMPTS = 10;
const MAX_LOG_BYTES = 10 * 2 ** 20;
/** `sun_path` holds 104 bytes on macOS and 108 on Linux, with the zero at the end. */
const MAX_SOCKET_PATH_BYTES = 103;
const LONGEST_SOCKET_NAME = '.s.PGSQL.65535';

/** The server of the data folder if one runs and accepts connections; waits for one that is starting or stopping. */
export async function findRunningServer(cluster: string): Promise<RunningServer | null> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const file = await readPostmasterFile(cluster);
    if (file === null || ownership(file, cluster) !== 'ours') {
      return null;
    }
    if (file.status === 'ready') {
      return file;
    }
    await sleep(POLL_MS);
  }
  throw new PegboardError(
    'STORE_UNAVAILABLE',
    `The embedded PostgreSQL in ${cluster} is neither starting nor stopping: it hangs.`,
    {
      hint: `See ${cluster}/../postgres.log.`,
    },
  );
}

/**
 * Starts the server of the data folder and waits until it accepts connections. The caller holds the lock of the folder
 * and knows that no server runs.
 * @throws PegboardError STORE_UNAVAILABLE with the last lines of the server's log.
 */
export async function startServer(options: ClusterOptions, logger: PostgresLogger): Promise<RunningServer> {
  const { cluster } = options.folder;
  await removeStaleFiles(cluster, logger);
  await limitLog(options.folder.logFile);
  const orphansDeadline = performance.now() + ORPHANS_TIMEOUT_MS;
  let port = await lastPort(cluster);
  for (let attempt = 1; ; attempt += 1) {
    port = port !== null && (await isFree(port)) ? port : await freePort();
    const outcome = await tryStart(options, port);
    if (typeof outcome !== 'string') {
      return outcome;
    }
    if (/pre-existing shared memory block/.test(outcome) && performance.now() < orphansDeadline) {
      await sleep(200);
    } else if (/could not (bind|create any TCP\/IP sockets)/.test(outcome) && attempt < MAX_PORT_ATTEMPTS) {
      port = null;
    } else {
      throw new PegboardError('STORE_UNAVAILABLE', `The embedded PostgreSQL in ${cluster} did not start: ${outcome}`, {
        hint: `See ${options.folder.logFile}.`,
      });
    }
  }
}

/** Ends the server at once but in order (fast shutdown) and waits for it. */
export async function stopServer(cluster: string, logger: PostgresLogger): Promise<void> {
  const file = await readPostmasterFile(cluster);
  if (file === null || ownership(file, cluster) !== 'ours') {
    return;
  }
  signal(file.pid, 'SIGINT');
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while (ownership(file, cluster) === 'ours') {
    if (performance.now() >= deadline) {
      logger.warn({ pid: file.pid, timeoutMs: STOP_TIMEOUT_MS }, 'the embedded PostgreSQL is still stopping');
      return;
    }
    await sleep(POLL_MS);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') {
      throw error;
    }
  }
}

/** Resolves to the server, or to the end of its log when it ended before it was ready. */
async function tryStart(options: ClusterOptions, port: number): Promise<RunningServer | string> {
  const { folder, binaries, account, durable } = options;
  const socketFolder = socketFolderOf(folder.cluster);
  const args = ['-D', folder.cluster, '-p', String(port), '-c', `listen_addresses=${LOOPBACK}`];
  args.push('-c', `unix_socket_directories=${socketFolder ?? ''}`, ...settingArguments(durable));
  const command = await serverCommand(account, binaries.postgres, args, [folder.cluster]);
  const log = await open(folder.logFile, 'a', 0o600);
  const logStart = (await log.stat()).size;
  const child = spawnServerProgram(command, ['ignore', log.fd, log.fd]);
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw cannotStart(command, error instanceof Error ? error : new Error(String(error)));
  } finally {
    await log.close();
  }
  child.unref();
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && child.signalCode === null) {
    const file = await readPostmasterFile(folder.cluster);
    if (file?.pid === child.pid && file?.status === 'ready') {
      return file;
    }
    if (performance.now() >= deadline) {
      child.kill('SIGQUIT');
      return `it was not ready within ${START_TIMEOUT_MS / 1000} s`;
    }
    await sleep(POLL_MS);
  }
  return await logSince(folder.logFile, logStart);
}

async function logSince(logFile: string, start: number): Promise<string> {
  const text = (await readFile(logFile)).subarray(start).toString('utf8');
  const lines = text.trim().split('\n');
  const failures = lines.filter((line) => /FATAL|PANIC|ERROR|HINT|DETAIL/.test(line));
  return (failures.length > 0 ? failures : lines).slice(-6).join('\n');
}

/** The server's lock file: pid, folder, start time, port, socket folder, address, shared memory, status. */
async function readPostmasterFile(cluster: string): Promise<PostmasterFile | null> {
  try {
    const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n').map((line) => line.trim());
    const [pid, folder = '', , port, socketFolder, , , status] = lines;
    return { pid: Number(pid), folder, port: Number(port), socketFolder: socketFolder || null, status: status ?? '' };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return null;
    }
    throw error;
  }
}

/** Whether the process of a lock file is the server of this data folder: yes, certainly not, or unknown. */
function ownership({ pid, folder }: PostmasterFile, cluster: string): 'ours' | 'gone' | 'unknown' {
  const identity = identifyProcess(pid);
  if (identity === null || identity.program !== 'postgres') {
    return 'gone';
  }
  const { argv } = identity;
  const served = argv[argv.indexOf('-D') + 1];
  if (!argv.includes('-D') || served === undefined) {
    // The processes that a server starts carry a title instead of arguments.
    return argv[0]?.startsWith('postgres: ') ? 'gone' : 'unknown';
  }
  if (served === cluster) {
    return 'ours';
  }
  // The folder was moved or copied while its server was running.
  return served === folder ? 'unknown' : 'gone';
}

/**
 * After kill -9 the server's lock file stays. PostgreSQL takes it for a running server when its pid belongs to another
 * process by now (or to a zombie), so it is removed here, but only when that process certainly is no server of this folder.
 */
async function removeStaleFiles(cluster: string, logger: PostgresLogger): Promise<void> {
  const file = await readPostmasterFile(cluster);
  if (file !== null && ownership(file, cluster) === 'gone') {
    logger.warn({ pid: file.pid }, 'the embedded PostgreSQL was not stopped in order: it recovers');
    await rm(join(cluster, 'postmaster.pid'), { force: true });
  }
  if (file === null || ownership(file, cluster) === 'gone') {
    const sockets = (await readdir(cluster)).filter((name) => name.startsWith('.s.PGSQL.'));
    await Promise.all(sockets.map((name) => rm(join(cluster, name), { force: true })));
  }
}

async function limitLog(logFile: string): Promise<void> {
  const size = (await stat(logFile).catch(() => null))?.size ?? 0;
  if (size > MAX_LOG_BYTES) {
    await rename(logFile, `${logFile}.1`);
  }
}

function socketFolderOf(cluster: string): string | null {
  const longest = Buffer.byteLength(join(cluster, LONGEST_SOCKET_NAME));
  return longest <= MAX_SOCKET_PATH_BYTES && /^[\w./-]+$/.test(cluster) ? cluster : null;
}

/** The port of the previous start: with it, processes that were connected before a crash find the server again. */
async function lastPort(cluster: string): Promise<number | null> {
  const options = await readFile(join(cluster, 'postmaster.opts'), 'utf8').catch(() => '');
  const port = /"-p" "(\d+)"/.exec(options)?.[1];
  return port === undefined ? null : Number(port);
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port).catch(() => null)) !== null;
}

async function freePort(): Promise<number> {
  return await listenOnce(0);
}

async function listenOnce(port: number): Promise<number> {
  const probe = createServer();
  probe.listen({ port, host: LOOPBACK });
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') {
    throw new TypeError('a TCP server has a port');
  }
  return address.port;
}
