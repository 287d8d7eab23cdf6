/**
 * `npm run bench:ingest`: PM files of TS 32.435 to durable rows, against a bare saxes parse, two scans of the same bytes
 * that check nothing, and a bare COPY of the same rows.
 *
 * The files have the shape of a real gNB file (2,667 `<r>`); `--file F` takes that file instead, unpacked or .gz, in as
 * many copies (other granularity periods and network elements). `--files N` how many, `--rounds N`.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readPmBuffer, unpackBuffer } from '@pegboard/pm-files';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { SaxesParser } from 'saxes';
import { openServices } from '../../apps/server/src/compose.ts';
import { loadConfig } from '../../apps/server/src/config.ts';
import { option, peakMemoryMb, printHeading, printLine, roundsText, type Timing, timeByTurns } from './measure.ts';
import { sampleShapedFile } from './sample-shaped-file.ts';
import { scanMeasurements } from './scan-measurements.ts';
import { scanResults } from './scan-results.ts';

const FILES = Number(option('files') ?? 600);
const ROUNDS = Number(option('rounds') ?? 5);
/** Files that the parsers read in a round. */
const PARSED_FILES = 100;
const START_MS = Date.UTC(2026, 0, 1);
const PERIODS_A_NE = 96;

interface Inputs {
  readonly paths: readonly string[];
  readonly sample: readonly Buffer[];
  readonly bytes: number;
}

async function writeInputs(folder: string): Promise<Inputs> {
  const given = option('file');
  const original = given === undefined ? null : unpackBuffer(await readFile(given));
  const paths: string[] = [];
  const sample: Buffer[] = [];
  let bytes = 0;
  for (let number = 0; number < FILES; number++) {
    const content = original ? renamed(original, number) : generated(number);
    const path = join(folder, `${number}.xml`);
    await writeFile(path, content);
    if (sample.length < PARSED_FILES) sample.push(content);
    paths.push(path);
    bytes += content.length;
  }
  return { paths, sample, bytes };
}

function generated(number: number): Buffer {
  const beginMs = START_MS + (number % PERIODS_A_NE) * 900_000;
  return sampleShapedFile(Math.floor(number / PERIODS_A_NE), beginMs, number);
}

/** A copy of a file in another granularity period, or of another network element, so that its blocks are new. */
function renamed(original: Uint8Array, number: number): Buffer {
  const text = Buffer.from(original).toString('latin1');
  const ne = /<managedElement[^>]*localDn="([^"]*)"/.exec(text)?.[1];
  if (ne === undefined) throw new Error('the file has no managedElement with a localDn');
  const laterMs = (number % PERIODS_A_NE) * 900_000;
  const copy = text
    .replaceAll(ne, `${ne}-${Math.floor(number / PERIODS_A_NE)}`)
    .replaceAll(/"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)/g, (_, time) => {
      return `"${new Date(Date.parse(`${time}Z`) + laterMs).toISOString().slice(0, 19)}`;
    });
  return Buffer.from(copy, 'latin1');
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pegboard-bench-'));
  const services = await openServices(loadConfig({}, { dataDir: join(folder, 'pegboard') }));
  try {
    const inputs = await writeInputs(folder);
    const { pool } = services.database;
    const files = inputs.paths.map((path) => ({ path, displayName: path }));
    let report = await services.ingest.ingestPaths(files, { mayDescribePegs: false });
    const empty = async () => {
      await pool.query('TRUNCATE pegboard.pm_block; TRUNCATE pegboard.ingest_file CASCADE; CHECKPOINT');
    };
    const ingestMs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await empty();
      report = await services.ingest.ingestPaths(files, { mayDescribePegs: false });
      ingestMs.push(report.elapsed_ms);
    }
    if (report.totals.ok !== FILES) throw new Error(`only ${report.totals.ok} of ${FILES} files were taken`);
    const memoryMb = peakMemoryMb();
    const copy = await timeBareCopy(services);

    const parsedBytes = inputs.sample.reduce((sum, { length }) => sum + length, 0);
    const [pegboard, scan, results, saxes] = timeByTurns(ROUNDS, [
      ['pegboard', () => inputs.sample.forEach(parse)],
      ['scan', () => inputs.sample.forEach(scanAll)],
      ['results', () => inputs.sample.forEach(scanResults)],
      ['saxes', () => inputs.sample.forEach(parseBySaxes)],
    ]);
    const parsers = { pegboard, scan, results, saxes };
    printReport({ report, ingestMs, memoryMb, copy, parsers, parsedBytes, bytes: inputs.bytes });
  } finally {
    await services.close();
    await rm(folder, { recursive: true, force: true });
  }
}

let checksum = 0;

/** Reads to typed blocks with every well-formedness check, and touches each number. */
function parse(content: Buffer): void {
  const result = readPmBuffer(content, ({ values, layout }) => addAll(values, layout.names.length), {
    nowMs: Date.now(),
  });
  if (result.status !== 'ok') throw new Error(`not read: ${JSON.stringify(result)}`);
}

/** Reads what `parse` reads, checks nothing, and touches each number. */
function scanAll(content: Buffer): void {
  scanMeasurements(content, ({ numbers, ends, results }) => {
    if (results > 0) addAll(numbers, ends[results - 1]);
  });
}

