import pg from 'pg';
import { errorCode, PegboardError } from '../../platform/errors.ts';

export interface SqlResult {
  /** Column names in order; a name that comes again gets a number: `a`, `a_2`. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

const QUERY_CANCELED = '57014';
const MULTIPLE_STATEMENTS = /^cannot insert multiple commands/;
const VIEWS_HINT =
  'This role may only read the views pm_sample, peg, network_element, measured_object and ingest_file.';
/** What to do about an error that the server explains for people with other rights, or not at all. */
const HINTS: Readonly<Record<string, string>> = { '42P01': VIEWS_HINT, '42501': VIEWS_HINT, '25006': VIEWS_HINT };
const MAX_ROWS = 1_000_000;
const MAX_CHARACTERS = 256 * 1024 ** 2;

export interface SqlOptions {
  /** Ends the statement. */
  readonly signal: AbortSignal;
  /** Connections of a role that may end it. */
  readonly pool: Pick<pg.Pool, 'query'>;
}

/**
 * Runs one statement of a person in a read-only transaction, on a connection that has no rights but to read.
 * @throws PegboardError DATA_VALIDATION_ERROR with what the server says (and where in the text), PROCESSING_TIMEOUT; the
 * signal's reason when it was aborted
 */
export async function runSql(client: pg.Client, text: string, { signal, pool }: SqlOptions): Promise<SqlResult> {
  if (text.trim() === '') {
    throw new PegboardError('DATA_VALIDATION_ERROR', 'the statement is empty', {
      hint: `Write one in quotes, such as 'SELECT * FROM pm_sample LIMIT 10'.`,
    });
  }
  signal.throwIfAborted();
  const backend = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const cancel = () => {
    // Where the role may not end it, the connection goes; the server finds out by itself.
    pool.query('SELECT pg_cancel_backend($1)', [backend.rows[0]?.pid]).catch(() => client.end());
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await runReadOnly(client, text);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function runReadOnly(client: pg.Client, text: string): Promise<SqlResult> {
  await client.query('BEGIN READ ONLY');
  try {
    return await collectRows(client, text);
  } catch (error) {
    throw explained(error, text);
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
  }
}

/** Takes the rows as they come, and no more of them than a person can want: the connection is closed then. */
function collectRows(client: pg.Client, text: string): Promise<SqlResult> {
  const rows: unknown[][] = [];
  let characters = 0;
  return new Promise((resolve, reject) => {
    // The extended protocol takes one statement only: nothing can follow a COMMIT in the same text.
    const config: pg.QueryArrayConfig & { queryMode: 'extended' } = { text, rowMode: 'array', queryMode: 'extended' };
    const query = client.query(new pg.Query<unknown[]>(config));
    query.on('row', (row: unknown[]) => {
      rows.push(row);
      for (const value of row) characters += typeof value === 'string' ? value.length : 8;
      if (rows.length <= MAX_ROWS && characters <= MAX_CHARACTERS) return;
      reject(tooManyRows());
      client.connection.stream.destroy();
    });
    query.on('end', (result) => resolve({ columns: uniqueNames(result.fields.map((field) => field.name)), rows }));
    query.on('error', reject);
  });
}

function explained(error: unknown, text: string): unknown {
  const code = errorCode(error);
  if (!(error instanceof Error) || error instanceof PegboardError || !/^[0-9A-Z]{5}$/.test(code ?? '')) return error;
  if (code === QUERY_CANCELED) {
    return new PegboardError('PROCESSING_TIMEOUT', 'the statement took too long and was ended', {
      hint: 'Narrow it down: a condition on "begin" lets whole days be skipped.',
      cause: error,
    });
  }
  const position = 'position' in error ? Number(error.position) : Number.NaN;
  const where = Number.isNaN(position) ? '' : ` (at ${placeOf(text, position)})`;
  if (MULTIPLE_STATEMENTS.test(error.message)) {
    return new PegboardError('DATA_VALIDATION_ERROR', 'the text holds more than one statement', {
      hint: 'Run them one by one.',
      cause: error,
    });
  }
  const serverHint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  const hint = HINTS[code ?? ''] ?? serverHint;
  return new PegboardError('DATA_VALIDATION_ERROR', `${error.message}${where}`, {
    ...(hint ? { hint } : {}),
    cause: error,
  });
}

/** Line and column of a character; the server counts characters, not UTF-16 units. */
function placeOf(text: string, position: number): string {
  const before = [...text].slice(0, position - 1);
  const line = before.filter((character) => character === '\n').length + 1;
  return `line ${line}, column ${before.length - before.lastIndexOf('\n')}`;
}

function tooManyRows(): PegboardError {
  return new PegboardError('PAYLOAD_TOO_LARGE', `the statement gives more than ${MAX_ROWS} rows`, {
    hint: 'Aggregate in the statement, or add a LIMIT.',
  });
}

function uniqueNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}
