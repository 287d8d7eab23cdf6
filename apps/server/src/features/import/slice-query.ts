import pg from 'pg';
import type { ColumnRoles, Layout, SourceColumn } from './table-columns.ts';
import { textTimePattern, textTimeSql } from './text-times.ts';

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

/** The column of times, and what its times are. */
export interface SourceTime {
  readonly column: SourceColumn;
  /** `instant`: with a zone of their own; `wall`: the reading of a clock. */
  readonly kind: 'instant' | 'wall';
  /** Whether they are kept as texts: then no index finds them. */
  readonly isText: boolean;
}

/** How the rows of a table are asked for. */
export interface SourceQuery {
  readonly table: SourceTable;
  readonly layout: Layout;
  readonly roles: ColumnRoles;
  readonly time: SourceTime;
}

/** Types whose values are exact as double precision; numeric may be beyond it, and real has fewer digits than its double. */
const BINARY_NUMBERS: ReadonlySet<string> = new Set(['float8', 'int2', 'int4', 'int8']);
const NUMBERS: ReadonlySet<string> = new Set([...BINARY_NUMBERS, 'float4', 'numeric']);

/** Whether a column holds numbers rather than texts. */
export function isNumeric(column: SourceColumn | null): boolean {
  return column !== null && NUMBERS.has(column.type);
}

/** Fields of a row in the order in which `sliceStatement` asks for them; `time` comes first. */
export function fieldsOf({ layout }: Pick<SourceQuery, 'layout'>): number {
  return layout === 'narrow' ? 8 : 6;
}

/** How the values of the narrow layout arrive. */
export function valueFormat({ roles }: Pick<SourceQuery, 'roles'>): 'float8' | 'text' {
  return roles.value !== null && BINARY_NUMBERS.has(roles.value.type) ? 'float8' : 'text';
}

/** Rows of an interval as binary COPY: it takes no parameters. */
export function sliceStatement(query: SourceQuery, interval: Interval): string {
  const { roles, time, layout } = query;
  const at = time.column.type === 'date' ? `${timeSql(time)}::timestamp` : timeSql(time);
  const common = [at, ...[roles.ne, roles.version, roles.cell, roles.family].map(textSql)];
  const value = valueFormat(query) === 'float8' ? `${columnSql(roles.value)}::float8` : textSql(roles.value);
  const fields =
    layout === 'narrow'
      ? [...common, textSql(roles.peg), textSql(roles.dimension), value]
      : [...common, textSql(roles.values)];
  return `COPY (SELECT ${fields.join(', ')} ${fromSql(query)} WHERE ${timeCondition(query, interval)}) TO STDOUT (FORMAT binary)`;
}

/** First and last time in an interval, as `first` and `last` in ms of the clock of the source. */
export function extentStatement(query: SourceQuery, interval: Interval): string {
  const at = timeSql(query.time);
  const rows = `${fromSql(query)} WHERE ${timeCondition(query, interval)}`;
  // Two look-ups are quick with an index; without one a single look at all rows is.
  if (query.time.isText) return `SELECT ${clockMs(`min(${at})`)} AS first, ${clockMs(`max(${at})`)} AS last ${rows}`;
  return `SELECT ${clockMs(`(SELECT min(${at}) ${rows})`)} AS first, ${clockMs(`(SELECT max(${at}) ${rows})`)} AS last`;
}

/**
 * How many rows no slice can hold: without a time, with a text that is none, outside of the interval. Where an index finds
 * them each is looked up, else all are counted in one look at the table.
 */
export function unplacedCountsStatement(query: SourceQuery, interval: Interval, isIndexed: boolean): string {
  const conditions = Object.entries(unplacedConditions(query, interval));
  const from = fromSql(query);
  const counts = conditions.map(([reason, condition]) =>
    isIndexed
      ? `(SELECT count(*) ${from} WHERE ${condition}) AS ${reason}`
      : `count(*) FILTER (WHERE ${condition}) AS ${reason}`,
  );
  return `SELECT ${counts.join(', ')}${isIndexed ? '' : ` ${from}`}`;
}

