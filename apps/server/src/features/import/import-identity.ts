import { createHash } from 'node:crypto';
import { type ConnectionSettings, describeConnection } from '../../platform/postgres/connection.ts';
import type { ImportIdentity } from './import-progress.store.ts';
import type { ImportRequest } from './import-request.ts';
import type { SourceQuery } from './slice-query.ts';
import { ROLES } from './table-columns.ts';

/** The same source read in the same way; which part of its time is read does not count. */
export function identityOf(
  { host, port, database }: ConnectionSettings,
  query: SourceQuery,
  request: ImportRequest,
): ImportIdentity {
  const { table, layout, roles, time } = query;
  const { timestamp, granularityS, familyGranularityS, cellDimensions, decimalMark, sourceTimeZone } = request;
  const options = {
    layout,
    columns: Object.fromEntries(ROLES.map((role) => [role, roles[role]?.name ?? null])),
    timestamp,
    time_zone: time.kind === 'instant' ? null : sourceTimeZone,
    granularity_s: granularityS,
    family_granularity_s: Object.fromEntries(Object.entries(familyGranularityS).sort()),
    cell_dimensions: cellDimensions,
    decimal_mark: decimalMark,
  };
  const where = [host, port, database, table.schema, table.name];
  const id = createHash('sha256')
    .update(JSON.stringify([where, options]))
    .digest('hex');
  const server = describeConnection({ host, port, database, user: '', password: null });
  return { id, source: `${server} ${table.schema}.${table.name}`, options };
}
