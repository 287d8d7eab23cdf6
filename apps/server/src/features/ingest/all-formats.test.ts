import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestResponse } from '@pegboard/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { databaseEnv, runCli } from '../../testing/run-cli.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { FILE_OF_EACH_FORMAT, SAMPLES_OF_EACH_FORMAT } from './testing/all-formats.ts';

interface SampleRow {
  readonly begin: string;
  readonly granularity_s: number;
  readonly ne: string;
  readonly object: string;
  readonly cell: string | null;
  readonly rat: string | null;
  readonly family: string;
  readonly peg: string;
  readonly value: number;
  readonly suspect: boolean;
}

const SAMPLES = `SELECT s.begin, granularity_s, s.ne, s.object, s.cell, o.rat, family, peg, value, suspect
  FROM pm_sample s JOIN measured_object o ON o.ne = s.ne AND o.object = s.object`;

let folder: string;
let database: TestDatabase;
const run = (...args: string[]) => runCli(args, { env: databaseEnv(database), cwd: folder });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-formats-'));
  database = await createTestDatabase();
  await mkdir(join(folder, 'pm'));
  for (const [name, content] of Object.entries(FILE_OF_EACH_FORMAT)) await writeFile(join(folder, 'pm', name), content);
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const ingest = async () => {
  const { exitCode, stdout } = await run(
    'ingest',
    'pm',
    '--ne',
    'given',
    '--cell',
    '30',
    '--timezone',
    'UTC',
    '--json',
  );
  return { exitCode, report: JSON.parse(stdout) as IngestResponse };
};

it('takes a folder with a file of every format by one command, and gives back what the files say', async () => {
  const { exitCode, report } = await ingest();
  expect(report.files.map(({ name, status, format, error }) => [name, error?.message ?? status, format])).toEqual([
    ['pm/01-32.435.xml', 'ok', '3gpp-32.435-xml'],
    ['pm/02-28.532.xml.gz', 'ok', '3gpp-28.532-xml'],
    ['pm/03-32.401.xml', 'ok', '3gpp-32.401-mdc-xml'],
    ['pm/04-omes.xml', 'ok', 'nokia-omes-xml'],
    ['pm/05-ves.json', 'ok', 'ves-perf3gpp-json'],
    ['pm/06-long.csv', 'ok', 'csv-long'],
    ['pm/07-wide.csv', 'ok', 'csv-wide'],
    ['pm/08-slots.csv', 'ok', 'csv-slots'],
    ['pm/09-archive.zip/day/10.xml.gz', 'ok', '3gpp-32.435-xml'],
    ['pm/10-catalogue.json', 'ok', 'pegboard-catalogue'],
  ]);
  expect(exitCode).toBe(0);
  const { stdout } = await run('sql', SAMPLES, '--format', 'json');
  const { rows } = JSON.parse(stdout) as { rows: SampleRow[] };
  const read = rows.map(
    ({ begin, granularity_s, ne, object, cell, rat, family, peg, value, suspect }) =>
      `${begin.replace(/^2025-08-07T(\d\d:\d\d):00\.000Z$/, '$1')} ${granularity_s} ${ne} ${object} ${cell} ${rat ?? '-'} ${family}/${peg}=${value}${suspect ? ' suspect' : ''}`,
  );
  expect(read.sort()).toEqual([...SAMPLES_OF_EACH_FORMAT].sort());
});

it('adds nothing when the folder comes again', async () => {
  const { exitCode, report } = await ingest();
  expect(exitCode).toBe(0);
  expect(report.totals).toMatchObject({ ok: 0, duplicate: 10, inserted_blocks: 0, merged_blocks: 0 });
});
