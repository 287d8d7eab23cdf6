import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileFact, FolderScan } from './folder-scan.ts';
import { WatchedFiles } from './watched-files.ts';

const SETTLE_MS = 5000;
const GIVE_UP_MS = 60_000;
const TIMES = { settleMs: SETTLE_MS, giveUpMs: GIVE_UP_MS };

type Facts = Readonly<Record<string, FileFact | string>>;

/** Files by path: the stamp of a plain one, or a fact. */
function scan(files: Facts, troubles: Readonly<Record<string, string>> = {}): FolderScan {
  const facts = Object.entries(files).map(([path, fact]): [string, FileFact] => [
    path,
    typeof fact === 'string' ? { kind: 'file', stamp: fact } : fact,
  ]);
  return { files: new Map(facts), folders: ['/in'], troubles: new Map(Object.entries(troubles)) };
}

function readyPaths(watched: WatchedFiles, files: Facts, nowMs: number): string[] {
  return watched.observe(scan(files), nowMs).ready.map(({ path }) => path);
}

describe('a file', () => {
  it('is ready once it has not changed for the settle time, and says when that will be', () => {
    const watched = new WatchedFiles(TIMES);
    expect(watched.observe(scan({ '/in/a': '1' }), 0)).toMatchObject({ ready: [], nextDueMs: 5000 });
    expect(watched.observe(scan({ '/in/a': '2' }), 4999)).toMatchObject({ ready: [], nextDueMs: 9999 });
    expect(watched.observe(scan({ '/in/a': '2' }), 9998)).toMatchObject({ ready: [], nextDueMs: 9999 });
    const { ready, nextDueMs } = watched.observe(scan({ '/in/a': '2' }), 9999);
    expect([ready, nextDueMs]).toEqual([[{ path: '/in/a', stamp: '2', isLastTry: false }], null]);
  });

  it('is ready again and again until it is finished, and then not before it changes', () => {
    const watched = new WatchedFiles(TIMES);
    readyPaths(watched, { '/in/a': '1' }, 0);
    expect(readyPaths(watched, { '/in/a': '1' }, 5000)).toEqual(['/in/a']);
    const [file] = watched.observe(scan({ '/in/a': '1' }), 5001).ready;
    watched.finish(file);
    expect(watched.observe(scan({ '/in/a': '1' }), 9_999_999)).toEqual({
      ready: [],
      waiting: [],
      barred: [],
      nextDueMs: null,
    });
    expect(readyPaths(watched, { '/in/a': '2' }, 10_000_000)).toEqual([]);
    expect(readyPaths(watched, { '/in/a': '2' }, 10_005_000)).toEqual(['/in/a']);
  });

  it('that changed while it was read is not taken for finished', () => {
    const watched = new WatchedFiles(TIMES);
    readyPaths(watched, { '/in/a': '1' }, 0);
    const [file] = watched.observe(scan({ '/in/a': '1' }), 5000).ready;
    readyPaths(watched, { '/in/a': '2' }, 5001);
    watched.finish(file);
    watched.postpone(file);
    watched.bar(file, 5001);
    expect(readyPaths(watched, { '/in/a': '2' }, 10_001)).toEqual(['/in/a']);
  });

  it('that was not complete is read again when it changes, with more patience each time, and at last when it does not', () => {
    const watched = new WatchedFiles(TIMES);
    readyPaths(watched, { '/in/a': '1' }, 0);
    watched.postpone(watched.observe(scan({ '/in/a': '1' }), 5000).ready[0]);
    expect(watched.observe(scan({ '/in/a': '1' }), 59_999)).toMatchObject({ ready: [], nextDueMs: 60_000 });
    readyPaths(watched, { '/in/a': '2' }, 59_999);
    expect(readyPaths(watched, { '/in/a': '2' }, 69_998)).toEqual([]);
    watched.postpone(watched.observe(scan({ '/in/a': '2' }), 69_999).ready[0]);
    expect(readyPaths(watched, { '/in/a': '2' }, 119_998)).toEqual([]);
    const [last] = watched.observe(scan({ '/in/a': '2' }), 119_999).ready;
    expect(last).toEqual({ path: '/in/a', stamp: '2', isLastTry: true });
    watched.finish(last);
    expect(readyPaths(watched, { '/in/a': '2' }, 999_999)).toEqual([]);
  });

  it('that never stops changing is told once, and taken when it stops after all', () => {
    const watched = new WatchedFiles(TIMES);
    const told = Array.from(
      { length: 200 },
      (_, i) => watched.observe(scan({ '/in/a': `${i}` }), i * 1000).waiting,
    ).flat();
    expect(told).toEqual([{ path: '/in/a', reason: 'growing' }]);
    expect(readyPaths(watched, { '/in/a': '199' }, 204_000)).toEqual(['/in/a']);
  });

  it('with the name of an unfinished one is never ready; it is told once when it stays', () => {
    const watched = new WatchedFiles(TIMES);
    const part = { '/in/a.part': { kind: 'unfinished', stamp: '1' } as const };
    const seen = [0, 59_999, 60_000, 99_999].map((nowMs) => watched.observe(scan(part), nowMs));
    expect(seen.map(({ ready, waiting }) => [ready.length, waiting.length])).toEqual([
      [0, 0],
      [0, 0],
      [0, 1],
      [0, 0],
    ]);
    expect(seen[2].waiting).toEqual([{ path: '/in/a.part', reason: 'unfinished_name' }]);
  });

  it('that is not there though it is listed is tried when it stays so', () => {
    const watched = new WatchedFiles(TIMES);
    const link = { '/in/link': { kind: 'missing', stamp: 'ENOENT' } as const };
    expect(readyPaths(watched, link, 0)).toEqual([]);
    expect(readyPaths(watched, link, 59_999)).toEqual([]);
    expect(watched.observe(scan(link), 60_000).ready).toMatchObject([{ isLastTry: true }]);
  });

  it('that cannot be read is tried after a while, a longer one each time', () => {
    const watched = new WatchedFiles(TIMES);
    readyPaths(watched, { '/in/a': '1' }, 0);
    watched.bar(watched.observe(scan({ '/in/a': '1' }), 5000).ready[0], 5000);
    const barred = (nowMs: number) => watched.observe(scan({ '/in/a': '1' }), nowMs).barred;
    expect([barred(9999).length, barred(10_000).length]).toEqual([0, 1]);
    watched.bar(barred(10_000)[0], 10_000);
    expect([barred(19_999).length, barred(20_000).length]).toEqual([0, 1]);
    watched.finish(barred(20_000)[0]);
    expect(barred(99_999)).toEqual([]);
  });

  it('is forgotten when it is gone, but not while its folder cannot be listed', () => {
    const watched = new WatchedFiles(TIMES);
    const files = { '/in/a': '1', '/in/sub/b': '1', '/in/subway': '1' };
    readyPaths(watched, files, 0);
    for (const file of watched.observe(scan(files), 5000).ready) watched.finish(file);
    watched.observe(scan({}, { '/in/sub': 'ESTALE' }), 6000);
    expect(watched.size).toBe(1);
    expect(readyPaths(watched, files, 7000)).toEqual([]);
    expect(readyPaths(watched, files, 12_000)).toEqual(['/in/a', '/in/subway']);
    watched.observe(scan({}), 13_000);
    expect(watched.size).toBe(0);
  });
});