/** Some of those rows: their times as text, as `example`. */
export function unplacedExamplesStatement(
  query: SourceQuery,
  interval: Interval,
  reason: keyof ReturnType<typeof unplacedConditions>,
): string {
  const condition = unplacedConditions(query, interval)[reason];
  return `SELECT ${textSql(query.time.column)} AS example ${fromSql(query)} WHERE ${condition} LIMIT 5`;
}

function unplacedConditions({ time }: SourceQuery, { fromMs, toMs }: Interval) {
  const at = timeSql(time);
  const written = columnSql(time.column);
  return {
    time_missing: `${written} IS NULL`,
    time_unreadable: time.isText ? `(${at} IS NULL AND ${written} IS NOT NULL)` : 'false',
    time_out_of_range: `(${at} < ${timeLiteral(time, fromMs)} OR ${at} >= ${timeLiteral(time, toMs)})`,
  } as const;
}

/** Distinct `family` and `time` (ms) in an interval. */
export function timesStatement(query: SourceQuery, interval: Interval): string {
  const { time, roles } = query;
  const family = roles.family === null ? `''` : `coalesce(trim(${textSql(roles.family)}), '')`;
  return `SELECT DISTINCT ${family} AS family, ${clockMs(timeSql(time))} AS time
    ${fromSql(query)} WHERE ${timeCondition(query, interval)}`;
}

/** How many of the first texts of a column are times without a zone (`wall`) and with one (`instant`), with examples of all. */
export function textKindsStatement(table: SourceTable, column: SourceColumn): string {
  const text = columnSql(column);
  const count = (hasZone: boolean) => `count(*) FILTER (WHERE text ~ '${textTimePattern(hasZone)}')`;
  return `SELECT count(*) AS all, ${count(false)} AS wall, ${count(true)} AS instant, (array_agg(text))[1:3] AS examples
    FROM (SELECT ${text}::text AS text FROM ${tableName(table)} AS t WHERE ${text} IS NOT NULL LIMIT ${TEXTS_LOOKED_AT}) AS texts`;
}

const TEXTS_LOOKED_AT = 1000;

function tableName({ schema, name }: Pick<SourceTable, 'schema' | 'name'>): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
}

function fromSql({ table, time }: Pick<SourceQuery, 'table' | 'time'>): string {
  const from = `FROM ${tableName(table)} AS t`;
  if (!time.isText) return from;
  const parsed = textTimeSql(textSql(time.column), time.kind === 'instant');
  // OFFSET 0 keeps the planner from reading each text several times.
  return `${from} CROSS JOIN LATERAL (SELECT ${parsed} AS clock OFFSET 0) AS read`;
}

function columnSql(column: SourceColumn | null): string {
  return column === null ? 'NULL' : `t.${pg.escapeIdentifier(column.name)}`;
}

function textSql(column: SourceColumn | null): string {
  return `${columnSql(column)}::text`;
}

function timeSql({ column, isText }: SourceTime): string {
  return isText ? 'read.clock' : columnSql(column);
}

function timeCondition({ time }: Pick<SourceQuery, 'time'>, { fromMs, toMs }: Interval): string {
  return `${timeSql(time)} >= ${timeLiteral(time, fromMs)} AND ${timeSql(time)} < ${timeLiteral(time, toMs)}`;
}

function timeLiteral({ kind }: SourceTime, clockMillis: number): string {
  const text = new Date(clockMillis).toISOString();
  return kind === 'instant' ? `TIMESTAMPTZ '${text}'` : `TIMESTAMP '${text.slice(0, -1)}'`;
}

function clockMs(expression: string): string {
  return `floor(extract(epoch FROM ${expression}) * 1000)::float8`;
}
