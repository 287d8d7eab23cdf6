import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ServerUserProcess } from '../../testing/embedded-server-process.ts';
import type { UserOptions } from '../../testing/fixtures/embedded-server-user.ts';
import { openEmbeddedServer } from './embedded-server.ts';
import { identifyProcess } from './process-identity.ts';
import { findServerBinaries, type ServerBinaries } from './server-binaries.ts';

const IS_ROOT = process.getuid?.() === 0;
const NOBODY = 65_534;
const folders: string[] = [];
const users: ServerUserProcess[] = [];
const strangers: ChildProcess[] = [];
const programs = join(await mkdtemp(join(tmpdir(), 'pegboard-programs-')), 'native');

/** A data folder that holds a stopped server: tests that do not care how it came to be share it. */
const madeDataDir = join(await mkdtemp(join(tmpdir(), 'pegboard-embedded-')), 'data');

beforeAll(async () => {
  await (await openEmbeddedServer({ dataDir: madeDataDir, durable: false })).close();
});
afterAll(async () => {
  await rm(dirname(programs), { recursive: true, force: true });
  await rm(dirname(madeDataDir), { recursive: true, force: true });
});

afterEach(async () => {
  await Promise.all(users.splice(0).map((user) => user.end('SIGKILL')));
  for (const stranger of strangers.splice(0)) {
    stranger.kill('SIGKILL');
  }
  await stopServerOf(madeDataDir);
  for (const folder of folders.splice(0)) {
    await stopServerOf(join(folder, 'data'));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

async function stopServerOf(dataDir: string): Promise<void> {
  const pid = postmasterPid(dataDir);
  if (pid !== null && identifyProcess(pid)?.program === 'postgres') {
    process.kill(pid, 'SIGQUIT');
    await gone(pid);
  }
}

/** A folder of mode 700, as `mktemp -d` makes it; the data folder `data` in it does not exist yet. */
async function temporaryFolder(): Promise<{ folder: string; dataDir: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'pegboard-embedded-'));
  folders.push(folder);
  return { folder, dataDir: join(folder, 'data') };
}

function startUser(options: UserOptions): ServerUserProcess {
  const user = new ServerUserProcess(options);
  users.push(user);
  return user;
}

async function openUser(options: UserOptions): Promise<ServerUserProcess & { joined: boolean; port: number }> {
  const user = startUser(options);
  return Object.assign(user, await user.opened());
}

function postmasterPid(dataDir: string): number | null {
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : null;
}

async function gone(pid: number): Promise<void> {
  await expect.poll(() => identifyProcess(pid), { timeout: 10_000 }).toBeNull();
}

/** Kills the server with -9. */
async function crash(dataDir: string): Promise<void> {
  const pid = postmasterPid(dataDir)!;
  process.kill(pid, 'SIGKILL');
  await gone(pid);
}

/** The server's programs copied into a folder of the given mode. */
async function programsIn(mode: number): Promise<ServerBinaries> {
  const { postgres } = await findServerBinaries();
  if (!existsSync(programs)) {
    await cp(dirname(dirname(postgres)), programs, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.a'),
    });
  }
  await chmod(dirname(programs), mode);
  return { initdb: join(programs, 'bin', 'initdb'), postgres: join(programs, 'bin', 'postgres') };
}

