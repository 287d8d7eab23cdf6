import { randomUUID } from 'node:crypto';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, PegboardError } from '../errors.ts';
import { identifyProcess } from './process-identity.ts';

interface LockRecord {
  readonly pid: number;
  readonly startedAt: string;
  readonly nonce: string;
}

export interface FileMutexOptions {
  readonly timeoutMs: number;
  /** Called once, with the pid of the holder, when the lock is not free at once. */
  readonly onWait?: (holderPid: number) => void;
}

const POLL_MS = 20;

/**
 * Runs `work` while this process holds the lock file. A lock whose process is gone, or whose pid belongs to another
 * process by now, is taken over.
 * @throws PegboardError STORE_UNAVAILABLE when a running process holds it longer than the timeout.
 */
export async function withFileMutex<T>(path: string, options: FileMutexOptions, work: () => Promise<T>): Promise<T> {
  const nonce = await acquire(path, options);
  try {
    return await work();
  } finally {
    await removeIf(path, nonce);
  }
}

async function acquire(path: string, { timeoutMs, onWait }: FileMutexOptions): Promise<string> {
  const deadline = performance.now() + timeoutMs;
  const own: LockRecord = {
    pid: process.pid,
    startedAt: identifyProcess(process.pid)?.startedAt ?? '',
    nonce: randomUUID(),
  };
  let waited = false;
  while (!(await createExclusively(path, own))) {
    const holder = await readLock(path);
    if (holder === null) {
      continue;
    }
    if (!isHeld(holder)) {
      await removeStale(path, holder, timeoutMs);
      continue;
    }
    if (!waited) {
      waited = true;
      onWait?.(holder.pid);
    }
    if (performance.now() >= deadline) {
      throw heldTooLong(path, holder.pid, timeoutMs);
    }
    await sleep(POLL_MS);
  }
  return own.nonce;
}

/** The file appears with its content or not at all, so nobody ever reads a half-written lock. */
async function createExclusively(path: string, record: LockRecord): Promise<boolean> {
  const draft = `${path}.${record.nonce}.draft`;
  await writeFile(draft, JSON.stringify(record), { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    await unlink(draft);
  }
}

async function readLock(path: string): Promise<LockRecord | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return null;
    }
    if (error instanceof SyntaxError) {
      return { pid: 0, startedAt: '', nonce: 'unreadable' };
    }
    throw error;
  }
}

function isHeld(record: LockRecord): boolean {
  return identifyProcess(record.pid)?.startedAt === record.startedAt;
}

/**
 * Two processes may find the same stale lock at once; the slower one must not remove the lock that the faster one made
 * since. So the right to remove it is itself a lock, named after the one stale record.
 */
async function removeStale(path: string, stale: LockRecord, timeoutMs: number): Promise<void> {
  await withFileMutex(`${path}.${stale.nonce}`, { timeoutMs }, () => removeIf(path, stale.nonce));
}

async function removeIf(path: string, nonce: string): Promise<void> {
  if ((await readLock(path))?.nonce === nonce) {
    await unlink(path);
  }
}

function heldTooLong(path: string, pid: number, timeoutMs: number): PegboardError {
  return new PegboardError(
    'STORE_UNAVAILABLE',
    `Process ${pid} has held ${path} for more than ${Math.round(timeoutMs / 1000)} s.`,
    { hint: `See what process ${pid} is doing; when it ends, the lock is free.` },
  );
}
