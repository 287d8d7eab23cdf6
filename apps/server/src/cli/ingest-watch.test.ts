import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { IngestWatchLine } from '@pegboard/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pmXml } from '../features/ingest/testing/pm-xml.ts';
import { zipOf } from '../features/ingest/testing/zip-file.ts';
import { createDatabaseProxy } from '../testing/database-proxy.ts';
import { CliProcess, databaseEnv, runCli } from '../testing/run-cli.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

const QUICK = ['--interval', '1', '--settle', '1', '--give-up', '3'];
const PATIENT = ['--interval', '1', '--settle', '1', '--give-up', '1h'];
const POLL = { interval: 50, timeout: 30_000 };
const quarter = (n: number) => new Date(Date.UTC(2025, 7, 8) + n * 900_000).toISOString();
const good = (n: number) => pmXml({ begin: quarter(n), objects: { 'NRCellDU=20': { Thru: n } } });

let top: string;
let folder: string;
let database: TestDatabase;
let env: Record<string, string>;
const processes: CliProcess[] = [];

beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'pegboard-watch-'));
});
afterAll(() => rm(top, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(top, 'w-'));
  await mkdir(join(folder, 'in'));
  database = await createTestDatabase();
  env = databaseEnv(database);
});
afterEach(async () => {
  for (const { child } of processes.splice(0)) child.kill('SIGKILL');
  await database.drop();
});

const put = (name: string, content: string | Uint8Array) => writeFile(join(folder, 'in', name), content);

function watch(times: readonly string[], given = env): CliProcess {
  const started = new CliProcess(['ingest', 'in', '--watch', '--json', ...times], { env: given, cwd: folder });
  processes.push(started);
  return started;
}

function linesOf({ stdout }: Pick<CliProcess, 'stdout'>): IngestWatchLine[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as IngestWatchLine);
}

const fates = (process: Pick<CliProcess, 'stdout'>) =>
  linesOf(process)
    .map(({ name, status, error }) => `${status} ${name}${error === null ? '' : ` ${error.code}`}`)
    .sort();

async function sampled(): Promise<number[]> {
  const { rows } = await database.pool.query<{ value: number }>('SELECT value FROM pm_sample ORDER BY "begin"');
  return rows.map(({ value }) => value);
}

async function refusedNames(): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    "SELECT name FROM ingest_file WHERE status = 'quarantined' ORDER BY name",
  );
  return rows.map(({ name }) => name);
}

