const LESS = 0x3c;
const GREATER = 0x3e;
const COMMA = 0x2c;
const LETTER_R = 0x72;
const SPACE = 0x20;
const QUOTE = 0x22;

const numbers = new Float64Array(1 << 20);

/**
 * Less work than reading a file: finds `<r p="…">…</r>` by its bytes and reads `p` and the whole numbers in between. Checks
 * nothing, knows no names, objects or times. Returns how many numbers it met.
 */
export function scanResults(bytes: Uint8Array): number {
  let found = 0;
  const end = bytes.length - 8;
  for (let at = 0; at < end; at++) {
    if (bytes[at] !== LESS || bytes[at + 1] !== LETTER_R || bytes[at + 2] !== SPACE) continue;
    at += 6;
    let place = 0;
    for (; bytes[at] !== QUOTE; at++) place = place * 10 + bytes[at] - 48;
    while (bytes[at] !== GREATER) at++;
    at++;
    let value = 0;
    for (; bytes[at] !== LESS; at++) {
      const byte = bytes[at];
      if (byte === COMMA) {
        numbers[found++] = value + place * 0;
        value = 0;
      } else {
        value = value * 10 + byte - 48;
      }
    }
    numbers[found++] = value;
  }
  return found;
}
