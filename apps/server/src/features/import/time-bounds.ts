import type { Clock } from '../../platform/clock.ts';
import type { ImportRequest } from './import-request.ts';
import type { Interval } from './slice-query.ts';
import type { SourceClock } from './source-clock.ts';

const DAY_MS = 86_400_000;
/** Times outside of this are those of a wrong clock, as in files. */
const EARLIEST_MS = Date.UTC(1990, 0, 1);
const LATEST_AHEAD_MS = 2 * DAY_MS;

/** What time an import may read, in ms of the clock of the source. */
export class TimeBounds {
  readonly #clock: SourceClock;
  readonly #utcClock: Clock;
  readonly #shiftMs: number;
  /** Null: all that there is. */
  readonly since: number | null;
  readonly #until: number | null;

  constructor({ sinceMs, untilMs, timestamp }: ImportRequest, clock: SourceClock, utcClock: Clock) {
    this.#clock = clock;
    this.#utcClock = utcClock;
    // A period that ends at a bound lies before it, one that begins there behind it.
    this.#shiftMs = timestamp === 'end' ? 1 : 0;
    this.since = this.#bound(sinceMs);
    this.#until = this.#bound(untilMs);
  }

  get now(): number {
    return this.#clock.fromUtcMs(this.#utcClock.nowMs());
  }

  /** Of times that are no clock's mistake. */
  get credible(): Interval {
    return {
      fromMs: this.#clock.fromUtcMs(EARLIEST_MS),
      toMs: this.#clock.fromUtcMs(this.#utcClock.nowMs() + LATEST_AHEAD_MS),
    };
  }

  /** Of times that are asked for. */
  get wanted(): Interval {
    const { fromMs, toMs } = this.credible;
    return { fromMs: Math.max(this.since ?? fromMs, fromMs), toMs: Math.min(this.#until ?? toMs, toMs) };
  }

  #bound(utcMs: number | null): number | null {
    return utcMs === null ? null : this.#clock.fromUtcMs(utcMs) + this.#shiftMs;
  }
}
