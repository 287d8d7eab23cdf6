import type pg from 'pg';
import type { KpiDefinitionStore, StoredKpi, StoredKpiUpdate } from './kpi.store.ts';

const COLUMNS = `name, formula, version, (extract(epoch FROM effective_from) * 1000)::float8 AS "effectiveFromMs", unit, rat, category,
  polarity, weight, critical, thresholds, description`;
const CHANGEABLE = [
  'formula',
  'unit',
  'rat',
  'category',
  'polarity',
  'weight',
  'critical',
  'thresholds',
  'description',
] as const satisfies readonly (keyof StoredKpiUpdate)[];

/** The KPIs of administrators in PostgreSQL. `explain` makes of an error of the driver what callers can act on. */
export function createPostgresKpiDefinitionStore(
  pool: pg.Pool,
  explain: (error: unknown) => unknown,
): KpiDefinitionStore {
  const explained = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw explain(error);
    }
  };
  return {
    list: () =>
      explained(async () => {
        const { rows } = await pool.query<StoredKpi>(`SELECT ${COLUMNS} FROM pegboard.kpi ORDER BY name COLLATE "C"`);
        return rows;
      }),
    put: (name, update, nowMs) => explained(() => put(pool, name, update, nowMs)),
    remove: (name) =>
      explained(async () => {
        const { rowCount } = await pool.query('DELETE FROM pegboard.kpi WHERE name = $1', [name]);
        return rowCount === 1;
      }),
  };
}

async function put(pool: pg.Pool, name: string, update: StoredKpiUpdate, nowMs: number): Promise<StoredKpi> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('pegboard.kpi'), hashtext($1))`, [name]);
    await client.query('INSERT INTO pegboard.kpi (name, version) VALUES ($1, 0) ON CONFLICT DO NOTHING', [name]);
    const set = CHANGEABLE.map((key) => `${key} = CASE WHEN $2::jsonb ? '${key}' THEN new.${key} ELSE kpi.${key} END`);
    const { rows } = await client.query<{ formula: string | null; changed: boolean }>(
      `UPDATE pegboard.kpi SET ${set.join(', ')}, updated_at = to_timestamp($3::float8 / 1000)
       FROM jsonb_to_record($2::jsonb) AS new(formula text, unit text, rat text, category text, polarity text, weight smallint,
         critical boolean, thresholds jsonb, description text),
         (SELECT formula FROM pegboard.kpi WHERE name = $1) AS old
       WHERE kpi.name = $1 RETURNING kpi.formula, kpi.formula IS DISTINCT FROM old.formula AS changed`,
      [name, JSON.stringify(update), nowMs],
    );
    if (rows[0]?.changed) await setVersion(client, name, rows[0].formula, nowMs);
    const stored = await client.query<StoredKpi>(`SELECT ${COLUMNS} FROM pegboard.kpi WHERE name = $1`, [name]);
    await client.query('COMMIT');
    return stored.rows[0] as StoredKpi;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function setVersion(client: pg.PoolClient, name: string, formula: string | null, nowMs: number): Promise<void> {
  if (formula === null) {
    await client.query('UPDATE pegboard.kpi SET version = 0, effective_from = NULL WHERE name = $1', [name]);
    return;
  }
  const { rows } = await client.query<{ version: number }>(
    `INSERT INTO pegboard.kpi_formula (name, version, formula, effective_from)
     SELECT $1, coalesce(max(version), 0) + 1, $2, to_timestamp($3::float8 / 1000) FROM pegboard.kpi_formula WHERE name = $1
     RETURNING version`,
    [name, formula, nowMs],
  );
  await client.query(
    'UPDATE pegboard.kpi SET version = $2, effective_from = to_timestamp($3::float8 / 1000) WHERE name = $1',
    [name, rows[0]?.version, nowMs],
  );
}
