import { suggest } from '@pegboard/names';
import { PegboardError } from '../../platform/errors.ts';
import { listedNames } from './listed-names.ts';
import { type SourceQuery, type SourceTable, type SourceTime, textKindsStatement } from './slice-query.ts';
import type { SourceConnection } from './source-connection.ts';
import {
  assignRoles,
  detectLayout,
  findColumn,
  type Layout,
  REQUIRED,
  ROLES,
  type Role,
  rolesOf,
  type SourceColumn,
} from './table-columns.ts';

const TIMES_WITHOUT_ZONE: ReadonlySet<string> = new Set(['timestamp', 'date']);
const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar']);

interface TextKinds {
  readonly all: number;
  readonly wall: number;
  readonly instant: number;
  readonly examples: readonly string[];
}

/**
 * Decides which columns are read as what.
 * @throws PegboardError UNKNOWN_NAME for a column that is not there; DATA_VALIDATION_ERROR where the columns make no layout
 */
export async function planQuery(
  source: SourceConnection,
  table: SourceTable,
  layout: Layout | 'auto',
  given: Partial<Record<Role, string>>,
): Promise<SourceQuery> {
  for (const role of ROLES) checkGiven(table, role, given[role]);
  const roles = assignRoles(table.columns, given);
  const chosen = layout === 'auto' ? detectLayout(roles) : layout;
  if (chosen === null) throw noLayout(table, given);
  const missing = REQUIRED[chosen].filter((role) => roles[role] === null);
  if (missing.length > 0) {
    throw new PegboardError(
      'DATA_VALIDATION_ERROR',
      `no column of ${table.name} is taken for ${missing.join(', ')} of the layout ${chosen}`,
      {
        hint: `Say with --column ${missing[0]}=<name> which it is. Columns: ${listedNames(table.columns.map(({ name }) => name))}.`,
      },
    );
  }
  const { time } = roles;
  if (time === null) throw noLayout(table, given);
  return { table, layout: chosen, roles: rolesOf(chosen, roles), time: await readTime(source, table, time) };
}

async function readTime(source: SourceConnection, table: SourceTable, column: SourceColumn): Promise<SourceTime> {
  if (column.type === 'timestamptz') return { column, kind: 'instant', isText: false };
  if (TIMES_WITHOUT_ZONE.has(column.type)) return { column, kind: 'wall', isText: false };
  if (!TEXTS.has(column.type)) throw noTime(table, column, `has the type ${column.type}, which is no time`);
  const [kinds] = await source.query<TextKinds & Record<string, unknown>>(textKindsStatement(table, column));
  if (kinds === undefined || kinds.all === 0) return { column, kind: 'wall', isText: true };
  if (kinds.wall === 0 && kinds.instant === 0) {
    const examples = kinds.examples.map((text) => JSON.stringify(text.slice(0, 40))).join(', ');
    throw noTime(table, column, `holds texts that are no times, such as ${examples}`);
  }
  return { column, kind: kinds.instant > kinds.wall ? 'instant' : 'wall', isText: true };
}

function noTime(table: SourceTable, column: SourceColumn, problem: string): PegboardError {
  return new PegboardError('DATA_VALIDATION_ERROR', `the column ${column.name} of ${table.name} ${problem}`, {
    hint: 'Name another with --column time=<name>, or make a view that casts it to timestamp or timestamptz. Texts may be such as 2025-08-08 08:15:00, 2025/08/08 08:15, 202508080815, with a zone or without.',
  });
}

function checkGiven(table: SourceTable, role: Role, name: string | undefined): void {
  if (name === undefined || name === '' || findColumn(table.columns, name) !== null) return;
  const names = table.columns.map((column) => column.name);
  const nearest = suggest(name, names);
  throw new PegboardError('UNKNOWN_NAME', `--column: ${table.name} has no column ${name} (given for ${role})`, {
    hint: `${nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}? ` : ''}Columns: ${listedNames(names)}.`,
  });
}

function noLayout(table: SourceTable, given: Partial<Record<Role, string>>): PegboardError {
  const roles = assignRoles(table.columns, given);
  const lacks = (layout: Layout) => REQUIRED[layout].filter((role) => roles[role] === null).join(', ') || 'nothing';
  return new PegboardError(
    'DATA_VALIDATION_ERROR',
    `${table.name} has neither layout: narrow lacks ${lacks('narrow')}, jsonb lacks ${lacks('jsonb')}`,
    {
      hint: `Say with --column role=<name> which columns they are. Columns: ${listedNames(table.columns.map(({ name }) => name))}.`,
    },
  );
}
