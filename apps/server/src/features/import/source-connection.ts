import pg from 'pg';
import { errorCode, PegboardError } from '../../platform/errors.ts';
import {
  type ConnectionSettings,
  clientConfig,
  describeConnection,
  explainConnectionFailure,
} from '../../platform/postgres/connection.ts';
import { copyOut } from '../../platform/postgres/copy-out.ts';
import type { RowBytes } from './copy-rows.ts';

/** Rows in the same order each time, and nothing that writes. Only those that the server knows are set. */
const SESSION = {
  default_transaction_read_only: 'on',
  synchronize_seqscans: 'off',
  max_parallel_workers_per_gather: '0',
  extra_float_digits: '3',
  DateStyle: 'ISO',
  standard_conforming_strings: 'on',
} as const;
const HINTS: Readonly<Record<string, string>> = {
  DB_PASSWORD:
    'Check the user of --from, and the password in PGPASSWORD, in the passfile (~/.pgpass or PGPASSFILE) or of the named source.',
  DB_NAME: 'Check the name of the database in --from.',
  DB_USER: 'Have its owner GRANT CONNECT, or name another user in --from.',
  DB_SSLMODE:
    'Write ?sslmode=disable, require, verify-ca or verify-full at the end of --from; name an authority in NODE_EXTRA_CA_CERTS.',
  DB_HOST: 'Check the host and port of --from and the network between.',
};
/** What a reading statement meets when a table or view was changed or dropped, or its owner took rights back. */
const CHANGED = /^(42P01|42703|42883|3F000|42804|42846|22P02|55000|XX000)$/;
/** Conflicts, of a reading replica with what it replays above all; lack of resources; a statement that an operator ended. */
const PASSING = /^(40|53|57014)/;
export const READ_AGAIN = 'Run the import again: it finds the columns anew and continues where it was.';

export interface CopyOptions {
  /** After it was aborted the connection is of no further use. */
  readonly signal: AbortSignal | undefined;
  /** Called now and then between rows; a promise holds the source back until it settles. */
  readonly pause: () => Promise<void> | undefined;
}

/** A connection to the source, for reading. */
export interface SourceConnection {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Hands on the bytes of a COPY as they come: `size` of them from `from` on. */
  copy(
    statement: string,
    take: (row: RowBytes, from: number, size: number) => void,
    options: CopyOptions,
  ): Promise<void>;
  close(): Promise<void>;
}

/**
 * Connects without limits on the time of statements.
 * @throws PegboardError STORE_UNAVAILABLE with the address and the reason, never the password; errors of statements as
 * `explainSourceFailure` says
 */
export async function connectSource(connection: ConnectionSettings): Promise<SourceConnection> {
  const explain = (error: unknown) => explainSourceFailure(error, connection);
  const client = new pg.Client(clientConfig(connection, { statementTimeoutMs: 0, idleInTransactionTimeoutMs: 0 }));
  // Without a listener a connection that breaks would end the process; whoever waits is told by the driver.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(
      `SELECT set_config(s.name, v.value, false) FROM pg_settings s
       JOIN unnest($1::text[], $2::text[]) AS v(name, value) ON lower(v.name) = lower(s.name)`,
      [Object.keys(SESSION), Object.values(SESSION)],
    );
  } catch (error) {
    await client.end().catch(() => undefined);
    throw explain(error);
  }
  return {
    async query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]) {
      try {
        return (await client.query<Row>(text, values)).rows;
      } catch (error) {
        throw explain(error);
      }
    },
    async copy(statement, take, { signal, pause }) {
      let row: RowBytes | null = null;
      const visit = (bytes: Buffer, view: DataView, from: number, size: number) => {
        if (row === null || row.view !== view) row = { bytes, view };
        take(row, from, size);
      };
      try {
        await copyOut(client, statement, visit, { signal, afterPiece: pause });
      } catch (error) {
        signal?.throwIfAborted();
        throw explain(error);
      }
    },
    close: () => client.end().catch(() => undefined),
  };
}

/**
 * The error of a source for people: STORE_UNAVAILABLE where the connection cannot be made or broke, UNPROCESSABLE where a
 * statement failed (a view that was changed, a missing right). What is neither is given back as it is.
 */
function explainSourceFailure(error: unknown, connection: ConnectionSettings): unknown {
  if (error instanceof PegboardError) return error;
  const code = errorCode(error) ?? '';
  const isStatement = error instanceof Error && 'severity' in error && code !== '';
  const where = `the source ${describeConnection(connection)}`;
  if (isStatement && CHANGED.test(code)) {
    return new PegboardError(
      'UNPROCESSABLE',
      `${where} does not have the table or view as it was any more: ${error.message}`,
      {
        hint: READ_AGAIN,
        cause: error,
      },
    );
  }
  if (isStatement && code === '42501' && !error.message.includes('database')) {
    return new PegboardError('UNPROCESSABLE', `${where} does not let user ${connection.user} read: ${error.message}`, {
      hint: 'Have its owner GRANT SELECT on the table, and USAGE on its schema.',
      cause: error,
    });
  }
  if (isStatement && PASSING.test(code)) {
    return new PegboardError('STORE_UNAVAILABLE', `${where} ended the statement: ${error.message}`, { cause: error });
  }
  const explained = explainConnectionFailure(error, connection);
  if (explained instanceof PegboardError) {
    const setting = explained.details[0]?.path ?? '';
    const hint = HINTS[setting] ?? explained.hint;
    return new PegboardError('STORE_UNAVAILABLE', explained.message.replace('PostgreSQL at', 'the source at'), {
      ...(hint === null ? {} : { hint }),
      cause: error,
    });
  }
  if (!isStatement) return error;
  return new PegboardError('UNPROCESSABLE', `${where} failed to answer: ${error.message}`, { cause: error });
}

/** Whether reading again may work: the connection was there and broke, or the server is busy. */
export function isWorthAnotherTry(error: unknown): boolean {
  if (!(error instanceof PegboardError) || error.code !== 'STORE_UNAVAILABLE') return false;
  return !/^(28|3D|42|0A)/.test(errorCode(error.cause) ?? '');
}
