import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionSettings } from '../../platform/postgres/connection.ts';
import { connectSource, isWorthAnotherTry, type SourceConnection } from './source-connection.ts';

/** Pauses before the source is tried again when its connection broke, ms: some two minutes, in which a server restarts. */
const PAUSES_MS = [500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000] as const;

export interface StubbornSourceOptions {
  readonly signal: AbortSignal | undefined;
  /** Whether to try without end, each minute, rather than to give up after the last pause. */
  readonly isEndless: boolean;
  /** Told of the error, and of the pause before the next try, ms. */
  readonly onRetry: (error: Error, pauseMs: number) => void;
}

/** A source whose connection is made again when it breaks. */
export class StubbornSource {
  readonly #connection: ConnectionSettings;
  readonly #options: StubbornSourceOptions;
  #source: SourceConnection | null;
  #reconnects = 0;

  constructor(connection: ConnectionSettings, source: SourceConnection, options: StubbornSourceOptions) {
    this.#connection = connection;
    this.#source = source;
    this.#options = options;
  }

  /** How often the connection was made again. */
  get reconnects(): number {
    return this.#reconnects;
  }

  /**
   * Does the work, again from its beginning where the connection broke.
   * @throws what the work throws, at last; the reason of the signal where it was aborted
   */
  async stubbornly<T>(work: (source: SourceConnection) => Promise<T>): Promise<T> {
    const { signal, isEndless, onRetry } = this.#options;
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted();
      try {
        return await work(await this.#connected());
      } catch (error) {
        signal?.throwIfAborted();
        const isLast = attempt >= PAUSES_MS.length && !isEndless;
        if (isLast || !(error instanceof Error) || !isWorthAnotherTry(error)) throw error;
        const pauseMs = PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)];
        await this.close();
        onRetry(error, pauseMs);
        await sleep(pauseMs, undefined, { signal });
      }
    }
  }

  async close(): Promise<void> {
    const source = this.#source;
    this.#source = null;
    await source?.close();
  }

  async #connected(): Promise<SourceConnection> {
    if (this.#source === null) {
      this.#source = await connectSource(this.#connection, this.#options.signal);
      this.#reconnects++;
    }
    return this.#source;
  }
}
