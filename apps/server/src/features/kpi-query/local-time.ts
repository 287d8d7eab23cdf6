import { DateTime } from 'luxon';
import { utcText } from '../../platform/utc-text.ts';

/** Local calendar fields of a time. */
export interface LocalHour {
  /** UTC, ISO 8601. */
  readonly timestamp: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** 0–23 */
  readonly hour: number;
}

const MAX_KEPT = 10_000;

/** Text, and date and hour in a zone. Remembers what it computed: records share few distinct times. */
export function localHourReader(timeZone: string): (timeMs: number) => LocalHour {
  const known = new Map<number, LocalHour>();
  return (timeMs) => {
    const found = known.get(timeMs);
    if (found) return found;
    if (known.size >= MAX_KEPT) known.clear();
    const local = DateTime.fromMillis(timeMs, { zone: timeZone });
    const fields = { timestamp: utcText(timeMs), date: local.toFormat('yyyy-MM-dd'), hour: local.hour };
    known.set(timeMs, fields);
    return fields;
  };
}
