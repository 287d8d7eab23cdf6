const INSTANT = /^(\d{4})-(\d\d)-(\d\d)(?:[T_ ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * Reads a time: `2025-08-08`, `2025-08-08_12:00`, `2025-08-08T12:00:00Z`, `…+09:00`; UTC where no zone is given.
 *
 * @returns ms since the epoch, or null where the text is no such time or the date does not exist
 */
export function parseInstant(text: string): number | null {
  const match = INSTANT.exec(text.trim());
  if (!match) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', zone = 'Z'] = match;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(written)) return null;
  if (zone === 'Z') return local;
  const offsetMinutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return local - (zone.startsWith('-') ? -1 : 1) * offsetMinutes * 60_000;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** Reads a granularity such as `15m`, `1h`, `900s` or `900`: seconds, or null where it is no such length. */
export function parseGranularity(text: string): number | null {
  const match = /^(\d{1,6})\s*(s|m|min|h|d)?$/.exec(text.trim());
  const unit = UNIT_SECONDS[match?.[2] ?? ''];
  return match && unit !== undefined ? Number(match[1]) * unit : null;
}
