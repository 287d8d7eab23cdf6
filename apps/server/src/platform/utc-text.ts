/** A time as the wire has it: UTC, ISO 8601, with milliseconds only where there are any. */
export function utcText(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('.000Z', 'Z');
}
