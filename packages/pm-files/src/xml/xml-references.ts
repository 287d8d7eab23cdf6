import { isXmlChar, writeCodePoint } from './xml-chars.ts';

const NAMED: ReadonlyMap<string, number> = new Map([
  ['amp', 0x26],
  ['lt', 0x3c],
  ['gt', 0x3e],
  ['quot', 0x22],
  ['apos', 0x27],
]);

/** The longest reference that can be meant: `&#x` and some leading zeros. */
const MAX_REFERENCE_BYTES = 64;

export const REFERENCE_CUT = -1;
export const REFERENCE_BAD = -2;

/** Index of the `;` of the reference that begins with `&` at `i`; `REFERENCE_CUT` or `REFERENCE_BAD`. */
export function referenceEnd(bytes: Uint8Array, i: number, limit: number): number {
  const stop = Math.min(limit, i + MAX_REFERENCE_BYTES);
  for (let k = i + 1; k < stop; k += 1) {
    const byte = bytes[k];
    if (byte === 0x3b) return referencedCodePoint(bytes, i, k) < 0 ? REFERENCE_BAD : k;
    const isLetterOrDigit =
      (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
    if (!isLetterOrDigit && !(byte === 0x23 && k === i + 1)) return REFERENCE_BAD;
  }
  return stop === limit && limit < i + MAX_REFERENCE_BYTES ? REFERENCE_CUT : REFERENCE_BAD;
}

/** The character that `&…;` from `i` to the semicolon stands for; -1 where it stands for none. */
function referencedCodePoint(bytes: Uint8Array, i: number, semicolon: number): number {
  const text = String.fromCharCode(...bytes.subarray(i + 1, semicolon));
  const named = NAMED.get(text);
  if (named !== undefined) return named;
  const decimal = /^#([0-9]+)$/.exec(text);
  const hexadecimal = /^#x([0-9a-fA-F]+)$/.exec(text);
  const code = decimal ? Number.parseInt(decimal[1], 10) : hexadecimal ? Number.parseInt(hexadecimal[1], 16) : -1;
  return isXmlChar(code) ? code : -1;
}

/**
 * Writes the checked character data of `bytes[start, end)` to `target` with references resolved and line ends made
 * `\n` (XML 1.0, 2.11). In attribute values white space becomes spaces (3.3.3). Returns the number of bytes written,
 * never more than were read.
 */
export function resolveReferences(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  isAttribute: boolean,
): number {
  let out = 0;
  for (let i = start; i < end; i += 1) {
    const byte = bytes[i];
    if (byte === 0x26) {
      const semicolon = bytes.indexOf(0x3b, i);
      out = writeCodePoint(target, out, referencedCodePoint(bytes, i, semicolon));
      i = semicolon;
    } else if (byte === 0x0d) {
      if (bytes[i + 1] === 0x0a && i + 1 < end) i += 1;
      target[out++] = isAttribute ? 0x20 : 0x0a;
    } else {
      target[out++] = isAttribute && (byte === 0x0a || byte === 0x09) ? 0x20 : byte;
    }
  }
  return out;
}
