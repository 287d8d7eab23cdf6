import type { ReadSession } from '../read-session.ts';
import { quoted } from './quoted.ts';

/** Whether a flag says that the values are suspect. What is neither true nor false counts as true, with a warning. */
export function isSuspect(session: ReadSession, written: string, line: () => number | null): boolean {
  const text = written.trim().toLowerCase();
  if (text === 'false' || text === '0' || text === '') return false;
  if (text === 'true' || text === '1') return true;
  const message = () => `the suspect flag ${quoted(written.trim())} is neither true nor false; true is taken`;
  session.warn('suspect_unreadable', message, line);
  return true;
}
