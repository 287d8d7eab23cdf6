import { type FilePosition, refuse } from '../pm-file-error.ts';
import type { ReadSession } from '../read-session.ts';
import { parseTime } from '../time/parse-time.ts';
import { quoted } from './quoted.ts';

/**
 * The instant, in ms since the epoch, that an element of a file names; `what` names the element in messages. Refuses
 * what is no time with `time_unreadable`.
 */
export function readTimeMs(session: ReadSession, text: string, what: string, position: () => FilePosition): number {
  const time = parseTime(text, session.timeZone);
  if (time === null) {
    const message = `the ${what} ${quoted(text)} is unreadable`;
    throw refuse('time_unreadable', message, 'Expected is ISO 8601 (2026-11-22T00:15:00Z).', position());
  }
  if (time.isAmbiguous) {
    const message = `${quoted(text)} is ambiguous in ${session.timeZone} (clocks change); the earlier time is taken`;
    session.warn(
      'time_ambiguous',
      () => message,
      () => position().line,
    );
  }
  return time.utcMs;
}
