import { afterAll, beforeAll } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { createPostgresKpiStore } from './kpi-store-postgres.ts';
import { describeKpiStore } from './testing/kpi-store-contract.ts';
import { QUARANTINE_LIMITS } from './testing/quarantine-contract.ts';
import type { OpenedStore } from './testing/store-fixture.ts';

const TABLES = [
  ...['peg_default', 'network_element', 'measured_object', 'peg', 'counter_group', 'pm_block'],
  ...['ingest_file', 'quarantine_content'],
];

let databases: TestDatabase[] = [];
const idle: TestDatabase[] = [];
beforeAll(() => {
  databases = [];
});
afterAll(() => Promise.all(databases.map((database) => database.drop())));

/** Databases are emptied and used again: that is quicker than a new one for each test. */
async function open(): Promise<OpenedStore> {
  const database = idle.pop() ?? (await createTestDatabase());
  if (!databases.includes(database)) databases.push(database);
  return {
    store: createPostgresKpiStore(database.pool, QUARANTINE_LIMITS),
    close: async () => {
      await clear(database);
      idle.push(database);
    },
  };
}

async function clear({ pool }: TestDatabase): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'pegboard.pm_block'::regclass`,
  );
  for (let at = 0; at < rows.length; at += 100) {
    await pool.query(
      `DROP TABLE ${rows
        .slice(at, at + 100)
        .map((row) => row.name)
        .join(', ')}`,
    );
  }
  await pool.query(`TRUNCATE ${TABLES.map((table) => `pegboard.${table}`).join(', ')} RESTART IDENTITY`);
}

describeKpiStore('PostgreSQL', open);
