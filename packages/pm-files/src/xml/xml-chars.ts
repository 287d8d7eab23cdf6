/** Byte classes and UTF-8 checks of XML 1.0 (fifth edition), sections 2.2 and 2.3. */

export const PLAIN = 0;
export const LESS_THAN = 1;
export const AMPERSAND = 2;
export const BRACKET = 3;
export const NEWLINE_OR_TAB = 4;
export const MULTI_BYTE = 5;
export const ILLEGAL = 6;
export const QUOTE = 7;

const NAME_START = 1;
export const NAME_INNER = 2;
export const NAME_MULTI_BYTE = 3;

function classesOf(overrides: readonly (readonly [string, number])[]): Uint8Array {
  const table = new Uint8Array(256);
  table.fill(ILLEGAL, 0, 0x20);
  table.fill(MULTI_BYTE, 0x80);
  for (const char of '\t\n\r') table[char.charCodeAt(0)] = PLAIN;
  for (const [chars, value] of overrides) for (const char of chars) table[char.charCodeAt(0)] = value;
  return table;
}

/** Character data: what ends it or needs a closer look. */
export const TEXT_CLASS = classesOf([
  ['<', LESS_THAN],
  ['&', AMPERSAND],
  [']', BRACKET],
  ['\r', NEWLINE_OR_TAB],
]);

/** Attribute values: tabs and newlines are normalised to spaces, so they are marked. */
export const ATTRIBUTE_CLASS = classesOf([
  ['<', LESS_THAN],
  ['&', AMPERSAND],
  ['\r\n\t', NEWLINE_OR_TAB],
  ['"\'', QUOTE],
]);

/** Comments, processing instructions and CDATA sections: only legality matters. */
export const RAW_CLASS = classesOf([]);

function nameClasses(): Uint8Array {
  const table = new Uint8Array(256);
  table.fill(NAME_MULTI_BYTE, 0x80);
  for (let code = 0x41; code <= 0x5a; code += 1) table[code] = table[code + 0x20] = NAME_START;
  for (const char of ':_') table[char.charCodeAt(0)] = NAME_START;
  for (const char of '-.0123456789') table[char.charCodeAt(0)] = NAME_INNER;
  return table;
}

export const NAME_CLASS = nameClasses();

/** Space, tab, newline, carriage return. */
export function isXmlSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x09 || byte === 0x0d;
}

/** The bytes may be the beginning of a character that goes on beyond the buffer. */
export const CHAR_CUT = 0;
/** Not UTF-8, or a character that XML forbids. */
export const CHAR_BAD = -1;

/**
 * Length in bytes (2–4) of the multi-byte character at `i`, `CHAR_CUT` or `CHAR_BAD`. Overlong forms, surrogates,
 * U+FFFE and U+FFFF are bad.
 */
export function multiByteLength(bytes: Uint8Array, i: number, end: number): number {
  const lead = bytes[i];
  const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return CHAR_BAD;
  if (i + 1 >= end) return CHAR_CUT;
  const second = bytes[i + 1];
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return CHAR_BAD;
  for (let k = 2; k < size; k += 1) {
    if (i + k >= end) return CHAR_CUT;
    if ((bytes[i + k] & 0xc0) !== 0x80) return CHAR_BAD;
  }
  if (lead === 0xef && second === 0xbf && bytes[i + 2] >= 0xbe) return CHAR_BAD;
  return size;
}

/** The code point of a multi-byte character whose length is known to be right. */
export function codePointAt(bytes: Uint8Array, i: number, length: number): number {
  let code = bytes[i] & (0x7f >> length);
  for (let k = 1; k < length; k += 1) code = (code << 6) | (bytes[i + k] & 0x3f);
  return code;
}

/** `Char` of XML 1.0. */
export function isXmlChar(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

const NAME_START_RANGES = [
  [0xc0, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0x2ff],
  [0x370, 0x37d],
  [0x37f, 0x1fff],
  [0x200c, 0x200d],
  [0x2070, 0x218f],
  [0x2c00, 0x2fef],
  [0x3001, 0xd7ff],
  [0xf900, 0xfdcf],
  [0xfdf0, 0xfffd],
  [0x10000, 0xeffff],
] as const;

/** `NameStartChar` beyond ASCII. */
export function isNameStartCodePoint(code: number): boolean {
  return NAME_START_RANGES.some(([low, high]) => code >= low && code <= high);
}

/** `NameChar` beyond ASCII. */
export function isNameCodePoint(code: number): boolean {
  if (code === 0xb7 || (code >= 0x300 && code <= 0x36f) || code === 0x203f || code === 0x2040) return true;
  return isNameStartCodePoint(code);
}

/** Appends the UTF-8 bytes of a code point; returns the index behind them. */
export function writeCodePoint(target: Uint8Array, i: number, code: number): number {
  if (code < 0x80) {
    target[i] = code;
    return i + 1;
  }
  if (code < 0x800) {
    target[i] = 0xc0 | (code >> 6);
    target[i + 1] = 0x80 | (code & 0x3f);
    return i + 2;
  }
  if (code < 0x10000) {
    target[i] = 0xe0 | (code >> 12);
    target[i + 1] = 0x80 | ((code >> 6) & 0x3f);
    target[i + 2] = 0x80 | (code & 0x3f);
    return i + 3;
  }
  target[i] = 0xf0 | (code >> 18);
  target[i + 1] = 0x80 | ((code >> 12) & 0x3f);
  target[i + 2] = 0x80 | ((code >> 6) & 0x3f);
  target[i + 3] = 0x80 | (code & 0x3f);
  return i + 4;
}