describe('openEmbeddedServer', () => {
  it('is shared by two processes that start at once on an empty folder; the last one stops it', async () => {
    const { dataDir } = await temporaryFolder();
    const both = [startUser({ dataDir }), startUser({ dataDir })] as const;
    const opened = await Promise.all(both.map((user) => user.opened()));

    expect(opened.map(({ joined }) => joined).sort()).toEqual([false, true]);
    expect(opened[0]?.port).toBe(opened[1]?.port);
    const pid = postmasterPid(dataDir)!;
    await both[0].query('CREATE TABLE kept AS SELECT 42 AS answer');
    await both[0].close();
    expect(identifyProcess(pid)).not.toBeNull();
    expect(await both[1].query('SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await both[1].close();
    expect(identifyProcess(pid)).toBeNull();
    expect(postmasterPid(dataDir)).toBeNull();
    expect(existsSync(join(dataDir, 'postgres.lock'))).toBe(false);
  });

  it('keeps the password in a file of mode 600, and the data out of reach of others', async () => {
    const { dataDir } = await temporaryFolder();
    const server = await openEmbeddedServer({ dataDir, durable: false });
    await server.close();

    const passwordFile = join(dataDir, 'postgres.password');
    expect(statSync(passwordFile).mode & 0o777).toBe(0o600);
    expect((await readFile(passwordFile, 'utf8')).trim()).toBe(server.connection.password?.reveal());
    expect(server.connection.password?.reveal()).toMatch(/^[\w-]{32}$/);
    expect(statSync(dataDir).mode & 0o007).toBe(0);
    expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700);
    expect(await readFile(join(dataDir, 'postgres', 'pg_hba.conf'), 'utf8')).not.toMatch(/^[^#].*\btrust\b/m);
    expect(readdirSync(dataDir).sort()).toEqual(['postgres', 'postgres.log', 'postgres.password']);
  });

  it('is joined by the next process after kill -9 of its only user, with the data there', async () => {
    const dataDir = madeDataDir;
    const first = await openUser({ dataDir });
    await first.query('CREATE TABLE orphaned AS SELECT 7 AS answer');
    await first.end('SIGKILL');

    const second = await openUser({ dataDir });
    expect(second).toMatchObject({ joined: true, port: first.port });
    expect(await second.query('SELECT answer FROM orphaned')).toEqual([{ answer: 7 }]);
    const pid = postmasterPid(dataDir)!;
    await second.end('SIGTERM');
    await gone(pid);
    expect(postmasterPid(dataDir)).toBeNull();
  });

  it('recovers after kill -9 of the server; a process that used it finds it again', async () => {
    const dataDir = madeDataDir;
    const first = await openUser({ dataDir });
    await first.query('CREATE TABLE crashed AS SELECT generate_series(1, 1000) AS n');
    await crash(dataDir);

    const second = await openUser({ dataDir });
    expect(second).toMatchObject({ joined: false, port: first.port });
    expect(await second.query('SELECT count(*) AS n FROM crashed')).toEqual([{ n: 1000 }]);
    expect(await first.query('SELECT count(*) AS n FROM crashed')).toEqual([{ n: 1000 }]);
    const leases = `SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND objsubid = 2`;
    await expect.poll(() => second.query(leases), { timeout: 5_000 }).toEqual([{ n: 2 }]);
    const pid = postmasterPid(dataDir)!;
    await second.close();
    expect(identifyProcess(pid)).not.toBeNull();
    await first.close();
    expect(identifyProcess(pid)).toBeNull();
  });

  it('starts although the pid of the crashed server belongs to another process by now', async () => {
    const dataDir = madeDataDir;
    const first = await openUser({ dataDir });
    await first.query('CREATE TABLE reused AS SELECT 1 AS answer');
    await first.end('SIGKILL');
    await crash(dataDir);
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
    const stranger = spawn('sleep', ['60'], IS_ROOT ? { uid: statSync(pidFile).uid } : {});
    strangers.push(stranger);
    await once(stranger, 'spawn');
    writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(stranger.pid)));

    const second = await openUser({ dataDir });
    expect(second.joined).toBe(false);
    expect(await second.query('SELECT answer FROM reused')).toEqual([{ answer: 1 }]);
    expect(identifyProcess(stranger.pid!)?.program).toBe('sleep');
    await second.close();
  });

  it('begins anew after kill -9 in the middle of initdb, whose lock is taken over', async () => {
    const { dataDir } = await temporaryFolder();
    const first = startUser({ dataDir });
    const unfinished = () =>
      existsSync(dataDir) && readdirSync(dataDir).some((name) => /^postgres\.new-\w+$/.test(name));
    while (!unfinished()) {
      await sleep(2);
    }
    await first.end('SIGKILL');
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
    expect(existsSync(join(dataDir, 'postgres.lock'))).toBe(true);

    const second = await openUser({ dataDir });
    expect(second.joined).toBe(false);
    expect(await second.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.close();
    await (await openEmbeddedServer({ dataDir, durable: false })).close();
    expect(readdirSync(dataDir).sort()).toEqual(['postgres', 'postgres.log', 'postgres.password']);
  });

  it('runs from programs in a folder that only its user may enter', async () => {
    const user = await openUser({ dataDir: madeDataDir, binaries: await programsIn(0o700) });
    expect(await user.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await user.close();
  });

  it('gets no capability where it needs none, and works for an ordinary user', async () => {
    const { folder, dataDir } = await temporaryFolder();
    await chmod(folder, 0o755);
    const binaries = await programsIn(0o755);
    const user = await openUser({ dataDir, binaries });
    const status = join('/proc', String(postmasterPid(dataDir)), 'status');
    expect(existsSync(status) ? await readFile(status, 'utf8') : 'CapEff:\t0000000000000000\n').toMatch(
      /^CapEff:\t0+$/m,
    );
    await user.close();

    const ownFolder = join(folder, 'ordinary');
    await mkdir(ownFolder);
    if (IS_ROOT) {
      await chown(ownFolder, NOBODY, NOBODY);
    }
    const ordinary = await openUser({
      dataDir: join(ownFolder, 'data'),
      binaries,
      ...(IS_ROOT ? { uid: NOBODY } : {}),
    });
    expect(await ordinary.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(statSync(join(ownFolder, 'data')).mode & 0o777).toBe(0o700);
    await ordinary.close();
  });

  it('refuses a folder that cannot be made or written to, naming it', async () => {
    const { folder } = await temporaryFolder();
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(openEmbeddedServer({ dataDir: join(file, 'data') })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_ERROR',
      message: `The data folder ${join(file, 'data')} cannot be used: a part of the path is a file.`,
      hint: expect.stringContaining('--data-dir'),
    });

    const readOnly = join(folder, 'read-only');
    await mkdir(readOnly, { mode: 0o555 });
    await chmod(folder, 0o755);
    const user = startUser({ dataDir: readOnly, ...(IS_ROOT ? { uid: NOBODY } : {}) });
    const error = await user.refused();
    expect(error.code).toBe('DATA_DIRECTORY_ERROR');
    expect(error.message).toContain(`${readOnly} cannot be used: permission denied (owner uid`);
  });

  it('refuses what is no data folder of its version', async () => {
    const { dataDir } = await temporaryFolder();
    await mkdir(join(dataDir, 'postgres'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'notes.txt'), 'mine');
    await expect(openEmbeddedServer({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_ERROR',
      message: expect.stringContaining('is no PostgreSQL data folder'),
    });
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '16\n');
    await expect(openEmbeddedServer({ dataDir })).rejects.toMatchObject({
      message: expect.stringContaining('was made by PostgreSQL 16; this Pegboard runs PostgreSQL 18'),
    });
    expect((await stat(join(dataDir, 'postgres', 'notes.txt'))).size).toBe(4);
  });

  it('refuses a password file that is not the one of the server, and leaves no server behind', async () => {
    const dataDir = madeDataDir;
    const passwordFile = join(dataDir, 'postgres.password');
    const password = await readFile(passwordFile);
    await writeFile(passwordFile, 'another\n');
    await expect(openEmbeddedServer({ dataDir, durable: false })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_ERROR',
      message: expect.not.stringContaining('another'),
    });
    expect(postmasterPid(dataDir)).toBeNull();
    await rm(passwordFile);
    await expect(openEmbeddedServer({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_ERROR',
      message: expect.stringContaining('is missing or empty'),
    });
    await writeFile(passwordFile, password);
  });
});
