import type { FileHead } from './format.ts';

/** So much of a file is looked at to recognise its format. */
export const HEAD_BYTES = 64 * 1024;

const MISC = /^(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->)+/;
const DOCTYPE_NAME = /^<!DOCTYPE\s+([^\s[>]+)/;
const TAG_NAME = /^<([^\s/>!?][^\s/>]*)/;
const KNOWN_ROOT_ANYWHERE = /<(?:[\w.-]+:)?(measCollecFile|measDataFile)[\s/>]/;

/** Prepares the beginning of a file for the formats to look at. */
export function fileHead(start: Uint8Array): FileHead {
  const bytes = start.subarray(0, HEAD_BYTES);
  const text = textOf(bytes);
  return { bytes, text, xmlRoot: xmlRoot(text) };
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
  const content = text.replace(MISC, '');
  const name = (DOCTYPE_NAME.exec(content) ?? TAG_NAME.exec(content))?.[1];
  if (name !== undefined && /^[\p{L}_][\p{L}\p{N}_.:-]*$/u.test(name)) return localName(name);
  return KNOWN_ROOT_ANYWHERE.exec(text)?.[1] ?? (text.trimStart().startsWith('<?xml') ? '' : null);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
