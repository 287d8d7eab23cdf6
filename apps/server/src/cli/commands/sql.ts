import { openMigratedDatabase } from '../../compose.ts';
import { runSql, type SqlResult } from '../../features/sql/sql.service.ts';
import { csvLine } from '../../platform/csv.ts';
import { connectAsReader, readerRole } from '../../platform/postgres/reader-role.ts';
import { utcText } from '../../platform/utc-text.ts';
import type { Command } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { open } from '../open.ts';
import { counted } from '../output/count.ts';
import { textTable } from '../output/table.ts';

const MIN_COLUMN_WIDTH = 12;
const STATEMENT_TIMEOUT_MS = 120_000;

export interface SqlCommandOptions {
  readonly statement: string;
  readonly format: 'table' | 'json' | 'csv';
}

export const sql: Command<SqlCommandOptions> = async (context, options) => {
  const { config, logger, signal } = context;
  await using database = await open(openMigratedDatabase(config, logger));
  const configured = config.database.kind === 'outside' ? config.database.reader : null;
  const client = await connectAsReader(database, readerRole(database.connection, configured), STATEMENT_TIMEOUT_MS);
  try {
    const result = await runSql(client, options.statement, { signal, pool: database.pool });
    await context.print(render(result, options.format, context.terminalColumns));
  } finally {
    await client.end();
  }
  return EXIT_CODES.ok;
};

function render(
  { columns, rows }: SqlResult,
  format: SqlCommandOptions['format'],
  terminalColumns: number | null,
): string {
  if (format === 'csv') return [csvLine(columns), ...rows.map(csvLine)].join('');
  if (format === 'json') {
    const objects = rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
    return `${JSON.stringify({ columns, rows: objects }, null, 2)}\n`;
  }
  const table = textTable(
    columns.map((title, at) => ({
      title,
      align: rows.every((row) => isNumeric(row[at])) ? 'right' : 'left',
      minWidth: MIN_COLUMN_WIDTH,
    })),
    rows.map((row) => row.map(textOf)),
    terminalColumns,
  );
  return `${table}${counted(rows.length, 'row')}\n`;
}

function isNumeric(value: unknown): boolean {
  return value === null || typeof value === 'number';
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return utcText(value.getTime());
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
