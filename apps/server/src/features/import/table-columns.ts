/** What the columns of a source mean, and how they are recognised. */

export const ROLES = ['time', 'ne', 'cell', 'family', 'peg', 'value', 'values', 'version', 'dimension'] as const;
export type Role = (typeof ROLES)[number];
export type Layout = 'narrow' | 'jsonb';

export interface SourceColumn {
  readonly name: string;
  /** Of the type below domains, as the catalogue names it: `text`, `timestamptz`, `jsonb` … */
  readonly type: string;
}

/** Usual names by role, best first; compared without case and underscores. */
const USUAL_NAMES: Readonly<Record<Role, readonly string[]>> = {
  time: [
    'datetime',
    'timestamp',
    'time',
    'ts',
    'begintime',
    'starttime',
    'begin',
    'periodstart',
    'collecttime',
    'date',
  ],
  ne: ['ne', 'nekey', 'nename', 'neid', 'networkelement', 'managedelement'],
  cell: ['cellid', 'cell', 'cellidentity', 'cellname'],
  family: ['familyname', 'family'],
  peg: ['pegname', 'peg', 'countername', 'counter', 'kpiname', 'kpi'],
  value: ['value', 'pegvalue', 'countervalue'],
  values: ['values', 'pegvalues', 'counters'],
  version: ['swname', 'swversion', 'version', 'relver'],
  dimension: [],
};

export const REQUIRED: Readonly<Record<Layout, readonly Role[]>> = {
  narrow: ['time', 'ne', 'peg', 'value'],
  jsonb: ['time', 'ne', 'values'],
};
const OF_ONE_LAYOUT: Readonly<Record<Layout, readonly Role[]>> = {
  narrow: ['values'],
  jsonb: ['peg', 'value', 'dimension'],
};

/** Column by role; null: there is none. */
export type ColumnRoles = Readonly<Record<Role, SourceColumn | null>>;

/**
 * Finds the columns of all roles: as given (an empty name: none), else by their usual names. Names that are given must
 * exist: see `unknownColumns`.
 */
export function assignRoles(columns: readonly SourceColumn[], given: Partial<Record<Role, string>>): ColumnRoles {
  const roles = ROLES.map((role) => {
    const name = given[role];
    if (name !== undefined) return [role, findColumn(columns, name)] as const;
    const usual = USUAL_NAMES[role].map((usualName) => columns.find((column) => plain(column.name) === usualName));
    return [role, usual.find((column) => column !== undefined) ?? null] as const;
  });
  return Object.fromEntries(roles) as Record<Role, SourceColumn | null>;
}

/** By its exact name, else by the only one that differs in case alone. */
export function findColumn(columns: readonly SourceColumn[], name: string): SourceColumn | null {
  const exact = columns.find((column) => column.name === name);
  if (exact) return exact;
  const alike = columns.filter((column) => column.name.toLowerCase() === name.toLowerCase());
  return alike.length === 1 ? alike[0] : null;
}

const HOLDS_OBJECTS: ReadonlySet<string> = new Set(['jsonb', 'json', 'text', 'varchar']);

/** The layout that the columns allow; null where neither is complete. Where both are, a column of JSON decides. */
export function detectLayout(roles: ColumnRoles): Layout | null {
  const isComplete = (layout: Layout) => REQUIRED[layout].every((role) => roles[role] !== null);
  const hasObjects = roles.values !== null && HOLDS_OBJECTS.has(roles.values.type);
  if (isComplete('jsonb') && hasObjects && (!isComplete('narrow') || roles.values?.type.startsWith('json')))
    return 'jsonb';
  return isComplete('narrow') ? 'narrow' : null;
}

/** Without the roles that the layout has no use for. */
export function rolesOf(layout: Layout, roles: ColumnRoles): ColumnRoles {
  return { ...roles, ...Object.fromEntries(OF_ONE_LAYOUT[layout].map((role) => [role, null])) };
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}
