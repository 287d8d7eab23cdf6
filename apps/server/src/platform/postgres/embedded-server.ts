import pg from 'pg';
import { errorCode, PegboardError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { type ClusterOptions, ensureCluster, SERVER_USER } from './cluster.ts';
import { type ConnectionSettings, clientConfig, explainConnectionFailure } from './connection.ts';
import { type DataFolder, explainRefusal, prepareDataFolder } from './data-folder.ts';
import { withFileMutex } from './file-mutex.ts';
import { type PostgresLogger, SILENT_LOGGER } from './logger.ts';
import { chooseServerAccount, openPassage } from './server-account.ts';
import { findServerBinaries, type ServerBinaries } from './server-binaries.ts';
import { ServerLease } from './server-lease.ts';
import { findRunningServer, type RunningServer, startServer, stopServer } from './server-process.ts';

export interface EmbeddedServerOptions {
  readonly dataDir: string;
  readonly logger?: PostgresLogger;
  /** False only for data that may be lost when the machine crashes (tests). Counts for the process that starts the server. */
  readonly durable?: boolean;
  /** The programs to run; the default is the npm package of this platform. */
  readonly binaries?: ServerBinaries;
}

export interface EmbeddedServer {
  readonly connection: ConnectionSettings;
  /** The same database over TCP, for other programs (psql, Grafana). */
  readonly tcp: ConnectionSettings;
  /** Whether the server was running already. */
  readonly joined: boolean;
  /** Gives the server up; the last one that uses it stops it. Safe to call twice. */
  close(): Promise<void>;
}

const DATABASE = 'pegboard';
const MAINTENANCE_DATABASE = 'postgres';
/** Longer than a recovery or an orderly stop may take in the process that holds the lock. */
const LOCK_TIMEOUT_MS = 360_000;
const NO_LIMITS = { statementTimeoutMs: 0, idleInTransactionTimeoutMs: 0 };

/**
 * Joins the PostgreSQL server of a data folder, or makes and starts it. Any number of processes may do so at once; none
 * of them owns the server, and it survives them until the last one closes (see docs/adr/0001-embedded-postgres-lifecycle.md).
 * @throws PegboardError DATA_DIRECTORY_ERROR, CONFIGURATION_ERROR or STORE_UNAVAILABLE
 */
export async function openEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const logger = options.logger ?? SILENT_LOGGER;
  const folder = await prepareDataFolder(options.dataDir);
  const binaries = options.binaries ?? (await findServerBinaries());
  const opened = await locked(folder, logger, async () => {
    const account = await chooseServerAccount(folder.cluster);
    if (account !== null) {
      await openPassage(folder.root, account);
    }
    return await joinOrStart({ folder, binaries, account, durable: options.durable ?? true }, logger);
  });
  const { server, password, lease, joined } = opened;
  const tcp = connectionTo(server, password, DATABASE, { tcp: true });
  const close = () => locked(folder, logger, () => leave(folder, lease, logger));
  let closing: Promise<void> | null = null;
  return {
    connection: connectionTo(server, password, DATABASE),
    tcp,
    joined,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

async function locked<T>(folder: DataFolder, logger: PostgresLogger, work: () => Promise<T>): Promise<T> {
  const onWait = (holderPid: number) =>
    logger.debug({ holderPid }, 'waiting for another process that starts or stops the embedded PostgreSQL');
  return await explainRefusal(folder.root, () =>
    withFileMutex(folder.lockFile, { timeoutMs: LOCK_TIMEOUT_MS, onWait }, work),
  );
}

async function joinOrStart(options: ClusterOptions, logger: PostgresLogger) {
  const { cluster } = options.folder;
  const password = await ensureCluster(options);
  const running = await findRunningServer(cluster);
  const server = running ?? (await startServer(options, logger));
  const joined = running !== null;
  logger.debug({ pid: server.pid, port: server.port, joined }, 'embedded PostgreSQL');
  const maintenance = connectionTo(server, password, MAINTENANCE_DATABASE);
  try {
    await ensureDatabase(maintenance);
    return { server, password, joined, lease: await ServerLease.take(maintenance, logger) };
  } catch (error) {
    if (!joined) {
      await stopServer(cluster, logger);
    }
    throw explainWrongPassword(error, options.folder) ?? explainConnectionFailure(error, maintenance);
  }
}

async function leave({ cluster }: DataFolder, lease: ServerLease, logger: PostgresLogger): Promise<void> {
  const others = await lease.release();
  if (others === 0) {
    await stopServer(cluster, logger);
  } else if (others === null) {
    logger.warn({ cluster }, 'the embedded PostgreSQL does not answer; it is left as it is');
  }
}

async function ensureDatabase(maintenance: ConnectionSettings): Promise<void> {
  const client = new pg.Client(clientConfig(maintenance, NO_LIMITS));
  client.on('error', () => {});
  try {
    await client.connect();
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) {
      await client.query(`CREATE DATABASE ${DATABASE}`);
    }
  } finally {
    await client.end().catch(() => {});
  }
}

function explainWrongPassword(error: unknown, { passwordFile, cluster }: DataFolder): PegboardError | null {
  if (errorCode(error) !== '28P01') {
    return null;
  }
  return new PegboardError(
    'DATA_DIRECTORY_ERROR',
    `The password in ${passwordFile} is not that of the server in ${cluster}.`,
    {
      hint: 'Put the password file of this data folder back from a backup, or choose another data folder with --data-dir.',
      cause: error,
    },
  );
}

function connectionTo(
  { port, socketFolder }: RunningServer,
  password: Secret,
  database: string,
  { tcp = false } = {},
): ConnectionSettings {
  const host = tcp ? '127.0.0.1' : (socketFolder ?? '127.0.0.1');
  return { host, port, user: SERVER_USER, password, database };
}
