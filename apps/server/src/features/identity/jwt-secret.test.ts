import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadJwtSecret } from './jwt-secret.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-secret-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('loadJwtSecret', () => {
  it('makes one secret for all who ask at once, readable by the owner only', async () => {
    const dataDir = join(folder, 'new', 'data');
    const secrets = await Promise.all(Array.from({ length: 20 }, () => loadJwtSecret(dataDir)));
    expect(new Set(secrets.map((secret) => secret.reveal())).size).toBe(1);
    expect(secrets[0].reveal().length).toBeGreaterThanOrEqual(43);
    expect(await readdir(dataDir)).toEqual(['jwt.secret']);
    expect((await stat(join(dataDir, 'jwt.secret'))).mode & 0o777).toBe(0o600);
    expect((await loadJwtSecret(dataDir)).reveal()).toBe(secrets[0].reveal());
  });

  it('refuses a secret that others can read, or that is short', async () => {
    const path = join(folder, 'jwt.secret');
    await writeFile(path, 'x'.repeat(40), { mode: 0o600 });
    await chmod(path, 0o644);
    await expect(loadJwtSecret(folder)).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_ERROR',
      message: expect.stringContaining('chmod 600'),
    });
    await chmod(path, 0o600);
    expect((await loadJwtSecret(folder)).reveal()).toBe('x'.repeat(40));
    await writeFile(path, 'short');
    await expect(loadJwtSecret(folder)).rejects.toMatchObject({ code: 'DATA_DIRECTORY_ERROR' });
  });

  it('says so when the folder cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(loadJwtSecret(join(folder, 'file'))).rejects.toMatchObject({ code: 'DATA_DIRECTORY_ERROR' });
  });
});
