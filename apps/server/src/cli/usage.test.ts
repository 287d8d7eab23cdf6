import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (args: readonly string[], env: Record<string, string> = {}) => runCli(args, { cwd: folder, env });
const PERIODS = ['--n-1', '2025-08-13', '--n', '2025-08-14'] as const;
const SECRET = 'hunter2-do-not-print';

describe('help', () => {
  it('names every command on standard output', async () => {
    const { exitCode, stdout, stderr } = await run(['--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const name of ['serve', 'ingest', 'import', 'compare', 'query', 'sql', 'generate', 'migrate', 'token']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    }
    expect(stdout).toContain('130/143 interrupted');
  });

  it('shows the options of a command, the version, and all commands where none is given', async () => {
    const [compare, version, nothing] = await Promise.all([run(['compare', '--help']), run(['--version']), run([])]);
    expect(compare.exitCode).toBe(0);
    expect(compare.stdout).toContain('--fail-on <level>');
    expect(compare.stdout).toContain('2025-08-13_00:00~2025-08-13_23:59');
    expect(version).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(nothing).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('Usage: pegboard') });
  });
});

describe('wrong usage ends with 2 and says how to mend it', () => {
  it.each<[string, string[], RegExp]>([
    ['a mistyped command', ['compair'], /unknown command 'compair'\n\(Did you mean compare\?\)/],
    [
      'a mistyped option',
      ['compare', ...PERIODS, '--formt', 'json'],
      /unknown option '--formt'\n\(Did you mean --format\?\)/,
    ],
    [
      'a missing option',
      ['compare', '--n', '2025-08-14'],
      /required option '--n-1 <period>'.*\n.*pegboard compare --help/,
    ],
    ['a missing argument', ['ingest'], /missing required argument 'path'\n\(pegboard ingest --help/],
    [
      'a wrong choice',
      ['compare', ...PERIODS, '--by', 'cel'],
      /'--by <level>' argument 'cel' is invalid.*cell, ne, network/,
    ],
    ['a wrong gate', ['compare', ...PERIODS, '--fail-on', 'bad'], /Allowed choices are fail, marginal, degraded/],
    ['a wrong format', ['query', '--kpi', 'a', '--from', 'x', '--to', 'x', '--format', 'xml'], /table, json, csv/],
    ['a wrong number', ['compare', ...PERIODS, '--alpha', 'x'], /^error: --alpha: 'x' is no number/],
    ['a number out of range', ['compare', ...PERIODS, '--alpha', '7'], /^error: --alpha: /],
    [
      'a wrong zone',
      ['compare', ...PERIODS, '--timezone', 'Asia/Soul'],
      /^error: --timezone 'Asia\/Soul' is no time zone.*Asia\/Seoul/,
    ],
    ['a wrong port', ['serve', '--port', '99999'], /^error: --port '99999' must be at most 65535/],
    ['a wrong log level', ['migrate', '--log-level', 'loud'], /^error: --log-level 'loud' must be one of/],
    [
      'an unknown role of a process',
      ['serve', '--role', 'api,cook'],
      /--role: this version has no role 'cook'\nhint: Known roles: api/,
    ],
    ['a path that is not there', ['ingest', 'nowhere'], /cannot ingest nowhere: no such file or folder\nhint: /],
    [
      'a wrong interval',
      ['query', '--kpi', 'a', '--from', '2025-08-13', '--to', '2025-08-13', '--interval', '7q'],
      /--interval: '7q' is no length of time\nhint: .*15m/,
    ],
    ['a wrong time', ['generate', '--out', 'g', '--start', 'soon'], /--start: 'soon' is no time\nhint: .*2025-08-01/],
    ['a wrong count', ['generate', '--out', 'g', '--nes', 'many'], /--nes: 'many' is no number/],
    [
      'a count out of range',
      ['generate', '--out', 'g', '--nes', '0'],
      /--nes is 0\nhint: Give a whole number from 1 to/,
    ],
    [
      'a granularity that does not divide a day',
      ['generate', '--out', 'g', '--granularity', '7m'],
      /--granularity 420 s does not divide a day\nhint: /,
    ],
    ['a change that says nothing', ['generate', '--out', 'g', '--change', 'peg=x'], /change "peg=x": .*\nhint: /],
  ])('%s', async (_what, args, message) => {
    const { exitCode, stdout, stderr } = await run(args);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

describe('settings', () => {
  it('refuses an unknown one, with a suggestion', async () => {
    const { exitCode, stderr } = await run(['migrate'], { PEGBOARD_PROT: '1' });
    expect(exitCode).toBe(2);
    expect(stderr).toBe('error: unknown setting PEGBOARD_PROT (did you mean PEGBOARD_PORT?)\n');
  });

  it('refuses half a database', async () => {
    const { exitCode, stderr } = await run(['migrate'], { DB_USER: 'x', DB_PASSWORD: SECRET });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: 'error: DB_USER, DB_PASSWORD set but not DB_HOST; set DB_HOST too, or none\n',
    });
  });

  const nowhere = { DB_HOST: '127.0.0.1', DB_PORT: '1', DB_USER: 'u', DB_PASSWORD: SECRET, DB_NAME: 'd' };

  it.each<[string, string[]]>([
    ['migrate', ['migrate', '--log-level', 'trace']],
    ['compare', ['compare', ...PERIODS]],
    ['sql', ['sql', 'SELECT 1']],
    ['serve', ['serve', '--port', '0']],
  ])('%s: a database that is not there ends with 4 within 10 s, without its password', async (_command, args) => {
    const startedAt = performance.now();
    const { exitCode, stdout, stderr } = await run(args, nowhere);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toMatch(/^error: PostgreSQL at 127\.0\.0\.1:1\/d is not available: the connection was refused\.$/m);
    expect(stderr).toMatch(/^hint: Is a server listening on port 1 of 127\.0\.0\.1\?$/m);
    expect(stderr).not.toContain(SECRET);
  });

  it('does not put a demo into a database of somebody', async () => {
    const { exitCode, stderr } = await run(['serve', '--demo'], nowhere);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/DB_HOST is set.*\nhint: Unset DB_HOST/);
  });

  it.each<[string, string[]]>([
    ['a command', ['migrate']],
    ['a token', ['token', 'create', '--user', 'kim', '--role', 'viewer']],
  ])('refuses a data folder that cannot be written: %s', async (_what, args) => {
    await writeFile(join(folder, 'a-file'), 'x');
    const { exitCode, stdout, stderr } = await run([...args, '--data-dir', 'a-file/below']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .*a-file\/below.*\nhint: .*--data-dir/);
  });
});