describe('ingest --watch', { timeout: 60_000 }, () => {
  it('takes what is there and what comes, a line a file, once it is complete; a second run takes nothing twice', async () => {
    await put('a.xml', good(1));
    await put('.hidden.xml', good(90));
    await put('b.xml.part', good(2).slice(0, 300));
    const process = watch(PATIENT);
    await expect.poll(() => fates(process), POLL).toEqual(['ok in/a.xml']);
    await appendFile(join(folder, 'in', 'b.xml.part'), good(2).slice(300));
    await rename(join(folder, 'in', 'b.xml.part'), join(folder, 'in', 'b.xml'));
    await mkdir(join(folder, 'in', 'new', 'sub'), { recursive: true });
    await put('new/sub/c.zip', zipOf({ 'c1.xml': good(3), 'c2.xml': good(4) }));
    await put('notes.md', '# notes');
    const expected = ['ok in/a.xml', 'ok in/b.xml', 'ok in/new/sub/c.zip/c1.xml', 'ok in/new/sub/c.zip/c2.xml'];
    await expect.poll(() => fates(process), POLL).toEqual([...expected, 'skipped in/notes.md']);
    const { exitCode, stdout, stderr } = await process.end('SIGTERM');
    expect(exitCode).toBe(143);
    expect(stderr).toMatch(
      /^watching 1 folder, every 1 s; .*\n5 files: 4 ok, 1 skipped\ninterrupted by SIGTERM: nothing is half-written\n$/,
    );
    expect(linesOf({ stdout }).find(({ name }) => name.endsWith('c1.xml'))).toMatchObject({
      path: 'in/new/sub/c.zip',
      values: 1,
      at: expect.stringMatching(/^2\d{3}-.*Z$/),
    });
    expect(await sampled()).toEqual([1, 2, 3, 4]);

    const second = watch(PATIENT);
    const again = ['duplicate in/a.xml', 'duplicate in/b.xml', 'duplicate in/new/sub/c.zip/c1.xml'];
    await expect
      .poll(() => fates(second), POLL)
      .toEqual([...again, 'duplicate in/new/sub/c.zip/c2.xml', 'skipped in/notes.md']);
    expect((await second.end('SIGINT')).exitCode).toBe(130);
    expect(await sampled()).toEqual([1, 2, 3, 4]);
  });

  it('leaves what is cut off until it is whole, and refuses nothing meanwhile', async () => {
    const packed = gzipSync(good(11));
    const zip = zipOf({ 'z.xml': good(12) });
    const whole = { 'x.xml': good(10), 'y.xml.gz': packed, 'z.zip': zip };
    await put('x.xml', good(10).slice(0, -60));
    await put('y.xml.gz', packed.subarray(0, -8));
    await put('z.zip', zip.subarray(0, -22));
    await put('empty.xml', '');
    const process = watch(PATIENT);
    await put('sign.xml', good(13));
    await expect.poll(() => fates(process), POLL).toEqual(['ok in/sign.xml']);
    for (const [name, content] of Object.entries(whole)) await put(name, content);
    await put('empty.xml', good(14));
    const expected = ['ok in/empty.xml', 'ok in/sign.xml', 'ok in/x.xml', 'ok in/y.xml.gz', 'ok in/z.zip/z.xml'];
    await expect.poll(() => fates(process), POLL).toEqual(expected);
    await process.end('SIGTERM');
    expect(await sampled()).toEqual([10, 11, 12, 13, 14]);
    expect(await refusedNames()).toEqual([]);
  });

  it('refuses what never becomes whole after a bounded time, and takes it when it does after all', async () => {
    await put('x.xml', good(20).slice(0, -60));
    await put('never.xml.part', 'x');
    const process = watch(QUICK);
    const first = ['quarantined in/x.xml truncated', 'waiting in/never.xml.part'];
    await expect.poll(() => fates(process), POLL).toEqual(first);
    expect(await refusedNames()).toEqual(['in/x.xml']);
    expect(linesOf(process).find(({ status }) => status === 'waiting')?.reason).toMatch(/^by its name .* for 3 s; /);
    await put('x.xml', good(20));
    await expect.poll(() => fates(process), POLL).toEqual(['ok in/x.xml', ...first]);
    expect(await refusedNames()).toEqual([]);
    await process.end('SIGTERM');
  });

  it('tells once of a file that is written for too long', async () => {
    const process = watch(QUICK);
    await expect.poll(() => process.stderr, POLL).toContain('watching');
    const writing = setInterval(() => void appendFile(join(folder, 'in', 'log.csv'), 'x'), 100);
    await expect.poll(() => fates(process), POLL).toEqual(['waiting in/log.csv']);
    clearInterval(writing);
    expect(linesOf(process)[0].reason).toMatch(/^it is still being written after 3 s; /);
    await process.end('SIGTERM');
  });

  it('takes corrections, also of a file that is replaced in place, and goes on when folders go and come back', async () => {
    await put('a.xml', good(30));
    const process = watch(PATIENT);
    await expect.poll(() => fates(process), POLL).toEqual(['ok in/a.xml']);
    await rename(join(folder, 'in'), join(folder, 'away'));
    await expect.poll(() => process.stderr, POLL).toContain('in cannot be read (ENOENT); it is looked for again\n');
    await rename(join(folder, 'away'), join(folder, 'in'));
    await expect.poll(() => process.stderr, POLL).toContain('in can be read again\n');
    await put('new.xml', good(31).replace('>31<', '>310<'));
    await rename(join(folder, 'in', 'new.xml'), join(folder, 'in', 'a.xml'));
    await expect.poll(() => fates(process), POLL).toEqual(['ok in/a.xml', 'ok in/a.xml']);
    await put('a.xml', good(31));
    await expect.poll(() => fates(process), POLL).toHaveLength(3);
    await process.end('SIGTERM');
    expect(await sampled()).toEqual([30, 31]);
  });

  it('waits for a database that goes away, says so, and loses nothing', async () => {
    const proxy = await createDatabaseProxy(database.connection);
    const process = watch(PATIENT, databaseEnv(proxy));
    await put('a.xml', good(40));
    await expect.poll(() => fates(process), POLL).toEqual(['ok in/a.xml']);
    await proxy.cut();
    await put('b.xml', good(41));
    await put('c.xml', 'timestamp,ne,cell,peg,value\n"');
    await expect
      .poll(() => process.stderr, POLL)
      .toMatch(/the database cannot be used: .* Trying again in 1 s\.\n.*Trying again in 2 s\./);
    await put('d.xml', good(42));
    await proxy.restore();
    await expect.poll(() => process.stderr, POLL).toContain('the database is back\n');
    await expect.poll(() => fates(process), POLL).toEqual(['ok in/a.xml', 'ok in/b.xml', 'ok in/d.xml']);
    await proxy.cut();
    await put('e.xml', good(43));
    await expect.poll(() => process.stderr.split('Trying again in 1 s').length, POLL).toBe(3);
    // It can be ended while it waits.
    expect((await process.end('SIGTERM')).exitCode).toBe(143);
    await proxy.close();
    expect(await sampled()).toEqual([40, 41, 42]);
  });

  it('killed in the middle of a swarm leaves whole files only, and a second run takes the rest', async () => {
    const files = 400;
    const process = watch(PATIENT);
    await expect.poll(() => process.stderr, POLL).toContain('watching');
    for (let i = 0; i < files; i++) await put(`${i}.xml`, good(1000 + i));
    await expect.poll(() => linesOf(process).length, { ...POLL, interval: 5 }).toBeGreaterThan(0);
    expect((await process.end('SIGKILL')).exitCode).toBe(137);
    const second = watch(PATIENT);
    await expect.poll(() => linesOf(second).length, POLL).toBe(files);
    await second.end('SIGTERM');
    expect(fates(second).filter((fate) => !/^(ok|duplicate) /.test(fate))).toEqual([]);
    expect(await sampled()).toEqual(Array.from({ length: files }, (_, i) => 1000 + i));
  });

  it('is told of new files by the system, and does not wait for the next look', async () => {
    const process = watch(['--interval', '1h', '--settle', '1', '--give-up', '1h']);
    await expect.poll(() => process.stderr, POLL).toContain('watching');
    await mkdir(join(folder, 'in', 'sub'));
    await put('sub/a.xml', good(60));
    await expect.poll(() => fates(process), POLL).toEqual(['ok in/sub/a.xml']);
    await put('sub/b.xml', good(61));
    await expect.poll(() => fates(process), POLL).toEqual(['ok in/sub/a.xml', 'ok in/sub/b.xml']);
    await process.end('SIGTERM');
  });

  it('prints a line a file for people, and says that it is ended', async () => {
    await put('a.xml', good(50));
    const process = new CliProcess(['ingest', 'in', '--watch', ...QUICK], { env, cwd: folder });
    processes.push(process);
    await process.printed(/^ok {11}in\/a\.xml: 1 value of 1 object\n$/);
    expect((await process.end('SIGTERM')).exitCode).toBe(143);
  });

  it.each<[string, string[], RegExp]>([
    ['a file', ['in/../file', '--watch'], /^error: cannot watch in\/\.\.\/file: --watch is for folders/],
    ['a folder that is not there', ['nowhere', '--watch'], /^error: cannot watch nowhere: no such folder/],
    ['a wrong interval', ['in', '--watch', '--interval', 'often'], /^error: --interval: 'often' is no length of time/],
    [
      'an interval of nothing',
      ['in', '--watch', '--interval', '0'],
      /^error: --interval: '0' is not between 1s and 1d/,
    ],
    [
      'patience that ends too soon',
      ['in', '--watch', '--settle', '1m', '--give-up', '5s'],
      /^error: --give-up: it is shorter/,
    ],
    ['times without --watch', ['in', '--settle', '5s'], /^error: --settle goes with --watch only/],
  ])('refuses %s', async (_what, args, message) => {
    await writeFile(join(folder, 'file'), '');
    const { exitCode, stdout, stderr } = await runCli(['ingest', ...args], { env, cwd: folder });
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});
