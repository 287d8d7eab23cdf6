import { DateTime } from 'luxon';
import { PegboardError } from '../../platform/errors.ts';
import type { TimeInterval } from '../../stores/kpi/kpi-store.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
/** A minute a bucket for almost two years. */
const MAX_BUCKETS = 1_000_000;

/**
 * The begins of the buckets that cover an interval, ascending, with the end of the last one behind them; ms since the
 * epoch. Buckets shorter than a day start anew at each local midnight, so the last one of a day may be shorter where clocks
 * are set or the day is no multiple; buckets of whole days are calendar days; the first begins at the midnight before the interval.
 * @throws PegboardError DATA_VALIDATION_ERROR for more than a million buckets.
 */
export function bucketBounds(interval: TimeInterval, minutes: number, timeZone: string): Float64Array {
  if ((interval.toMs - interval.fromMs) / (minutes * MINUTE_MS) > MAX_BUCKETS) {
    const message = `the range holds more than ${MAX_BUCKETS} buckets of ${minutes} minutes; shorten it or lengthen them`;
    throw new PegboardError('DATA_VALIDATION_ERROR', message, { details: [{ path: 'interval_minutes', message }] });
  }
  const firstDay = DateTime.fromMillis(interval.fromMs, { zone: timeZone }).startOf('day');
  const bounds: number[] = [];
  let last = firstDay.toMillis();
  const add = (beginMs: number, endMs: number) => {
    last = endMs;
    if (endMs > interval.fromMs && beginMs < interval.toMs) bounds.push(beginMs);
  };
  if (minutes % DAY_MINUTES === 0) addDays(firstDay, minutes / DAY_MINUTES, interval.toMs, add);
  else if (minutes < DAY_MINUTES) addWithinDays(firstDay, minutes * MINUTE_MS, interval.toMs, add);
  else addSteps(last, Number.POSITIVE_INFINITY, minutes * MINUTE_MS, interval.toMs, add);
  return Float64Array.from([...bounds, last]);
}

type AddBucket = (beginMs: number, endMs: number) => void;

function addDays(firstDay: DateTime, days: number, toMs: number, add: AddBucket): void {
  for (let index = 0; ; index++) {
    const begin = firstDay
      .plus({ days: index * days })
      .startOf('day')
      .toMillis();
    if (begin >= toMs) return;
    add(
      begin,
      firstDay
        .plus({ days: (index + 1) * days })
        .startOf('day')
        .toMillis(),
    );
  }
}

function addWithinDays(firstDay: DateTime, stepMs: number, toMs: number, add: AddBucket): void {
  for (let day = firstDay; day.toMillis() < toMs; day = day.plus({ days: 1 }).startOf('day')) {
    addSteps(day.toMillis(), day.plus({ days: 1 }).startOf('day').toMillis(), stepMs, toMs, add);
  }
}

function addSteps(fromMs: number, untilMs: number, stepMs: number, toMs: number, add: AddBucket): void {
  for (let begin = fromMs; begin < Math.min(untilMs, toMs); begin += stepMs)
    add(begin, Math.min(begin + stepMs, untilMs));
}

/** Index of the bucket that a time falls into; -1 outside. O(log buckets). */
export function bucketIndex(bounds: Float64Array, timeMs: number): number {
  let low = 0;
  let high = bounds.length - 1;
  if (timeMs < bounds[0] || timeMs >= bounds[high]) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (bounds[middle] <= timeMs) low = middle;
    else high = middle;
  }
  return low;
}
