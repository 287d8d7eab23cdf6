import { suggest } from '@pegboard/names';
import { PegboardError } from '../../platform/errors.ts';
import { listedNames } from './listed-names.ts';
import type { SourceQuery, SourceTable } from './slice-query.ts';
import { READ_AGAIN, type SourceConnection } from './source-connection.ts';
import { ROLES, type SourceColumn } from './table-columns.ts';

interface Relation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly visible: boolean;
}

const RELATIONS = `
  SELECT c.oid::int8 AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind, pg_table_is_visible(c.oid) AS visible
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  ORDER BY n.nspname, c.relname`;
const COLUMNS = `
  SELECT a.attname::text AS name, coalesce(b.typname, t.typname)::text AS type
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype
  JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;
const INDEXED = `
  SELECT DISTINCT a.attname::text AS name FROM pg_index i
  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
  WHERE i.indrelid = $1 AND i.indisvalid`;

/**
 * Looks up a table or view, `table` or `schema.table`; names in double quotes may hold points. Without a schema the
 * search path decides, else the only schema that has it.
 * @throws PegboardError UNKNOWN_NAME with suggestions of what is there
 */
export async function findTable(source: SourceConnection, written: string): Promise<SourceTable> {
  const relations = await source.query<Relation & Record<string, unknown>>(RELATIONS);
  const relation = pickRelation(relations, splitName(written), written);
  const columns = await source.query<SourceColumn & Record<string, unknown>>(COLUMNS, [relation.schema, relation.name]);
  const isTable = relation.kind === 'r' || relation.kind === 'p' || relation.kind === 'm';
  const indexed = isTable ? await source.query<{ name: string }>(INDEXED, [relation.oid]) : null;
  return {
    schema: relation.schema,
    name: relation.name,
    kind: relation.kind === 'v' ? 'view' : 'table',
    columns: columns.map(({ name, type }) => ({ name, type })),
    indexed: indexed && new Set(indexed.map(({ name }) => name)),
  };
}

function pickRelation(
  relations: readonly Relation[],
  [schema, name]: readonly [string | null, string],
  written: string,
): Relation {
  const inSchema = relations.filter((relation) => schema === null || isAlike(relation.schema, schema));
  const exact = inSchema.filter((relation) => relation.name === name);
  const found = exact.length > 0 ? exact : inSchema.filter((relation) => isAlike(relation.name, name));
  const best = found.length > 1 ? found.filter(({ visible }) => visible) : found;
  if (best.length === 1) return best[0];
  if (found.length > 1) {
    throw new PegboardError('UNKNOWN_NAME', `--table: ${written} may be ${found.map(full).join(' or ')}`, {
      hint: 'Write it with its schema.',
    });
  }
  const all = relations.map(full);
  const nearest = suggest(written, [...all, ...(schema === null ? relations.map((relation) => relation.name) : [])]);
  const meant = nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}? ` : '';
  const hint = `${meant}There are${all.length === 0 ? ' no tables that this user can see' : `: ${listedNames(all)}`}.`;
  throw new PegboardError('UNKNOWN_NAME', `--table: the source has no table or view ${written}`, { hint });
}

/** Schema and name; quotes are taken off. */
function splitName(written: string): readonly [string | null, string] {
  const parts = [...written.trim().matchAll(/"((?:[^"]|"")*)"|[^."]+/g)].map(([part, quoted]) =>
    quoted === undefined ? part : quoted.replaceAll('""', '"'),
  );
  if (parts.length === 1) return [null, parts[0]];
  if (parts.length === 2) return [parts[0], parts[1]];
  throw new PegboardError('DATA_VALIDATION_ERROR', `--table: ${written} is no name of a table`, {
    hint: 'Write table or schema.table; names with points or quotes in double quotes.',
  });
}

function isAlike(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

function full({ schema, name }: Relation): string {
  return `${schema}.${name}`;
}

/**
 * Makes sure that the columns which are read still are what they were.
 * @throws PegboardError UNPROCESSABLE where one has gone, or has another type
 */
export async function checkColumns(source: SourceConnection, { table, roles }: SourceQuery): Promise<void> {
  const columns = await source.query<SourceColumn & Record<string, unknown>>(COLUMNS, [table.schema, table.name]);
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  for (const role of ROLES) {
    const column = roles[role];
    if (column === null || types.get(column.name) === column.type) continue;
    const now = types.get(column.name);
    const change = now === undefined ? 'has gone' : `now has the type ${now} instead of ${column.type}`;
    const what = `${table.schema}.${table.name}`;
    throw new PegboardError(
      'UNPROCESSABLE',
      columns.length === 0
        ? `${what} has gone from the source while it was read`
        : `the column ${column.name} of ${what} ${change} while it was read`,
      { hint: READ_AGAIN },
    );
  }
}
