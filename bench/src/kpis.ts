/**
 * `npm run bench:kpis`: all shipped KPIs over two weeks of 200 LTE and 200 NR cells, by batch, query and comparison, from the store to the
 * results in memory, against the same ratios of sums in the same run: by SQL in PostgreSQL over the same store, and by DuckDB
 * over a table with a column a counter.
 *
 * `--cells N` for another size, `--rounds N`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareRequest, kpiQueryRequest, kpiStatisticsRequest } from '@pegboard/contracts';
import { openServices } from '../../apps/server/src/compose.ts';
import { loadConfig } from '../../apps/server/src/config.ts';
import { type DuckDbProcess, startDuckDb } from './duckdb-process.ts';
import {
  CELLS,
  CELLS_OF_NE,
  CLASSES,
  COUNTERS,
  END_MS,
  generatedPeriods,
  KPIS,
  MIDDLE_MS,
  PERIOD_S,
  PERIODS,
  RATS,
  START_MS,
} from './kpi-samples.ts';
import { DUCKDB, kpiSql, POSTGRES } from './kpi-sql.ts';
import { option, peakMemoryMb, printHeading, printLine, roundsText, type Timing, time } from './measure.ts';

const ROUNDS = Number(option('rounds') ?? 3);
const PERIODS_A_COMMIT = 24;
const iso = (ms: number) => new Date(ms).toISOString();

type Services = Awaited<ReturnType<typeof openServices>>;

async function fillStore({ store, database }: Services): Promise<void> {
  const writer = store.openWriter();
  for (const rat of RATS) {
    const width = COUNTERS[rat].length;
    const layout = { family: null, names: COUNTERS[rat].map(({ name }) => name) };
    const elements = Array.from({ length: Math.ceil(CELLS / CELLS_OF_NE) }, (_, ne) => ({
      ...{ name: `ManagedElement=${rat}-${ne}`, userLabel: null, swVersion: null, vendor: null },
    }));
    for (const { period, values } of generatedPeriods(rat)) {
      writer.beginFile();
      for (let cell = 0; cell < CELLS; cell++) {
        writer.add({
          managedElement: elements[Math.floor(cell / CELLS_OF_NE)],
          ldn: `${CLASSES[rat]}=${cell}`,
          layout,
          beginMs: START_MS + period * PERIOD_S * 1000,
          granularityS: PERIOD_S,
          suspect: false,
          values: values.subarray(cell * width, (cell + 1) * width),
        });
      }
      writer.endFile(logRecord(rat, period));
      if (period % PERIODS_A_COMMIT === PERIODS_A_COMMIT - 1) await writer.commit();
    }
  }
  await writer.commit();
  await writer.close();
  await database.pool.query('VACUUM (FREEZE, ANALYZE) pegboard.pm_block');
}

function logRecord(rat: string, period: number) {
  return {
    sha256: `${rat.length}${period.toString(16)}`.padStart(64, '0'),
    name: `${rat} ${period}`,
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

const RANGE = { start_date: iso(START_MS), end_date: iso(END_MS) };
const IDS = KPIS.map(({ id }) => id);

/** What is measured, and what the groups of the same in SQL are. */
interface Task {
  readonly name: string;
  readonly work: (services: Services) => Promise<unknown>;
  readonly groupBy: readonly GroupName[];
}

/** What rows are grouped by, in DuckDB and in PostgreSQL. */
const GROUPS = {
  cell: ['cell', 'o.cell_id'],
  ne: [`cell // ${CELLS_OF_NE}`, 'o.ne_id'],
  hour: ['begin_s // 3600', `date_trunc('hour', b."begin")`],
  day: ['begin_s // 86400', `date_trunc('day', b."begin")`],
  week: [`begin_s >= ${MIDDLE_MS / 1000}`, `b."begin" >= '${iso(MIDDLE_MS)}'`],
} as const;
type GroupName = keyof typeof GROUPS;

const TASKS: readonly Task[] = [
  {
    name: 'batch by cell: days, and statistics of quarters',
    work: ({ statistics }) =>
      statistics.statistics(kpiStatisticsRequest.parse({ ...RANGE, kpi_types: IDS, interval_minutes: 1440 })),
    groupBy: ['cell', 'day'],
  },
  {
    name: 'query over the network by hour',
    work: (services) => recordsOf(services, 'network'),
    groupBy: ['hour'],
  },
  {
    name: 'query by NE by hour',
    work: (services) => recordsOf(services, 'ne'),
    groupBy: ['ne', 'hour'],
  },
  {
    name: 'compare by cell, week against week',
    work: (services) => compareBy(services, 'cell'),
    groupBy: ['cell', 'week'],
  },
  {
    name: 'compare by NE, week against week',
    work: (services) => compareBy(services, 'ne'),
    groupBy: ['ne', 'week'],
  },
];

async function recordsOf({ queries }: Services, by: 'ne' | 'network'): Promise<number> {
  const { records } = await queries.stream(
    kpiQueryRequest.parse({ ...RANGE, kpi_types: IDS, by, interval_minutes: 60 }),
  );
  let count = 0;
  for await (const batch of records) count += batch.length;
  return count;
}

function compareBy({ compare }: Services, by: 'cell' | 'ne') {
  const periods = { n_minus_1: `${iso(START_MS)}/${iso(MIDDLE_MS)}`, n: `${iso(MIDDLE_MS)}/${iso(END_MS)}` };
  const request = compareRequest.parse({ ...periods, kpis: IDS, by });
  return compare.compare(request, { maxSeries: Number.POSITIVE_INFINITY });
}

