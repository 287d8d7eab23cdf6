import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestResponse } from '@pegboard/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliProcess, databaseEnv, runCli } from '../testing/run-cli.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

/** A begin in a local zone, an hour of granularity, and `p` numbers that are not in order. */
const PM_FILE = `<?xml version="1.0" encoding="UTF-8"?>
<measCollecFile xmlns="http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec">
<fileHeader fileFormatVersion="32.435 V10.0" vendorName="V"><fileSender localDn="gnb-7"/><measCollec beginTime="2025-08-08T08:00:00+09:00"/></fileHeader>
<measData><managedElement localDn="gnb-7"/>
<measInfo measInfoId="a"><granPeriod duration="PT3600S" endTime="2025-08-08T09:00:00+09:00"/>
<measType p="9">RRC.Att</measType><measType p="2">RRC.Succ</measType>
<measValue measObjLdn="GNBDUFunction=1,NRCellDU=20"><r p="2">41</r><r p="9">42.5</r></measValue>
<measValue measObjLdn="GNBDUFunction=1,NRCellDU=200"><r p="2"></r><r p="9">7</r></measValue>
</measInfo></measData>
<fileFooter><measCollec endTime="2025-08-08T09:00:00+09:00"/></fileFooter></measCollecFile>
`;

let folder: string;
let dataDir: string;
let database: TestDatabase;
let env: Record<string, string>;
const run = (...args: string[]) => runCli(args, { env, cwd: folder });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-cli-'));
  dataDir = join(folder, 'data');
  database = await createTestDatabase();
  env = databaseEnv(database);
  await mkdir(join(folder, 'pm'));
  await writeFile(join(folder, 'pm', 'good.xml'), PM_FILE);
  await writeFile(
    join(folder, 'pm', 'bad.xml'),
    '<?xml version="1.0"?>\n<measCollecFile>\n<fileHeader></measCollecFile>\n',
  );
  await writeFile(join(folder, 'pm', 'empty.xml'), '');
  await writeFile(join(folder, 'pm', 'note\u001b[31m.txt'), 'no PM file');
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('ingest', () => {
  it('takes the good files, quarantines the bad with line and reason, and ends with 3', async () => {
    const { exitCode, stdout, stderr } = await run('ingest', 'pm');
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^quarantined {2}pm\/bad\.xml: line 3: \S/);
    expect(lines[1]).toMatch(/^quarantined {2}pm\/empty\.xml: the file is empty/);
    expect(lines[2]).toBe('ok           pm/good.xml: 4 values of 2 objects');
    expect(lines[3]).toMatch(/^skipped {6}pm\/note�\[31m\.txt: no PM file format recognised/);
    expect(lines[4]).toBe('4 files: 1 ok, 1 skipped, 2 quarantined');
    expect(lines[5]).toMatch(/^4 values \(4 numbers\) in 2 new and 0 merged blocks, \d+\.\d s \([\d,]+ values\/s\)$/);
    expect(lines.slice(6)).toEqual(['']);
  });

  it('adds nothing when run again, and with --json prints one document alone', async () => {
    const { exitCode, stdout, stderr } = await run('ingest', 'pm', '--json', '--log-level', 'trace');
    expect(exitCode).toBe(3);
    const report = JSON.parse(stdout) as IngestResponse;
    expect(report.files.map(({ name, status }) => [name, status])).toEqual([
      ['pm/bad.xml', 'quarantined'],
      ['pm/empty.xml', 'quarantined'],
      ['pm/good.xml', 'duplicate'],
      ['pm/note\u001b[31m.txt', 'skipped'],
    ]);
    expect(report.files[0].error).toMatchObject({ line: 3 });
    expect(report.totals).toMatchObject({ values: 0, inserted_blocks: 0, merged_blocks: 0, duplicate: 1 });
    for (const line of stderr.split('\n').filter(Boolean)) expect(JSON.parse(line)).toHaveProperty('level');
  });

  it('ends with 0 where nothing was wrong, and says so where nothing was there', async () => {
    await mkdir(join(folder, 'nothing'), { recursive: true });
    expect(await run('ingest', 'pm/good.xml')).toMatchObject({ exitCode: 0, stderr: '' });
    const empty = await run('ingest', 'nothing');
    expect(empty).toMatchObject({ exitCode: 0, stderr: 'no files found\n' });
    expect(empty.stdout).toMatch(/^0 files: nothing to do\n/);
  });

  it('takes nothing when one of the paths is not there', async () => {
    await writeFile(join(folder, 'other.csv'), 'timestamp,ne,cell,peg,value\n2025-08-08T00:00:00Z,gnb-8,1,Other,1\n');
    const { exitCode, stderr } = await run('ingest', 'other.csv', 'nowhere');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error: cannot ingest nowhere: no such file or folder\nhint: /);
    expect((await run('sql', "SELECT 1 FROM peg WHERE name = 'Other'")).stdout).toContain('0 rows');
  });
});

