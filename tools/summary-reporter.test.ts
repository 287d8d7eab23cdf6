import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const VITEST = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const REPORTER = fileURLToPath(new URL('./summary-reporter.ts', import.meta.url));
let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'pegboard-reporter-'));
});
afterEach(async () => {
  await rm(project, { recursive: true, force: true });
});

/** Runs the files as a project of their own; gives the exit code and the last line. */
async function runTests(files: Readonly<Record<string, string>>, ...args: string[]) {
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(project, name), text)));
  const command = [
    VITEST,
    'run',
    '--globals',
    '--root',
    project,
    '--reporter',
    'default',
    '--reporter',
    REPORTER,
    ...args,
  ];
  const { status, stdout } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  return { status, last: stdout.split('\n').at(-2) };
}

describe('the summary of a test run', () => {
  it('counts passed tests and succeeds', async () => {
    const files = { 'a.test.js': `it('one', () => {}); it('two', () => {});`, 'b.test.js': `it('three', () => {});` };
    expect(await runTests(files)).toEqual({ status: 0, last: '3 passed, 0 failed' });
  });

  it('counts failed tests, files that cannot be loaded, hooks and stray errors, and fails', async () => {
    const files = {
      'mixed.test.js': `it('good', () => {}); it('bad', () => { throw new Error('bad'); });`,
      'broken.test.js': `import './missing.js'; it('never', () => {});`,
      'hook.test.js': `describe('suite', () => { afterAll(() => { throw new Error('hook'); }); it('good', () => {}); });`,
      'stray.test.js': `it('good', () => { setTimeout(() => { throw new Error('stray'); }, 0); return new Promise((done) => setTimeout(done, 50)); });`,
    };
    expect(await runTests(files)).toEqual({ status: 1, last: '3 passed, 4 failed' });
  });

  it('counts a run that could not start as a failure', async () => {
    const setup = {
      'setup.js': `export default () => { throw new Error('no server'); };`,
      'a.test.js': `it('one', () => {});`,
    };
    await writeFile(join(project, 'vitest.config.js'), `export default { test: { globalSetup: './setup.js' } };`);
    expect(await runTests(setup)).toEqual({ status: 1, last: '0 passed, 1 failed' });
  });
});
