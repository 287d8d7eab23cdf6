import { IANAZone } from 'luxon';

const PROBE_STEP_MS = 3 * 86_400_000;
const MINUTE_MS = 60_000;

/** Wall-clock time of a zone over a span, as spans of constant offset. */
export interface LocalClock {
  /** Ascending instants from which the offset of the same place holds; the first is the begin of the span. */
  readonly sinceMs: readonly number[];
  /** Added to UTC it gives local time, ms. */
  readonly offsetMs: readonly number[];
}

/**
 * Finds where a zone sets its clocks within a span, once, so that millions of instants can be put on the wall clock by an
 * addition. Changes of the offset are at least three days apart in every zone. Cost: one look-up every three days.
 * @param timeZone IANA name that exists
 */
export function createLocalClock(timeZone: string, fromMs: number, toMs: number): LocalClock {
  const zone = IANAZone.create(timeZone);
  const offsetAt = (ms: number): number => zone.offset(ms) * MINUTE_MS;
  const sinceMs = [fromMs];
  const offsetMs = [offsetAt(fromMs)];
  for (let at = fromMs; at < toMs; at += PROBE_STEP_MS) {
    const next = Math.min(toMs, at + PROBE_STEP_MS);
    const before = offsetAt(at);
    if (offsetAt(next) === before) continue;
    sinceMs.push(firstWithOtherOffset(at, next, before, offsetAt));
    offsetMs.push(offsetAt(next));
  }
  return { sinceMs, offsetMs };
}

function firstWithOtherOffset(fromMs: number, toMs: number, offset: number, offsetAt: (ms: number) => number): number {
  let same = fromMs;
  let other = toMs;
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2);
    if (offsetAt(middle) === offset) same = middle;
    else other = middle;
  }
  return other;
}

/** Local time of an instant, ms as if it were UTC. `hint` is the span to look in first; see `spanOf`. */
export function spanOf(clock: LocalClock, ms: number, hint: number): number {
  const { sinceMs } = clock;
  let span = hint;
  while (span > 0 && ms < sinceMs[span]) span--;
  while (span + 1 < sinceMs.length && ms >= sinceMs[span + 1]) span++;
  return span;
}
