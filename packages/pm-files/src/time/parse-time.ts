import { localToUtc } from './zone-offset.ts';

/** An instant read from a file. */
export interface ParsedTime {
  readonly utcMs: number;
  /** The local time occurs twice or not at all, because clocks are changed. */
  readonly isAmbiguous: boolean;
}

const TIME =
  /^(\d{4})([-/]?)(\d{2})\2(\d{2})(?:[T ]\s*(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?|(\d{2})(\d{2})(\d{2})?)?\s*(.*)$/;
/** Longer texts are no times; the patterns take quadratic time over some of them. */
const MAX_TIME_CHARACTERS = 100;
const OFFSET = /^(?:UTC|GMT)?\s*([+-])(\d{1,2})(?:[:.]?(\d{2}))?(?::?(\d{2}))?$/;

const MAX_KNOWN_TIMES = 256;
/** Times read of late: a file repeats a few, and so do the files of a granularity period. */
const knownTimes = new Map<string, ParsedTime | null>();

/**
 * Reads a time as PM files write it: ISO 8601 extended or basic, a space for the `T`, `20200518160000Z`; offsets `Z`,
 * `+01:00`, `+0100`, `+01`, `-04:00:00`, `UTC+05.30`. Without an offset the clock is that of `timeZone` (IANA). Null
 * where the text is no time.
 */
export function parseTime(text: string, timeZone: string): ParsedTime | null {
  const trimmed = text.trim();
  if (trimmed.length > MAX_TIME_CHARACTERS) return null;
  const key = `${timeZone} ${trimmed}`;
  const known = knownTimes.get(key);
  if (known !== undefined) return known;
  const time = readTime(trimmed, timeZone);
  if (knownTimes.size >= MAX_KNOWN_TIMES) knownTimes.clear();
  knownTimes.set(key, time);
  return time;
}

function readTime(text: string, timeZone: string): ParsedTime | null {
  const match = TIME.exec(text);
  if (match === null) return null;
  const [, year, , month, day] = match;
  const hour = Number(match[5] ?? match[9] ?? 0);
  const minute = Number(match[6] ?? match[10] ?? 0);
  const second = Number(match[7] ?? match[11] ?? 0);
  const millis = match[8] === undefined ? 0 : Math.trunc(Number(`0.${match[8]}`) * 1000);
  if (hour > 24 || minute > 59 || second > 59 || (hour === 24 && minute + second + millis > 0)) return null;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (new Date(midnight).getUTCDate() !== Number(day) || Number(month) > 12) return null;
  const clock = midnight + ((hour * 60 + minute) * 60 + second) * 1000 + millis;
  const zone = match[12];
  if (zone === '') {
    const { utcMs, isAmbiguous } = localToUtc(timeZone, clock);
    return { utcMs, isAmbiguous };
  }
  const offsetMs = parseOffset(zone);
  return offsetMs === null ? null : { utcMs: clock - offsetMs, isAmbiguous: false };
}

function parseOffset(text: string): number | null {
  if (/^(?:Z|UTC|GMT)$/i.test(text)) return 0;
  const match = OFFSET.exec(text);
  if (match === null) return null;
  const [hours, minutes, seconds] = [match[2], match[3] ?? 0, match[4] ?? 0].map(Number);
  if (hours > 15 || minutes > 59 || seconds > 59) return null;
  const ms = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  return match[1] === '-' ? -ms : ms;
}
