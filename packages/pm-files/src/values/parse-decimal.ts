/** 10^0 … 10^22 are exact doubles, so one division or multiplication of an exact integer rounds correctly. */
export const POWERS_OF_TEN = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const EXACT_DIGITS = 15;
const MAX_DECIMAL_BYTES = 1024;
const DECIMAL = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

/**
 * The double nearest to a decimal number written in ASCII (`-1.5`, `.5`, `1e3`), read from the bytes without making a
 * string. NaN where `bytes[start, end)` is anything else, or beyond the range of doubles. White space is not skipped.
 * Source: W. D. Clinger, "How to read floating point numbers accurately" (1990), the fast path.
 */
export function parseDecimal(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  let byte = i < end ? bytes[i] : 0;
  const negative = byte === 0x2d;
  if (negative || byte === 0x2b) i += 1;
  let mantissa = 0;
  let digits = 0;
  let fraction = 0;
  let isFraction = false;
  const digitsStart = i;
  for (; i < end; i += 1) {
    byte = bytes[i];
    if (byte >= 0x30 && byte <= 0x39) {
      mantissa = mantissa * 10 + (byte - 0x30);
      if (mantissa !== 0) digits += 1;
      if (isFraction) fraction += 1;
    } else if (byte === 0x2e && !isFraction) isFraction = true;
    else return byte === 0x65 || byte === 0x45 ? parseByText(bytes, start, end) : Number.NaN;
  }
  if (i - digitsStart - (isFraction ? 1 : 0) < 1) return Number.NaN;
  if (digits > EXACT_DIGITS || fraction > 22) return parseByText(bytes, start, end);
  const value = fraction === 0 ? mantissa : mantissa / POWERS_OF_TEN[fraction];
  return negative && value !== 0 ? -value : value;
}

function parseByText(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > MAX_DECIMAL_BYTES) return Number.NaN;
  let text = '';
  for (let i = start; i < end; i += 1) text += String.fromCharCode(bytes[i]);
  if (!DECIMAL.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isFinite(value) ? value + 0 : Number.NaN;
}
