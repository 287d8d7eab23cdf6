import pg from 'pg';
import type { ColumnRoles, Layout, SourceColumn } from './table-columns.ts';

/** Half-open, ms of the clock of the source. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A table or view of the source, as its catalogue names it. */
export interface SourceTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly columns: readonly SourceColumn[];
  /** Whether some index begins with a column, by the column's name; null where that cannot be known (views). */
  readonly indexed: ReadonlySet<string> | null;
}

/** How the rows of a table are asked for. */
export interface SourceQuery {
  readonly table: SourceTable;
  readonly layout: Layout;
  readonly roles: ColumnRoles;
  readonly time: SourceColumn;
}

const identifier = (name: string): string => pg.escapeIdentifier(name);

function tableName({ schema, name }: Pick<SourceTable, 'schema' | 'name'>): string {
  return `${identifier(schema)}.${identifier(name)}`;
}

/** Fields of a row in the order in which `sliceStatement` asks for them; `time` comes first. */
export function fieldsOf({ layout }: Pick<SourceQuery, 'layout'>): number {
  return layout === 'narrow' ? 8 : 6;
}

/** How the values of the narrow layout arrive. */
export function valueFormat({ roles }: Pick<SourceQuery, 'roles'>): 'float8' | 'text' {
  return roles.value !== null && BINARY_NUMBERS.has(roles.value.type) ? 'float8' : 'text';
}

/** Whether a column holds numbers rather than texts. */
export function isNumeric(column: SourceColumn | null): boolean {
  return column !== null && NUMBERS.has(column.type);
}

const NUMBERS: ReadonlySet<string> = new Set(['float8', 'float4', 'numeric', 'int2', 'int4', 'int8']);
/** Types whose values are exact as double precision; numeric may be beyond it, and real has fewer digits than its double. */
const BINARY_NUMBERS: ReadonlySet<string> = new Set(['float8', 'int2', 'int4', 'int8']);

/** Rows of an interval as binary COPY: it takes no parameters. */
export function sliceStatement(query: SourceQuery, interval: Interval): string {
  const { table, roles, time, layout } = query;
  const text = (column: SourceColumn | null) => (column === null ? 'NULL::text' : `${identifier(column.name)}::text`);
  const value = valueFormat(query) === 'float8' ? `${identifier(roles.value?.name ?? '')}::float8` : text(roles.value);
  const common = [timeValue(time), text(roles.ne), text(roles.version), text(roles.cell), text(roles.family)];
  const fields =
    layout === 'narrow' ? [...common, text(roles.peg), text(roles.dimension), value] : [...common, text(roles.values)];
  const select = `SELECT ${fields.join(', ')} FROM ${tableName(table)} WHERE ${timeCondition(time, interval)}`;
  return `COPY (${select}) TO STDOUT (FORMAT binary)`;
}

/** First and last time in an interval, as `first` and `last` in ms of the clock of the source. */
export function extentStatement({ table, time }: SourceQuery, interval: Interval): string {
  const column = identifier(time.name);
  const from = `FROM ${tableName(table)} WHERE ${timeCondition(time, interval)}`;
  return `SELECT ${clockMs(`(SELECT min(${column}) ${from})`)} AS first, ${clockMs(`(SELECT max(${column}) ${from})`)} AS last`;
}

/** The rows that no slice can hold: `missing` without a time, `outside` of the interval, with examples. */
export function unplacedStatement({ table, time }: SourceQuery, { fromMs, toMs }: Interval): string {
  const column = identifier(time.name);
  const from = `FROM ${tableName(table)}`;
  const outside = `(${column} < ${timeLiteral(time, fromMs)} OR ${column} >= ${timeLiteral(time, toMs)})`;
  return `SELECT (SELECT count(*) ${from} WHERE ${column} IS NULL) AS missing,
    (SELECT count(*) ${from} WHERE ${outside}) AS outside,
    ARRAY(SELECT ${column}::text ${from} WHERE ${outside} LIMIT 5) AS examples`;
}

/** Distinct `family` and `time` (ms) in an interval. */
export function timesStatement({ table, time, roles }: SourceQuery, interval: Interval): string {
  const family = roles.family === null ? `''` : `coalesce(trim(${identifier(roles.family.name)}::text), '')`;
  return `SELECT DISTINCT ${family} AS family, ${clockMs(identifier(time.name))} AS time
    FROM ${tableName(table)} WHERE ${timeCondition(time, interval)}`;
}

function timeCondition(time: SourceColumn, { fromMs, toMs }: Interval): string {
  const column = identifier(time.name);
  return `${column} >= ${timeLiteral(time, fromMs)} AND ${column} < ${timeLiteral(time, toMs)}`;
}

function timeValue(time: SourceColumn): string {
  const column = identifier(time.name);
  return time.type === 'date' ? `${column}::timestamp` : column;
}

function timeLiteral({ type }: SourceColumn, clockMillis: number): string {
  const text = new Date(clockMillis).toISOString();
  return type === 'timestamptz' ? `TIMESTAMPTZ '${text}'` : `TIMESTAMP '${text.slice(0, -1)}'`;
}

function clockMs(expression: string): string {
  return `floor(extract(epoch FROM ${expression}) * 1000)::float8`;
}
