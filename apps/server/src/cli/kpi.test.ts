import type { CompareDocument, KpiCoverageResponse, KpiRecord } from '@pegboard/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresKpiStore } from '../stores/kpi/kpi-store-postgres.ts';
import { databaseEnv, runCli } from '../testing/run-cli.ts';
import { writeSamples } from '../testing/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

let database: TestDatabase;
const ATT = 'RRC.ConnEstabAtt.sum';
const SUCC = 'RRC.ConnEstabSucc.sum';
const PERIODS = ['--n-1', '2025-08-07', '--n', '2025-08-08'];
const DAY = ['--from', '2025-08-07', '--to', '2025-08-07'];

beforeAll(async () => {
  database = await createTestDatabase();
  const cell = (id: number, begin: string, attempts: number, successes: number) => ({
    ...{ ne: 'ENB1', ldn: `EUtranCellFDD=${id}`, begin },
    values: { [ATT]: [attempts], [SUCC]: [successes] },
  });
  await writeSamples(createPostgresKpiStore(database.pool), [
    cell(1, '2025-08-07T00:00:00Z', 1000, 900),
    cell(2, '2025-08-07T00:00:00Z', 100, 50),
    cell(3, '2025-08-07T00:00:00Z', 10, 0),
    cell(1, '2025-08-08T00:00:00Z', 1000, 500),
    { ne: 'MIX', ldn: 'EUtranCellFDD=1', begin: '2025-09-01T00:00:00Z', values: { [ATT]: [10, 20, 30, 40] } },
    {
      ...{ ne: 'MIX', ldn: 'EUtranCellFDD=1', begin: '2025-09-01T00:00:00Z' },
      granularityS: 3600,
      values: { [ATT]: [101, 7] },
    },
  ]);
});
afterAll(() => database.drop());

const cli = (...args: string[]) => runCli(args, { env: databaseEnv(database) });
const RATIO_OF_SUMS = (100 * 950) / 1110;

describe('KPIs on the command line', () => {
  it('query gives ratios of sums, of the catalogue and of formulas', async () => {
    const { exitCode, stdout, stderr } = await cli(
      ...['query', ...DAY, '--by', 'network', '--kpi', 'L01', '--kpi', `ad hoc=100*${SUCC}/${ATT}`, '--format', 'json'],
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    const { records } = JSON.parse(stdout) as { records: KpiRecord[] };
    expect(records.map(({ kpi_type, value }) => [kpi_type, value])).toEqual([
      ['L01', RATIO_OF_SUMS],
      ['ad hoc', RATIO_OF_SUMS],
    ]);
  });

  it('compare takes them beside one another, and gates on them', async () => {
    const args = [...PERIODS, '--by', 'ne', '--kpi', 'L01', '--kpi', `fails=${ATT}-${SUCC}`];
    const { exitCode, stdout } = await cli('compare', ...args, '--format', 'json', '--fail-on', 'degraded');
    expect(exitCode).toBe(1);
    const { results } = JSON.parse(stdout) as CompareDocument;
    // Two of the three cells have no samples in N: an amount is compared over the cell that has, a ratio over all.
    expect(results.map(({ kind, peg_name, n1_period }) => [kind, peg_name, n1_period.avg]).sort()).toEqual([
      ['kpi', 'L01', RATIO_OF_SUMS],
      ['kpi', 'fails', 100],
    ]);
    expect(results[0].quality.cells).toEqual({ both: 1, only_n_minus_1: 2, only_n: 0 });
  });

  it('refuses faulty formulas with their place, and KPIs that cannot be had with the counter', async () => {
    const faulty = await cli('compare', ...PERIODS, '--kpi', 'bad=100*RRC.ConnEstabSuc.sum/2');
    expect(faulty.exitCode).toBe(2);
    expect(faulty.stderr).toContain("--kpi 'bad': line 1, column 5");
    expect(faulty.stderr).toContain(`did you mean ${SUCC}`);
    const missing = await cli('query', ...DAY, '--kpi', 'L06');
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toContain('counter ERAB.RelActNbr.sum missing');
    const unknown = await cli('query', ...DAY, '--kpi', 'L0l');
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toMatch(/unknown PEG 'L0l'; did you mean .*'L01'/);
    const twice = await cli('query', ...DAY, '--kpi', 'a=1', '--kpi', 'a=2');
    expect(twice.stderr).toContain("--kpi: 'a' is defined twice");
    for (const formula of ['a=__proto__', 'a=constructor', 'a=a+1', `a=${'('.repeat(1000)}1${')'.repeat(1000)}`]) {
      const refused = await cli('query', ...DAY, '--kpi', formula);
      expect([refused.exitCode, refused.stderr.includes("--kpi 'a': line 1")], formula).toEqual([2, true]);
    }
  }, 60_000);

  it('query takes sub-counters by name', async () => {
    const { exitCode, stderr } = await cli('query', ...DAY, '--kpi', `${ATT}{CAUSE=mo-Data},L01{QCI=9}`);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/RRC\.ConnEstabAtt\.sum\{CAUSE=mo-Data\}: .*it has no dimensions/);
  });

  it('query --interval gives the sum of the hour, and says which granularity it took and what it left out', async () => {
    const asked = [
      'query',
      '--from',
      '2025-09-01',
      '--to',
      '2025-09-01',
      '--ne',
      'MIX',
      '--kpi',
      ATT,
      '--interval',
      '60m',
    ];
    const csv = await cli(...asked, '--format', 'csv');
    // Four quarters make the first hour, and its own value says the same again; the second hour has nothing else.
    expect(csv.stdout.split('\r\n').slice(1)).toEqual([
      expect.stringMatching(/^2025-09-01T00:00:00Z,MIX#1,.*,100,3600,false,.*,1,,mixed_granularity$/),
      expect.stringMatching(/^2025-09-01T01:00:00Z,MIX#1,.*,7,3600,false,.*,1,,$/),
      '',
    ]);
    const note = `${ATT} (made of samples of 900 s and 3600 s; left out: 1 of 3600 s)`;
    expect(csv.stderr).toContain('warning: samples of several granularities');
    expect(csv.stderr).toContain(note);
    const table = await cli(...asked);
    expect([table.stderr.includes(note), table.stdout.includes(note)]).toEqual([true, false]);
    const json = await cli(...asked, '--format', 'json');
    expect(json.stderr).toBe('');
    expect(JSON.parse(json.stdout)).toMatchObject({
      records: [{ value: 100, completeness: 1, flags: ['mixed_granularity'] }, { value: 7 }],
      units: { [ATT]: '1' },
      granularities: { [ATT]: { used_s: [900, 3600], left_out: [{ granularity_s: 3600, samples: 1 }] } },
      warnings: [{ code: 'mixed_granularity' }],
    });
  });

  it('coverage and list say what there is', async () => {
    const coverage = await cli('kpi', 'coverage', '--json');
    const { kpis, computable } = JSON.parse(coverage.stdout) as KpiCoverageResponse;
    expect(kpis.filter((kpi) => kpi.computable).map(({ name }) => name)).toEqual(['L01']);
    expect(computable).toBe(1);
    const forPeople = await cli('kpi', 'coverage');
    expect(forPeople.stdout).toContain('1 of ');
    expect(forPeople.stdout).toMatch(/L06 .*ERAB\.RelActNbr\.sum is missing/);
    expect((await cli('kpi', 'list')).stdout).toMatch(/L01 .*RRC setup success rate .*%/);
  });
});
