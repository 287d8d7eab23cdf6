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
/** A statement whose reader has gone must not go on. Servers before 14, and of some systems, cannot tell. */
const NOTICE_CUTS = "SET client_connection_check_interval = '2s'";
const SET_KNOWN = `
  SELECT set_config(s.name, v.value, false) FROM pg_settings s
  JOIN unnest($1::text[], $2::text[]) AS v(name, value) ON lower(v.name) = lower(s.name)`;
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

/** A connection to the source, for reading. After its signal was aborted it can only be closed. */
export interface SourceConnection {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /**
   * Hands on the bytes of a COPY as they come: `size` of them from `from` on. `pause` is called now and then between rows; a
   * promise holds the source back until it settles.
   */
  copy(
    statement: string,
    take: (row: RowBytes, from: number, size: number) => void,
    pause: () => Promise<void> | undefined,
  ): Promise<void>;
  close(): Promise<void>;
}

/**
 * Connects without limits on the time of statements.
 * @throws PegboardError STORE_UNAVAILABLE with the address and the reason, never the password; errors of statements as
 * `explainSourceFailure` says; the reason of the signal where it was aborted
 */
export async function connectSource(
  connection: ConnectionSettings,
  signal: AbortSignal | undefined,
): Promise<SourceConnection> {
  const client = new pg.Client(clientConfig(connection, { statementTimeoutMs: 0, idleInTransactionTimeoutMs: 0 }));
  // Without a listener a connection that breaks would end the process; whoever waits is told by the driver.
  client.on('error', () => undefined);
  const close = () => client.end().catch(() => undefined);
  const explained = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      signal?.throwIfAborted();
      throw explainSourceFailure(error, connection);
    }
  };
  try {
    await explained(untilAborted(client.connect(), signal));
    await explained(client.query(SET_KNOWN, [Object.keys(SESSION), Object.values(SESSION)]));
    await client.query(NOTICE_CUTS).catch(() => undefined);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    query: async <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) =>
      (await explained(untilAborted(client.query<Row>(text, values), signal))).rows,
    copy: (statement, take, pause) => {
      let row: RowBytes | null = null;
      const visit = (bytes: Buffer, view: DataView, from: number, size: number) => {
        if (row === null || row.view !== view) row = { bytes, view };
        take(row, from, size);
      };
      return explained(copyOut(client, statement, visit, { signal, afterPiece: pause }));
    },
    close,
  };
}

/** Gives the reason of the signal as soon as it is aborted; the work itself goes on. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
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
