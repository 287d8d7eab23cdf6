import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../platform/postgres/database.ts';
import { Secret } from '../platform/secret.ts';
import { MAINTENANCE_DATABASE, TEMPLATE_DATABASE } from './test-server.ts';

export interface TestDatabase extends Database {
  readonly name: string;
  /** Closes all connections of this database and removes it. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** False: an empty database without Pegboard's schema. */
  readonly migrated?: boolean;
}

/** A database of its own for a test file: a copy of the migrated template. Call `drop` in `afterAll`. */
export async function createTestDatabase({ migrated = true }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { password, ...address } = inject('testServer');
  const connectionTo = (database: string) =>
    ({ kind: 'outside', ...address, password: new Secret(password), database }) as const;
  const name = `test_${randomBytes(6).toString('hex')}`;
  const template = migrated ? TEMPLATE_DATABASE : 'template0';
  await withMaintenance(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  const database = await openDatabase(connectionTo(name));
  return {
    ...database,
    name,
    drop: async () => {
      await database.close();
      await withMaintenance(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };

  async function withMaintenance(sql: string): Promise<void> {
    const maintenance = await openDatabase(connectionTo(MAINTENANCE_DATABASE), { maxConnections: 1 });
    try {
      await maintenance.pool.query(sql);
    } finally {
      await maintenance.close();
    }
  }
}