describe('any course of things', () => {
  const PATHS = ['/in/a', '/in/b', '/in/sub/c', '/in/sub/d'];
  const step = fc.record({
    afterMs: fc.integer({ min: 1, max: 20_000 }),
    files: fc.dictionary(fc.constantFrom(...PATHS), fc.constantFrom('1', '2', '3')),
    isSubLost: fc.boolean(),
    outcome: fc.constantFrom('finish', 'postpone', 'bar'),
  });

  it('reads nothing that has just changed, nothing twice, and remembers no more than there is', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const watched = new WatchedFiles(TIMES);
        const changedAt = new Map<string, { stamp: string; atMs: number }>();
        const finished = new Map<string, string>();
        let nowMs = 0;
        let lastSize = 0;
        for (const { afterMs, files, isSubLost, outcome } of steps) {
          nowMs += afterMs;
          const present = Object.entries(files).filter(([path]) => !(isSubLost && path.startsWith('/in/sub/')));
          const facts = Object.fromEntries(present);
          for (const path of PATHS) {
            const isUnknown = isSubLost && path.startsWith('/in/sub/');
            const stamp = facts[path];
            if (isUnknown) continue;
            if (stamp === undefined) changedAt.delete(path);
            else if (changedAt.get(path)?.stamp !== stamp) changedAt.set(path, { stamp, atMs: nowMs });
            if (finished.get(path) !== stamp) finished.delete(path);
          }
          const { ready } = watched.observe(scan(facts, isSubLost ? { '/in/sub': 'EIO' } : {}), nowMs);
          for (const file of ready) {
            const changed = changedAt.get(file.path);
            expect(changed?.stamp).toBe(file.stamp);
            expect(nowMs - (changed?.atMs ?? nowMs)).toBeGreaterThanOrEqual(SETTLE_MS);
            expect(finished.get(file.path)).toBeUndefined();
            if (outcome === 'finish') {
              watched.finish(file);
              finished.set(file.path, file.stamp);
            } else if (outcome === 'postpone') watched.postpone(file);
            else watched.bar(file, nowMs);
          }
          expect(watched.size).toBeLessThanOrEqual(present.length + (isSubLost ? lastSize : 0));
          lastSize = watched.size;
        }
      }),
    );
  });

  it('reads every file that stays as it is, whatever happened before, within the time of giving up', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const watched = new WatchedFiles(TIMES);
        let nowMs = 0;
        for (const { afterMs, files, outcome } of steps) {
          nowMs += afterMs;
          for (const file of watched.observe(scan(files), nowMs).ready) {
            if (outcome === 'postpone') watched.postpone(file);
            else if (outcome === 'bar') watched.bar(file, nowMs);
          }
        }
        const left = new Set(PATHS);
        const all = Object.fromEntries(PATHS.map((path) => [path, 'last']));
        for (let passed = 0; passed <= GIVE_UP_MS; passed += 1000) {
          const { ready, barred } = watched.observe(scan(all), nowMs + passed);
          for (const file of [...ready, ...barred]) {
            watched.finish(file);
            left.delete(file.path);
          }
        }
        expect([...left]).toEqual([]);
      }),
    );
  });
});
