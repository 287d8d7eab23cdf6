import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { IngestResponse } from '@pegboard/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CliProcess, databaseEnv, runCli } from '../testing/run-cli.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

const DATA = ['--data-dir', 'data'];
const DAYS = 4;
const FILES = 2 * 96 * DAYS;
const GENERATE = ['generate', '--out', 'net', '--nes', '2', '--cells', '6', '--pegs', '40', '--start', '2025-08-01'];

let folder: string;
/** Samples and distinct samples that the whole network has in a store. */
let whole: { samples: number; distinct: number };
const databases: TestDatabase[] = [];
const processes: CliProcess[] = [];

function start(args: readonly string[], env: Record<string, string> = {}): CliProcess {
  const started = new CliProcess(args, { env, cwd: folder });
  processes.push(started);
  return started;
}

const run = (args: readonly string[], env: Record<string, string> = {}) => runCli(args, { env, cwd: folder });

async function freshDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  databases.push(database);
  return database;
}

const COUNTS =
  'SELECT count(*)::int AS samples, count(DISTINCT (begin, granularity_s, ne, object, family, peg))::int AS distinct FROM pm_sample';

async function countsOf(database: TestDatabase): Promise<{ samples: number; distinct: number }> {
  return (await database.pool.query<{ samples: number; distinct: number }>(COUNTS)).rows[0];
}

async function filesTaken({ pool }: TestDatabase): Promise<number> {
  const { rows } = await pool.query<{ n: number }>("SELECT count(*)::int AS n FROM ingest_file WHERE status = 'ok'");
  return rows[0].n;
}

/** Periods of objects in the store beyond those of the files that the log has as taken. */
const UNTAKEN = `
  SELECT count(*)::int AS n FROM (SELECT DISTINCT begin, ne FROM pm_sample) AS stored
  WHERE NOT EXISTS (
    SELECT 1 FROM ingest_file AS file
    WHERE file.status = 'ok' AND file.period_begin = stored.begin AND file.sender = stored.ne)`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-cli-'));
  const generated = await run([...GENERATE, '--days', `${DAYS}`]);
  if (generated.exitCode !== 0) throw new Error(generated.stderr);
  const database = await freshDatabase();
  const taken = await run(['ingest', 'net'], databaseEnv(database));
  if (taken.exitCode !== 0) throw new Error(taken.stderr);
  whole = await countsOf(database);
});
afterEach(async () => {
  for (const { child } of processes.splice(0)) child.kill('SIGKILL');
  for (const database of databases.splice(0)) await database.drop();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('generate', () => {
  it('says what it made, makes the same again, and replaces another network only when told to', async () => {
    const small = ['generate', '--out', 'small', '--nes', '1', '--cells', '1', '--pegs', '5', '--start', '2025-08-01'];
    const first = await run([...small, '--days', '1', '--json']);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(first.stdout)).toMatchObject({
      files: 96,
      cells: 1,
      series: 5,
      dir: 'small',
      start: '2025-08-01T00:00:00.000Z',
      seed: 1,
    });
    const again = await run([...small, '--days', '1']);
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toMatch(
      /^96 files \(\d+ kB\) in small, .*README\.txt.*\ngenerated: 1 cell, [\d,]+ values, 2025-08-01T00:00:00Z to 2025-08-02T00:00:00Z\nnext: pegboard ingest small\n$/,
    );
    const other = await run([...small, '--days', '2']);
    expect(other).toMatchObject({ exitCode: 2, stdout: '' });
    expect(other.stderr).toMatch(
      /^error: small holds a network that was generated with other options\nhint: .*--force/,
    );
    expect(await run([...small, '--days', '2', '--force'])).toMatchObject({ exitCode: 0 });
  });

  it('writes nothing into a folder that holds something else, and names a PEG that a change does not find', async () => {
    const foreign = await run(['generate', '--out', '.']);
    expect(foreign).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^error: \. holds other files, e\.g\. \S+\nhint: /),
    });
    const change = await run([
      'generate',
      '--out',
      'new',
      '--change',
      'peg=DRB.RelActNr,cells=*,from=2026-11-21,percent=5',
    ]);
    expect(change).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/no PEG .*"DRB\.RelActNr"\nhint: .*DRB\.RelActNbr/),
    });
    await expect(access(join(folder, 'new', 'catalogue.json'))).rejects.toThrow();
  });
});

