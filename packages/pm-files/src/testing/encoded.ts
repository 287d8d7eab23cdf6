import fc from 'fast-check';

/** A text as the bytes of a file. */
export type Encode = (text: string) => Buffer;

const utf8: Encode = (text) => Buffer.from(text);
const utf16le: Encode = (text) => Buffer.from(text, 'utf16le');
const utf16be: Encode = (text) => Buffer.from(text, 'utf16le').swap16();
const withMark = (encode: Encode): Encode => {
  return (text) => encode(text.startsWith('\ufeff') ? text : `\ufeff${text}`);
};

/** Mostly UTF-8; else UTF-16 with its byte order mark. */
export const encoding = fc.oneof(
  { weight: 8, arbitrary: fc.constant(utf8) },
  fc.constantFrom(withMark(utf16le), withMark(utf16be)),
);

/** How a file seems to be encoded, to put something into it. */
export function encodingOf(bytes: Uint8Array): Encode {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16le;
  return bytes[0] === 0xfe && bytes[1] === 0xff ? utf16be : utf8;
}
