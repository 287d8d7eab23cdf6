import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { DuckDb } from './duckdb.ts';
import { COUNTERS, generatedPeriods as generatedKpiPeriods, RATS } from './kpi-samples.ts';
import { type Timing, time } from './measure.ts';
import { generatedPeriods, PEGS, PERIOD_S, START_MS } from './two-weeks.ts';

/** DuckDB with the samples of a benchmark, in a process of its own: its memory and threads must not weigh on ours. */
export interface DuckDbProcess {
  time(statement: string, rounds: number): Promise<Timing>;
  rows(statement: string): Promise<readonly (readonly unknown[])[]>;
  stop(): void;
}

type Request = { readonly kind: 'time' | 'rows'; readonly statement: string; readonly rounds: number };

const SELF = fileURLToPath(import.meta.url);

/**
 * What the database holds. `two-weeks`: `pm_sample` with the names that the store has too, and `sample` with one integer a series and
 * one a time, the form that suits it best. `kpis`: a table a RAT, `lte` and `nr`, with a row a cell and period and a column a counter.
 */
const CONTENTS = { 'two-weeks': fillTwoWeeks, kpis: fillKpis };

/** Starts the process and fills its database. */
export async function startDuckDb(path: string, content: keyof typeof CONTENTS): Promise<DuckDbProcess> {
  const child = fork(SELF, [path, content, ...process.argv.slice(2)], { serialization: 'advanced' });
  await once(child, 'message');
  const ask = async (request: Request): Promise<unknown> => {
    child.send(request);
    const [answer] = await once(child, 'message');
    return answer;
  };
  return {
    time: async (statement, rounds) => (await ask({ kind: 'time', statement, rounds })) as Timing,
    rows: async (statement) => (await ask({ kind: 'rows', statement, rounds: 0 })) as readonly (readonly unknown[])[],
    stop: () => child.disconnect(),
  };
}

async function fillTwoWeeks(duckDb: DuckDb): Promise<void> {
  await duckDb.run('CREATE TABLE sample (series INTEGER, begin_s INTEGER, value DOUBLE)');
  const appender = await duckDb.appender('sample', 3);
  for (const { period, values } of generatedPeriods()) {
    const beginS = START_MS / 1000 + period * PERIOD_S;
    for (const [series, value] of values.entries()) appender.row(series, beginS, Number.isNaN(value) ? null : value);
  }
  appender.close();
  await duckDb.run(
    `CREATE TABLE pm_sample AS SELECT to_timestamp(begin_s)::TIMESTAMP AS begin, 'ManagedElement=bench' AS ne,
     (series // ${PEGS})::VARCHAR AS cell, 'Bench.Counter' || (series % ${PEGS}) AS peg, value FROM sample`,
  );
}

async function fillKpis(duckDb: DuckDb): Promise<void> {
  for (const rat of RATS) {
    const width = COUNTERS[rat].length;
    const columns = COUNTERS[rat].map((_, at) => `c${at} DOUBLE`).join(', ');
    await duckDb.run(`CREATE TABLE ${rat.toLowerCase()} (cell INTEGER, begin_s INTEGER, ${columns})`);
    const appender = await duckDb.appender(rat.toLowerCase(), 2 + width);
    for (const { period, values } of generatedKpiPeriods(rat)) {
      const beginS = START_MS / 1000 + period * PERIOD_S;
      for (let cell = 0; cell * width < values.length; cell++) {
        const own = values.subarray(cell * width, (cell + 1) * width);
        if (!Number.isNaN(own[0])) appender.row(cell, beginS, ...own);
      }
    }
    appender.close();
  }
}

async function serve(path: string, content: keyof typeof CONTENTS): Promise<void> {
  // Here alone: the library must not count in the memory of the process that is measured.
  const { openDuckDb } = await import('./duckdb.ts');
  const duckDb = await openDuckDb(path);
  await CONTENTS[content](duckDb);
  process.on('message', async ({ kind, statement, rounds }: Request) => {
    const run = () => duckDb.rows(statement);
    process.send?.(kind === 'rows' ? await run() : await time('DuckDB', rounds, run));
  });
  process.on('disconnect', () => duckDb.close());
  process.send?.('ready');
}

if (process.send && process.argv[1] === SELF) {
  await serve(process.argv[2], process.argv[3] as keyof typeof CONTENTS);
}
