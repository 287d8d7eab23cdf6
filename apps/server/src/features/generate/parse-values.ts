import { parseInstant as parseWrittenInstant } from '@pegboard/comparison';

/**
 * Reads a time: `2025-08-08`, `2025-08-08_12:00`, `2025-08-08T12:00:00Z`, `…+09:00`; UTC where no zone is given.
 *
 * @returns ms since the epoch, or null where the text is no such time or the date does not exist
 */
export function parseInstant(text: string): number | null {
  const instant = parseWrittenInstant(text, 'begin', { timeZone: 'UTC' });
  return instant.status === 'ok' ? instant.value : null;
}
