import { fileURLToPath } from 'node:url';
import type { Client, QueryResultRow } from 'pg';
import { errorCode, PegboardError } from '../errors.ts';
import type { Database } from './database.ts';
import { type PostgresLogger, SILENT_LOGGER } from './logger.ts';
import { type Migration, readMigrations } from './migration-files.ts';

export interface MigrateOptions {
  readonly logger?: PostgresLogger;
  /** Folder of `NNNN-name.sql` files. */
  readonly migrationsDir?: string;
}

export interface MigrateReport {
  /** File names, in order; empty when the schema was up to date. */
  readonly applied: readonly string[];
}

interface AppliedMigration extends QueryResultRow {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
}

const MIGRATIONS_DIR = fileURLToPath(new URL('./migrations', import.meta.url));
/** Any two fixed numbers: one process migrates, the others wait. */
const MIGRATION_LOCK_KEY = [1346717520, 2] as const;
/** As long as the longest migration may take in another process. */
const LOCK_TIMEOUT_MS = 600_000;

/**
 * Brings the schema `pegboard` up to date: applies the SQL files that are not applied yet, in order, each in a
 * transaction of its own together with its record in `pegboard.schema_migration`. Processes that call this at once wait
 * for one another.
 * @throws PegboardError MIGRATION_ERROR when a migration fails, when a file that is applied already was changed, or when
 * the database is newer than this program.
 */
export async function migrate(
  database: Pick<Database, 'connect'>,
  options: MigrateOptions = {},
): Promise<MigrateReport> {
  const { logger = SILENT_LOGGER, migrationsDir = MIGRATIONS_DIR } = options;
  const migrations = await readMigrations(migrationsDir);
  const client = await database.connect({ idleInTransactionTimeoutMs: 0 });
  try {
    await takeLock(client);
    await ensureHistory(client);
    const pending = pendingMigrations(migrations, await readHistory(client));
    for (const migration of pending) {
      await apply(client, migration);
      logger.info({ migration: migration.name }, 'migration applied');
    }
    return { applied: pending.map(({ name }) => name) };
  } finally {
    await client.end();
  }
}

async function takeLock(client: Client): Promise<void> {
  try {
    await client.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query('SELECT pg_advisory_lock($1, $2)', [...MIGRATION_LOCK_KEY]);
    await client.query('RESET lock_timeout');
  } catch (cause) {
    if (errorCode(cause) !== '55P03') {
      throw cause;
    }
    throw new PegboardError(
      'MIGRATION_ERROR',
      `Another process has been migrating this database for ${LOCK_TIMEOUT_MS / 1000} s.`,
      {
        hint: 'Wait for it, or end it; see pg_stat_activity for application_name pegboard.',
        cause,
      },
    );
  }
}

/** `CREATE … IF NOT EXISTS` needs the right to create even where there is nothing to do, so look first. */
async function ensureHistory(client: Client): Promise<void> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT to_regclass('pegboard.schema_migration') IS NOT NULL AS found`,
  );
  if (rows[0]?.found) {
    return;
  }
  try {
    await client.query(`
      CREATE SCHEMA IF NOT EXISTS pegboard;
      CREATE TABLE pegboard.schema_migration (
        version     integer PRIMARY KEY,
        name        text NOT NULL,
        sha256      text NOT NULL,
        applied_at  timestamptz NOT NULL DEFAULT now()
      );`);
  } catch (cause) {
    if (errorCode(cause) !== '42501') {
      throw cause;
    }
    throw new PegboardError(
      'MIGRATION_ERROR',
      `User ${client.user} may not create the schema pegboard in database ${client.database}.`,
      {
        hint: `Run \`GRANT CREATE ON DATABASE "${client.database}" TO "${client.user}"\` as its owner.`,
        cause,
      },
    );
  }
}

async function readHistory(client: Client): Promise<readonly AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    'SELECT version, name, sha256 FROM pegboard.schema_migration ORDER BY version',
  );
  return rows;
}

function pendingMigrations(
  migrations: readonly Migration[],
  history: readonly AppliedMigration[],
): readonly Migration[] {
  for (const applied of history) {
    const file = migrations[applied.version - 1];
    if (file === undefined) {
      throw new PegboardError(
        'MIGRATION_ERROR',
        `The database has migration ${applied.name}, which this program does not know: it was made by a newer Pegboard.`,
        { hint: 'Upgrade this Pegboard, or use another database.' },
      );
    }
    if (file.sha256 !== applied.sha256) {
      throw new PegboardError(
        'MIGRATION_ERROR',
        `The migration ${file.name} differs from the one that this database was made with (${applied.name}).`,
        {
          hint: 'Migrations are never changed after use: undo the change and add a new file, or use another database.',
        },
      );
    }
  }
  return migrations.slice(history.length);
}

async function apply(client: Client, { version, name, sql, sha256 }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    const before = await transactionId(client);
    await client.query(sql);
    if ((await transactionId(client)) !== before) {
      throw new Error('it ends the transaction that it runs in (COMMIT, ROLLBACK)');
    }
    await client.query('INSERT INTO pegboard.schema_migration (version, name, sha256) VALUES ($1, $2, $3)', [
      version,
      name,
      sha256,
    ]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {});
    throw new PegboardError('MIGRATION_ERROR', `The migration ${name} failed${where(cause, sql)}.`, { cause });
  }
}

async function transactionId(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
  return rows[0]?.id;
}

/** `: <message> (line N)`, from the character position that the server reports. */
function where(cause: unknown, sql: string): string {
  if (!(cause instanceof Error)) {
    return '';
  }
  const position = 'position' in cause ? Number(cause.position) : Number.NaN;
  const line = Number.isNaN(position) ? '' : ` (line ${[...sql].slice(0, position).join('').split('\n').length})`;
  return `: ${cause.message}${line}`;
}
