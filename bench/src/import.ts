/**
 * `npm run bench:import`: a raw-KPI database to durable rows, in both layouts of the same samples, against a bare
 * `COPY table TO STDOUT` of the same rows whose bytes Node counts as they lie in the socket's pieces.
 *
 * `--rows 1000000,5000000` how many samples. Each import runs in a process of its own, so that its memory is its own: the
 * largest resident set, which is what garbage the engine lets lie on a machine of this size, and what is in use when four
 * fifths of the rows are read, just after a collection.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { composeImport, type OpenServices, openServices } from '../../apps/server/src/compose.ts';
import { loadConfig } from '../../apps/server/src/config.ts';
import type { ImportReport, ImportState } from '../../apps/server/src/features/import/import-request.ts';
import { copyOut } from '../../apps/server/src/platform/postgres/copy-out.ts';
import { option, peakMemoryMb, printHeading, printLine } from './measure.ts';

const ROWS = (option('rows') ?? '1000000,5000000').split(',').map(Number);
const CELLS = 50;
const FAMILIES = 4;
const PEGS_A_FAMILY = 25;
const ROWS_A_PERIOD = CELLS * FAMILIES * PEGS_A_FAMILY;
const HOUR_MS = 3_600_000;

interface Child {
  readonly report: ImportReport;
  readonly peakMb: number;
  readonly inUseMb: number | null;
}

interface Measured extends Child {
  readonly rows: number;
  readonly layout: 'narrow' | 'jsonb';
}

/** A sample for each row: 50 cells of 5 network elements, 100 PEGs in 4 families, every 15 minutes. */
function narrowTable(rows: number): string {
  return `
    DROP TABLE IF EXISTS bench_summary, bench_summary_json;
    CREATE TABLE bench_summary (id bigint, host text, ne text, version text, family_name text, cellid text, peg_name text, datetime timestamptz, value text);
    INSERT INTO bench_summary
      SELECT i, 'host', 'NVGNB#' || 101000 + cell / 10, 'R23A', 'Family' || family, cell::text, 'Peg' || family || '.' || peg || '(Kbps)',
        TIMESTAMPTZ '2025-08-01Z' + period * INTERVAL '15 min',
        CASE WHEN i % 997 = 0 THEN 'NA' ELSE round((hashint8(i) % 1000000) / 100.0, 2)::text END
      FROM generate_series(0, ${rows} - 1) AS i
      CROSS JOIN LATERAL (SELECT i / ${ROWS_A_PERIOD} AS period, (i / ${FAMILIES * PEGS_A_FAMILY}) % ${CELLS} AS cell,
        (i / ${PEGS_A_FAMILY}) % ${FAMILIES} AS family, i % ${PEGS_A_FAMILY} AS peg) AS place;
    CREATE INDEX ON bench_summary (datetime);
    CREATE TABLE bench_summary_json AS
      SELECT datetime, 1 AS family_id, family_name, ne AS ne_key, version AS rel_ver, version AS swname,
        jsonb_object_agg(cellid, pegs) || '{"index_name":"CellIdentity"}' AS "values"
      FROM (SELECT datetime, family_name, ne, version, cellid, jsonb_object_agg(peg_name, value) AS pegs
            FROM bench_summary GROUP BY 1, 2, 3, 4, 5) AS cells
      GROUP BY 1, 2, 3, 4, 5, 6;
    CREATE INDEX ON bench_summary_json (datetime);
    ANALYZE bench_summary; ANALYZE bench_summary_json; CHECKPOINT`;
}

