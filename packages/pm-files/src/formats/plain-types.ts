import type { CounterList } from './counter-list.ts';
import { MAX_PLAIN_NAME_BYTES, skipPlainSpace } from './plain-bytes.ts';

const OPENING = Buffer.from('<measType p="');
const CLOSING = Buffer.from('</measType>');
const MAX_P_DIGITS = 9;

/** ASCII that means itself in a text: no control character, no `&`, `<`, `>`, `]`. */
const IS_PLAIN: Uint8Array = (() => {
  const plain = new Uint8Array(256);
  plain.fill(1, 0x20, 0x7f);
  for (const char of '&<>]') plain[char.charCodeAt(0)] = 0;
  return plain;
})();

/**
 * Reads a run of counters as nearly all files announce them, `<measType p="12">name</measType>`, with white space
 * between them, into a list. Returns the index behind the last one that was read, `start` where there is none. No byte behind `last`,
 * which is a `>`, is looked at.
 */
export function readPlainTypes(
  list: CounterList,
  bytes: Buffer,
  start: number,
  last: number,
  maxBytes: number,
): number {
  let behind = start;
  while (behind < last && list.length <= maxBytes) {
    const tag = skipPlainSpace(bytes, behind);
    if (tag < 0 || !isAt(OPENING, bytes, tag)) break;
    const p = tag + OPENING.length;
    let i = p;
    while (bytes[i] >= 0x30 && bytes[i] <= 0x39) i += 1;
    const pEnd = i;
    const hasPlainP = pEnd > p && pEnd - p <= MAX_P_DIGITS && (bytes[p] !== 0x30 || pEnd - p === 1);
    if (!hasPlainP || bytes[i] !== 0x22 || bytes[i + 1] !== 0x3e || i + 1 >= last) break;
    const name = i + 2;
    i = name;
    while (IS_PLAIN[bytes[i]] === 1) i += 1;
    if (i - name > MAX_PLAIN_NAME_BYTES || !isAt(CLOSING, bytes, i)) break;
    list.addPlain(bytes, p, pEnd, name, i);
    behind = i + CLOSING.length;
  }
  return behind;
}

/** Index of the first `<measType p="` behind white space; -1 where something else comes first. `last` as above. */
export function plainTypesStart(bytes: Buffer, start: number): number {
  const tag = skipPlainSpace(bytes, start);
  return tag >= 0 && isAt(OPENING, bytes, tag) ? tag : -1;
}

function isAt(expected: Uint8Array, bytes: Uint8Array, i: number): boolean {
  for (let k = 0; k < expected.length; k += 1) if (bytes[i + k] !== expected[k]) return false;
  return true;
}
