import { createHmac } from 'node:crypto';
import pg from 'pg';
import { errorCode, PegboardError } from '../errors.ts';
import { Secret } from '../secret.ts';
import { type ConnectionSettings, clientConfig } from './connection.ts';
import type { Database } from './database.ts';

/** What people's SQL may read. */
const PUBLIC_VIEWS = ['pm_sample', 'peg', 'network_element', 'measured_object', 'ingest_file'] as const;
const DEFAULT_READER = 'pegboard_reader';
const READER_CONNECTIONS = 20;
const INSUFFICIENT_PRIVILEGE = '42501';
const DUPLICATE_OBJECT = '42710';
/** What the server says when another session makes the role at the same moment. */
const UNIQUE_VIOLATION = '23505';

/** The role for people's SQL: no rights but to read the public views. */
export interface ReaderRole {
  readonly user: string;
  readonly password: Secret | null;
}

/**
 * The role to use: the configured one, else `pegboard_reader` with a password derived from the main role's.
 * @param configured from DB_READER_USER and DB_READER_PASSWORD
 */
export function readerRole(connection: ConnectionSettings, configured: ReaderRole | null): ReaderRole {
  if (configured) return configured;
  const key = connection.password?.reveal() ?? '';
  const password = key === '' ? null : createHmac('sha256', key).update('pegboard reader role').digest('base64url');
  return { user: DEFAULT_READER, password: password === null ? null : new Secret(password) };
}

/**
 * Connects as the reader; makes the role and its grants first where the main role may.
 * @throws PegboardError CONFIGURATION_ERROR that says which statements an administrator has to run
 */
export async function connectAsReader(
  database: Database,
  reader: ReaderRole,
  statementTimeoutMs: number,
): Promise<pg.Client> {
  const { connection } = database;
  await ensureReader(database, reader);
  const settings = { ...connection, user: reader.user, password: reader.password };
  const client = new pg.Client(
    clientConfig(settings, { statementTimeoutMs, idleInTransactionTimeoutMs: statementTimeoutMs }),
  );
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (cause) {
    await client.end().catch(() => undefined);
    throw new PegboardError('CONFIGURATION_ERROR', `cannot log in to the database as ${reader.user}`, {
      hint: `Set DB_READER_USER and DB_READER_PASSWORD, and as an administrator run: CREATE ROLE ${reader.user} LOGIN PASSWORD '…'; ${grant(reader.user)}`,
      cause,
    });
  }
}

async function ensureReader(database: Database, reader: ReaderRole): Promise<void> {
  const { rows } = await database.pool.query<{ strong: boolean }>(
    `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR has_schema_privilege(r.oid, 'pegboard', 'USAGE')
       OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid) AS strong
     FROM pg_roles r WHERE rolname = $1`,
    [reader.user],
  );
  if (rows[0]?.strong) {
    throw new PegboardError('CONFIGURATION_ERROR', `the role ${reader.user} has more rights than a reader may have`, {
      hint: 'Name another role by DB_READER_USER: without superuser, CREATEROLE, CREATEDB, membership in other roles, or rights on the schema pegboard (so not DB_USER).',
    });
  }
  try {
    if (rows.length === 0) await createReader(database.pool, reader);
    await grantViews(database.pool, reader.user);
  } catch (error) {
    // Where the main role may not, an administrator may have made role and grants already: the login will show.
    if (errorCode(error) !== INSUFFICIENT_PRIVILEGE) throw error;
  }
}

async function createReader(pool: pg.Pool, { user, password }: ReaderRole): Promise<void> {
  const secret = password === null ? '' : ` PASSWORD ${pg.escapeLiteral(password.reveal())}`;
  try {
    await pool.query(`CREATE ROLE ${pg.escapeIdentifier(user)} LOGIN CONNECTION LIMIT ${READER_CONNECTIONS}${secret}`);
  } catch (error) {
    if (errorCode(error) !== DUPLICATE_OBJECT && errorCode(error) !== UNIQUE_VIOLATION) throw error;
  }
}

/** One session at a time: the server refuses grants on one view from two at once. */
async function grantViews(pool: pg.Pool, user: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('pegboard.reader_role'))`);
    await client.query(grant(user));
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

function grant(user: string): string {
  const views = PUBLIC_VIEWS.map((view) => `public.${view}`).join(', ');
  return `GRANT SELECT ON ${views} TO ${pg.escapeIdentifier(user)}`;
}
