const NEWLINE = 0x0a;
const NEWLINES = 0x0a0a0a0a;
const LOW_BITS = 0x7f7f7f7f;
const ONES = 0x01010101;
/** Below this, looking at each byte is as fast. */
const SHORT_BYTES = 64;

/**
 * How many newlines are in `bytes[start, end)`, counted four bytes at a time.
 * Source: H. S. Warren, "Hacker's Delight", 6-1.
 */
export function countNewlines(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < SHORT_BYTES) return countOneByOne(bytes, start, end);
  const aligned = start + ((4 - ((bytes.byteOffset + start) & 3)) & 3);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + aligned, (end - aligned) >> 2);
  let count = countOneByOne(bytes, start, aligned) + countOneByOne(bytes, aligned + 4 * words.length, end);
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ^ NEWLINES;
    // The highest bit of each byte of the word that is zero, and of no other.
    const zeros = ~(((word & LOW_BITS) + LOW_BITS) | word | LOW_BITS);
    count += Math.imul((zeros >>> 7) & ONES, ONES) >>> 24;
  }
  return count;
}

function countOneByOne(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i += 1) if (bytes[i] === NEWLINE) count += 1;
  return count;
}