describe('migrate and token', () => {
  it('migrates an empty database once, and says of an empty one what to do', async () => {
    const database = await createTestDatabase({ migrated: false });
    databases.push(database);
    const first = await run(['migrate', '--json'], databaseEnv(database));
    expect(first.exitCode).toBe(0);
    const { applied } = JSON.parse(first.stdout) as { applied: string[] };
    expect(applied[0]).toBe('0001-kpi-store.sql');
    expect(applied).toEqual(applied.toSorted());
    expect(await run(['migrate'], databaseEnv(database))).toMatchObject({
      exitCode: 0,
      stdout: 'the schema is up to date\n',
    });
    const query = ['query', '--kpi', 'Att', '--from', '2025-08-01', '--to', '2025-08-01'];
    expect(await run(query, databaseEnv(database))).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'error: the store is empty\nhint: Take PM files in with: pegboard ingest <folder>\n',
    });
  });

  it('makes tokens of the three roles with a lifetime', async () => {
    for (const role of ['viewer', 'analyst', 'admin']) {
      const made = await run(['token', 'create', '--user', 'kim', '--role', role, '--expires', '30m', '--json']);
      const { token, ...rest } = JSON.parse(made.stdout) as { token: string };
      expect(rest).toEqual({ user: 'kim', role, expires_in_s: 1800 });
      const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()) as Record<string, number>;
      expect(claims).toMatchObject({ sub: 'kim', role });
      expect(claims.exp - claims.iat).toBe(1800);
    }
  });

  it.each<[string, string[], RegExp]>([
    [
      'role',
      ['--user', 'kim', '--role', 'boss'],
      /^error: --role: 'boss' is no role\nhint: Use one of viewer, analyst, admin\./,
    ],
    [
      'span',
      ['--user', 'kim', '--role', 'viewer', '--expires', '3y'],
      /^error: --expires: '3y' is no length of time\nhint: /,
    ],
    ['lifetime', ['--user', 'kim', '--role', 'viewer', '--expires', '9999d'], /^error: .*366 days/],
    ['name', ['--user', '', '--role', 'viewer'], /^error: a user name has 1 to 128 letters/],
  ])('refuses a wrong %s', async (_what, options, message) => {
    const { exitCode, stdout, stderr } = await run(['token', 'create', ...options]);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

describe('an ingest that is ended in the middle', () => {
  it.each<[NodeJS.Signals, number, string]>([
    ['SIGTERM', 143, 'interrupted by SIGTERM: nothing is half-written\n'],
    ['SIGKILL', 137, ''],
  ])('by %s leaves whole files only; a re-run completes without duplicates', async (signal, exitCode, stderr) => {
    const database = await freshDatabase();
    const env = databaseEnv(database);
    const ingest = start(['ingest', 'net', '--json'], env);
    await expect.poll(() => filesTaken(database), { interval: 10, timeout: 10_000 }).toBeGreaterThan(0);
    expect(await ingest.end(signal)).toEqual({ exitCode, stdout: '', stderr });
    const taken = await filesTaken(database);
    expect(taken).toBeLessThan(FILES);
    expect((await database.pool.query<{ n: number }>(UNTAKEN)).rows[0].n).toBe(0);

    const again = await run(['ingest', 'net', '--json'], env);
    expect(again.exitCode).toBe(0);
    const { totals } = JSON.parse(again.stdout) as IngestResponse;
    // The catalogue beside the files may or may not have been taken the first time.
    expect(totals.ok + totals.duplicate).toBe(FILES + 1);
    expect(totals.duplicate).toBeGreaterThanOrEqual(taken);
    expect(await countsOf(database)).toEqual(whole);
  });
});

describe('serve', () => {
  it('refuses a port in use with a hint', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const address = holder.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { exitCode, stdout, stderr } = await run(['serve', '--port', `${port}`], databaseEnv(await freshDatabase()));
    holder.close();
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(`error: cannot listen on 127.0.0.1:${port}: another process listens there\nhint: `);
    expect(stderr).toMatch(/--port/);
  });

  it('answers a request that is under way when it is told to stop, also when told twice', async () => {
    const serve = start(['serve', '--port', '0', ...DATA], databaseEnv(await freshDatabase()));
    const address = await serve.printed(/http:\/\/127\.0\.0\.1:\d+/);
    expect(serve.stdout).toMatch(/^Pegboard is ready at http:.*\nA token for it: npx pegboard token create /);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    const made = await run(['token', 'create', '--user', 'kim', '--role', 'analyst', ...DATA]);
    const headers = {
      authorization: `Bearer ${made.stdout.trim()}`,
      'content-type': 'application/json',
      expect: '100-continue',
    };
    const upload = request(`${address}/api/compare`, { method: 'POST', headers });
    upload.flushHeaders();
    await once(upload, 'continue');
    serve.child.kill('SIGTERM');
    serve.child.kill('SIGTERM');
    await expect.poll(() => serve.stderr, { interval: 10 }).toContain('draining');
    upload.end(JSON.stringify({ n_minus_1: '2025-08-01', n: '2025-08-02' }));
    const [answer] = (await once(upload, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    expect(await json(answer)).toMatchObject({ summary: { verdict: 'NO_VERDICT' } });
    expect((await serve.ended()).exitCode).toBe(143);
    await expect(fetch(`${address}/healthz`)).rejects.toThrow();
  });
});

describe('the embedded server', { timeout: 60_000 }, () => {
  const isRunning = () =>
    access(join(folder, 'data', 'postgres', 'postmaster.pid')).then(
      () => true,
      () => false,
    );

  it('serves commands at once, recovers from kill -9 of its users, and ends with the last one', async () => {
    // Two at once make the folder, and share the server.
    const [migrated, counted] = await Promise.all([
      run(['migrate', '--json', ...DATA]),
      run(['sql', 'SELECT 1 AS one', '--format', 'json', ...DATA]),
    ]);
    expect([migrated, counted]).toMatchObject([
      { exitCode: 0 },
      { exitCode: 0, stdout: expect.stringContaining('"one": 1') },
    ]);
    expect(await isRunning()).toBe(false);

    const serve = start(['serve', '--port', '0', ...DATA]);
    await serve.printed(/ready/);
    const ingest = start(['ingest', 'net', '--json', ...DATA]);
    const taken = `SELECT count(*)::int AS n FROM ingest_file`;
    await expect
      .poll(async () => (await run(['sql', taken, '--format', 'csv', ...DATA])).stdout, { timeout: 20_000 })
      .toMatch(/^n\r\n[1-9]/);
    await Promise.all([ingest.end('SIGKILL'), serve.end('SIGKILL')]);

    const again = await run(['ingest', 'net', '--json', ...DATA]);
    expect(again).toMatchObject({ exitCode: 0 });
    const { totals } = JSON.parse(again.stdout) as IngestResponse;
    expect(totals.ok + totals.duplicate).toBe(FILES + 1);
    const counts = await run(['sql', COUNTS, '--format', 'json', ...DATA]);
    expect((JSON.parse(counts.stdout) as { rows: object[] }).rows).toEqual([whole]);
    expect(await isRunning()).toBe(false);
  });

  it('ends too when whoever reads the output stops reading', async () => {
    const long = start(['sql', 'SELECT generate_series(1, 300000) AS n', '--format', 'csv', ...DATA]);
    // Most of the output is still to come when its reader goes.
    long.child.stdout?.once('data', () => long.child.stdout?.destroy());
    const { exitCode, stdout } = await long.ended();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^n\r\n1\r\n/);
    expect(stdout.length).toBeLessThan(1_000_000);
    expect(await isRunning()).toBe(false);
  });
});
