/**
 * `npm run bench:compare`: two weeks compared, from the store to the results in memory, against DuckDB's
 * `avg, stddev_samp` over the same samples in the same run.
 *
 * 200 cells × 100 PEGs × 14 days of 15 minutes = 26.88 M samples. `--cells N` for another size, `--rounds N`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareRequest } from '@pegboard/contracts';
import { openServices } from '../../apps/server/src/compose.ts';
import { loadConfig } from '../../apps/server/src/config.ts';
import { startDuckDb } from './duckdb-process.ts';
import { option, peakMemoryMb, printHeading, printLine, roundsText, type Timing, time } from './measure.ts';
import { CELLS, END_MS, generatedPeriods, MIDDLE_MS, PEGS, PERIOD_S, PERIODS, START_MS } from './two-weeks.ts';

const ROUNDS = Number(option('rounds') ?? 5);
const PERIODS_A_COMMIT = 24;

type Services = Awaited<ReturnType<typeof openServices>>;

async function fillStore({ store }: Services): Promise<void> {
  const writer = store.openWriter();
  const managedElement = { name: 'ManagedElement=bench', userLabel: null, swVersion: null, vendor: null };
  const layout = { family: null, names: Array.from({ length: PEGS }, (_, peg) => `Bench.Counter${peg}`) };
  for (const { period, values } of generatedPeriods()) {
    writer.beginFile();
    for (let cell = 0; cell < CELLS; cell++) {
      writer.add({
        managedElement,
        ldn: `GNBDUFunction=1,NRCellDU=${cell}`,
        layout,
        beginMs: START_MS + period * PERIOD_S * 1000,
        granularityS: PERIOD_S,
        suspect: false,
        values: values.subarray(cell * PEGS, (cell + 1) * PEGS),
      });
    }
    writer.endFile(logRecord(period));
    if (period % PERIODS_A_COMMIT === PERIODS_A_COMMIT - 1) await writer.commit();
  }
  await writer.commit();
  await writer.close();
}

function logRecord(period: number) {
  return {
    sha256: period.toString(16).padStart(64, '0'),
    name: `bench ${period}`,
    format: null,
    sender: null,
    swVersion: null,
    periodBeginMs: null,
    periodEndMs: null,
    values: 0,
    numbers: 0,
    warnings: [],
    settles: [],
  };
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pegboard-bench-'));
  const config = loadConfig({}, { dataDir: join(folder, 'pegboard') });
  const services = await openServices(config);
  try {
    await fillStore(services);
    await services.database.pool.query('VACUUM (FREEZE, ANALYZE) pegboard.pm_block');
    const request = compareRequest.parse({
      n_minus_1: `${new Date(START_MS).toISOString()}/${new Date(MIDDLE_MS).toISOString()}`,
      n: `${new Date(MIDDLE_MS).toISOString()}/${new Date(END_MS).toISOString()}`,
    });
    const compare = () => services.compare.compare(request, { maxSeries: Number.POSITIVE_INFINITY });
    const pegboard = await time('pegboard', ROUNDS, compare);
    const memoryMb = peakMemoryMb();
    const { results } = await compare();

    const duckDb = await startDuckDb(join(folder, 'bench.duckdb'), 'two-weeks');
    const statement = `SELECT series, begin_s >= ${MIDDLE_MS / 1000} AS is_n, avg(value), stddev_samp(value) FROM sample GROUP BY ALL`;
    const named = `SELECT ne, cell, peg, begin >= TIMESTAMP '${new Date(MIDDLE_MS).toISOString().slice(0, 19)}' AS is_n, avg(value), stddev_samp(value) FROM pm_sample GROUP BY ALL`;
    const duck = await duckDb.time(named, ROUNDS);
    const numbered = await duckDb.time(statement, ROUNDS);
    checkAgreement(results, await duckDb.rows(statement));
    // Again, so that a machine that got slower or faster meanwhile shows.
    const again = await time('pegboard', ROUNDS, compare);
    const duckAgain = await duckDb.time(named, ROUNDS);
    duckDb.stop();
    report({ pegboard: [pegboard, again], duckDb: [duck, duckAgain], numbered, memoryMb, series: results.length });
  } finally {
    await services.close();
    await rm(folder, { recursive: true, force: true });
  }
}

type Rows = Awaited<ReturnType<Services['compare']['compare']>>['results'];

/** Both must have found the same means and standard deviations, to 1e-9 of the mean. */
function checkAgreement(results: Rows, reference: readonly (readonly unknown[])[]): void {
  const expected = new Map(
    reference.map(([series, isN, mean, std]) => [`${series} ${isN}`, [Number(mean), Number(std)]]),
  );
  for (const row of results) {
    if (!('n1_period' in row)) throw new Error('the rows are not those of v2.1.0');
    const series = Number(row.cell_id) * PEGS + Number(row.peg_name.slice('Bench.Counter'.length));
    for (const [isN, { avg, rsd }] of [
      [false, row.n1_period],
      [true, row.n_period],
    ] as const) {
      const [mean, std] = expected.get(`${series} ${isN}`) ?? [Number.NaN, Number.NaN];
      const got = [avg ?? Number.NaN, ((rsd ?? Number.NaN) * Math.abs(mean)) / 100];
      const close = Math.abs(got[0] - mean) <= 1e-9 * Math.abs(mean) && Math.abs(got[1] - std) <= 1e-9 * Math.abs(mean);
      if (!close) throw new Error(`series ${series}: pegboard says ${got.join(', ')}, DuckDB ${mean}, ${std}`);
    }
  }
  if (results.length * 2 !== expected.size)
    throw new Error(`${results.length} rows, DuckDB has ${expected.size} halves`);
}

interface Figures {
  readonly pegboard: readonly Timing[];
  readonly duckDb: readonly Timing[];
  /** DuckDB over integers instead of names. */
  readonly numbered: Timing;
  readonly memoryMb: number;
  readonly series: number;
}

function report({ pegboard, duckDb, numbered, memoryMb, series }: Figures): void {
  const mean = (timings: readonly Timing[]) =>
    timings.reduce((sum, { medianMs }) => sum + medianMs, 0) / timings.length;
  const samples = CELLS * PEGS * PERIODS;
  printHeading(`bench:compare: ${series} series, ${(samples / 1e6).toFixed(2)} M samples, store to results`);
  printLine('pegboard / DuckDB avg, stddev_samp (aim ≤ 2.5)', (mean(pegboard) / mean(duckDb)).toFixed(2));
  printLine('pegboard / DuckDB over integer keys instead of names', (mean(pegboard) / numbered.medianMs).toFixed(2));
  for (const timing of pegboard) printLine('pegboard', `${timing.medianMs.toFixed(0)} ms; ${roundsText(timing)}`);
  for (const timing of duckDb) printLine('DuckDB', `${timing.medianMs.toFixed(0)} ms; ${roundsText(timing)}`);
  printLine('DuckDB, integer keys', `${numbered.medianMs.toFixed(0)} ms; ${roundsText(numbered)}`);
  printLine('samples/s', `${(samples / mean(pegboard) / 1000).toFixed(1)} M`);
  printLine('peak memory of this process before DuckDB (aim < 512)', `${memoryMb.toFixed(0)} MB`);
}

await main();
