import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scanFolders } from './folder-scan.ts';

const signal = new AbortController().signal;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pegboard-scan-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), name);
  }
}

async function kinds(roots = [folder]): Promise<Record<string, string>> {
  const { files } = await scanFolders(roots, signal);
  return Object.fromEntries([...files].map(([path, { kind }]) => [path.slice(folder.length + 1), kind]));
}

describe('a scan of folders', () => {
  it('tells files from what is still to come, and passes hidden names over', async () => {
    await put('b.xml', 'a/z.xml', 'a/y.XML.TMP', 'c.part', 'd.xml.filepart', 'e~', '.hidden', '.git/x.xml', 'f.parts');
    expect(Object.entries(await kinds())).toEqual([
      ['a/y.XML.TMP', 'unfinished'],
      ['a/z.xml', 'file'],
      ['b.xml', 'file'],
      ['c.part', 'unfinished'],
      ['d.xml.filepart', 'unfinished'],
      ['e~', 'unfinished'],
      ['f.parts', 'file'],
    ]);
  });

  it('follows links to files, not to folders, and is not caught in loops', async () => {
    await put('real.xml', 'sub/x.xml');
    await symlink('real.xml', join(folder, 'link.xml'));
    await symlink('..', join(folder, 'sub', 'up'));
    await symlink('self', join(folder, 'self'));
    await symlink('nowhere', join(folder, 'broken'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(await kinds()).toEqual({
      broken: 'missing',
      'link.xml': 'file',
      pipe: 'other',
      'real.xml': 'file',
      self: 'unreadable',
      'sub/up': 'other',
      'sub/x.xml': 'file',
    });
  });

  it('gives another stamp to another size, time or file', async () => {
    await put('a', 'b');
    const path = join(folder, 'a');
    const stamp = async () => (await scanFolders([folder], signal)).files.get(path)?.stamp;
    const stamps = [await stamp()];
    await utimes(path, 1000, 1000);
    stamps.push(await stamp(), await stamp());
    await writeFile(path, 'longer');
    await utimes(path, 1000, 1000);
    stamps.push(await stamp());
    await writeFile(join(folder, 'b'), 'longer');
    await utimes(join(folder, 'b'), 1000, 1000);
    await rename(join(folder, 'b'), path);
    stamps.push(await stamp());
    expect(stamps[1]).toBe(stamps[2]);
    expect(new Set(stamps).size).toBe(4);
  });

  it('looks once at folders that are named twice, and names those that cannot be listed', async () => {
    await put('sub/a.xml', 'file');
    const roots = [folder, join(folder, 'sub'), `${folder}/`, join(folder, 'nowhere'), join(folder, 'file')];
    const { files, folders, troubles } = await scanFolders(roots, signal);
    expect([...files.keys()].sort()).toEqual([join(folder, 'file'), join(folder, 'sub/a.xml')]);
    expect(folders).toEqual([folder, join(folder, 'sub')]);
    expect([...troubles]).toEqual([
      [join(folder, 'nowhere'), 'ENOENT'],
      [join(folder, 'file'), 'ENOTDIR'],
    ]);
  });

  it('ends when it is told to', async () => {
    await expect(scanFolders([folder], AbortSignal.abort(new Error('told to stop')))).rejects.toThrow('told to stop');
  });
});
