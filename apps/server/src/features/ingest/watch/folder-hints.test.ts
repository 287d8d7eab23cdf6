import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderHints, type WatchFolder } from './folder-hints.ts';

let folder: string;
let hints: FolderHints;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-hints-'));
});
afterEach(async () => {
  hints.close();
  await rm(folder, { recursive: true, force: true });
});

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: System limit for number of file watchers reached`), { code });
}

describe('folder hints', () => {
  it('come when a file is written or renamed into a folder, and not any more after it is dropped', async () => {
    let rings = 0;
    const troubles: unknown[] = [];
    hints = new FolderHints(
      () => rings++,
      (error) => troubles.push(error),
    );
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    await mkdir(a);
    await mkdir(b);
    hints.update([a, b]);
    await writeFile(join(b, 'x.part'), 'x');
    await expect.poll(() => rings).toBeGreaterThan(0);
    rings = 0;
    await rename(join(b, 'x.part'), join(b, 'x'));
    await expect.poll(() => rings).toBeGreaterThan(0);
    hints.update([a]);
    await writeFile(join(a, 'sign'), 'x');
    await expect.poll(() => rings).toBeGreaterThan(0);
    hints.close();
    expect(troubles).toEqual([]);
  });

  it('are no trouble where a folder is gone', () => {
    const troubles: unknown[] = [];
    hints = new FolderHints(
      () => undefined,
      (error) => troubles.push(error),
    );
    hints.update([join(folder, 'nowhere')]);
    expect(troubles).toEqual([]);
  });

  it.each(['ENOSPC', 'EMFILE', 'ENOSYS'])('are given up, and told once, where the system says %s', (code) => {
    const troubles: unknown[] = [];
    const open = new Set<string>();
    const asked: string[] = [];
    const full: WatchFolder = (path) => {
      asked.push(path);
      if (asked.length === 3) throw systemError(code);
      open.add(path);
      return { close: () => open.delete(path) };
    };
    hints = new FolderHints(
      () => undefined,
      (error) => troubles.push(error),
      full,
    );
    hints.update(['1', '2', '3', '4']);
    hints.update(['1', '2', '3', '4']);
    expect(troubles).toEqual([expect.objectContaining({ code })]);
    expect(asked).toEqual(['1', '2', '3']);
    expect(open.size).toBe(0);
  });

  it('are given up where a watch breaks later', () => {
    const troubles: unknown[] = [];
    let breakIt: (error: unknown) => void = () => undefined;
    const watch: WatchFolder = (_path, _onChange, onError) => {
      breakIt = onError;
      return { close: () => undefined };
    };
    hints = new FolderHints(
      () => undefined,
      (error) => troubles.push(error),
      watch,
    );
    hints.update(['1', '2']);
    breakIt(systemError('EIO'));
    breakIt(systemError('EIO'));
    expect(troubles).toHaveLength(1);
  });
});
