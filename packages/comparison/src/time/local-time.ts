import { DateTime } from 'luxon';
import { invalid, ok, quoted, type TimeProblem, type TimeResult } from './time-problem.ts';

/** A calendar date and a time of day, not yet in any zone. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;

/** Checks that a date exists and the time of day is one. `text` and `part` are for the message. */
export function checkLocalTime(local: LocalTime, text: string, part: TimeProblem['part']): TimeResult<LocalTime> {
  const { year, month, day, hour, minute, second } = local;
  if (month < 1 || month > 12) return impossible(`month ${month} of ${quoted(text)} does not exist`, part);
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  if (day < 1 || day > lastDay) {
    return impossible(`day ${day} of ${quoted(text)} does not exist: that month has ${lastDay} days`, part);
  }
  if (hour > 23 || minute > 59 || second > 59) {
    return impossible(`the time of day of ${quoted(text)} does not exist`, part, 'write 00:00 to 23:59');
  }
  if (year < FIRST_YEAR || year > LAST_YEAR) {
    const message = `${quoted(text)} is outside the years ${FIRST_YEAR} to ${LAST_YEAR}`;
    return invalid('time_out_of_range', part, message, 'check the year');
  }
  return ok(local);
}

function impossible(message: string, part: TimeProblem['part'], hint = 'write a date of the calendar, YYYY-MM-DD') {
  return invalid('impossible_time', part, message, hint);
}

/**
 * The instant of a local time in a zone, ms since the epoch. A local time that the zone skips or has twice (when clocks
 * are set) is refused: the caller has to say which one is meant.
 */
export function resolveLocalTime(
  local: LocalTime,
  timeZone: string,
  text: string,
  part: TimeProblem['part'],
): TimeResult<number> {
  const candidates = instantsOf(local, timeZone);
  if (candidates.length === 1) return ok(candidates[0].toMillis());
  if (candidates.length === 0) {
    const message = `${quoted(text)} does not exist in ${timeZone}: clocks are set forward there`;
    return invalid(
      'nonexistent_local_time',
      part,
      message,
      'write a time before or after the gap, or one with an offset',
    );
  }
  const choices = candidates.map((instant) => instant.toISO({ suppressSeconds: true, suppressMilliseconds: true }));
  const message = `${quoted(text)} occurs twice in ${timeZone}: clocks are set back there`;
  return invalid('ambiguous_local_time', part, message, `write it with its offset: ${choices.join(' or ')}`);
}

/** The first moment of a local day, also where clocks are set at midnight; null where the zone skips the whole day. */
export function startOfDay(day: { year: number; month: number; day: number }, timeZone: string): number | null {
  const midnight = DateTime.fromObject({ year: day.year, month: day.month, day: day.day }, { zone: timeZone });
  if (midnight.day !== day.day || midnight.month !== day.month) return null;
  return Math.min(...midnight.getPossibleOffsets().map((instant) => instant.toMillis()));
}

/** The first moment of the day after a local day (of the next one that exists). */
export function endOfDay(day: { year: number; month: number; day: number }, timeZone: string): number {
  for (let next = 1; ; next++) {
    const date = new Date(Date.UTC(day.year, day.month - 1, day.day + next));
    const start = startOfDay(
      { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() },
      timeZone,
    );
    if (start !== null) return start;
  }
}

/** All instants that a zone's clocks show as the local time: none in a gap, two where clocks are set back. */
function instantsOf(local: LocalTime, timeZone: string): DateTime[] {
  const instant = DateTime.fromObject({ ...local }, { zone: timeZone });
  if (instant.hour !== local.hour || instant.minute !== local.minute || instant.day !== local.day) return [];
  return instant.getPossibleOffsets();
}
