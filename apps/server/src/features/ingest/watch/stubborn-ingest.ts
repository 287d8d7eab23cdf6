import { setTimeout as sleep } from 'node:timers/promises';
import type { IngestFileReport } from '@pegboard/contracts';
import { errorCode, isPegboardError } from '../../../platform/errors.ts';
import type { IngestInput } from '../find-files.ts';
import type { IngestOptions, IngestService } from '../ingest.service.ts';

/** The ingest over a database that is open. */
export interface OpenIngest {
  readonly ingest: IngestService;
  close(): Promise<void>;
}

/** Pauses before the database is tried again, ms; the last one from then on. */
const PAUSES_MS = [1000, 2000, 5000, 10_000, 30_000, 60_000];
/** SQLSTATEs of a server that is shutting down, out of resources, read-only for now, or busy. */
const PASSING = /^(08|40|53|57|58)|^(25006|55000|55P03)$/;

/** An ingest that waits for its database when that goes away, and then goes on where it was. */
export class StubbornIngest {
  readonly #reopen: () => Promise<OpenIngest>;
  readonly #note: (text: string) => void;
  readonly #signal: AbortSignal;
  #open: OpenIngest;

  constructor(
    open: OpenIngest,
    options: {
      readonly reopen: () => Promise<OpenIngest>;
      readonly note: (text: string) => void;
      readonly signal: AbortSignal;
    },
  ) {
    this.#open = open;
    this.#reopen = options.reopen;
    this.#note = options.note;
    this.#signal = options.signal;
  }

  /**
   * Takes the files, each reported once.
   * @throws the reason of the signal, and errors that waiting does not mend
   */
  async ingest(inputs: readonly IngestInput[], options: IngestOptions): Promise<void> {
    const told = new Set<string>();
    const onFile = (file: IngestFileReport, input: IngestInput) => {
      // What came in before the database went is a duplicate of itself the second time.
      if (told.has(file.name)) return;
      told.add(file.name);
      options.onFile?.(file, input);
    };
    for (;;) {
      try {
        const open = inputs.filter(({ displayName }) => !told.has(displayName));
        await this.#open.ingest.ingestPaths(open, { ...options, onFile, signal: this.#signal });
        return;
      } catch (error) {
        this.#signal.throwIfAborted();
        if (!isPassing(error)) throw error;
        await this.#waitForDatabase(error);
      }
    }
  }

  close(): Promise<void> {
    return this.#open.close();
  }

  async #waitForDatabase(first: unknown): Promise<void> {
    let error = first;
    for (let attempt = 0; ; attempt++) {
      const pauseMs = PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)];
      const why = error instanceof Error ? error.message : String(error);
      this.#note(`the database cannot be used: ${why} Trying again in ${pauseMs / 1000} s.`);
      await sleep(pauseMs, undefined, { signal: this.#signal });
      try {
        await this.#open.close().catch(() => undefined);
        this.#open = await this.#reopen();
        this.#note('the database is back');
        return;
      } catch (again) {
        this.#signal.throwIfAborted();
        if (!isPassing(again)) throw again;
        error = again;
      }
    }
  }
}

function isPassing(error: unknown): boolean {
  return isPegboardError(error, 'STORE_UNAVAILABLE') || PASSING.test(errorCode(error) ?? '');
}
