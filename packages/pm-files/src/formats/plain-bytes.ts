import type { ReadLimits } from '../measurement.ts';

/** White space between elements beyond this is left to the XML reader. */
const MAX_PLAIN_SPACE_BYTES = 1024;
/** Texts of names beyond this are left to the XML reader. */
export const MAX_PLAIN_NAME_BYTES = 1024;

/** The depth of `r` where `measData` stands in the file header. */
const DEEPEST = 6;

/** Whether limits leave room for all that the readers of plain elements accept, so that they need not look at them. */
export function allowsPlainElements(limits: ReadLimits): boolean {
  return limits.maxDepth >= DEEPEST && limits.maxTagBytes >= 64 && limits.maxTextBytes >= MAX_PLAIN_SPACE_BYTES;
}

/**
 * Index of the first byte from `start` on that is no white space; -1 where there is more of it than is plain. A byte
 * that is no white space must come before the end.
 */
export function skipPlainSpace(bytes: Uint8Array, start: number): number {
  let i = start;
  let byte = bytes[i];
  while (byte <= 0x20 && (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)) {
    i += 1;
    byte = bytes[i];
  }
  return i - start <= MAX_PLAIN_SPACE_BYTES ? i : -1;
}
