import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../platform/secret.ts';
import { resolveSource, type SourceSettings } from './source-address.ts';

const NONE: SourceSettings = { sourcesFile: null, password: null, passFile: '/nonexistent', user: null };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-sources-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function privateFile(name: string, content: string, mode = 0o600): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

async function failure(from: string, settings: Partial<SourceSettings> = {}): Promise<{ text: string; code: unknown }> {
  try {
    await resolveSource(from, { ...NONE, ...settings });
  } catch (error) {
    const { code, message, hint } = error as { code: string; message: string; hint: string | null };
    return { code, text: `${message} / ${hint}` };
  }
  throw new Error('no failure');
}

describe('URLs', () => {
  it.each([
    [
      'postgres://kim@db.example.org/pm',
      { host: 'db.example.org', port: 5432, user: 'kim', database: 'pm', ssl: 'disable' },
    ],
    [
      'postgresql://k%40x@[::1]:6543/p%20m?sslmode=verify-full',
      { host: '::1', port: 6543, user: 'k@x', database: 'p m', ssl: 'verify-full' },
    ],
    ['postgres://localhost/pm?host=%2Frun%2Fpg', { host: '/run/pg', user: userInfo().username }],
  ])('%s', async (url, expected) => {
    expect(await resolveSource(url, NONE)).toMatchObject({ ...expected, password: null });
  });

  it('take PGUSER where they name no user, and PGPASSWORD', async () => {
    const address = await resolveSource('postgres://db/pm', { ...NONE, user: 'lee', password: new Secret('hunter2') });
    expect(address.user).toBe('lee');
    expect(address.password?.reveal()).toBe('hunter2');
  });

  it.each(['postgres://kim:hunter2@db/pm', 'postgres://kim@db/pm?password=hunter2'])(
    'with a password are refused, and the password is not repeated',
    async (url) => {
      const { code, text } = await failure(url);
      expect(code).toBe('DATA_VALIDATION_ERROR');
      expect(text).toMatch(/^--from: the URL holds a password.*PGPASSWORD.*PGPASSFILE.*PEGBOARD_SOURCES_FILE/);
      expect(text).not.toContain('hunter2');
    },
  );

  it.each([
    ['mysql://db/pm', /no URL of PostgreSQL/],
    ['postgres://db', /names no database/],
    ['postgres://kim@db:port/pm', /not readable/],
    ['postgres://db/pm?sslmode=maybe', /sslmode is none of disable, require/],
    ['postgres://db/pm?options=x', /parameter options/],
    ['postgres://db/%zz', /escapes nothing/],
  ])('%s is refused', async (url, message) => {
    expect((await failure(url)).text).toMatch(message);
  });
});

describe('passfiles', () => {
  const lines = [
    '# a comment',
    'other:*:*:*:no',
    'db:5432:pm:lee:no',
    '*:*:p\\:m:kim:with\\:colon:and\\\\more',
    'db:*:pm:kim:hunter2',
  ].join('\n');

  it('give the password of the first line that fits', async () => {
    const passFile = await privateFile('pgpass', lines);
    expect((await resolveSource('postgres://kim@db/pm', { ...NONE, passFile })).password?.reveal()).toBe('hunter2');
    expect((await resolveSource('postgres://kim@db/p%3Am', { ...NONE, passFile })).password?.reveal()).toBe(
      'with:colon:and\\more',
    );
    expect((await resolveSource('postgres://kim@elsewhere/pm', { ...NONE, passFile })).password).toBeNull();
  });

  it('that others may read are refused', async () => {
    const passFile = await privateFile('open', lines, 0o644);
    expect(await failure('postgres://kim@db/pm', { passFile })).toEqual({
      code: 'CONFIGURATION_ERROR',
      text: `the passfile ${passFile} may be read by others / Run: chmod 600 ${passFile}`,
    });
  });

  it('count less than PGPASSWORD', async () => {
    const passFile = await privateFile('pgpass', lines);
    const address = await resolveSource('postgres://kim@db/pm', { ...NONE, passFile, password: new Secret('env') });
    expect(address.password?.reveal()).toBe('env');
  });
});

describe('named sources', () => {
  const legacy = { host: 'db', port: 6543, user: 'kim', database: 'pm' };

  it('are where the file says, with their own password, or that of a file beside', async () => {
    await privateFile('secret', 'from-file\n');
    const sources = {
      legacy: { ...legacy, password: 'hunter2', sslmode: 'require' },
      other: { ...legacy, passwordFile: 'secret' },
    };
    const sourcesFile = await privateFile('sources.json', JSON.stringify({ sources }));
    const settings = { ...NONE, sourcesFile, password: new Secret('env') };
    const address = await resolveSource('legacy', settings);
    expect(address).toMatchObject({ ...legacy, ssl: 'require' });
    expect(address.password?.reveal()).toBe('hunter2');
    expect((await resolveSource('other', settings)).password?.reveal()).toBe('from-file');
    expect((await failure('legcy', settings)).text).toBe('there is no source legcy / Did you mean legacy?');
    expect((await failure('zzz', settings)).text).toContain('Known sources: legacy, other.');
  });

  it.each([
    ['{"sources":{"a":{"host":"db","pasword":"hunter2"}}}', 0o600, /file of sources .* is wrong: .*sources\.a/],
    ['{"password":"hunter2"', 0o600, /is no JSON/],
    ['{"sources":{}}', 0o640, /may be read by others .*chmod 600/],
  ])('in a file that is wrong or open are refused: %s', async (content, mode, message) => {
    const { code, text } = await failure('a', { sourcesFile: await privateFile('bad.json', content, mode) });
    expect(code).toBe('CONFIGURATION_ERROR');
    expect(text).toMatch(message);
    expect(text).not.toContain('hunter2');
  });

  it('are unknown without a file, and a file that is not there is named', async () => {
    expect((await failure('legacy')).text).toMatch(/no sources are configured.*PEGBOARD_SOURCES_FILE/);
    expect((await failure('legacy', { sourcesFile: '/nonexistent' })).text).toContain(
      '/nonexistent cannot be read (ENOENT)',
    );
  });
});
