import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompareDocument } from '@pegboard/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliProcess, databaseEnv, runCli } from '../testing/run-cli.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

let folder: string;
let database: TestDatabase;
let env: Record<string, string>;

/** 36 cells and more rows than a table shows; names with all that may go wrong in a terminal or a spreadsheet. */
function samplesCsv(): string {
  const lines = ['timestamp,ne,cell,peg,value'];
  const add = (ne: string, cell: string, peg: string, nMinus1: readonly number[], n: readonly number[]) => {
    const stamp = (day: string, at: number) => `${day}T00:${`${at * 15}`.padStart(2, '0')}:00Z`;
    for (const [at, value] of nMinus1.entries()) lines.push(`${stamp('2025-08-13', at)},${ne},${cell},${peg},${value}`);
    for (const [at, value] of n.entries()) lines.push(`${stamp('2025-08-14', at)},${ne},${cell},${peg},${value}`);
  };
  add('gnb-1', '20', 'UL_thr', [45, 46, 47], [60, 61, 62]);
  add('gnb-2', '20', 'UL_thr', [45, 46, 47], [30, 31, 32]);
  add('gnb-2', '200', 'UL_thr', [10, 10, 10], [10, 10, 10]);
  add('서울-기지국', '7', '=SUM(A1)', [1, 1, 1], [2, 2, 2]);
  add('ev\u001b[31mil', '8', 'Esc_\u009b2J', [1, 1, 1], [2, 2, 2]);
  for (let cell = 1; cell <= 40; cell++) add('gnb-3', `${cell}`, 'Many', [5, 5, 5], [5, 5, 5]);
  return `${lines.join('\n')}\n`;
}

