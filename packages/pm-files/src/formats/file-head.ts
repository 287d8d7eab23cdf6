import type { FileHead } from './format.ts';

/** So much of a file is looked at to recognise its format. */
export const HEAD_BYTES = 64 * 1024;
/** Nearly always the root element begins before this. Even, for UTF-16. */
const EARLY_BYTES = 2048;

const MISC = /^(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->)+/;
const DOCTYPE_NAME = /^<!DOCTYPE\s+([^\s[>]+)/;
const TAG_NAME = /^<([^\s/>!?][^\s/>]*)/;
const KNOWN_ROOT_ANYWHERE = /<(?:[\w.-]+:)?(measCollecFile|measDataFile|mdc|OMeS)[\s/>]/;

/** Prepares the beginning of a file for the formats to look at. */
export function fileHead(start: Uint8Array): FileHead {
  const bytes = start.subarray(0, HEAD_BYTES);
  const bom = byteOrderMark(bytes);
  const bomLength = bom === null ? 0 : bom === 'utf-8' ? 3 : 2;
  const content = bytes.subarray(bomLength);
  let text: string | null = null;
  const wholeText = () => {
    text ??= textOf(content, bom);
    return text;
  };
  const early = rootName(textOf(content.subarray(0, EARLY_BYTES), bom), true);
  return {
    bytes,
    bom,
    bomLength,
    get text() {
      return wholeText();
    },
    xmlRoot: early === null ? xmlRoot(wholeText()) : localName(early),
  };
}

function byteOrderMark(bytes: Uint8Array): FileHead['bom'] {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : null;
}

function textOf(bytes: Uint8Array, bom: FileHead['bom']): string {
  if (bom === 'utf-16le' || bom === 'utf-16be') return new TextDecoder(bom).decode(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
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
  const content = text.slice(MISC.exec(text)?.[0].length ?? 0);
  const match = DOCTYPE_NAME.exec(content) ?? TAG_NAME.exec(content);
  if (match === null || (isCut && match[0].length === content.length)) return null;
  return /^[\p{L}_][\p{L}\p{N}_.:-]*$/u.test(match[1]) ? match[1] : null;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
