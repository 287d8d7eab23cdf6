import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type ConnectionSettings, clientConfig } from './connection.ts';
import type { PostgresLogger } from './logger.ts';

/** Any two fixed numbers; everything that uses the embedded server holds this advisory lock in database `postgres`. */
const LEASE_KEY = [1346717520, 1] as const;
const NO_LIMITS = { statementTimeoutMs: 0, idleInTransactionTimeoutMs: 0 };
const REGAIN_PAUSE_MS = 1_000;

/**
 * The sign that a process uses the embedded server: a connection with a shared advisory lock. When the process dies,
 * however, the server drops the connection and with it the lock.
 */
export class ServerLease {
  readonly #connection: ConnectionSettings;
  readonly #logger: PostgresLogger;
  #client: pg.Client | null = null;
  #released = false;
  #wake = new AbortController();

  private constructor(connection: ConnectionSettings, logger: PostgresLogger) {
    this.#connection = connection;
    this.#logger = logger;
  }

  static async take(connection: ConnectionSettings, logger: PostgresLogger): Promise<ServerLease> {
    const lease = new ServerLease(connection, logger);
    await lease.#connect();
    return lease;
  }

  /** Gives the lease up; resolves to the number of other leases, or null when the server cannot be asked. */
  async release(): Promise<number | null> {
    this.#released = true;
    this.#wake.abort();
    try {
      if (this.#client === null) {
        await this.#connect();
      }
      return await countOthers(this.#client);
    } catch {
      return null;
    } finally {
      await this.#client?.end().catch(() => {});
    }
  }

  async #connect(): Promise<void> {
    const client = new pg.Client(clientConfig(this.#connection, NO_LIMITS));
    client.on('error', (error) => this.#logger.debug({ err: error }, 'the lease on the embedded PostgreSQL broke'));
    try {
      await client.connect();
      await client.query('SELECT pg_advisory_lock_shared($1, $2)', [...LEASE_KEY]);
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    client.once('end', () => void this.#lost());
    this.#client = client;
  }

  /** The server restarts its processes when one of them crashes: the lease is taken again as soon as it answers. */
  async #lost(): Promise<void> {
    this.#client = null;
    if (this.#released) {
      return;
    }
    this.#logger.error(
      { port: this.#connection.port },
      'the connection to the embedded PostgreSQL was lost; trying again',
    );
    while (!this.#released && this.#client === null) {
      await sleep(REGAIN_PAUSE_MS, undefined, { ref: false, signal: this.#wake.signal }).catch(() => {});
      if (this.#released) {
        return;
      }
      await this.#connect().then(
        () => this.#logger.warn({ port: this.#connection.port }, 'the connection to the embedded PostgreSQL is back'),
        () => {},
      );
    }
  }
}

async function countOthers(client: pg.Client | null): Promise<number | null> {
  const result = await client?.query<{ others: number }>(
    `SELECT count(*)::int AS others FROM pg_locks
     WHERE locktype = 'advisory' AND classid = $1 AND objid = $2 AND objsubid = 2 AND granted AND pid <> pg_backend_pid()`,
    [...LEASE_KEY],
  );
  return result?.rows[0]?.others ?? null;
}
