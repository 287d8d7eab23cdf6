import type { FileHead } from './format.ts';

/** So much of a file is looked at to recognise its format. */
export const HEAD_BYTES = 64 * 1024;
/** Nearly always the root element begins before this. Even, for UTF-16. */
const EARLY_BYTES = 2048;

const MISC = /^(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->)+/;
const DOCTYPE_NAME = /^<!DOCTYPE\s+([^\s[>]+)/;
const TAG_NAME = /^<([^\s/>!?][^\s/>]*)/;
const KNOWN_ROOT_ANYWHERE = /<(?:[\w.-]+:)?(measCollecFile|measDataFile)[\s/>]/;

/** Prepares the beginning of a file for the formats to look at. */
export function fileHead(start: Uint8Array): FileHead {
  const bytes = start.subarray(0, HEAD_BYTES);
  let text: string | null = null;
  const wholeText = () => {
    text ??= textOf(bytes);
    return text;
  };
  const early = rootName(textOf(bytes.subarray(0, EARLY_BYTES)), true);
  return {
    bytes,
    get text() {
      return wholeText();
    },
    xmlRoot: early === null ? xmlRoot(wholeText()) : localName(early),
  };
}

function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return buffer.toString('latin1', bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);
}

/**
 * The local name of the root element or document type. A damaged prolog does not hide a PM file: then the first tag
 * that is the root of a known format counts, and the XML reader says what is wrong.
 */
function xmlRoot(text: string): string | null {
  const name = rootName(text, false);
  if (name !== null) return localName(name);
  return KNOWN_ROOT_ANYWHERE.exec(text)?.[1] ?? (text.trimStart().startsWith('<?xml') ? '' : null);
}

/** The name of the first tag or of the document type; where the text is `cut`, only if it ends before it. */
function rootName(text: string, isCut: boolean): string | null {
  const content = text.replace(MISC, '');
  const match = DOCTYPE_NAME.exec(content) ?? TAG_NAME.exec(content);
  if (match === null || (isCut && match[0].length === content.length)) return null;
  return /^[\p{L}_][\p{L}\p{N}_.:-]*$/u.test(match[1]) ? match[1] : null;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
