import { DateTime, IANAZone } from 'luxon';

/**
 * The clock of a source. "Clock ms" are the times as its column holds them: instants for a column with a zone, else the
 * reading of a wall clock taken as if it were UTC.
 */
export interface SourceClock {
  /** ms since the epoch of a clock reading. One that occurs twice is the earlier; one that is skipped, as if not set forward. */
  toUtcMs(clockMs: number): number;
  /** The same give or take a change of the clock, and not noted as doubtful: for what is no time of a sample. */
  roughUtcMs(clockMs: number): number;
  /** What the clock shows at an instant. */
  fromUtcMs(utcMs: number): number;
  /** Readings that a change of the clock made ambiguous or impossible, distinct. */
  readonly doubtful: number;
}

/** For columns with a zone. */
export function instantClock(): SourceClock {
  return { toUtcMs: (ms) => ms, roughUtcMs: (ms) => ms, fromUtcMs: (ms) => ms, doubtful: 0 };
}

const MAX_REMEMBERED = 50_000;
const MINUTE_MS = 60_000;

/** For columns without a zone; `timeZone` is an IANA name. */
export function wallClock(timeZone: string): SourceClock {
  const zone = IANAZone.create(timeZone);
  const known = new Map<number, number>();
  const doubtful = new Set<number>();
  return {
    toUtcMs(clockMs) {
      let utcMs = known.get(clockMs);
      if (utcMs !== undefined) return utcMs;
      const instants = instantsOf(clockMs, zone);
      if (instants.length !== 1) doubtful.add(clockMs);
      utcMs = instants[0] ?? clockMs - zone.offset(clockMs - 86_400_000) * MINUTE_MS;
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.set(clockMs, utcMs);
      return utcMs;
    },
    roughUtcMs: (clockMs) => clockMs - zone.offset(clockMs) * MINUTE_MS,
    fromUtcMs: (utcMs) => utcMs + zone.offset(utcMs) * MINUTE_MS,
    get doubtful() {
      return doubtful.size;
    },
  };
}

/** All instants at which the clocks of a zone show the reading, in order. */
function instantsOf(clockMs: number, zone: IANAZone): number[] {
  const { year, month, day, hour, minute, second, millisecond } = DateTime.fromMillis(clockMs, { zone: 'UTC' });
  const local = DateTime.fromObject({ year, month, day, hour, minute, second, millisecond }, { zone });
  return local
    .getPossibleOffsets()
    .map((instant) => instant.toMillis())
    .filter((utcMs) => utcMs + zone.offset(utcMs) * MINUTE_MS === clockMs)
    .sort((a, b) => a - b);
}
