import { type FSWatcher, watch } from 'node:fs';

/** Watches one folder; calls back when something in it changes, or when it cannot be watched any more. */
export type WatchFolder = (
  folder: string,
  onChange: () => void,
  onError: (error: unknown) => void,
) => { close(): void };

/** More than these are looked at by polling only. */
const MAX_WATCHED_FOLDERS = 2048;

const watchBySystem: WatchFolder = (folder, onChange, onError) => {
  const watcher: FSWatcher = watch(folder, { persistent: false }, onChange);
  watcher.on('error', onError);
  return watcher;
};

/**
 * Hints of the operating system that something may have changed. They may come too often, too late or, on network file systems
 * and where the system has no watches left, never: whoever uses them looks by himself too.
 */
export class FolderHints {
  readonly #onHint: () => void;
  readonly #onTrouble: (error: unknown) => void;
  readonly #watchFolder: WatchFolder;
  readonly #watchers = new Map<string, { close(): void }>();
  /** Nothing more is asked of a system that has said no. */
  #isOff = false;

  /** `onTrouble` is told once, when hints are given up. */
  constructor(onHint: () => void, onTrouble: (error: unknown) => void, watchFolder: WatchFolder = watchBySystem) {
    this.#onHint = onHint;
    this.#onTrouble = onTrouble;
    this.#watchFolder = watchFolder;
  }

  /** Watches these folders from now on, and no others. */
  update(folders: readonly string[]): void {
    const wanted = new Set(folders.slice(0, MAX_WATCHED_FOLDERS));
    for (const folder of [...this.#watchers.keys()]) if (!wanted.has(folder)) this.#drop(folder);
    for (const folder of wanted) {
      if (this.#isOff) return;
      if (this.#watchers.has(folder)) continue;
      try {
        const watcher = this.#watchFolder(folder, this.#onHint, (error) => this.#lose(folder, error));
        this.#watchers.set(folder, watcher);
      } catch (error) {
        this.#lose(folder, error);
      }
    }
  }

  close(): void {
    for (const folder of [...this.#watchers.keys()]) this.#drop(folder);
  }

  #lose(folder: string, error: unknown): void {
    this.#drop(folder);
    // A folder that went away meanwhile is no trouble.
    if (this.#isOff || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) return;
    this.#isOff = true;
    this.close();
    this.#onTrouble(error);
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
