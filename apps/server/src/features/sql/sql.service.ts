import type pg from 'pg';
import { errorCode, PegboardError } from '../../platform/errors.ts';

export interface SqlResult {
  /** Column names in order; a name that comes again gets a number: `a`, `a_2`. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

const QUERY_CANCELED = '57014';
const MAX_ROWS = 1_000_000;

/**
 * Runs one statement of a person in a read-only transaction, on a connection that has no rights but to read.
 * @throws PegboardError DATA_VALIDATION_ERROR with what the server says (and where in the text), PROCESSING_TIMEOUT
 */
export async function runSql(client: pg.Client, text: string): Promise<SqlResult> {
  await client.query('BEGIN READ ONLY');
  try {
    // The extended protocol takes one statement only: nothing can follow a COMMIT in the same text.
    const statement: pg.QueryArrayConfig & { queryMode: 'extended' } = { text, rowMode: 'array', queryMode: 'extended' };
    const result = await client.query<unknown[]>(statement);
    if (result.rows.length > MAX_ROWS) throw tooManyRows();
    return { columns: uniqueNames(result.fields.map((field) => field.name)), rows: result.rows };
  } catch (error) {
    throw explained(error, text);
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
  }
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
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  return new PegboardError('DATA_VALIDATION_ERROR', `${error.message}${where}`, {
    ...(hint ? { hint } : {}),
    cause: error,
  });
}

function placeOf(text: string, position: number): string {
  const before = [...text].slice(0, position - 1).join('');
  const line = before.split('\n').length;
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
