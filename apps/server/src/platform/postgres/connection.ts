import type { ClientConfig } from 'pg';
import pg from 'pg';
import { errorCode, PegboardError } from '../errors.ts';
import type { Secret } from '../secret.ts';

/** As in libpq: `require` encrypts without checking the certificate, `verify-ca` checks its issuer, `verify-full` also the host name. */
type SslMode = 'disable' | 'require' | 'verify-ca' | 'verify-full';

/** How to reach a PostgreSQL database. */
export interface ConnectionSettings {
  /** Host name, address, or the absolute path of the folder of a unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret | null;
  readonly database: string;
  readonly ssl?: SslMode;
}

export interface SessionLimits {
  /** Longest time of one statement, ms; 0: no limit. */
  readonly statementTimeoutMs: number;
  /** Longest time that a transaction may wait for its client, ms; 0: no limit. */
  readonly idleInTransactionTimeoutMs: number;
}

const CONNECT_TIMEOUT_MS = 5_000;
const INT8_OID = 20;

/** int8 as a number where that is exact, as its text otherwise. All other types as the driver gives them. */
const TYPES: NonNullable<ClientConfig['types']> = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return oid === INT8_OID && format !== 'binary' ? parseInt8 : pg.types.getTypeParser(oid, format);
  },
};

function parseInt8(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

/** The driver's settings: UTC, `application_name` pegboard, bounded times. */
export function clientConfig(connection: ConnectionSettings, limits: SessionLimits): ClientConfig {
  const { host, port, user, password, database, ssl } = connection;
  const session = {
    timezone: 'UTC',
    statement_timeout: limits.statementTimeoutMs,
    idle_in_transaction_session_timeout: limits.idleInTransactionTimeoutMs,
  };
  return {
    host,
    port,
    user,
    // An empty text keeps the driver from looking for a password in the environment or in ~/.pgpass.
    password: password?.reveal() ?? '',
    database,
    ssl: tlsOptions(ssl ?? 'disable'),
    application_name: 'pegboard',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: TYPES,
    options: Object.entries(session)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  };
}

function tlsOptions(mode: SslMode): NonNullable<ClientConfig['ssl']> {
  switch (mode) {
    case 'disable':
      return false;
    case 'require':
      return { rejectUnauthorized: false };
    case 'verify-ca':
      return { rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case 'verify-full':
      return { rejectUnauthorized: true };
  }
}

/** `host:port/database` for messages. */
export function describeConnection({ host, port, database }: ConnectionSettings): string {
  return host.startsWith('/') ? `${host}/.s.PGSQL.${port}/${database}` : `${host}:${port}/${database}`;
}

interface Cause {
  readonly path: string;
  readonly reason: string;
  readonly hint: string;
}

/**
 * The error for a database that cannot be reached: STORE_UNAVAILABLE with the address and the reason (refused, unknown host, wrong password,
 * missing database, …), never the password. An error that has nothing to do with reaching the database is given back as it is.
 */
export function explainConnectionFailure(error: unknown, connection: ConnectionSettings): unknown {
  const cause = connectionFailure(error, connection);
  if (cause === null) {
    return error;
  }
  return new PegboardError(
    'STORE_UNAVAILABLE',
    `PostgreSQL at ${describeConnection(connection)} is not available: ${cause.reason}.`,
    { hint: cause.hint, details: [{ path: cause.path, message: cause.reason }], cause: error },
  );
}

function connectionFailure(error: unknown, { host, port, user, database }: ConnectionSettings): Cause | null {
  const message = error instanceof Error ? error.message : '';
  switch (errorCode(error)) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return {
        path: 'DB_PORT',
        reason: 'the connection was refused',
        hint: `Is a server listening on port ${port} of ${host}?`,
      };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { path: 'DB_HOST', reason: `the host name ${host} is unknown`, hint: 'Check DB_HOST.' };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return {
        path: 'DB_HOST',
        reason: 'the host does not answer',
        hint: 'Check DB_HOST, DB_PORT and the network between.',
      };
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        path: 'DB_HOST',
        reason: 'the connection was cut',
        hint: 'Check that DB_PORT is the port of a PostgreSQL server.',
      };
    case '28P01':
    case '28000':
      return {
        path: 'DB_PASSWORD',
        reason: `the server refused user ${user} (wrong password, or not permitted)`,
        hint: 'Check DB_USER and DB_PASSWORD.',
      };
    case '3D000':
      return {
        path: 'DB_NAME',
        reason: `there is no database ${database}`,
        hint: `Create it (\`CREATE DATABASE "${database}"\`) or check DB_NAME.`,
      };
    case '42501':
      return {
        path: 'DB_USER',
        reason: `user ${user} may not connect to database ${database}`,
        hint: 'Grant CONNECT or check DB_USER.',
      };
    case '53300':
      return {
        path: 'DB_HOST',
        reason: 'the server has too many connections',
        hint: 'Raise max_connections or end other clients.',
      };
    case '57P01':
    case '57P02':
    case '57P03':
      return { path: 'DB_HOST', reason: 'the server is starting or shutting down', hint: 'Try again in a moment.' };
    default:
      return failureByMessage(message);
  }
}

/** What the driver reports without a code. */
function failureByMessage(message: string): Cause | null {
  if (/timeout (expired|exceeded)|due to connection timeout/.test(message)) {
    return {
      path: 'DB_HOST',
      reason: `no answer within ${CONNECT_TIMEOUT_MS / 1000} s`,
      hint: 'Check DB_HOST, DB_PORT and the network between.',
    };
  }
  if (/does not support SSL/.test(message)) {
    return {
      path: 'DB_SSLMODE',
      reason: 'the server does not support TLS',
      hint: 'Set DB_SSLMODE=disable or turn on TLS at the server.',
    };
  }
  if (/certificate|altnames|self-signed/i.test(message)) {
    return {
      path: 'DB_SSLMODE',
      reason: `its certificate is not trusted (${message})`,
      hint: 'Name its authority in NODE_EXTRA_CA_CERTS.',
    };
  }
  if (/SASL|password must be a/.test(message)) {
    return { path: 'DB_PASSWORD', reason: 'the server wants a password', hint: 'Set DB_PASSWORD.' };
  }
  if (/Connection terminated|connection error and is not queryable/.test(message)) {
    return {
      path: 'DB_HOST',
      reason: 'the connection was cut',
      hint: 'Check that DB_PORT is the port of a PostgreSQL server.',
    };
  }
  return null;
}
