import { Worker } from 'node:worker_threads';

/** The unpacked content of a small file. */
export interface PreparedContent {
  readonly content: Uint8Array;
  /** In hex. */
  readonly sha256: string;
}

/** Reads files before their turn, so that none waits for the disk, for its unpacking or for its hash. */
export interface ReadAhead {
  /** null for what is not small, no plain file, or cannot be read or unpacked: reading it in its turn will say why. */
  read(path: string): Promise<PreparedContent | null>;
  close(): Promise<void>;
}

/** What the thread is asked, and answers. */
export interface ReadRequest {
  readonly number: number;
  readonly path: string;
}

export interface ReadAnswer {
  readonly number: number;
  readonly prepared: { readonly content: ArrayBuffer; readonly sha256: string } | null;
}

/** A thread takes some 50 ms to start; fewer files are read sooner without one. */
const MIN_FILES_FOR_THREAD = 32;

export function openReadAhead(files: number): ReadAhead {
  if (files < MIN_FILES_FOR_THREAD) return { read: async () => null, close: async () => undefined };
  return new ReadAheadThread();
}

class ReadAheadThread implements ReadAhead {
  readonly #worker = new Worker(new URL('./read-ahead-worker.ts', import.meta.url));
  readonly #waiting = new Map<number, (prepared: PreparedContent | null) => void>();
  #asked = 0;
  #gone = false;

  constructor() {
    this.#worker.on('message', ({ number, prepared }: ReadAnswer) => {
      const content = prepared && { content: Buffer.from(prepared.content), sha256: prepared.sha256 };
      this.#waiting.get(number)?.(content);
      this.#waiting.delete(number);
    });
    this.#worker.on('error', () => this.#giveUp());
    this.#worker.on('exit', () => this.#giveUp());
  }

  read(path: string): Promise<PreparedContent | null> {
    if (this.#gone) return Promise.resolve(null);
    const number = this.#asked++;
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve);
      this.#worker.postMessage({ number, path } satisfies ReadRequest);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  /** A thread that died takes nothing with it: its files are read in their turn. */
  #giveUp(): void {
    this.#gone = true;
    for (const resolve of this.#waiting.values()) resolve(null);
    this.#waiting.clear();
  }
}
