import type { FilePosition } from '../pm-file-error.ts';
import type { ReadSession } from '../read-session.ts';
import { Utf8Transcoder } from '../utf8-transcoder.ts';
import { detectXmlEncoding } from '../xml/xml-encoding.ts';
import type { XmlHandler } from '../xml/xml-handler.ts';
import { XmlReader } from '../xml/xml-reader.ts';
import type { FileHead } from './format.ts';

/** The bytes of an XML file on their way to a handler: byte order mark, encoding, then the XML reader. */
export class XmlSource {
  readonly #reader: XmlReader;
  readonly #transcoder: Utf8Transcoder | null;
  #bomLeft: number;

  constructor(handler: XmlHandler, vocabulary: ReadonlyMap<string, number>, head: FileHead, session: ReadSession) {
    const encoding = detectXmlEncoding(head.bytes);
    this.#bomLeft = encoding.bomLength;
    this.#transcoder = encoding.decoder === null ? null : new Utf8Transcoder(encoding.decoder);
    this.#reader = new XmlReader(handler, vocabulary, session.limits);
    const line = () => 1;
    if (encoding.bomLength > 0) session.warn('byte_order_mark', () => 'the file begins with a byte order mark', line);
    if (encoding.misdeclared === null) return;
    const message = `the file says it is ${encoding.misdeclared}, but it is read as UTF-8`;
    session.warn('encoding_misdeclared', () => message, line);
  }

  write(chunk: Uint8Array): void {
    const bytes = this.#withoutBom(chunk);
    this.#reader.write(this.#transcoder === null ? bytes : this.#transcoder.write(bytes));
  }

  /** Takes the last chunk; the document must be complete then. */
  end(chunk: Uint8Array): void {
    if (this.#transcoder === null) {
      this.#reader.end(this.#withoutBom(chunk));
      return;
    }
    this.write(chunk);
    this.#reader.end(this.#transcoder.end());
  }

  /** Where the token being handed on begins. */
  position(): FilePosition {
    return this.#reader.position();
  }

  #withoutBom(chunk: Uint8Array): Uint8Array {
    const skipped = Math.min(this.#bomLeft, chunk.length);
    this.#bomLeft -= skipped;
    return skipped === 0 ? chunk : chunk.subarray(skipped);
  }
}
