import { IANAZone } from 'luxon';
import { invalid, ok, quoted, type TimeResult } from './time-problem.ts';

const AREA_AND_PLACE = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/;

/** Checks the name of a time zone: an IANA name such as `Asia/Seoul` or `UTC`. The value is the name as given. */
export function parseTimeZone(name: string): TimeResult<string> {
  const trimmed = name.trim();
  if (trimmed.length <= 64 && AREA_AND_PLACE.test(trimmed) && IANAZone.isValidZone(trimmed)) return ok(trimmed);
  return invalid('unknown_time_zone', 'time_zone', `${quoted(name)} is no known time zone`, zoneHint(trimmed));
}

function zoneHint(name: string): string {
  const place = name.split('/').at(-1)?.toLowerCase() ?? '';
  const known = Intl.supportedValuesOf('timeZone').find((zone) => zone.toLowerCase().endsWith(`/${place}`));
  const example = known === undefined ? 'such as Asia/Seoul, Europe/Berlin or UTC' : `; did you mean ${known}?`;
  return `write an IANA name${known === undefined ? ' ' : ''}${example}`;
}