/** All KPIs of both RATs by group, from tables with a row a cell and period. */
function duckDbStatements(groupBy: readonly GroupName[]): string[] {
  return RATS.map((rat) => {
    const columns = [...groupBy.map((name, at) => `${GROUPS[name][0]} AS g${at}`), ...kpiColumns(rat, DUCKDB)];
    return `SELECT ${columns.join(', ')} FROM ${rat.toLowerCase()} GROUP BY ALL ORDER BY ALL`;
  });
}

/** The same from the blocks of the store. */
function postgresStatements(groupBy: readonly GroupName[]): string[] {
  return RATS.map((rat) => {
    const groups = groupBy.map((name) => GROUPS[name][1]);
    return `SELECT ${[...groups, ...kpiColumns(rat, POSTGRES)].join(', ')}
      FROM pegboard.pm_block b JOIN pegboard.measured_object o ON o.id = b.object_id
      WHERE o.class = '${CLASSES[rat]}' GROUP BY ${groups.map((_, at) => at + 1).join(', ')}`;
  });
}

function kpiColumns(rat: (typeof RATS)[number], dialect: typeof DUCKDB): string[] {
  return KPIS.filter((kpi) => kpi.rat === rat).map((kpi) => `${kpiSql(kpi, dialect)} AS "${kpi.id}"`);
}

async function timeDuckDb(duckDb: DuckDbProcess, groupBy: readonly GroupName[]): Promise<number> {
  let ms = 0;
  for (const statement of duckDbStatements(groupBy)) ms += (await duckDb.time(statement, ROUNDS)).medianMs;
  return ms;
}

async function timePostgres({ database }: Services, groupBy: readonly GroupName[]): Promise<number> {
  const { medianMs } = await time('PostgreSQL', ROUNDS, async () => {
    for (const statement of postgresStatements(groupBy)) await database.pool.query(statement);
  });
  return medianMs;
}

/** The days of the batch must be those of DuckDB, to 1e-9. */
async function checkAgreement({ statistics }: Services, duckDb: DuckDbProcess): Promise<number> {
  const request = kpiStatisticsRequest.parse({ ...RANGE, kpi_types: IDS, interval_minutes: 1440 });
  const { data } = await statistics.statistics(request);
  const ours = new Map(
    Object.values(data)
      .flat()
      .map(({ kpi_type, entity_id, timestamp, value }) => [
        `${kpi_type} ${entity_id.split('#').at(-1)} ${Date.parse(timestamp) / 86_400_000}`,
        value,
      ]),
  );
  let checked = 0;
  for (const [index, statement] of duckDbStatements(['cell', 'day']).entries()) {
    const ids = KPIS.filter((kpi) => kpi.rat === RATS[index]).map(({ id }) => id);
    for (const [cell, day, ...values] of await duckDb.rows(statement)) {
      for (const [at, id] of ids.entries()) {
        const [own, expected] = [ours.get(`${id} ${cell} ${day}`) ?? null, values[at] as number | null];
        const isSame =
          own === null || expected === null ? own === expected : Math.abs(own - expected) <= 1e-9 * Math.abs(expected);
        if (!isSame) throw new Error(`${id} of cell ${cell} on day ${day}: pegboard says ${own}, DuckDB ${expected}`);
        checked++;
      }
    }
  }
  return checked;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pegboard-bench-'));
  const services = await openServices(loadConfig({}, { dataDir: join(folder, 'pegboard') }));
  try {
    await fillStore(services);
    const timings: Timing[] = [];
    for (const { name, work } of TASKS) timings.push(await time(name, ROUNDS, () => work(services)));
    const memoryMb = peakMemoryMb();
    const postgres: number[] = [];
    for (const { groupBy } of TASKS) postgres.push(await timePostgres(services, groupBy));
    const duckDb = await startDuckDb(join(folder, 'bench.duckdb'), 'kpis');
    const columns: number[] = [];
    for (const { groupBy } of TASKS) columns.push(await timeDuckDb(duckDb, groupBy));
    const checked = await checkAgreement(services, duckDb);
    duckDb.stop();
    report({ timings, postgres, columns, memoryMb, checked });
  } finally {
    await services.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Figures {
  readonly timings: readonly Timing[];
  /** By task, ms. */
  readonly postgres: readonly number[];
  readonly columns: readonly number[];
  readonly memoryMb: number;
  /** Values that agree. */
  readonly checked: number;
}

function report({ timings, postgres, columns, memoryMb, checked }: Figures): void {
  const values = RATS.reduce((sum, rat) => sum + CELLS * COUNTERS[rat].length * PERIODS, 0);
  const size = `${KPIS.length} KPIs, ${CELLS} LTE and ${CELLS} NR cells, ${(values / 1e6).toFixed(1)} M values of counters`;
  printHeading(`bench:kpis: ${size}, store to results`);
  for (const [at, { name, medianMs }] of timings.entries()) {
    const ratios = [medianMs / postgres[at], medianMs / columns[at]].map((ratio) => ratio.toFixed(2));
    printLine(`${name}: pegboard / SQL, / DuckDB`, ratios.join(', '));
  }
  for (const [at, timing] of timings.entries()) {
    printLine(timing.name, `${timing.medianMs.toFixed(0)} ms; ${roundsText(timing)}`);
    printLine('  ratios alone by SQL in PostgreSQL, over the same store', `${postgres[at].toFixed(0)} ms`);
    printLine('  ratios alone by DuckDB, over a column a counter', `${columns[at].toFixed(0)} ms`);
  }
  printLine('values that agree with DuckDB to 1e-9', `${checked}`);
  printLine('peak memory of this process before SQL (aim < 512)', `${memoryMb.toFixed(0)} MB`);
}

await main();
