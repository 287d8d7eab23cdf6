import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pmXml } from '../features/ingest/testing/pm-xml.ts';
import { createPostgresKpiStore } from '../stores/kpi/kpi-store-postgres.ts';
import { refusal } from '../stores/kpi/testing/store-fixture.ts';
import { databaseEnv, runCli } from '../testing/run-cli.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const quarter = (n: number) => new Date(Date.UTC(2025, 7, 8) + n * 900_000).toISOString();
const good = (n: number) => pmXml({ begin: quarter(n), objects: { 'NRCellDU=20': { Thru: n } } });
const torn = (n: number) => good(n).slice(0, -60);
const nameless = (n: number) => good(n).replaceAll(/ localDn="NE1"/g, '');

let folder: string;
let database: TestDatabase;
let env: Record<string, string>;
const run = (...args: string[]) => runCli(args, { env, cwd: folder });
const quarantine = (...args: string[]) => run('quarantine', ...args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-cli-'));
  database = await createTestDatabase();
  env = databaseEnv(database);
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await database.pool.query('TRUNCATE pegboard.ingest_file CASCADE');
  await rm(join(folder, 'pm'), { recursive: true, force: true });
  await mkdir(join(folder, 'pm'));
});

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, 'pm', name), content);
}

interface Listed {
  readonly items: readonly { id: number; name: string; times: number; options: object; error: object }[];
  readonly total: number;
}

async function listed(): Promise<Listed> {
  return JSON.parse((await quarantine('list', '--json')).stdout) as Listed;
}

describe('quarantine list', () => {
  it('says so where nothing is refused, in every format', async () => {
    const table = await quarantine('list');
    expect(table).toMatchObject({ exitCode: 0, stderr: 'the quarantine is empty\n' });
    expect(table.stdout).toMatch(/\n0 rows\n$/);
    expect(JSON.parse((await quarantine('list', '--format', 'json')).stdout)).toEqual({ items: [], total: 0 });
    expect((await quarantine('list', '--format', 'csv')).stdout).toBe(
      'id,name,code,line,message,hint,format,source,path,entry,content,content_note,first_seen,last_seen,times,sha256\r\n',
    );
  });

  it('shows name, reason with line and hint, and how often; hostile names move no cursor', async () => {
    await put({ 'bad.xml': torn(1), [`\u001b]0;title\u0007\u202e\n${'x'.repeat(200)}.xml`]: '', '=cmd.xml': '' });
    expect((await run('ingest', 'pm')).exitCode).toBe(3);
    await run('ingest', 'pm/bad.xml', '--ne', 'NE9', '--timezone', 'Asia/Seoul');
    const { exitCode, stdout, stderr } = await quarantine('list');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines).toHaveLength(2 + 3 + 2);
    expect(lines.find((line) => line.includes('pm/bad.xml'))).toMatch(
      /^ *\d+ {2}pm\/bad\.xml +line 12: the file ends inside a tag \(The file seems to be cut off; .*\) +2 {2}2\d{3}-\S+Z {2}2\d{3}-\S+Z {2}where it is$/,
    );
    expect(stdout).toContain('pm/�]0;title�� xxx');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(lines.at(-2)).toBe('3 rows');
    const csv = (await quarantine('list', '--format', 'csv')).stdout;
    expect(csv).toContain(`,pm/=cmd.xml,empty,,the file is empty,`);
    expect((await listed()).items.find(({ name }) => name === 'pm/bad.xml')).toMatchObject({
      times: 2,
      options: { ne: 'NE9', cell: null, timezone: 'Asia/Seoul' },
      error: { code: 'truncated', line: 12 },
    });
  });

  it('counts what a table leaves out of a long list; other formats have all', async () => {
    const store = createPostgresKpiStore(database.pool);
    for (let i = 0; i < 1201; i++) await store.quarantine.record(refusal({ content: `f${i}` }), null);
    const table = await quarantine('list');
    expect(table.stdout.split('\n')).toHaveLength(2 + 200 + 2);
    expect(table.stdout).toMatch(/\n200 of 1,201 rows shown; --limit shows more, --format json or csv all\n$/);
    expect((await quarantine('list', '--limit', '3')).stdout).toMatch(/\n3 of 1,201 rows shown; /);
    const { items, total } = await listed();
    expect([items.length, new Set(items.map(({ id }) => id)).size, total]).toEqual([1201, 1201, 1201]);
    expect((await quarantine('list', '--format', 'csv')).stdout.split('\r\n')).toHaveLength(1 + 1201 + 1);
    expect(await quarantine('list', '--limit', '0')).toMatchObject({ exitCode: 2, stdout: '' });
  }, 60_000);
});

