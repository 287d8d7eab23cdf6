import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../platform/postgres/database.ts';
import { openEmbeddedServer } from '../platform/postgres/embedded-server.ts';
import { migrate } from '../platform/postgres/migrate.ts';
import { identifyProcess } from '../platform/postgres/process-identity.ts';
import { MAINTENANCE_DATABASE, TEMPLATE_DATABASE } from './test-server.ts';

const FOLDER_NAME = /^pegboard-tests-(\d+)$/;

/** Starts one PostgreSQL server for the whole run and makes the template database in it. Returns the teardown. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const dataDir = join(tmpdir(), `pegboard-tests-${process.pid}`);
  const server = await openEmbeddedServer({ dataDir, durable: false });
  const teardown = async (): Promise<void> => {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await createTemplate(server.connection);
  } catch (error) {
    await teardown();
    throw error;
  }
  const { host, port, user, password } = server.connection;
  project.provide('testServer', { host, port, user, password: password?.reveal() ?? '' });
  return teardown;
}

async function createTemplate(connection: Awaited<ReturnType<typeof openEmbeddedServer>>['connection']): Promise<void> {
  const maintenance = await openDatabase({ ...connection, kind: 'outside', database: MAINTENANCE_DATABASE });
  await maintenance.pool.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
  await maintenance.close();
  const template = await openDatabase({ ...connection, kind: 'outside', database: TEMPLATE_DATABASE });
  await migrate(template);
  await template.close();
}

/** Ends the servers and removes the folders of earlier runs that were killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const runner = FOLDER_NAME.exec(name)?.[1];
    if (runner !== undefined && identifyProcess(Number(runner)) === null) {
      const dataDir = join(tmpdir(), name);
      const pidFile = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => null);
      if (pidFile !== null) {
        await (await openEmbeddedServer({ dataDir, durable: false })).close();
      }
      await rm(dataDir, { recursive: true, force: true });
    }
  }
}
