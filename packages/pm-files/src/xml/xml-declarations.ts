import { CHAR_BAD, CHAR_CUT, ILLEGAL, isXmlSpace, MULTI_BYTE, multiByteLength, RAW_CLASS } from './xml-chars.ts';
import type { XmlNames } from './xml-names.ts';

const XML_DECLARATION =
  /^\s+version\s*=\s*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:\s+encoding\s*=\s*(?:"[A-Za-z][A-Za-z0-9._-]*"|'[A-Za-z][A-Za-z0-9._-]*'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*$/;
const MAX_DECLARATION_BYTES = 1024;

/** Whether `bytes[start, end)` is what may stand between `<?xml` and `?>` (XML 1.0, 2.8). */
export function isXmlDeclaration(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > MAX_DECLARATION_BYTES) return false;
  return XML_DECLARATION.test(String.fromCharCode(...bytes.subarray(start, end)));
}

/** Not all of it is in the window; it has an internal subset; it is wrong; or the index behind it. */
type ScannedDoctype = 'cut' | 'subset' | 'bad' | number;

const PUBLIC_ID = /^[ \r\na-zA-Z0-9\-'()+,./:=?;!*#@$_%]*$/;

/** Scans what follows `<!DOCTYPE`: a name and perhaps an external identifier (XML 1.0, 2.8). */
export function scanDoctype(bytes: Uint8Array, start: number, limit: number, names: XmlNames): ScannedDoctype {
  let i = skipSpace(bytes, start, limit);
  if (i >= limit) return 'cut';
  if (i === start) return 'bad';
  if (names.read(bytes, i, limit, undefined) === null) return names.cut ? 'cut' : 'bad';
  const behindName = names.end;
  i = skipSpace(bytes, behindName, limit);
  if (i >= limit) return 'cut';
  const keyword = bytes[i] === 0x53 ? 'SYSTEM' : bytes[i] === 0x50 ? 'PUBLIC' : null;
  if (keyword !== null) {
    if (i === behindName) return 'bad';
    const behind = externalId(bytes, i, limit, keyword);
    if (typeof behind === 'string') return behind;
    i = skipSpace(bytes, behind, limit);
    if (i >= limit) return 'cut';
  }
  if (bytes[i] === 0x5b) return 'subset';
  return bytes[i] === 0x3e ? i + 1 : 'bad';
}

function externalId(bytes: Uint8Array, start: number, limit: number, keyword: 'SYSTEM' | 'PUBLIC'): ScannedDoctype {
  if (start + keyword.length > limit) return 'cut';
  if (text(bytes, start, start + keyword.length) !== keyword) return 'bad';
  const first = literal(bytes, start + keyword.length, limit);
  if (keyword === 'SYSTEM' || typeof first === 'string') return first;
  const opening = skipSpace(bytes, start + keyword.length, limit);
  if (!PUBLIC_ID.test(text(bytes, opening + 1, first - 1))) return 'bad';
  return literal(bytes, first, limit);
}

function literal(bytes: Uint8Array, start: number, limit: number): ScannedDoctype {
  const i = skipSpace(bytes, start, limit);
  if (i >= limit) return 'cut';
  const quote = bytes[i];
  if (i === start || (quote !== 0x22 && quote !== 0x27)) return 'bad';
  for (let k = i + 1; k < limit; k += 1) {
    if (bytes[k] === quote) return k + 1;
    const kind = RAW_CLASS[bytes[k]];
    if (kind === ILLEGAL) return 'bad';
    if (kind !== MULTI_BYTE) continue;
    const size = multiByteLength(bytes, k, limit);
    if (size === CHAR_CUT) return 'cut';
    if (size === CHAR_BAD) return 'bad';
    k += size - 1;
  }
  return 'cut';
}

function skipSpace(bytes: Uint8Array, start: number, limit: number): number {
  let i = start;
  while (i < limit && isXmlSpace(bytes[i])) i += 1;
  return i;
}

function text(bytes: Uint8Array, start: number, end: number): string {
  let out = '';
  for (let i = start; i < end; i += 1) out += String.fromCharCode(bytes[i]);
  return out;
}
