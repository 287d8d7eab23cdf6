/** Offsets of IANA time zones, from the zone database of the runtime. */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

/** Local time minus UTC at an instant, in ms. Throws a `RangeError` for a zone that does not exist. */
function zoneOffsetMs(timeZone: string, utcMs: number): number {
  if (timeZone === 'UTC') return 0;
  const second = Math.floor(utcMs / 1000) * 1000;
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(second)) parts[type] = Number(value);
  return (
    Date.UTC(parts['year'], parts['month'] - 1, parts['day'], parts['hour'], parts['minute'], parts['second']) - second
  );
}

/** What a local clock reading means. */
export interface LocalInstant {
  /** For a time that occurs twice (clocks set back) the earlier one; for one that does not occur, as before the change. */
  readonly utcMs: number;
  readonly isAmbiguous: boolean;
}

const DAY_MS = 86_400_000;

/** The instant at which clocks in the zone show `localMs` (a reading taken as if it were UTC). */
export function localToUtc(timeZone: string, localMs: number): LocalInstant {
  if (timeZone === 'UTC') return { utcMs: localMs, isAmbiguous: false };
  const before = zoneOffsetMs(timeZone, localMs - DAY_MS);
  const after = zoneOffsetMs(timeZone, localMs + DAY_MS);
  if (before === after) return { utcMs: localMs - before, isAmbiguous: false };
  const candidates = [before, after]
    .map((offset) => localMs - offset)
    .filter((utcMs) => zoneOffsetMs(timeZone, utcMs) === localMs - utcMs);
  if (candidates.length === 0) return { utcMs: localMs - before, isAmbiguous: true };
  return { utcMs: Math.min(...candidates), isAmbiguous: candidates.length === 2 };
}
