import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliProcess, databaseEnv, runCli } from '../testing/run-cli.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

const SECRET = 'hunter2-do-not-print';
let folder: string;
let source: TestDatabase;
let target: TestDatabase;
let from: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-cli-'));
  [source, target] = await Promise.all([createTestDatabase({ migrated: false }), createTestDatabase()]);
  const { host, port, user, database, password } = source.connection;
  from = `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
  env = { ...databaseEnv(target), PGPASSWORD: password?.reveal() ?? '', HOME: folder };
  await source.pool.query(`
    CREATE TABLE summary (id bigint, host text, ne text, version text, family_name text, cellid text, peg_name text, datetime timestamp, value text);
    INSERT INTO summary SELECT 1, 'h', 'NE1', 'R1', 'F', cell::text, 'P' || peg, TIMESTAMP '2025-08-08' + t * INTERVAL '15 min', '1.5'
    FROM generate_series(1, 5) AS cell, generate_series(1, 4) AS peg, generate_series(0, 95) AS t`);
});
afterAll(async () => {
  await Promise.all([source.drop(), target.drop()]);
  await rm(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], more: Record<string, string> = {}) =>
  runCli(['import', ...args], { cwd: folder, env: { ...env, ...more } });

describe('import', () => {
  it('prints one JSON document, and says for people what came of it', async () => {
    const json = await run(['--from', from, '--table', 'summary', '--source-timezone', 'Asia/Seoul', '--json']);
    expect({ exitCode: json.exitCode, stderr: json.stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({
      completed: true,
      rows: 1920,
      numbers: 1920,
      inserted_blocks: 480,
      period: { start: '2025-08-07T15:00:00Z', end: '2025-08-08T15:00:00Z' },
      source: { time_zone: 'Asia/Seoul' },
    });
    const again = await run(['--from', from, '--table', 'summary', '--source-timezone', 'Asia/Seoul']);
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toMatch(
      /^public\.summary of .*\(narrow\), continued\n160 rows, 160 values, 160 numbers of 5 objects and 4 PEGs\n/,
    );
    expect(again.stdout).toContain('periods of 900 s');
  });

  it.each<[string[], string, string, number]>([
    [['--since', '2025-08-08', '--until', '2025-08-08'], '2025-08-08T00:00:00Z', '2025-08-09T00:00:00Z', 96],
    [['--since', '2025-08-08_06:00', '--until', '2025-08-08_06:59'], '2025-08-08T06:00:00Z', '2025-08-08T07:00:00Z', 4],
    [
      ['--since', '2025-08-08T15:00:00+09:00', '--until', '2025-08-08T07:00'],
      '2025-08-08T06:00:00Z',
      '2025-08-08T07:00:00Z',
      4,
    ],
    [
      ['--since', '2025-08-08_06:00', '--until', '2025-08-08_06:59', '--timestamp', 'end'],
      '2025-08-08T06:00:00Z',
      '2025-08-08T07:00:00Z',
      4,
    ],
  ])('bounds periods by %o', async (bounds, start, end, periods) => {
    const { stdout } = await run(['--from', from, '--table', 'summary', '--restart', '--json', ...bounds]);
    expect(JSON.parse(stdout)).toMatchObject({ rows: periods * 20, period: { start, end } });
  });

  it('ends with 4 for a wrong password, which it does not print', async () => {
    const { exitCode, stdout, stderr } = await run(['--from', from, '--table', 'summary', '--log-level', 'trace'], {
      PGPASSWORD: SECRET,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toMatch(/^error: the source at .* is not available: the server refused user \w+ \(wrong password/m);
    expect(stderr).toMatch(/^hint: .*PGPASSWORD.*passfile/m);
    expect(stderr).not.toMatch(/DB_PASSWORD|DB_USER/);
    expect(stderr).not.toContain(SECRET);
  });

  it('keeps the password out of what it prints, logs, stores, and shows to others', async () => {
    const role = `reader_${randomBytes(6).toString('hex')}`;
    await source.pool.query(`CREATE ROLE ${role} LOGIN PASSWORD '${SECRET}'; GRANT SELECT ON summary TO ${role}`);
    const { host, port, database } = source.connection;
    const sources = { legacy: { host, port, database, user: role, password: SECRET } };
    const file = join(folder, 'sources.json');
    await writeFile(file, JSON.stringify({ sources }), { mode: 0o600 });
    const more = { PGPASSWORD: '', PEGBOARD_SOURCES_FILE: file };
    const args = [
      'import',
      '--from',
      'legacy',
      '--log-level',
      'trace',
      '--granularity',
      '5m',
      '--granularity',
      'G=1h',
      '--table',
    ];
    try {
      const following = new CliProcess([...args, 'summary', '--follow'], { cwd: folder, env: { ...env, ...more } });
      while ((await target.pool.query(`SELECT FROM pm_sample WHERE granularity_s = 300`)).rowCount === 0)
        await sleep(50);
      const commandLine = await readFile(`/proc/${following.child.pid}/cmdline`, 'latin1');
      const outputs = [
        await following.end('SIGINT'),
        await runCli([...args, 'sumary'], { cwd: folder, env: { ...env, ...more } }),
      ];
      expect(outputs.map(({ exitCode }) => exitCode)).toEqual([130, 2]);
      const stored = await Promise.all(
        ['import_progress', 'ingest_file', 'network_element'].map(
          async (table) => (await target.pool.query(`SELECT t::text FROM pegboard.${table} AS t`)).rows,
        ),
      );
      const all = JSON.stringify([outputs, commandLine, stored]);
      expect(all).toContain('--follow');
      expect(all).toContain(database);
      expect(all).not.toContain(SECRET);
    } finally {
      await source.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('ends with 4 where no server listens', async () => {
    const { exitCode, stderr } = await run(['--from', 'postgres://kim@127.0.0.1:1/pm', '--table', 'summary']);
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(
      /^error: the source at 127\.0\.0\.1:1\/pm is not available: the connection was refused\.\nhint: /,
    );
  });

  it.each<[string, string[], RegExp]>([
    [
      'a password in the URL',
      ['--from', `postgres://kim:${SECRET}@db/pm`, '--table', 't'],
      /holds a password.*\nhint: .*PGPASSWORD/,
    ],
    [
      'an unknown role',
      ['--from', 'x', '--table', 't', '--column', 'pge=x'],
      /no role 'pge'\nhint: Did you mean peg\?/,
    ],
    [
      'a column without a role',
      ['--from', 'x', '--table', 't', '--column', 'x'],
      /'x' is not role=name\nhint: Roles: time/,
    ],
    [
      'a wrong zone',
      ['--from', 'x', '--table', 't', '--source-timezone', 'Asia/Soul'],
      /--source-timezone: .*Asia\/Soul/,
    ],
    [
      'a wrong time',
      ['--from', 'x', '--table', 't', '--since', 'soon'],
      /--since: "soon" is not a readable time\nhint: /,
    ],
    [
      'times the wrong way round',
      ['--from', 'x', '--table', 't', '--since', '2025-08-09', '--until', '2025-08-08'],
      /--until: it is not after --since/,
    ],
    ['a wrong length', ['--from', 'x', '--table', 't', '--granularity', '0m'], /--granularity: '0m' is not between/],
    ['a wrong length of a family', ['--from', 'x', '--table', 't', '--granularity', 'F=40d'], /'40d' is not between/],
    ['a wrong layout', ['--from', 'x', '--table', 't', '--layout', 'wide'], /auto, narrow, jsonb/],
    [
      'no configured sources',
      ['--from', 'legacy', '--table', 't'],
      /no source legacy.*\nhint: .*PEGBOARD_SOURCES_FILE/,
    ],
  ])('ends with 2 for %s', async (_what, args, message) => {
    const { exitCode, stdout, stderr } = await run(args);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).not.toContain(SECRET);
  });

  it('follows until it is interrupted, prints the report and ends with 130', async () => {
    const args = [
      'import',
      '--from',
      from,
      '--table',
      'summary',
      '--follow',
      '--poll',
      '1s',
      '--timestamp',
      'end',
      '--json',
    ];
    const following = new CliProcess(args, { cwd: folder, env });
    const samples = async () =>
      (await target.pool.query<{ n: number }>(`SELECT count(*) AS n FROM pm_sample WHERE peg = 'late'`)).rows[0].n;
    await source.pool.query(
      `INSERT INTO summary VALUES (1, 'h', 'NE1', 'R1', 'F', '1', 'late', '2025-08-08 23:00', '7')`,
    );
    while ((await samples()) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    await source.pool.query(
      `INSERT INTO summary VALUES (1, 'h', 'NE1', 'R1', 'F', '2', 'late', '2025-08-08 22:30', '8')`,
    );
    while ((await samples()) === 1) await new Promise((resolve) => setTimeout(resolve, 50));
    const { exitCode, stdout } = await following.end('SIGINT');
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ completed: false, pegs: 5 });
  });
});
