import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresKpiStore } from '../stores/kpi/kpi-store-postgres.ts';
import { databaseEnv, runCli } from '../testing/run-cli.ts';
import { writeSamples } from '../testing/test-app.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  const store = createPostgresKpiStore(database.pool);
  const values = { Att: [0], Succ: [0], 'Thru (Kbps)': [5], Vol: [1], Busy: [3] };
  await writeSamples(store, [{ ne: 'N', ldn: 'NRCellDU=1', begin: '2025-08-07T00:00:00Z', values }]);
  await store.describePegs([
    { family: 'NRCellDU', name: 'Vol', unit: 'kbit' },
    { family: 'NRCellDU', name: 'Busy', unit: 's' },
  ]);
});
afterAll(() => database.drop());

const query = (...kpis: string[]) =>
  runCli(
    [
      'query',
      '--from',
      '2025-08-07',
      '--to',
      '2025-08-07',
      ...kpis.flatMap((kpi) => ['--kpi', kpi]),
      '--format',
      'json',
    ],
    {
      env: databaseEnv(database),
    },
  );

describe('--kpi name=formula', { timeout: 60_000 }, () => {
  it.each([
    ['an unknown name', ['x=100*Suc/Att'], /--kpi 'x': line 1, column 5: .*"Suc"; did you mean Succ\?/],
    ['a circle', ['x=y+1', 'y=x+1'], /refers to itself: (?:x → y → x|y → x → y)/],
    ['10,000 characters', [`x=1${'+1'.repeat(5000)}`], /--kpi 'x': line 1, column 10001: .*at most 10000/],
    ['1,000 levels', [`x=${'('.repeat(1000)}1${')'.repeat(1000)}`], /--kpi 'x': line 1, column 202: .*200 levels/],
    ['__proto__', ['x=__proto__'], /--kpi 'x': line 1, column 1: no counter or formula is called "__proto__"/],
    ['constructor', ['x=a.constructor.constructor'], /no counter or formula is called "a\.constructor\.constructor"/],
    ['units that do not fit', ['x=Vol+Busy'], /--kpi 'x': line 1, column 5: kbit and s cannot be added/],
    ['a name with parentheses and spaces unquoted', ['x=Thru (Kbps)'], /--kpi 'x': line 1, column 1: .*'Thru\(…\)'/],
  ])('refuses %s, with its place', async (_what, kpis, message) => {
    const { exitCode, stdout, stderr } = await query(...kpis);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it('takes names with parentheses and spaces in quotes, and gives no value for a division by zero', async () => {
    const { exitCode, stdout } = await query("a (%)='Thru (Kbps)'/2", 'none=Succ/Att', 'zero=Vol/Att');
    expect(exitCode).toBe(0);
    const { records } = JSON.parse(stdout) as { records: { kpi_type: string; value: number | null; reason: string }[] };
    expect(records.map(({ kpi_type, value, reason }) => [kpi_type, value, reason?.split(':')[0]])).toEqual([
      ['a (%)', 2.5, undefined],
      ['none', null, 'zero_over_zero'],
      ['zero', null, 'zero_division'],
    ]);
  });

  it('takes a formula that is called constructor, but none that is called __proto__', async () => {
    const taken = await query("constructor='Thru (Kbps)'");
    expect(JSON.parse(taken.stdout).records).toMatchObject([{ kpi_type: 'constructor', value: 5 }]);
    const refused = await query('__proto__=1');
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      expect.stringContaining("--kpi: '__proto__' is no name that can be taken"),
    ]);
  });
});
