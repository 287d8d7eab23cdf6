import type { FileFact, FolderScan } from './folder-scan.ts';

export interface WatchTimes {
  /** A file is read once it has not changed for so long, ms. */
  readonly settleMs: number;
  /** A file that is not complete is given up when it has not changed for so long, ms. */
  readonly giveUpMs: number;
}

/** A file to be read now. */
export interface ReadyFile {
  readonly path: string;
  readonly stamp: string;
  /** It has not changed for so long that it is taken or refused as it is. */
  readonly isLastTry: boolean;
}

export interface Observation {
  readonly ready: readonly ReadyFile[];
  /** Files that are not complete for too long; each is told once. */
  readonly waiting: readonly { readonly path: string; readonly reason: 'growing' | 'unfinished_name' }[];
  /** Files that could not be read; whether they can now has to be tried. */
  readonly barred: readonly ReadyFile[];
  /** When the next file may be ready, on the clock of `observe`; null: none is on its way. */
  readonly nextDueMs: number | null;
}

interface SeenFile {
  readonly kind: FileFact['kind'];
  readonly stamp: string;
  /** Since when it has had this stamp. */
  readonly sinceMs: number;
  /** Since when it has been on its way. */
  readonly firstMs: number;
  /** How often it was read and found incomplete, or could not be read. */
  readonly vainReads: number;
  /** `incomplete`: read with this stamp, and not complete; `done`: taken, refused or skipped; `barred`: it could not be read. */
  state: 'settling' | 'incomplete' | 'done' | 'barred';
  /** When it is tried again whether it can be read. */
  barredUntilMs: number;
  isTold: boolean;
}

/**
 * Which files of watched folders are to be read, from one look at them after the other. A file is ready when its size, its
 * time and its inode have not changed for a while; what has been done is remembered until it changes or is gone, so memory
 * is bounded by what lies in the folders. Times are of a clock that only goes forward, ms.
 */
export class WatchedFiles {
  readonly #times: WatchTimes;
  readonly #seen = new Map<string, SeenFile>();

  constructor(times: WatchTimes) {
    this.#times = times;
  }

  /** Files that are remembered. */
  get size(): number {
    return this.#seen.size;
  }

  observe({ files, troubles }: FolderScan, nowMs: number): Observation {
    this.#forget(files, troubles);
    const ready: ReadyFile[] = [];
    const waiting: Observation['waiting'][number][] = [];
    const barred: ReadyFile[] = [];
    let nextDueMs: number | null = null;
    for (const [path, fact] of files) {
      const file = this.#look(path, fact, nowMs);
      if (file.state === 'done') continue;
      const isLastTry = nowMs - file.sinceMs >= this.#times.giveUpMs;
      if (file.state === 'barred') {
        if (nowMs >= file.barredUntilMs) barred.push({ path, stamp: file.stamp, isLastTry: true });
        continue;
      }
      const dueMs = this.#dueMs(file);
      if (dueMs !== null && dueMs <= nowMs) ready.push({ path, stamp: file.stamp, isLastTry });
      else if (dueMs !== null) nextDueMs = Math.min(dueMs, nextDueMs ?? dueMs);
      const reason = this.#tooLong(file, nowMs);
      if (reason === null || file.isTold || (dueMs !== null && dueMs <= nowMs)) continue;
      file.isTold = true;
      waiting.push({ path, reason });
    }
    return { ready, waiting, barred, nextDueMs };
  }

  /** It has been taken, refused or skipped: it is left alone until it changes. */
  finish({ path, stamp }: ReadyFile): void {
    const file = this.#seen.get(path);
    if (file?.stamp === stamp) file.state = 'done';
  }

  /** It was read and is not complete: it is read again when it has changed, or at last when it is given up. */
  postpone({ path, stamp }: ReadyFile): void {
    const file = this.#seen.get(path);
    if (file?.stamp === stamp) this.#seen.set(path, { ...file, state: 'incomplete', vainReads: file.vainReads + 1 });
  }

  /** It could not be read: after a while, a longer one each time, it is tried whether it can be. */
  bar({ path, stamp }: ReadyFile, nowMs: number): void {
    const file = this.#seen.get(path);
    if (file?.stamp !== stamp) return;
    const barredUntilMs = nowMs + this.#patienceMs(file.vainReads);
    this.#seen.set(path, { ...file, state: 'barred', vainReads: file.vainReads + 1, barredUntilMs });
  }

  #patienceMs(vainReads: number): number {
    return Math.min(this.#times.settleMs * 2 ** Math.min(vainReads, 20), this.#times.giveUpMs);
  }

  #look(path: string, { kind, stamp }: FileFact, nowMs: number): SeenFile {
    const known = this.#seen.get(path);
    if (known?.stamp === stamp && known.kind === kind) return known;
    const earlier = known?.state === 'settling' || known?.state === 'incomplete' ? known : null;
    const file: SeenFile = {
      kind,
      stamp,
      sinceMs: nowMs,
      firstMs: earlier?.firstMs ?? nowMs,
      vainReads: earlier?.vainReads ?? 0,
      state: 'settling',
      barredUntilMs: 0,
      isTold: earlier?.isTold ?? false,
    };
    this.#seen.set(path, file);
    return file;
  }

  /** When it is ready if it does not change; null: never. A file that was found incomplete is given more time each time. */
  #dueMs({ kind, state, sinceMs, vainReads }: SeenFile): number | null {
    if (kind === 'unfinished') return null;
    if (kind === 'missing' || state === 'incomplete') return sinceMs + this.#times.giveUpMs;
    return sinceMs + this.#patienceMs(vainReads);
  }

  #tooLong({ kind, sinceMs, firstMs }: SeenFile, nowMs: number): 'growing' | 'unfinished_name' | null {
    if (kind === 'unfinished') return nowMs - sinceMs >= this.#times.giveUpMs ? 'unfinished_name' : null;
    return kind === 'file' && nowMs - firstMs >= this.#times.giveUpMs ? 'growing' : null;
  }

  /** What is gone is forgotten; of what lies in a folder that cannot be listed nobody knows. */
  #forget(files: FolderScan['files'], troubles: FolderScan['troubles']): void {
    const unknown = [...troubles.keys()].map((folder) => (folder.endsWith('/') ? folder : `${folder}/`));
    for (const path of this.#seen.keys()) {
      if (!files.has(path) && !unknown.some((folder) => path.startsWith(folder))) this.#seen.delete(path);
    }
  }
}