const run = (...args: string[]) => runCli(args, { env, cwd: folder });
const compare = (...args: string[]) => run('compare', '--n-1', '2025-08-13', '--n', '2025-08-14', ...args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-cli-'));
  database = await createTestDatabase();
  env = databaseEnv(database);
  await writeFile(join(folder, 'samples.csv'), samplesCsv());
  const { exitCode, stderr } = await run('ingest', 'samples.csv');
  if (exitCode !== 0) throw new Error(stderr);
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('compare --format json', () => {
  it('gives the check value of the algorithm', async () => {
    const { exitCode, stdout, stderr } = await compare('--ne', 'gnb-1', '--format', 'json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const document = JSON.parse(stdout) as CompareDocument;
    expect(document.algorithm_version).toBe('v2.1.0');
    expect(document.periods).toEqual({
      n_minus_1: { start: '2025-08-13T00:00:00.000Z', end: '2025-08-14T00:00:00.000Z' },
      n: { start: '2025-08-14T00:00:00.000Z', end: '2025-08-15T00:00:00.000Z' },
    });
    expect(document.results).toHaveLength(1);
    const [row] = document.results;
    expect(row).toMatchObject({ id: 'r1', kind: 'peg', peg_name: 'UL_thr', ne: 'gnb-1', cell_id: '20', weight: 5 });
    expect(row.n1_period).toMatchObject({ avg: 46, values: [45, 46, 47], count: 3 });
    expect(row.n1_period.rsd).toBeCloseTo(2.1739, 4);
    expect(row.n_period).toMatchObject({ avg: 61, values: [60, 61, 62], count: 3 });
    expect(row.n_period.rsd).toBeCloseTo(1.6393, 4);
    expect(row.comparison).toMatchObject({ change_absolute: 15, trend: 'up', significance: 'high' });
    expect(row.comparison?.change_percent).toBeCloseTo(32.6087, 4);
    expect(row.comparison?.confidence).toBeCloseTo(0.612, 10);
    expect(row.metadata).toMatchObject({ ne: 'gnb-1', cell_id: '20', outcome: 'improved', data_quality: 'high' });
    expect(document.summary).toMatchObject({ total_pegs: 1, improved: 1, declined: 0, score: 100, verdict: 'PASS' });
  });

  it('keeps cell 20 of two network elements apart, and 20 from 200', async () => {
    const { stdout } = await compare('--cell', '20', '--peg', 'UL_*', '--format', 'json');
    const { results } = JSON.parse(stdout) as CompareDocument;
    expect(results.map(({ ne, cell_id, metadata }) => [ne, cell_id, metadata.outcome])).toEqual([
      ['gnb-2', '20', 'declined'],
      ['gnb-1', '20', 'improved'],
    ]);
  });

  it('is what POST /api/compare of a service on the same database answers', async () => {
    const dataDir = join(folder, 'data');
    const serve = new CliProcess(['serve', '--port', '0', '--data-dir', dataDir], { env, cwd: folder });
    try {
      const [address] = (await serve.printed(/http:\/\/127\.0\.0\.1:\d+/)).split(' ');
      const token = await run('token', 'create', '--user', 'kim', '--role', 'analyst', '--data-dir', dataDir);
      const [cli, http] = await Promise.all([
        compare('--format', 'json', '--timezone', 'Asia/Seoul'),
        fetch(`${address}/api/compare`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token.stdout.trim()}`, 'content-type': 'application/json' },
          body: JSON.stringify({ n_minus_1: '2025-08-13', n: '2025-08-14', timezone: 'Asia/Seoul' }),
        }),
      ]);
      expect(http.status).toBe(200);
      const untimed = (text: string) =>
        JSON.parse(text.replaceAll(/"calculated_at": ?"[^"]*"/g, '"calculated_at": ""')) as CompareDocument;
      const answer = untimed(await http.text());
      expect(answer.results).toHaveLength(45);
      expect(answer.periods.n.start).toMatch(/^2025-08-13T15:00:00/);
      expect(untimed(cli.stdout)).toEqual(answer);
    } finally {
      await serve.end('SIGTERM');
    }
  });
});

describe('compare for people and spreadsheets', () => {
  it('prints a table of the most severe rows, the most severe last thing being the verdict', async () => {
    const { exitCode, stdout, stderr } = await compare();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^PEG +NE +cell +N-1 +N +change +outcome +weight +confidence {2}remarks$/);
    expect(lines[2]).toMatch(/^UL_thr +gnb-2 +20 +46 +31 +-32\.6 % +declined +5 +0\.61$/);
    expect(stdout).toContain('\n40 of 45 rows shown, the most severe first; ');
    expect(stdout).toContain('\nN-1: 2025-08-13 00:00 to 2025-08-14 00:00 UTC\n');
    expect(lines.at(-2)).toBe('PASS, score 97.7: 1 of 45 comparable series declined; 97.7 % of the weight did not');
  });

  it('aligns Korean names and keeps control characters of data from the terminal', async () => {
    const { stdout } = await compare('--peg', '=SUM*,Esc*,UL_thr');
    const [header, , ...rows] = stdout.split('\n').slice(0, 7);
    // Each Korean letter takes two columns of the terminal and one of the string.
    const korean = rows.find((row) => row.includes('서울-기지국'));
    const other = rows.find((row) => row.includes('gnb-1'));
    expect(header.indexOf('cell')).toBe(other?.indexOf('20 '));
    expect(korean?.indexOf('7 ')).toBe(header.indexOf('cell') - '서울기지국'.length);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(stdout).toContain('ev�[31mil');
  });

  it('prints CSV with pinned columns and no formulas', async () => {
    const { exitCode, stdout } = await compare('--format', 'csv');
    expect(exitCode).toBe(0);
    const lines = stdout.split('\r\n');
    expect(lines).toHaveLength(1 + 45 + 1);
    expect(lines[0]).toBe(
      'id,outcome,peg_name,family,ne,cell_id,object,polarity,weight,n_minus_1_avg,n_minus_1_rsd,n_minus_1_count,n_avg,n_rsd,n_count,change_absolute,change_percent,trend,significance,confidence,data_quality,flags,reason,unit,granularity_s,n_minus_1_completeness,n_completeness',
    );
    expect(lines[1]).toMatch(
      /^r1,declined,UL_thr,[^,]*,gnb-2,20,[^,]*,higher_better,5,46,2\.1739\d*,3,31,3\.2258\d*,3,-15,-32\.608\d*,down,high,0\.612\d*,high,,,,900,0\.03125,0\.03125$/,
    );
    expect(stdout).toContain(",'=SUM(A1),");
  });

  it('prints Markdown of what moved', async () => {
    const { exitCode, stdout } = await compare('--format', 'markdown');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^# Comparison of two periods\n/);
    expect(stdout).toContain('\n| declined | UL\\_thr | gnb-2 | 20 | 46 | 31 | -32.6 % | 5 | high |  |\n');
    expect(stdout).toContain('\n4 of 4 series that moved are shown, the most severe first; 41 were stable.\n');
  });

  it('rolls up to network elements and to the network', async () => {
    const [ne, network] = await Promise.all([
      compare('--by', 'ne', '--peg', 'UL_thr', '--format', 'json'),
      compare('--by', 'network', '--peg', 'UL_thr', '--format', 'json'),
    ]);
    const rows = (text: string) => (JSON.parse(text) as CompareDocument).results;
    expect(rows(ne.stdout).map((row) => [row.ne, row.cell_id])).toEqual([
      ['gnb-2', null],
      ['gnb-1', null],
    ]);
    // The name tells of a rate: by granularity period the mean over the three cells.
    const means = [45, 46, 47].map((value) => (value + value + 10) / 3);
    expect(rows(network.stdout).map((row) => [row.ne, row.n1_period.values])).toEqual([[null, means]]);
    const { warnings } = JSON.parse(network.stdout) as CompareDocument;
    expect(warnings.map(({ code }) => code)).toEqual(['kind_unknown']);
  });
});

describe('compare --fail-on', () => {
  it.each<[string, string, string[], number, string]>([
    ['degraded', 'one series declined', [], 1, 'PASS'],
    ['degraded', 'none declined', ['--ne', 'gnb-1'], 0, 'PASS'],
    ['fail', 'passed', [], 0, 'PASS'],
    ['fail', 'two of three declined not', ['--peg', 'UL_thr'], 1, 'FAIL'],
    ['marginal', 'one of nine declined', ['--peg', 'UL_thr,Many', '--cell', '20,200,1,2,3,4,5,6'], 1, 'MARGINAL'],
    ['fail', 'one of nine declined', ['--peg', 'UL_thr,Many', '--cell', '20,200,1,2,3,4,5,6'], 0, 'MARGINAL'],
  ])('%s: %s', async (level, _what, selection, expected, verdict) => {
    const { exitCode, stdout, stderr } = await compare('--fail-on', level, '--format', 'json', ...selection);
    expect((JSON.parse(stdout) as CompareDocument).summary.verdict).toBe(verdict);
    expect(exitCode).toBe(expected);
    if (expected === 1) expect(stderr).toMatch(new RegExp(`^--fail-on ${level} is reached: ${verdict}; `));
    else expect(stderr).toBe('');
  });

  it.each(['fail', 'marginal', 'degraded'])('%s: a period without data does not pass', async (level) => {
    const { exitCode, stdout, stderr } = await run(
      'compare',
      '--n-1',
      '2024-08-13',
      '--n',
      '2025-08-14',
      '--ne',
      'gnb-1',
      '--fail-on',
      level,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^warning: period N-1 \(2024-08-13T00:00:00\.000Z to .*\) has no samples of the selection; the store has samples from 2025-08-13/,
    );
    expect(stdout).toContain('no samples in N-1');
    expect(stdout).toContain('NO_VERDICT, no score: ');
  });

  it('without it a period without data is a warning', async () => {
    const { exitCode, stderr } = await run('compare', '--n-1', '2024-08-13', '--n', '2024-08-14');
    expect(exitCode).toBe(0);
    expect(stderr.match(/^warning: period N/gm)).toHaveLength(2);
  });
});

describe('periods and names of compare', () => {
  it.each<[string, string, string, string[]]>([
    [
      'a range whose last minute is included',
      '2025-08-13_00:00~2025-08-13_23:59',
      '2025-08-14_00:00~2025-08-14_23:59',
      [],
    ],
    ['an ISO interval', '2025-08-13T00:00Z/2025-08-14T00:00Z', '2025-08-14T00:00Z/2025-08-15T00:00Z', []],
    [
      'an ISO interval with an offset',
      '2025-08-13T09:00+09:00/P1D',
      '2025-08-14T09:00+09:00/2025-08-15T09:00+09:00',
      [],
    ],
    [
      'a range in a zone',
      '2025-08-13_09:00~2025-08-14_08:59',
      '2025-08-14_09:00~2025-08-15_08:59',
      ['--timezone', 'Asia/Seoul'],
    ],
  ])('%s', async (_form, nMinus1, n, options) => {
    const { exitCode, stdout, stderr } = await run(
      'compare',
      '--n-1',
      nMinus1,
      '--n',
      n,
      '--ne',
      'gnb-1',
      '--format',
      'json',
      ...options,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const { periods, results } = JSON.parse(stdout) as CompareDocument;
    expect(periods.n_minus_1).toEqual({ start: '2025-08-13T00:00:00.000Z', end: '2025-08-14T00:00:00.000Z' });
    expect(periods.n).toEqual({ start: '2025-08-14T00:00:00.000Z', end: '2025-08-15T00:00:00.000Z' });
    expect(results[0].comparison?.change_absolute).toBe(15);
  });

  it('shows periods in the zone asked for', async () => {
    const { stdout } = await compare('--timezone', 'Asia/Seoul', '--ne', 'gnb-1');
    expect(stdout).toContain('\nN-1: 2025-08-13 00:00 to 2025-08-14 00:00 Asia/Seoul\n');
  });

  it.each<[string, string, string, RegExp]>([
    ['the same period twice', '2025-08-13', '2025-08-13', /^warning: N-1 and N are the same period/],
    ['overlapping periods', '2025-08-13/2025-08-15', '2025-08-14', /^warning: N-1 and N overlap by 24 h/],
  ])('%s is a warning', async (_what, nMinus1, n, warning) => {
    const { exitCode, stderr } = await run('compare', '--n-1', nMinus1, '--n', n);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(warning);
  });

  it.each<[string, string[], RegExp]>([
    ['a month that is none', ['--n-1', '2025-13-13'], /^error: --n-1: month 13 of "2025-13-13" does not exist\nhint: /],
    ['a day that is none', ['--n', '2025-02-30'], /^error: --n: .*2025-02-30.*\nhint: /],
    [
      'an end before its begin',
      ['--n', '2025-08-14_00:00~2025-08-13_23:59'],
      /^error: --n: the begin of .* is not before its end\nhint: /,
    ],
    ['no period at all', ['--n', 'yesterday'], /^error: --n: .*yesterday.*\nhint: /],
    ['an unknown PEG', ['--peg', 'UL_tr'], /unknown PEG 'UL_tr'; did you mean 'UL_thr'\?/],
    ['an unknown network element', ['--ne', 'gnb-9'], /unknown network element 'gnb-9'; did you mean 'gnb-1'/],
    ['an unknown cell', ['--cell', '201'], /unknown cell '201'; did you mean '20/],
    ['a cell of another network element', ['--ne', 'gnb-1', '--cell', '7'], /unknown cell '7'/],
    ['an unknown algorithm', ['--algorithm', 'v9'], /^error: .*'v9'\nhint: Use v2\.1\.0 or judge-1\./],
  ])('%s ends with 2', async (_what, options, message) => {
    const { exitCode, stdout, stderr } = await compare(...options);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});