function addAll(numbers: Float64Array, count: number): void {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += numbers[i];
  checksum += sum;
}

/** Parses and does nothing with it: no handler is set. */
function parseBySaxes(content: Buffer): void {
  new SaxesParser({})
    .write(content.toString('utf8').replace(/^(<\?xml-stylesheet[^>]*\?>\s*)(<\?xml .*?\?>)/, '$2$1'))
    .close();
}

type Services = Awaited<ReturnType<typeof openServices>>;

/** The rows that the last ingest made, copied by the server's own means into an equal table, from memory. */
async function timeBareCopy({ database }: Services): Promise<Timing> {
  const client = await database.connect();
  try {
    const pieces: Buffer[] = [];
    const rows = client.query(copyTo('COPY (SELECT * FROM pegboard.pm_block) TO STDOUT BINARY'));
    for await (const piece of rows) pieces.push(piece as Buffer);
    const whole = Buffer.concat(pieces);
    const partitions = await client.query<{ bounds: string }>(
      `SELECT pg_get_expr(c.relpartbound, c.oid) AS bounds FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'pegboard.pm_block'::regclass`,
    );
    const create = [
      'DROP TABLE IF EXISTS pegboard.bench_block',
      'CREATE TABLE pegboard.bench_block (LIKE pegboard.pm_block INCLUDING ALL) PARTITION BY RANGE ("begin")',
      ...partitions.rows.map(
        ({ bounds }, at) => `CREATE TABLE pegboard.bench_block_${at} PARTITION OF pegboard.bench_block ${bounds}`,
      ),
      'CHECKPOINT',
    ].join(';');
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await client.query(create);
      const startedAt = performance.now();
      await pipeline([whole], client.query(copyFrom('COPY pegboard.bench_block FROM STDIN BINARY')));
      times.push(performance.now() - startedAt);
    }
    await client.query('DROP TABLE pegboard.bench_block');
    return { name: 'COPY', rounds: times, medianMs: times.toSorted((a, b) => a - b)[ROUNDS >> 1] };
  } finally {
    await client.end();
  }
}

interface Figures {
  readonly report: Awaited<ReturnType<Services['ingest']['ingestPaths']>>;
  readonly ingestMs: readonly number[];
  readonly memoryMb: number;
  readonly copy: Timing;
  readonly parsers: Readonly<Record<'pegboard' | 'scan' | 'results' | 'saxes', Timing>>;
  readonly parsedBytes: number;
  readonly bytes: number;
}

function printReport({ report, ingestMs, memoryMb, copy, parsers, parsedBytes, bytes }: Figures): void {
  const { totals } = report;
  const parseMs = parsers.pegboard.medianMs;
  const medianMs = ingestMs.toSorted((a, b) => a - b)[ingestMs.length >> 1];
  const speed = (ms: number) =>
    `${(parsedBytes / ms / 1000).toFixed(0)} MB/s, ${((PARSED_FILES * 1000) / ms).toFixed(0)} files/s`;
  printHeading(
    `bench:ingest: TS 32.435, ${FILES} files of ${(bytes / FILES / 1000).toFixed(0)} kB, ${totals.values / FILES} <r> and ${totals.numbers / FILES} numbers each`,
  );
  printLine('parse with checks / bare saxes (aim ≥ 0.8), by speed', (parsers.saxes.medianMs / parseMs).toFixed(2));
  printLine(
    'parse with checks / same work without (aim ≥ 0.7), by speed',
    (parsers.scan.medianMs / parseMs).toFixed(2),
  );
  printLine(
    'parse with checks / scan for whole numbers alone, by speed',
    (parsers.results.medianMs / parseMs).toFixed(2),
  );
  printLine('files to durable rows / bare COPY of these rows, by speed', (copy.medianMs / medianMs).toFixed(2));
  printLine(
    'values (<r>) from files to durable rows (aim ≥ 1 M/s)',
    `${((totals.values / medianMs) * 1000).toLocaleString('en', { maximumFractionDigits: 0 })}/s`,
  );
  printLine(
    'numbers from files to durable rows',
    `${((totals.numbers / medianMs) * 1000).toLocaleString('en', { maximumFractionDigits: 0 })}/s`,
  );
  printLine('peak memory of this process after ingest (aim < 512)', `${memoryMb.toFixed(0)} MB`);
  printLine('ingest', `${medianMs.toFixed(0)} ms; rounds ${ingestMs.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  printLine('bare COPY', `${copy.medianMs.toFixed(0)} ms; ${roundsText(copy)}`);
  printLine('parse with checks', `${speed(parsers.pegboard.medianMs)}; ${roundsText(parsers.pegboard)}`);
  printLine('same work without checks', `${speed(parsers.scan.medianMs)}; ${roundsText(parsers.scan)}`);
  printLine('scan for whole numbers alone', `${speed(parsers.results.medianMs)}; ${roundsText(parsers.results)}`);
  printLine('bare saxes', `${speed(parsers.saxes.medianMs)}; ${roundsText(parsers.saxes)}`);
  if (Number.isNaN(checksum)) printLine('(missing values were met)', '');
}

await main();
