import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { openDuckDb } from './duckdb.ts';
import { type Timing, time } from './measure.ts';
import { generatedPeriods, PEGS, PERIOD_S, START_MS } from './two-weeks.ts';

/**
 * DuckDB with the two weeks of samples, in a process of its own: as `pm_sample` with the names that the store has too, and as
 * `sample` with one integer a series and one a time, the form that suits it best.
 */
export interface DuckDbProcess {
  time(statement: string, rounds: number): Promise<Timing>;
  rows(statement: string): Promise<readonly (readonly unknown[])[]>;
  stop(): void;
}

type Request = { readonly kind: 'time' | 'rows'; readonly statement: string; readonly rounds: number };

const SELF = fileURLToPath(import.meta.url);

/** Starts the process and fills its database. */
export async function startDuckDb(path: string): Promise<DuckDbProcess> {
  const child = fork(SELF, [path, ...process.argv.slice(2)], { serialization: 'advanced' });
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

async function serve(path: string): Promise<void> {
  const duckDb = await openDuckDb(path);
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
  process.on('message', async ({ kind, statement, rounds }: Request) => {
    const run = () => duckDb.rows(statement);
    process.send?.(kind === 'rows' ? await run() : await time('DuckDB', rounds, run));
  });
  process.on('disconnect', () => duckDb.close());
  process.send?.('ready');
}

if (process.send && process.argv[1] === SELF) await serve(process.argv[2]);