describe('a value of a file is read back with its UTC time, granularity, NE, object, cell and counter', () => {
  const EXPECTED = {
    ne: 'gnb-7',
    cell_id: '20',
    object: 'GNBDUFunction=1,NRCellDU=20',
    value: 42.5,
    granularity_s: 3600,
  };

  it('by query --format json', async () => {
    const { exitCode, stdout } = await run(
      'query',
      '--kpi',
      'RRC.Att',
      '--from',
      '2025-08-08',
      '--to',
      '2025-08-08',
      '--timezone',
      'Asia/Seoul',
      '--cell',
      '20',
      '--format',
      'json',
    );
    expect(exitCode).toBe(0);
    const { records } = JSON.parse(stdout) as { records: object[] };
    expect(records).toEqual([
      expect.objectContaining({
        ...EXPECTED,
        timestamp: '2025-08-07T23:00:00Z',
        peg_name: 'RRC.Att',
        kpi_type: 'RRC.Att',
        entity_id: 'gnb-7#20',
        suspect: false,
        date: '2025-08-08',
        hour: 8,
      }),
    ]);
  });

  it('by query as a table and as CSV', async () => {
    const options = ['query', '--kpi', 'RRC.Att', '--from', '2025-08-07', '--to', '2025-08-07'];
    const [table, csv] = await Promise.all([run(...options), run(...options, '--format', 'csv')]);
    expect(table.stdout.split('\n')[2]).toMatch(/^2025-08-07T23:00:00Z {2}gnb-7 {2}20 +RRC\.Att +42\.5 +3600$/);
    expect(table.stdout).toMatch(/\n2 rows\n$/);
    expect(csv.stdout.split('\r\n').slice(0, 2)).toEqual([
      'timestamp,entity_id,ne,object,cell_id,peg_name,kpi_type,value,granularity_s,suspect,date,hour,numerator,denominator,completeness,reason,flags',
      '2025-08-07T23:00:00Z,gnb-7#20,gnb-7,"GNBDUFunction=1,NRCellDU=20",20,RRC.Att,RRC.Att,42.5,3600,false,2025-08-07,23,,,,,',
    ]);
  });

  it('by sql over pm_sample', async () => {
    const statement = "SELECT * FROM pm_sample WHERE peg LIKE 'RRC.%' ORDER BY cell, peg";
    const { exitCode, stdout } = await run('sql', statement, '--format', 'json');
    expect(exitCode).toBe(0);
    const { columns, rows } = JSON.parse(stdout) as { columns: string[]; rows: Record<string, unknown>[] };
    expect(columns.slice(0, 8)).toEqual(['begin', 'granularity_s', 'ne', 'object', 'cell', 'peg', 'value', 'suspect']);
    expect(rows.map(({ cell, peg, value }) => [cell, peg, value])).toEqual([
      ['20', 'RRC.Att', 42.5],
      ['20', 'RRC.Succ', 41],
      ['200', 'RRC.Att', 7],
    ]);
    expect(rows[0]).toMatchObject({
      begin: '2025-08-07T23:00:00.000Z',
      granularity_s: 3600,
      ne: 'gnb-7',
      object: 'GNBDUFunction=1,NRCellDU=20',
      suspect: false,
    });
  });

  it('by REST, where a viewer may read but not ingest, and nobody may without a token', async () => {
    const serve = new CliProcess(['serve', '--port', '0', '--data-dir', dataDir], { env, cwd: folder });
    try {
      const address = await serve.printed(/http:\/\/127\.0\.0\.1:\d+/);
      const token = await run('token', 'create', '--user', 'kim', '--role', 'viewer', '--data-dir', dataDir);
      const headers = { authorization: `Bearer ${token.stdout.trim()}`, 'content-type': 'application/json' };
      const body = JSON.stringify({
        start_date: '2025-08-07',
        end_date: '2025-08-07',
        kpi_types: 'RRC.Att',
        cell: '20',
      });
      const query = (given: Record<string, string>) =>
        fetch(`${address}/api/kpi/query`, { method: 'POST', headers: given, body });
      const [answer, anonymous, upload] = await Promise.all([
        query(headers),
        query({ 'content-type': 'application/json' }),
        fetch(`${address}/api/ingest`, {
          method: 'POST',
          headers: { authorization: headers.authorization },
          body: new FormData(),
        }),
      ]);
      const { data } = (await answer.json()) as { data: Record<string, object[]> };
      expect(data['RRC.Att']).toEqual([expect.objectContaining({ ...EXPECTED, timestamp: '2025-08-07T23:00:00Z' })]);
      expect([anonymous.status, upload.status]).toEqual([401, 403]);
      expect(await upload.json()).toMatchObject({ success: false, error: { code: 'PERMISSION_DENIED' } });
    } finally {
      expect(await serve.end('SIGTERM')).toMatchObject({ exitCode: 143 });
    }
  });
});

