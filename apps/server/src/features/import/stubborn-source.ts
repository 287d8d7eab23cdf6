import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionSettings } from '../../platform/postgres/connection.ts';
import { connectSource, isWorthAnotherTry, type SourceConnection } from './source-connection.ts';

/** Pauses before the source is tried again when its connection broke, ms. */
const PAUSES_MS = [500, 2000, 5000, 15_000];

/** A source whose connection is made again when it breaks. */
export class StubbornSource {
  readonly #connection: ConnectionSettings;
  readonly #signal: AbortSignal | undefined;
  #source: SourceConnection;
  #reconnects = 0;

  constructor(connection: ConnectionSettings, source: SourceConnection, signal: AbortSignal | undefined) {
    this.#connection = connection;
    this.#source = source;
    this.#signal = signal;
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
    for (let attempt = 0; ; attempt++) {
      this.#signal?.throwIfAborted();
      try {
        return await work(this.#source);
      } catch (error) {
        if (attempt >= PAUSES_MS.length || !isWorthAnotherTry(error)) throw error;
        await this.#reconnect(PAUSES_MS[attempt]);
      }
    }
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  async #reconnect(pauseMs: number): Promise<void> {
    await this.#source.close();
    await sleep(pauseMs, undefined, { signal: this.#signal });
    try {
      this.#source = await connectSource(this.#connection);
      this.#reconnects++;
    } catch (error) {
      // Where the server is not back yet the next attempt meets the broken connection and waits longer.
      if (!isWorthAnotherTry(error)) throw error;
    }
  }
}