describe('quarantine retry', () => {
  it('takes what was mended in place, by id, name, path and SHA-256; the entries then go', async () => {
    await put({ 'a.xml': torn(1), 'b.xml': torn(2), 'c.xml': torn(3), 'd.xml': torn(4), 'e.xml': torn(5) });
    await run('ingest', 'pm');
    const { items } = await listed();
    const [, d, , , a] = items as readonly (Listed['items'][number] & { sha256: string })[];
    await put({ 'a.xml': good(1), 'b.xml': good(2), 'c.xml': good(3), 'd.xml': good(4) });
    const names = [`${a.id}`, 'pm/b.xml', join(folder, 'pm', 'c.xml'), d.sha256.slice(0, 12), 'b.xml'];
    const { exitCode, stdout, stderr } = await quarantine('retry', ...names);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\n').map((line) => line.replace(/ +\d+ {2}/, ' '))).toEqual([
      'taken pm/a.xml: 1 value of 1 object',
      'taken pm/b.xml: 1 value of 1 object',
      'taken pm/c.xml: 1 value of 1 object',
      'taken pm/d.xml: 1 value of 1 object',
      '4 entries: 4 taken',
      '',
    ]);
    expect((await listed()).items.map(({ name }) => name)).toEqual(['pm/e.xml']);
    const values = await run('sql', 'SELECT value FROM pm_sample ORDER BY begin', '--format', 'csv');
    expect(values.stdout).toBe('value\r\n1\r\n2\r\n3\r\n4\r\n');
  });

  it('of all takes the good, shows new reasons of the bad, and says which are gone; these stay', async () => {
    await put({ 'a.xml': torn(11), 'b.xml': torn(12), 'c.xml': torn(13) });
    await run('ingest', 'pm');
    await put({ 'a.xml': good(11), 'b.xml': '<measCollecFile></a>' });
    await rm(join(folder, 'pm', 'c.xml'));
    const { exitCode, stdout } = await quarantine('retry', '--all', '--json');
    expect(exitCode).toBe(2);
    const { entries, totals } = JSON.parse(stdout) as { entries: Record<string, unknown>[]; totals: object };
    expect(totals).toEqual({ entries: 3, taken: 1, duplicate: 0, refused: 1, skipped: 0, gone: 1 });
    expect(entries).toMatchObject([
      { name: 'pm/a.xml', outcome: 'taken', resolved: true, reason: null, files: [{ status: 'ok' }] },
      { name: 'pm/b.xml', outcome: 'refused', resolved: false },
      {
        name: 'pm/c.xml',
        outcome: 'gone',
        resolved: false,
        reason: expect.stringMatching(/^there is no .*pm\/c\.xml any more/),
      },
    ]);
    expect((await listed()).items).toMatchObject([
      { name: 'pm/c.xml', times: 1, error: { code: 'truncated' } },
      { name: 'pm/b.xml', times: 2, error: { code: 'not_well_formed' } },
    ]);
    await rm(join(folder, 'pm'), { recursive: true });
    const gone = await quarantine('retry', 'c.xml');
    expect(gone).toMatchObject({ exitCode: 2, stderr: '' });
    expect(gone.stdout).toMatch(
      /^gone {6} \d+ {2}pm\/c\.xml: there is no \S+\/pm\/c\.xml any more, .*; the entry stays\n1 entry: 1 gone\n$/,
    );
    await put({}).catch(() => undefined);
    const discarded = await quarantine('discard', 'c.xml');
    expect(discarded).toEqual({ exitCode: 0, stdout: '1 entry discarded\n', stderr: '' });
    expect(await quarantine('discard', '--all', '--json')).toMatchObject({ exitCode: 0, stdout: '{"discarded":1}\n' });
    expect(await quarantine('retry', '--all')).toMatchObject({ exitCode: 0, stderr: 'the quarantine is empty\n' });
  });

  it('takes a mended file, with the options that the entry had unless others are given', async () => {
    await put({ 'a.xml': nameless(21).slice(0, -60), 'b.xml': nameless(22) });
    await run('ingest', 'pm', '--ne', 'NE7');
    await writeFile(join(folder, 'mended.xml'), nameless(21));
    const bad = await quarantine('retry', 'a.xml', '--file', 'pm/a.xml');
    expect(bad).toMatchObject({ exitCode: 3, stdout: expect.stringMatching(/^refused .*: line 12: the file ends/) });
    expect((await listed()).items).toMatchObject([
      { times: 2, error: { message: expect.stringMatching(/^a\.xml: the/) } },
    ]);
    expect((await quarantine('retry', 'a.xml', '--file', 'mended.xml')).exitCode).toBe(0);
    await put({ 'c.xml': nameless(23) });
    expect((await run('ingest', 'pm/c.xml')).exitCode).toBe(3);
    expect((await quarantine('retry', 'c.xml')).exitCode).toBe(3);
    expect((await quarantine('retry', 'c.xml', '--ne', 'NE8')).exitCode).toBe(0);
    expect((await listed()).total).toBe(0);
    const values = await run(
      'sql',
      'SELECT ne, value FROM pm_sample WHERE value > 20 ORDER BY value',
      '--format',
      'csv',
    );
    expect(values.stdout).toBe('ne,value\r\nNE7,21\r\nNE7,22\r\nNE8,23\r\n');
  });

  it('names each of several that fit, and what does not fit at all', async () => {
    await put({ 'a.xml': '', 'b.xml': '' });
    await run('ingest', 'pm');
    const ids = (await listed()).items.map(({ id }) => id);
    const [, message, hint] =
      /^error: (.*)\nhint: (.*)\n$/.exec((await quarantine('retry', EMPTY_SHA256)).stderr) ?? [];
    expect([message, hint]).toEqual([
      `several entries fit '${EMPTY_SHA256}': ${ids.join(', ')}`,
      'Name one by its id.',
    ]);
    expect(await quarantine('retry', `${ids[0]}`, '987654')).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error: the quarantine has no entry '987654'\nhint: pegboard quarantine list/),
    });
    expect((await listed()).items.map(({ times }) => times)).toEqual([1, 1]);
  });

  it.each<[string, string[], RegExp]>([
    ['neither entries nor --all', ['retry'], /^error: no entry is named\nhint: /],
    ['both', ['retry', '1', '--all'], /^error: --all and single entries exclude one another/],
    ['a mended file for two', ['retry', '1', '2', '--file', 'x'], /^error: --file takes the place of one entry/],
    [
      'a mended file that is not there',
      ['retry', '1', '--file', 'nowhere'],
      /^error: --file: cannot read nowhere: no such file/,
    ],
    ['a folder as one', ['retry', '1', '--file', 'pm'], /^error: --file: pm is not a file/],
    ['nothing to discard', ['discard'], /^error: no entry is named/],
    ['no such command', ['purge'], /^error: unknown command 'purge'/],
  ])('refuses %s', async (_what, args, message) => {
    const { exitCode, stdout, stderr } = await quarantine(...args);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it('reads all that are there, also where two do so at the same time', async () => {
    const files = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`${i}.xml`, torn(100 + i)]));
    await put(files);
    await run('ingest', 'pm');
    await put(Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`${i}.xml`, good(100 + i)])));
    const both = await Promise.all([quarantine('retry', '--all', '--json'), quarantine('retry', '--all', '--json')]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const totals = both.map(
      ({ stdout }) => (JSON.parse(stdout) as { totals: { taken: number; duplicate: number } }).totals,
    );
    expect(totals[0].taken + totals[1].taken).toBe(150);
    expect((await listed()).total).toBe(0);
    const count = await run('sql', 'SELECT count(*)::int AS n FROM pm_sample WHERE value >= 100', '--format', 'csv');
    expect(count.stdout).toBe('n\r\n150\r\n');
  }, 60_000);
});