async function main(): Promise<void> {
  const table = option('import');
  if (table !== undefined) {
    await importOnce(table, Number(option('rows')));
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'pegboard-bench-'));
  try {
    const dataDir = join(folder, 'pegboard');
    await using services = await opened(dataDir);
    const measured: Measured[] = [];
    for (const rows of ROWS) measured.push(...(await measure(services, dataDir, rows)));
    printHeading(`memory at ${ROWS.map((rows) => rows.toLocaleString('en')).join(', ')} samples`);
    for (const layout of ['narrow', 'jsonb'] as const) {
      const ofLayout = measured.filter((child) => child.layout === layout);
      printLine(`${layout}: last / first, by peak`, ((ofLayout.at(-1)?.peakMb ?? 0) / ofLayout[0].peakMb).toFixed(2));
      printLine(`${layout}: peak of the process`, `${ofLayout.map(({ peakMb }) => peakMb.toFixed(0)).join(', ')} MB`);
      printLine(
        `${layout}: in use`,
        `${ofLayout.map(({ inUseMb }) => inUseMb?.toFixed(0) ?? 'unknown').join(', ')} MB`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(services: OpenServices, dataDir: string, rows: number): Promise<Measured[]> {
  const client = await services.database.connect();
  try {
    await client.query(narrowTable(rows));
  } finally {
    await client.end();
  }
  printHeading(
    `bench:import: ${rows.toLocaleString('en')} samples (numbers as text), ${CELLS} cells, ${FAMILIES * PEGS_A_FAMILY} PEGs`,
  );
  const checksums: string[] = [];
  const measured: Measured[] = [];
  for (const [layout, name] of [
    ['narrow', 'bench_summary'],
    ['jsonb', 'bench_summary_json'],
  ] as const) {
    const bareMs = await timeBareCopy(services, name);
    await services.database.pool.query('TRUNCATE pegboard.pm_block; TRUNCATE pegboard.import_progress; CHECKPOINT');
    const child = await importInChild(dataDir, name, rows);
    const { report } = child;
    measured.push({ ...child, rows, layout });
    checksums.push(await checksum(services));
    printLine(`${layout}: import / bare COPY, by speed`, (bareMs / report.elapsed_ms).toFixed(2));
    printLine(
      `${layout}: values to durable rows${layout === 'narrow' ? ' (aim ≥ 300,000)' : ''}`,
      `${(report.values_per_s ?? 0).toLocaleString('en')}/s`,
    );
    printLine(
      `${layout}: import, bare COPY`,
      `${report.elapsed_ms} ms in ${report.slices} slices, ${bareMs.toFixed(0)} ms`,
    );
  }
  printLine(
    'both layouts give the same samples',
    checksums[0] === checksums[1] ? `yes, by checksum: ${checksums[0]}` : `NO: ${checksums.join(' and ')}`,
  );
  if (checksums[0] !== checksums[1]) process.exitCode = 1;
  return measured;
}

/** Time in which Node reads the rows and counts their bytes. */
async function timeBareCopy({ database }: OpenServices, name: string): Promise<number> {
  const client = await database.connect();
  try {
    const startedAt = performance.now();
    let bytes = 0;
    await copyOut(client, `COPY ${name} TO STDOUT`, (_bytes, _view, _at, size) => {
      bytes += size;
    });
    if (bytes === 0) throw new Error(`${name} is empty`);
    return performance.now() - startedAt;
  } finally {
    await client.end();
  }
}

async function checksum({ database }: OpenServices): Promise<string> {
  const client = await database.connect();
  try {
    const { rows } = await client.query<{ n: number; sum: string }>(
      `SELECT count(*) AS n, sum(hashtextextended(concat_ws(' ', begin, granularity_s, ne, object, family, peg, value), 0)::numeric)::text AS sum FROM pm_sample`,
    );
    return `${rows[0].n} ${rows[0].sum}`;
  } finally {
    await client.end();
  }
}

async function importInChild(dataDir: string, table: string, rows: number): Promise<Child> {
  const script = fileURLToPath(import.meta.url);
  const args = ['--expose-gc', script, '--import', table, '--rows', `${rows}`, '--data-dir', dataDir];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`the import of ${table} ended with ${code}`);
  return JSON.parse(output) as Child;
}

async function importOnce(table: string, rows: number): Promise<void> {
  await using services = await opened(option('data-dir') ?? '.');
  const { host, port, user, database, password } = services.database.connection;
  const sources = { sourcesFile: null, password, passFile: null, user: null };
  let inUseMb: number | null = null;
  const onProgress = ({ values }: ImportState) => {
    if (inUseMb === null && values > 0.8 * rows) inUseMb = collectedMb();
  };
  const request = {
    from: `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
    table,
    layout: 'auto',
    columns: {},
    sinceMs: null,
    untilMs: null,
    sourceTimeZone: 'UTC',
    timestamp: 'begin',
    granularityS: null,
    familyGranularityS: {},
    decimalMark: 'either',
    cellDimensions: null,
    overlapMs: HOUR_MS,
    follow: null,
    restart: false,
  } as const;
  const report = await composeImport(services, { sources }).run(request, { onProgress });
  const child: Child = { report, peakMb: peakMemoryMb(), inUseMb };
  process.stdout.write(JSON.stringify(child));
}

/** Memory of objects and buffers that are in use, MB; null where the engine was started without `--expose-gc`. */
function collectedMb(): number | null {
  if (globalThis.gc === undefined) return null;
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

async function opened(dataDir: string): Promise<OpenServices & AsyncDisposable> {
  const services = await openServices(loadConfig({}, { dataDir }));
  return Object.assign(services, { [Symbol.asyncDispose]: () => services.close() });
}

await main();
