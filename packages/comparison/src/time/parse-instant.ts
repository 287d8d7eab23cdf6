import { checkLocalTime, endOfDay, type LocalTime, resolveLocalTime, startOfDay } from './local-time.ts';
import { invalid, ok, quoted, type TimeProblem, type TimeResult } from './time-problem.ts';
import { parseTimeZone } from './time-zone.ts';

const MINUTE_MS = 60_000;
const WRITTEN_TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:([Tt_ ])(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([Zz]|[+-]\d{2}(?::?\d{2})?)?)?$/;
const MAX_OFFSET_MINUTES = 14 * 60;

const HOW_TO_WRITE_A_TIME = 'write YYYY-MM-DD, YYYY-MM-DD_HH:MM, or ISO 8601 such as 2025-08-13T00:00:00+09:00';

/** How exactly a time is written: a whole day, a whole minute (`_` form), or a moment (ISO 8601). */
type Precision = 'day' | 'minute' | 'moment';

/** A time as it was written, checked but for what its zone does with it. */
export interface WrittenTime {
  readonly text: string;
  readonly local: LocalTime;
  readonly precision: Precision;
  /** Minutes east of UTC; null where none was written. */
  readonly offsetMinutes: number | null;
}

/** Reads a time without its zone. */
export function readWrittenTime(text: string, part: 'begin' | 'end'): TimeResult<WrittenTime> {
  const trimmed = text.trim();
  const match = WRITTEN_TIME.exec(trimmed);
  if (match === null) {
    return invalid('unreadable_time', part, `${quoted(text)} is not a readable time`, HOW_TO_WRITE_A_TIME);
  }
  const [, year, month, day, separator, hour = '0', minute = '0', second, fraction = '', offset] = match;
  const local = checkLocalTime(
    {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second ?? 0),
      millisecond: Math.floor(Number(`0.${fraction || 0}`) * 1000),
    },
    trimmed,
    part,
  );
  if (local.status === 'invalid') return local;
  const offsetMinutes = readOffset(offset);
  if (Number.isNaN(offsetMinutes)) {
    return invalid(
      'impossible_time',
      part,
      `the offset of ${quoted(trimmed)} does not exist`,
      'write -14:00 to +14:00, or Z',
    );
  }
  if (separator === '_' && (second !== undefined || offset !== undefined)) {
    const message = `${quoted(trimmed)} mixes two ways of writing`;
    return invalid('unreadable_time', part, message, 'write YYYY-MM-DD_HH:MM, or ISO 8601 with a T');
  }
  return ok({ text: trimmed, local: local.value, precision: precisionOf(separator), offsetMinutes });
}

function precisionOf(separator: string | undefined): Precision {
  if (separator === undefined) return 'day';
  return separator === '_' ? 'minute' : 'moment';
}

/** Minutes east of UTC; null without an offset, NaN for an impossible one. */
function readOffset(offset: string | undefined): number | null {
  if (offset === undefined) return null;
  if (offset === 'Z' || offset === 'z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(':', '') || 0);
  const total = hours * 60 + minutes;
  if (minutes > 59 || total > MAX_OFFSET_MINUTES) return Number.NaN;
  return offset.startsWith('-') ? -total : total;
}

/** When a written time begins, ms since the epoch. */
export function beginOf(written: WrittenTime, timeZone: string, part: 'begin' | 'end'): TimeResult<number> {
  const { local, precision, text, offsetMinutes } = written;
  if (offsetMinutes !== null) return ok(utcInstantOf(written));
  if (precision === 'day' || (precision === 'minute' && local.hour === 0 && local.minute === 0)) {
    return dayOf(written, timeZone, part, (day) => startOfDay(day, timeZone));
  }
  return resolveLocalTime(local, timeZone, text, part);
}

/** When a written time is over: a day at the next one, a minute at the next one, a moment at once. */
export function endOf(written: WrittenTime, timeZone: string): TimeResult<number> {
  const { local, precision } = written;
  if (precision === 'moment') return beginOf(written, timeZone, 'end');
  if (precision === 'day' || (local.hour === 23 && local.minute === 59)) {
    return dayOf(written, timeZone, 'end', (day) => endOfDay(day, timeZone));
  }
  const begin = beginOf(written, timeZone, 'end');
  return begin.status === 'ok' ? ok(begin.value + MINUTE_MS) : begin;
}

function dayOf(
  written: WrittenTime,
  timeZone: string,
  part: TimeProblem['part'],
  take: (day: LocalTime) => number | null,
): TimeResult<number> {
  const exists = startOfDay(written.local, timeZone) !== null;
  const value = exists ? take(written.local) : null;
  if (value !== null) return ok(value);
  const message = `the day of ${quoted(written.text)} was skipped in ${timeZone}`;
  return invalid('nonexistent_local_time', part, message, 'write another day, or times with an offset');
}

/** The instant of a written time, read as UTC where no offset was written. */
export function utcInstantOf({ local, offsetMinutes }: WrittenTime): number {
  const { year, month, day, hour, minute, second, millisecond } = local;
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond) - (offsetMinutes ?? 0) * MINUTE_MS;
}

export interface TimeOptions {
  /** IANA name of the zone of times without an offset. */
  readonly timeZone: string;
}

/**
 * Reads one end of a time range.
 *
 * `2025-08-13`: the first moment of the local day, or as an end the first moment of the next (the day is covered).
 * `2025-08-13_10:00`: that minute, or as an end the minute after it (the minute is covered).
 * ISO 8601 with any offset, or local in the zone: that moment, also as an end (exclusive).
 * @returns ms since the epoch
 */
export function parseInstant(text: string, role: 'begin' | 'end', options: TimeOptions): TimeResult<number> {
  const zone = parseTimeZone(options.timeZone);
  if (zone.status === 'invalid') return zone;
  const written = readWrittenTime(text, role);
  if (written.status === 'invalid') return written;
  return role === 'begin' ? beginOf(written.value, zone.value, 'begin') : endOf(written.value, zone.value);
}
