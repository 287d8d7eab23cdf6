import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PegboardError } from '../errors.ts';

export interface Migration {
  readonly version: number;
  /** File name. */
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

const FILE_NAME = /^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.sql$/;

/**
 * The migrations of a folder in order. Line endings do not count for the checksum.
 * @throws PegboardError MIGRATION_ERROR for a name that is not `NNNN-name.sql`, and for a gap or a repetition in the numbers.
 */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return await Promise.all(names.map((name, index) => readMigration(folder, name, index + 1)));
}

async function readMigration(folder: string, name: string, expected: number): Promise<Migration> {
  const version = Number(FILE_NAME.exec(name)?.[1]);
  if (version !== expected) {
    const number = String(expected).padStart(4, '0');
    throw new PegboardError(
      'MIGRATION_ERROR',
      `The migration ${join(folder, name)} must be named ${number}-<name>.sql.`,
      {
        hint: 'Migrations are numbered from 0001 without gaps; names are lower-case words joined by hyphens.',
      },
    );
  }
  const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
  return { version, name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
}
