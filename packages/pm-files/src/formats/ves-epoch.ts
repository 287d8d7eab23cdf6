import { isPlausibleTime } from '../read-session.ts';

const UNITS: readonly (readonly [name: string, perMs: number, advice: string])[] = [
  ['seconds', 0.001, 'multiply it by 1,000,000'],
  ['milliseconds', 1, 'multiply it by 1,000'],
  ['nanoseconds', 1_000_000, 'divide it by 1,000'],
];

/** What to do about an epoch that should be in microseconds and cannot be: the units in which it could. */
export function epochHint(epoch: number, nowMs: number): string {
  for (const [name, perMs, advice] of UNITS) {
    const utcMs = epoch / perMs;
    if (!isPlausibleTime(utcMs, nowMs)) continue;
    const time = new Date(utcMs).toISOString().replace('.000Z', 'Z');
    return `The unit must be microseconds. Taken as ${name}, ${epoch} would be ${time}: then ${advice} and send it again.`;
  }
  return 'The unit must be microseconds since 1970, UTC; correct the clock or the unit and send it again.';
}

/** An epoch in microseconds as a message shows it: as it is, and as a time where it is one. */
export function epochText(epoch: number): string {
  const date = new Date(epoch / 1000);
  return Number.isNaN(date.getTime()) ? `${epoch} µs` : `${epoch} µs (${date.toISOString().replace('.000Z', 'Z')})`;
}
