import type pg from 'pg';
import type { Granularities } from './granularity.ts';
import type { ImportProgressStore } from './import-progress.store.ts';

interface Row extends Record<string, unknown> {
  readonly read_from_ms: number | null;
  readonly read_to_ms: number;
  readonly granularities: Granularities;
  readonly rows: number;
  readonly values: number;
}

export function createPostgresImportProgressStore(pool: Pick<pg.Pool, 'query'>): ImportProgressStore {
  return {
    async read(id) {
      const { rows } = await pool.query<Row>(
        'SELECT read_from_ms, read_to_ms, granularities, "rows", "values" FROM pegboard.import_progress WHERE id = $1',
        [id],
      );
      const row = rows[0];
      if (row === undefined) return null;
      return {
        readFromMs: row.read_from_ms,
        readToMs: row.read_to_ms,
        granularities: row.granularities,
        rows: row.rows,
        values: row.values,
      };
    },
    async save({ id, source, options }, { readFromMs, readToMs, granularities, rows, values }) {
      await pool.query(
        `INSERT INTO pegboard.import_progress (id, source, options, read_from_ms, read_to_ms, granularities, "rows", "values")
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET read_from_ms = excluded.read_from_ms, read_to_ms = excluded.read_to_ms,
           granularities = excluded.granularities, "rows" = excluded."rows", "values" = excluded."values", updated_at = now()`,
        [id, source, JSON.stringify(options), readFromMs, readToMs, JSON.stringify(granularities), rows, values],
      );
    },
  };
}
