import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withFileMutex } from './file-mutex.ts';
import { identifyProcess } from './process-identity.ts';

/** Above the largest pid that Linux (2^22) and macOS give. */
const NO_PID = 2 ** 22 + 1;
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-mutex-'));
  path = join(folder, 'lock');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Lets many workers through one lock; returns how many were inside at once at most. */
async function crowd(workers: number): Promise<number> {
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await sleep(2);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: workers }, () => withFileMutex(path, { timeoutMs: 20_000 }, work)));
  return most;
}

describe('withFileMutex', () => {
  it('lets one through at a time and leaves nothing behind', async () => {
    expect(await crowd(12)).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['a process that is gone', JSON.stringify({ pid: NO_PID, startedAt: '1', nonce: 'a' })],
    ['a pid that another process has by now', JSON.stringify({ pid: process.pid, startedAt: 'earlier', nonce: 'b' })],
    ['nobody: the content is no record', '{"pid":'],
  ])('takes over the lock of %s, also when many try', async (_whose, content) => {
    await writeFile(path, content);
    expect(await crowd(12)).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('gives up with the pid of the holder after the timeout, and keeps its lock', async () => {
    const holder = { pid: process.pid, startedAt: identifyProcess(process.pid)?.startedAt, nonce: 'held' };
    await writeFile(path, JSON.stringify(holder));
    const waits: number[] = [];
    const attempt = withFileMutex(path, { timeoutMs: 60, onWait: (pid) => waits.push(pid) }, async () => 'in');
    await expect(attempt).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining(`Process ${process.pid} has held ${path}`),
    });
    expect(waits).toEqual([process.pid]);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(holder);
  });

  it('is free again after the work failed', async () => {
    const failing = withFileMutex(path, { timeoutMs: 1_000 }, () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    expect(await withFileMutex(path, { timeoutMs: 0 }, async () => 'in')).toBe('in');
  });
});
