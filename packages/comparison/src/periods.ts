import { DateTime, Duration } from 'luxon';
import { beginOf, endOf, parseInstant, readWrittenTime, type TimeOptions } from './time/parse-instant.ts';
import { invalid, ok, type Period, quoted, type TimeResult } from './time/time-problem.ts';
import { parseTimeZone } from './time/time-zone.ts';

const HOW_TO_WRITE_A_PERIOD =
  'write 2025-08-13_00:00~2025-08-13_23:59 (end minute included), 2025-08-13T00:00Z/2025-08-14T00:00Z (end excluded), 2025-08-13T00:00Z/PT24H, or 2025-08-13';
const LATEST_MS = Date.UTC(2200, 0, 2);
const MAX_PERIOD_CHARACTERS = 128;

/**
 * Reads a period into a half-open UTC interval.
 *
 * `A~B`: both `YYYY-MM-DD_HH:MM` (the end minute is included) or both dates (the end day is included).
 * `A/B`: an ISO 8601 interval, half-open; each end with any offset or local in the zone; one end may be a duration.
 * `2025-08-13`: the whole local day, 23 or 25 hours long where clocks are set.
 */
export function parsePeriod(text: string, options: TimeOptions): TimeResult<Period> {
  const zone = parseTimeZone(options.timeZone);
  if (zone.status === 'invalid') return zone;
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > MAX_PERIOD_CHARACTERS) return unreadable(text);
  if (trimmed.includes('~')) return parseMinuteRange(trimmed, zone.value);
  if (trimmed.includes('/')) return parseIsoInterval(trimmed, zone.value);
  return parseDay(trimmed, zone.value);
}

/** Reads the two ends of a range, as `parseInstant` does each, into a half-open UTC interval. */
export function parseTimeRange(from: string, to: string, options: TimeOptions): TimeResult<Period> {
  const begin = parseInstant(from, 'begin', options);
  if (begin.status === 'invalid') return begin;
  const end = parseInstant(to, 'end', options);
  if (end.status === 'invalid') return end;
  return ordered(begin.value, end.value, `${from.trim()} to ${to.trim()}`);
}

function parseMinuteRange(text: string, timeZone: string): TimeResult<Period> {
  const parts = text.split('~');
  if (parts.length !== 2) return unreadable(text);
  const begin = readWrittenTime(parts[0], 'begin');
  if (begin.status === 'invalid') return begin;
  const end = readWrittenTime(parts[1], 'end');
  if (end.status === 'invalid') return end;
  if (begin.value.precision === 'moment' || begin.value.precision !== end.value.precision) {
    const message = `${quoted(text)} mixes ways of writing`;
    const hint = 'with ~ write both ends as YYYY-MM-DD_HH:MM or both as YYYY-MM-DD; for ISO 8601 times write A/B';
    return invalid('unreadable_period', 'period', message, hint);
  }
  const fromMs = beginOf(begin.value, timeZone, 'begin');
  if (fromMs.status === 'invalid') return fromMs;
  const toMs = endOf(end.value, timeZone);
  if (toMs.status === 'invalid') return toMs;
  return ordered(fromMs.value, toMs.value, text);
}

function parseIsoInterval(text: string, timeZone: string): TimeResult<Period> {
  const parts = text.split('/').map((part) => part.trim());
  if (parts.length !== 2) return unreadable(text);
  const [first, second] = parts;
  if (isDuration(first) && isDuration(second)) return unreadable(text);
  const begin = isDuration(first) ? null : isoEnd(first, timeZone, 'begin');
  if (begin?.status === 'invalid') return begin;
  const end = isDuration(second) ? null : isoEnd(second, timeZone, 'end');
  if (end?.status === 'invalid') return end;
  const fromMs = begin?.value ?? shifted(end?.value ?? Number.NaN, first, -1, timeZone);
  const toMs = end?.value ?? shifted(begin?.value ?? Number.NaN, second, 1, timeZone);
  if (fromMs === null || toMs === null) {
    const wrong = fromMs === null ? first : second;
    const message = `${quoted(wrong)} is not a duration longer than zero`;
    return invalid('unreadable_duration', 'period', message, 'write a duration such as PT24H, P1D or P1W');
  }
  return ordered(fromMs, toMs, text);
}

function isDuration(text: string): boolean {
  return /^[Pp+-]/.test(text);
}

/** One end of an ISO interval. A date stands for the first moment of its day, at both ends: the interval is half-open. */
function isoEnd(text: string, timeZone: string, part: 'begin' | 'end'): TimeResult<number> {
  const written = readWrittenTime(text, part);
  if (written.status === 'invalid') return written;
  if (written.value.precision === 'minute') {
    const message = `${quoted(text)} does not belong into an interval A/B, whose end is excluded`;
    return invalid('unreadable_time', part, message, 'write T in place of _, or ~ in place of /');
  }
  return beginOf(written.value, timeZone, part);
}

/** Adds a duration; days and longer units as the calendar of the zone has them. Null where it is no positive duration. */
function shifted(instantMs: number, durationText: string, sign: 1 | -1, timeZone: string): number | null {
  const duration = Duration.fromISO(durationText.toUpperCase());
  if (!duration.isValid) return null;
  const instant = DateTime.fromMillis(instantMs, { zone: timeZone });
  const other = sign === 1 ? instant.plus(duration) : instant.minus(duration);
  if (!other.isValid) return null;
  const ms = other.toMillis();
  return (ms - instantMs) * sign > 0 ? ms : null;
}

function parseDay(text: string, timeZone: string): TimeResult<Period> {
  const written = readWrittenTime(text, 'begin');
  if (written.status === 'invalid') {
    return written.problem.code === 'unreadable_time' ? unreadable(text) : written;
  }
  if (written.value.precision !== 'day') {
    return invalid('unreadable_period', 'period', `${quoted(text)} has no end`, HOW_TO_WRITE_A_PERIOD);
  }
  const fromMs = beginOf(written.value, timeZone, 'begin');
  if (fromMs.status === 'invalid') return fromMs;
  const toMs = endOf(written.value, timeZone);
  return toMs.status === 'invalid' ? toMs : ordered(fromMs.value, toMs.value, text);
}

function ordered(fromMs: number, toMs: number, text: string): TimeResult<Period> {
  if (Math.abs(fromMs) > LATEST_MS || Math.abs(toMs) > LATEST_MS) {
    return invalid(
      'time_out_of_range',
      'period',
      `${quoted(text)} leaves the years 1970 to 2199`,
      'check the duration',
    );
  }
  if (fromMs < toMs) return ok({ fromMs, toMs });
  const message = `the begin of ${quoted(text)} is not before its end`;
  const hint = `it begins at ${isoUtc(fromMs)} and ends at ${isoUtc(toMs)}: write the earlier time first`;
  return invalid('begin_not_before_end', 'period', message, hint);
}

function unreadable(text: string): TimeResult<Period> {
  return invalid('unreadable_period', 'period', `${quoted(text)} is not a readable period`, HOW_TO_WRITE_A_PERIOD);
}

function isoUtc(ms: number): string {
  return new Date(ms).toISOString();
}
