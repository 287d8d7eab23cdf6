import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { PegboardError } from '../errors.ts';
import {
  type ConnectionSettings,
  clientConfig,
  describeConnection,
  explainConnectionFailure,
  type SessionLimits,
} from './connection.ts';
import { openEmbeddedServer } from './embedded-server.ts';
import { type PostgresLogger, SILENT_LOGGER } from './logger.ts';

export type DatabaseConfig =
  | ({ readonly kind: 'outside' } & ConnectionSettings)
  | { readonly kind: 'embedded'; readonly dataDir: string };

export interface OpenDatabaseOptions {
  readonly logger?: PostgresLogger;
  /** Most connections of the pool; those of `connect` come on top. */
  readonly maxConnections?: number;
}

/** A PostgreSQL database and the connections of this process to it. */
export interface Database {
  readonly kind: DatabaseConfig['kind'];
  readonly connection: ConnectionSettings;
  /** For short statements: they are bounded in time. */
  readonly pool: pg.Pool;
  /** A connection of its own, for COPY, cursors, LISTEN and long work; the caller ends it. */
  connect(limits?: Partial<SessionLimits>): Promise<pg.Client>;
  /** Ends the pool and gives up the embedded server. Safe to call twice. */
  close(): Promise<void>;
}

const MIN_SERVER_VERSION = 15;
const POOL_SIZE = 10;
const POOL_IDLE_TIMEOUT_MS = 30_000;
const POOL_END_TIMEOUT_MS = 5_000;
const POOL_LIMITS: SessionLimits = { statementTimeoutMs: 120_000, idleInTransactionTimeoutMs: 60_000 };
/** A bulk load may wait for a slow reader in the middle of a transaction. */
const DEDICATED_LIMITS: SessionLimits = { statementTimeoutMs: 0, idleInTransactionTimeoutMs: 600_000 };

/**
 * Opens an outside database, or joins or starts the embedded server.
 * @throws PegboardError STORE_UNAVAILABLE within 5 s when an outside server cannot be used (with `host:port`, never the
 * password), CONFIGURATION_ERROR when it is older than PostgreSQL 15; for the embedded server see `openEmbeddedServer`.
 */
export async function openDatabase(config: DatabaseConfig, options: OpenDatabaseOptions = {}): Promise<Database> {
  const logger = options.logger ?? SILENT_LOGGER;
  if (config.kind === 'outside') {
    return await attach('outside', config, options, async () => {});
  }
  const server = await openEmbeddedServer({ dataDir: config.dataDir, logger });
  try {
    return await attach('embedded', server.connection, options, server.close);
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function attach(
  kind: Database['kind'],
  connection: ConnectionSettings,
  { logger = SILENT_LOGGER, maxConnections = POOL_SIZE }: OpenDatabaseOptions,
  release: () => Promise<void>,
): Promise<Database> {
  await checkServer(connection, logger);
  const pool = createPool(connection, maxConnections, logger);
  const shutDown = async (): Promise<void> => {
    await endPool(pool, logger);
    await release();
  };
  let closing: Promise<void> | null = null;
  return {
    kind,
    connection,
    pool,
    connect: (limits) => connect(connection, { ...DEDICATED_LIMITS, ...limits }, logger),
    close: () => {
      closing ??= shutDown();
      return closing;
    },
  };
}

function createPool(connection: ConnectionSettings, max: number, logger: PostgresLogger): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(connection, POOL_LIMITS),
    max,
    idleTimeoutMillis: POOL_IDLE_TIMEOUT_MS,
  });
  // Without listeners a connection that breaks would end the process: idle ones report to the pool, lent ones to themselves.
  pool.on('error', (error) => {
    // At the end the server may stop before the last connection has said goodbye.
    if (!pool.ending) logger.warn({ err: error }, 'an idle PostgreSQL connection broke');
  });
  pool.on('connect', (client) => logBreaks(client, logger));
  return pool;
}

/** Waits for lent connections, but not for ever: one that is never given back must not keep the process from ending. */
async function endPool(pool: pg.Pool, logger: PostgresLogger): Promise<void> {
  const patience = new AbortController();
  const expired = sleep(POOL_END_TIMEOUT_MS, true, { signal: patience.signal }).catch(() => false);
  const ended = pool.end().finally(() => patience.abort());
  await Promise.race([ended, expired]);
  if (await expired) {
    logger.warn({ lent: pool.totalCount - pool.idleCount }, 'PostgreSQL connections were not given back in time');
  }
}

function logBreaks(client: pg.ClientBase, logger: PostgresLogger): void {
  client.on('error', (error) => logger.debug({ err: error }, 'a PostgreSQL connection broke'));
}

async function connect(
  connection: ConnectionSettings,
  limits: SessionLimits,
  logger: PostgresLogger,
): Promise<pg.Client> {
  const client = new pg.Client(clientConfig(connection, limits));
  logBreaks(client, logger);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw explainConnectionFailure(error, connection);
  }
}

async function checkServer(connection: ConnectionSettings, logger: PostgresLogger): Promise<void> {
  const client = await connect(connection, POOL_LIMITS, logger);
  try {
    const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version_num') AS version");
    const version = Math.floor(Number(rows[0]?.version) / 10_000);
    if (version < MIN_SERVER_VERSION) {
      throw new PegboardError(
        'CONFIGURATION_ERROR',
        `PostgreSQL at ${describeConnection(connection)} has version ${version}; Pegboard needs ${MIN_SERVER_VERSION} or newer.`,
        { hint: 'Upgrade the server, or leave DB_HOST unset to use the embedded one.' },
      );
    }
  } catch (error) {
    throw explainConnectionFailure(error, connection);
  } finally {
    await client.end().catch(() => {});
  }
}
