import { refuse } from '../pm-file-error.ts';

/** How the bytes of an XML file are to be read. */
export interface XmlEncoding {
  /** Label for `TextDecoder`; null: the bytes are UTF-8 already. */
  readonly decoder: string | null;
  /** Bytes of a byte order mark at the beginning. */
  readonly bomLength: number;
  /** The declared encoding, where it cannot be the true one. */
  readonly misdeclared: string | null;
}

const DECLARED_ENCODING = /<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']/;
const DECODABLE = /^(?:iso[-_]8859-\d{1,2}|latin1|windows-125\d|euc-kr|ks_c_5601-1987)$/;
const SEARCHED_BYTES = 1024;

/**
 * The encoding by byte order mark or declaration. Throws a refusal `encoding_unknown` for one that is not read.
 * Source: XML 1.0, appendix F.
 */
export function detectXmlEncoding(head: Uint8Array): XmlEncoding {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf)
    return { decoder: null, bomLength: 3, misdeclared: null };
  if (head[0] === 0xff && head[1] === 0xfe) return { decoder: 'utf-16le', bomLength: 2, misdeclared: null };
  if (head[0] === 0xfe && head[1] === 0xff) return { decoder: 'utf-16be', bomLength: 2, misdeclared: null };
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, SEARCHED_BYTES)).toString('latin1');
  const root = start.search(/<[A-Za-z_]/);
  const prolog = root < 0 ? start : start.slice(0, root);
  const declared = DECLARED_ENCODING.exec(prolog)?.[1].toLowerCase() ?? 'utf-8';
  if (['utf-8', 'utf8', 'us-ascii', 'ascii'].includes(declared))
    return { decoder: null, bomLength: 0, misdeclared: null };
  if (declared.startsWith('utf-16')) return { decoder: null, bomLength: 0, misdeclared: declared };
  if (DECODABLE.test(declared)) return { decoder: declared.replace('_8859', '-8859'), bomLength: 0, misdeclared: null };
  throw refuse('encoding_unknown', `the encoding ${declared} is not read`, 'Export the file as UTF-8.', {
    line: 1,
    column: 1,
  });
}
