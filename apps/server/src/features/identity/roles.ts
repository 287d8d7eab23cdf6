/** Roles, each containing the one before. */
export const ROLES = ['viewer', 'analyst', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const PERMISSIONS = [
  'kpi:read',
  'kpi:compare',
  'kpi:ingest',
  'ingest:read',
  'ingest:discard',
  'master:read',
  'master:write',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const VIEWER: readonly Permission[] = ['kpi:read', 'ingest:read', 'master:read'];
const ANALYST: readonly Permission[] = [...VIEWER, 'kpi:compare', 'kpi:ingest'];
const ADMIN: readonly Permission[] = [...ANALYST, 'ingest:discard', 'master:write'];

const ROLE_PERMISSIONS: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(VIEWER),
  analyst: new Set(ANALYST),
  admin: new Set(ADMIN),
};

/** Who makes a request. */
export interface Principal {
  readonly user: string;
  readonly role: Role;
}

export function isRole(text: unknown): text is Role {
  return ROLES.some((role) => role === text);
}

export function isAllowed(role: Role, permission: Permission): boolean {
  return ROLE_PERMISSIONS[role].has(permission);
}

/** The least role that has a permission. */
export function leastRole(permission: Permission): Role {
  return ROLES.find((role) => isAllowed(role, permission)) ?? 'admin';
}