describe('query', () => {
  const query = (...args: string[]) => run('query', '--from', '2025-08-07', '--to', '2025-08-08', ...args);

  it('aggregates over --interval', async () => {
    const { stdout } = await query('--kpi', 'RRC.Att', '--cell', '20', '--interval', '1d', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      records: [{ timestamp: '2025-08-07T00:00:00Z', granularity_s: 86_400, value: 42.5 }],
    });
  });

  it('prints a document, a header or nothing but a remark where there is nothing', async () => {
    const options = ['--kpi', 'RRC.Att', '--from', '2024-01-01', '--to', '2024-01-02'];
    const [json, csv, table] = await Promise.all([
      run('query', ...options, '--format', 'json'),
      run('query', ...options, '--format', 'csv'),
      run('query', ...options),
    ]);
    const remark =
      'no samples of the selection in that time; the store has samples from 2025-08-07T23:00:00Z to 2025-08-08T00:00:00Z\n';
    expect(json).toMatchObject({ exitCode: 0, stderr: remark });
    expect(JSON.parse(json.stdout)).toMatchObject({ records: [], warnings: [] });
    expect(csv.stdout.split('\r\n')).toHaveLength(2);
    expect(table).toMatchObject({ exitCode: 0, stderr: remark });
    expect(table.stdout).toMatch(/0 rows\n$/);
  });

  it.each<[string, string[], RegExp]>([
    ['an unknown PEG', ['--kpi', 'RRC.Atr'], /^error: unknown PEG 'RRC\.Atr'; did you mean 'RRC\.Att'/],
    [
      'an unknown network element',
      ['--kpi', 'RRC.Att', '--ne', 'gnb-9'],
      /^error: .*network element 'gnb-9'; did you mean 'gnb-7'/,
    ],
    ['an unknown cell', ['--kpi', 'RRC.Att', '--cell', '2'], /^error: .*cell '2'/],
  ])('%s ends with 2', async (_what, options, message) => {
    const { exitCode, stdout, stderr } = await query(...options);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

describe('sql', () => {
  it.each<[string, string, RegExp]>([
    ['a program', "COPY (SELECT 1) TO PROGRAM 'id'", /permission denied/],
    [
      'a file of the server',
      "SELECT pg_read_file('/etc/passwd')",
      /permission denied for function pg_read_file\nhint: This role may only read the views pm_sample, /,
    ],
    ['a file to write', "COPY (SELECT 1) TO '/tmp/x'", /permission denied/],
    [
      'another table',
      'SELECT * FROM pegboard.pm_block',
      /(permission denied|does not exist).*\nhint: This role may only read the views/,
    ],
    ['passwords', 'SELECT * FROM pg_authid', /permission denied/],
    ['a change', 'CREATE TABLE x (a int)', /read-only transaction/],
    ['more rights', 'SET ROLE postgres', /.+/],
    ['two statements', 'COMMIT; SELECT 1', /more than one statement\nhint: Run them one by one\./],
    ['nothing', ' ', /the statement is empty\nhint: /],
    [
      'a mistyped view',
      'SELECT * FROM pm_sampel',
      /relation "pm_sampel" does not exist \(at line 1, column 15\)\nhint: .*pm_sample/,
    ],
  ])('refuses %s', async (_what, statement, message) => {
    const { exitCode, stdout, stderr } = await run('sql', statement);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^error: /);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it('reads every public view', async () => {
    const views = ['pm_sample', 'peg', 'network_element', 'measured_object', 'ingest_file'];
    const counts = views.map((view) => `(SELECT count(*) FROM ${view}) AS ${view}`).join(', ');
    const { exitCode, stdout } = await run('sql', `SELECT ${counts}`, '--format', 'json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      rows: [{ pm_sample: 3, peg: 2, network_element: 1, measured_object: 2 }],
    });
  });

  it('prints tables without control characters, and CSV without formulas', async () => {
    const statement = String.raw`SELECT E'a\x1b[31m\nb' AS text, '서울' AS city, '=1+1' AS f, 1.5::float8 AS n, NULL AS none`;
    const [table, csv] = await Promise.all([run('sql', statement), run('sql', statement, '--format', 'csv')]);
    expect(table.stdout).toBe(
      'text      city  f       n  none\n────────  ────  ────  ───  ────\na�[31m b  서울  =1+1  1.5\n1 row\n',
    );
    expect(csv.stdout.split('\r\n')[0]).toBe('text,city,f,n,none');
    expect(csv.stdout).toContain(",서울,'=1+1,1.5,\r\n");
  });

  it('ends a running statement when told to stop', async () => {
    const sleeping = new CliProcess(['sql', "SELECT pg_sleep(60), 'still here'"], { env, cwd: folder });
    await expect
      .poll(
        async () =>
          (
            await database.pool.query(
              "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%still here%' AND pid <> pg_backend_pid() AND state = 'active'",
            )
          ).rowCount,
        { timeout: 10_000 },
      )
      .toBe(1);
    const startedAt = performance.now();
    const { exitCode, stderr } = await sleeping.end('SIGINT');
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: 'interrupted by SIGINT: nothing is half-written\n' });
  });
});
