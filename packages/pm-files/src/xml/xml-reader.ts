import type { ReadLimits } from '../measurement.ts';
import { type FilePosition, type PmFileError, refuse } from '../pm-file-error.ts';
import { XmlAttributes } from './xml-attributes.ts';
import {
  AMPERSAND,
  ATTRIBUTE_CLASS,
  BRACKET,
  CHAR_BAD,
  CHAR_CUT,
  ILLEGAL,
  isXmlSpace,
  LESS_THAN,
  MULTI_BYTE,
  multiByteLength,
  NEWLINE_OR_TAB,
  PLAIN,
  QUOTE,
  RAW_CLASS,
  TEXT_CLASS,
} from './xml-chars.ts';
import { isXmlDeclaration, scanDoctype } from './xml-declarations.ts';
import { XmlInput } from './xml-input.ts';
import { type XmlName, XmlNames } from './xml-names.ts';
import { REFERENCE_BAD, REFERENCE_CUT, referenceEnd, resolveReferences } from './xml-references.ts';

/** What a reader of XML hands on, in document order. Arguments are valid only during the call. */
export interface XmlHandler {
  openElement(name: XmlName, attributes: XmlAttributes): void;
  /** Character data of the innermost open element, as UTF-8 with references resolved; may come in several pieces. */
  text(bytes: Uint8Array, start: number, end: number): void;
  closeElement(name: XmlName): void;
  /** Something that XML forbids or that is not acted upon, but that does no harm. */
  tolerated(code: string, message: string): void;
}

/** The token goes on beyond the window. */
const CUT = -1;

const HINT_TRUNCATED = 'The file seems to be cut off; transfer it again.';
const HINT_REPAIR = 'The file is damaged or was not written by an XML writer; export or transfer it again.';

/**
 * A streaming XML 1.0 reader over UTF-8 bytes that checks well-formedness (namespaces are left to the caller) and
 * expands nothing but character references and the five predefined entities. Throws `PmFileError`.
 */
export class XmlReader {
  readonly #handler: XmlHandler;
  readonly #limits: ReadLimits;
  readonly #names: XmlNames;
  readonly #attributes = new XmlAttributes();
  readonly #input = new XmlInput();
  readonly #open: XmlName[] = [];
  /** The next element often is a sibling of the same name. */
  #lastClosed: XmlName | undefined = undefined;
  #depth = 0;
  #position = 0;
  #rootSeen = false;
  #doctypeSeen = false;
  #declarationSeen = false;
  #isStart = true;
  #scratch = Buffer.alloc(1024);

  /** `vocabulary` gives the local names of interest a code of the caller's own (not 0). */
  constructor(handler: XmlHandler, vocabulary: ReadonlyMap<string, number>, limits: ReadLimits) {
    this.#handler = handler;
    this.#limits = limits;
    this.#names = new XmlNames(vocabulary);
  }

  /** Scans as far as the bytes go. The chunk must not change during the call; it is not kept. */
  write(chunk: Uint8Array): void {
    if (!this.#input.push(chunk, false)) return;
    this.#scan(false);
    this.#input.consume(this.#position);
    this.#position = 0;
  }

  /** Scans the last chunk and checks that the document is complete. */
  end(chunk: Uint8Array): void {
    this.#input.push(chunk, true);
    this.#scan(true);
    this.#position = this.#input.length;
    if (this.#depth > 0) throw this.#truncated(`inside <${this.#open[this.#depth - 1].text}>`);
    if (!this.#rootSeen) throw this.#malformed(this.#position, 'the document has no root element');
  }

  /** Where the token being handed on begins. */
  position(): FilePosition {
    return this.#input.positionOf(this.#position);
  }

  #scan(isLast: boolean): void {
    const { bytes, length } = this.#input;
    let i = 0;
    while (i < length) {
      this.#position = i;
      const next = bytes[i] === 0x3c ? this.#markup(i) : this.#text(i, isLast);
      if (next === CUT) {
        const isText = bytes[i] !== 0x3c;
        this.#checkTokenSize(i, length, isText ? this.#limits.maxTextBytes : this.#tokenLimit(i));
        if (isLast) throw this.#truncated(isText ? 'inside a text' : 'inside a tag');
        return;
      }
      i = next;
      this.#isStart = false;
    }
    this.#position = i;
  }

  #tokenLimit(i: number): number {
    const second = this.#input.bytes[i + 1];
    return second === 0x21 ? this.#limits.maxTextBytes : this.#limits.maxTagBytes;
  }

  #checkTokenSize(start: number, end: number, limit: number): void {
    if (end - start <= limit) return;
    const what = limit === this.#limits.maxTagBytes ? ['tag', 'tag_too_long'] : ['text', 'text_too_long'];
    throw refuse(
      what[1],
      `a ${what[0]} is longer than ${limit} bytes`,
      'No PM file needs that; check where the file comes from.',
      this.#input.positionOf(start),
    );
  }

  #markup(i: number): number {
    const { bytes, length } = this.#input;
    if (i + 1 >= length) return CUT;
    const second = bytes[i + 1];
    if (second === 0x2f) return this.#endTag(i);
    if (second === 0x3f) return this.#processingInstruction(i);
    if (second === 0x21) return this.#declaration(i);
    return this.#startTag(i);
  }

  /** Nearly every text is plain, within the window and inside the root; the rest is `#unusualText`. */
  #text(start: number, isLast: boolean): number {
    const { bytes, length } = this.#input;
    let i = start;
    while (i < length && TEXT_CLASS[bytes[i]] === PLAIN) i += 1;
    if (i === length || bytes[i] !== 0x3c || this.#depth === 0) return this.#unusualText(start, i, isLast);
    if (i - start > this.#limits.maxTextBytes) this.#checkTokenSize(start, i, this.#limits.maxTextBytes);
    this.#handler.text(bytes, start, i);
    return i;
  }

  #unusualText(start: number, plainEnd: number, isLast: boolean): number {
    const { bytes, length } = this.#input;
    let isPlain = true;
    let i = plainEnd;
    scan: while (i < length) {
      const kind = TEXT_CLASS[bytes[i]];
      if (kind === PLAIN) {
        i += 1;
        continue;
      }
      switch (kind) {
        case LESS_THAN:
          break scan;
        case AMPERSAND:
          i = this.#reference(i);
          if (i === CUT) return CUT;
          isPlain = false;
          break;
        case BRACKET:
          if (i + 2 >= length && !isLast) return CUT;
          if (bytes[i + 1] === 0x5d && bytes[i + 2] === 0x3e && i + 2 < length)
            throw this.#malformed(i, '"]]>" in a text');
          break;
        case MULTI_BYTE: {
          const size = this.#character(i);
          if (size === CHAR_CUT) return CUT;
          i += size - 1;
          break;
        }
        case ILLEGAL:
          throw this.#illegal(i);
        default:
          isPlain = false;
      }
      i += 1;
    }
    if (i === length && !isLast) return CUT;
    this.#checkTokenSize(start, i, this.#limits.maxTextBytes);
    if (this.#depth === 0) this.#checkBlank(start, i);
    else if (isPlain) this.#handler.text(bytes, start, i);
    else this.#resolvedText(start, i);
    return i;
  }

  #checkBlank(start: number, end: number): void {
    for (let i = start; i < end; i += 1) {
      if (!isXmlSpace(this.#input.bytes[i])) throw this.#malformed(i, 'text outside the root element');
    }
  }

  #resolvedText(start: number, end: number): void {
    if (this.#scratch.length < end - start) this.#scratch = Buffer.alloc((end - start) * 2);
    const size = resolveReferences(this.#input.bytes, start, end, this.#scratch, false);
    this.#handler.text(this.#scratch, 0, size);
  }

  #startTag(start: number): number {
    const { bytes, length } = this.#input;
    const name = this.#names.read(bytes, start + 1, length, this.#lastClosed);
    if (name === null) return this.#nameMissing('an element name');
    const attributes = this.#attributes;
    attributes.reset(bytes);
    let i = this.#names.end;
    for (;;) {
      const behind = i;
      while (i < length && isXmlSpace(bytes[i])) i += 1;
      if (i >= length) return CUT;
      const byte = bytes[i];
      if (byte === 0x3e) {
        this.#openElement(name, start, i + 1);
        return i + 1;
      }
      if (byte === 0x2f) {
        if (i + 1 >= length) return CUT;
        if (bytes[i + 1] !== 0x3e) throw this.#malformed(i, `"/" inside the tag <${name.text}>`);
        this.#openElement(name, start, i + 2);
        this.#depth -= 1;
        this.#lastClosed = name;
        this.#handler.closeElement(name);
        return i + 2;
      }
      if (i === behind) throw this.#malformed(i, `white space is missing inside the tag <${name.text}>`);
      i = this.#attribute(i);
      if (i === CUT) return CUT;
    }
  }

  #openElement(name: XmlName, start: number, end: number): void {
    this.#checkTokenSize(start, end, this.#limits.maxTagBytes);
    if (this.#depth === 0) {
      if (this.#rootSeen) throw this.#malformed(start, `a second root element <${name.text}>`);
      this.#rootSeen = true;
    }
    if (this.#depth >= this.#limits.maxDepth) {
      const message = `elements are nested more than ${this.#limits.maxDepth} deep`;
      throw refuse(
        'too_deep',
        message,
        'No PM file needs that; check where the file comes from.',
        this.#input.positionOf(start),
      );
    }
    this.#open[this.#depth] = name;
    this.#depth += 1;
    this.#handler.openElement(name, this.#attributes);
  }

  #attribute(start: number): number {
    const { bytes, length } = this.#input;
    const name = this.#names.read(bytes, start, length, this.#attributes.names[this.#attributes.count]);
    if (name === null) return this.#nameMissing('an attribute name');
    let i = this.#names.end;
    while (i < length && isXmlSpace(bytes[i])) i += 1;
    if (i >= length) return CUT;
    if (bytes[i] !== 0x3d) throw this.#malformed(i, `the attribute ${name.text} has no value`);
    i += 1;
    while (i < length && isXmlSpace(bytes[i])) i += 1;
    if (i >= length) return CUT;
    const quote = bytes[i];
    if (quote !== 0x22 && quote !== 0x27)
      throw this.#malformed(i, `the value of the attribute ${name.text} is not quoted`);
    return this.#attributeValue(name, i + 1, quote, start);
  }

  #attributeValue(name: XmlName, start: number, quote: number, nameStart: number): number {
    const { bytes, length } = this.#input;
    let needsResolving = false;
    for (let i = start; i < length; i += 1) {
      const kind = ATTRIBUTE_CLASS[bytes[i]];
      if (kind === PLAIN) continue;
      if (kind === QUOTE) {
        if (bytes[i] !== quote) continue;
        if (this.#attributes.add(name, start, i, needsResolving)) return i + 1;
        throw this.#malformed(nameStart, `the attribute ${name.text} is given twice`);
      }
      if (kind === NEWLINE_OR_TAB) needsResolving = true;
      else if (kind === MULTI_BYTE) {
        const size = this.#character(i);
        if (size === CHAR_CUT) return CUT;
        i += size - 1;
      } else if (kind === AMPERSAND) {
        i = this.#reference(i);
        if (i === CUT) return CUT;
        needsResolving = true;
      } else if (kind === LESS_THAN) throw this.#malformed(i, `"<" in the value of the attribute ${name.text}`);
      else throw this.#illegal(i);
    }
    return CUT;
  }

  #endTag(start: number): number {
    const { bytes, length } = this.#input;
    const name = this.#names.read(bytes, start + 2, length, this.#open[this.#depth - 1]);
    if (name === null) return this.#nameMissing('an element name');
    let i = this.#names.end;
    while (i < length && isXmlSpace(bytes[i])) i += 1;
    if (i >= length) return CUT;
    if (bytes[i] !== 0x3e) throw this.#malformed(i, `the end tag </${name.text}> is not closed by ">"`);
    if (this.#depth === 0) throw this.#malformed(start, `the end tag </${name.text}> closes nothing`);
    const opened = this.#open[this.#depth - 1];
    if (opened !== name && opened.text !== name.text) {
      throw this.#malformed(start, `the end tag </${name.text}> does not match <${opened.text}>`);
    }
    this.#checkTokenSize(start, i, this.#limits.maxTagBytes);
    this.#depth -= 1;
    this.#lastClosed = name;
    this.#handler.closeElement(name);
    return i + 1;
  }

  #processingInstruction(start: number): number {
    const { bytes, length } = this.#input;
    const name = this.#names.read(bytes, start + 2, length, undefined);
    if (name === null) return this.#nameMissing('the name of a processing instruction');
    const contentStart = this.#names.end;
    const end = this.#rawEnd(contentStart, '?>');
    if (end === CUT) return CUT;
    if (contentStart !== end && !isXmlSpace(bytes[contentStart]))
      throw this.#malformed(contentStart, 'a processing instruction has a bad name');
    this.#checkTokenSize(start, end, this.#limits.maxTagBytes);
    if (name.text.toLowerCase() === 'xml') this.#xmlDeclaration(name.text, start, contentStart, end);
    return end + 2;
  }

  #xmlDeclaration(target: string, start: number, contentStart: number, end: number): void {
    const isMisplaced = !this.#isStart;
    if (
      target !== 'xml' ||
      this.#rootSeen ||
      this.#declarationSeen ||
      !isXmlDeclaration(this.#input.bytes, contentStart, end)
    ) {
      throw this.#malformed(
        start,
        isMisplaced ? 'an XML declaration that is not at the beginning' : 'the XML declaration is wrong',
      );
    }
    this.#declarationSeen = true;
    if (isMisplaced)
      this.#handler.tolerated('xml_declaration_misplaced', 'the XML declaration is not at the beginning of the file');
  }

  #declaration(start: number): number {
    const { bytes, length } = this.#input;
    if (this.#isAt(start, '<!--')) return this.#comment(start);
    if (this.#isAt(start, '<![CDATA[')) return this.#cdata(start);
    if (this.#isAt(start, '<!DOCTYPE')) return this.#doctype(start);
    if (
      length - start < 9 &&
      ['<!--', '<![CDATA[', '<!DOCTYPE'].some((open) => open.startsWith(ascii(bytes, start, length)))
    )
      return CUT;
    throw this.#malformed(start, 'neither a comment, a CDATA section nor a document type');
  }

  #comment(start: number): number {
    const end = this.#rawEnd(start + 4, '--');
    if (end === CUT || end + 2 >= this.#input.length) return CUT;
    if (this.#input.bytes[end + 2] !== 0x3e) throw this.#malformed(end, '"--" inside a comment');
    this.#checkTokenSize(start, end, this.#limits.maxTextBytes);
    return end + 3;
  }

  #cdata(start: number): number {
    if (this.#depth === 0) throw this.#malformed(start, 'a CDATA section outside the root element');
    const end = this.#rawEnd(start + 9, ']]>');
    if (end === CUT) return CUT;
    this.#checkTokenSize(start, end, this.#limits.maxTextBytes);
    const { bytes } = this.#input;
    let pieceStart = start + 9;
    for (let i = pieceStart; i < end; i += 1) {
      if (bytes[i] !== 0x0d) continue;
      this.#handler.text(bytes, pieceStart, i);
      this.#handler.text(LINE_FEED, 0, 1);
      if (bytes[i + 1] === 0x0a) i += 1;
      pieceStart = i + 1;
    }
    if (end > pieceStart) this.#handler.text(bytes, pieceStart, end);
    return end + 3;
  }

  #doctype(start: number): number {
    const { bytes, length } = this.#input;
    const scanned = scanDoctype(bytes, start + 9, length, this.#names);
    if (scanned === 'cut') return CUT;
    if (scanned === 'subset') {
      const message = 'the document type has an internal subset, which can declare entities';
      throw refuse(
        'entity_declared',
        message,
        'Remove the "[…]" part of the DOCTYPE; PM files need no entities.',
        this.#input.positionOf(start),
      );
    }
    if (scanned === 'bad') throw this.#malformed(start, 'the document type declaration is wrong');
    if (this.#rootSeen || this.#doctypeSeen)
      throw this.#malformed(start, 'a document type declaration that is not before the root element');
    this.#checkTokenSize(start, scanned, this.#limits.maxTagBytes);
    this.#doctypeSeen = true;
    this.#handler.tolerated('doctype_ignored', 'the document type is ignored; no DTD is ever fetched');
    return scanned;
  }

  /** Index of the terminator; every character before it is checked to be legal. */
  #rawEnd(start: number, terminator: string): number {
    const { bytes, length } = this.#input;
    const first = terminator.charCodeAt(0);
    for (let i = start; i < length; i += 1) {
      const byte = bytes[i];
      if (byte === first) {
        if (i + terminator.length > length) return CUT;
        if (this.#isAt(i, terminator)) return i;
      } else if (RAW_CLASS[byte] === MULTI_BYTE) {
        const size = this.#character(i);
        if (size === CHAR_CUT) return CUT;
        i += size - 1;
      } else if (RAW_CLASS[byte] === ILLEGAL) throw this.#illegal(i);
    }
    return CUT;
  }

  #isAt(i: number, text: string): boolean {
    if (i + text.length > this.#input.length) return false;
    for (let k = 0; k < text.length; k += 1) if (this.#input.bytes[i + k] !== text.charCodeAt(k)) return false;
    return true;
  }

  #reference(i: number): number {
    const end = referenceEnd(this.#input.bytes, i, this.#input.length);
    if (end === REFERENCE_CUT) return CUT;
    if (end !== REFERENCE_BAD) return end;
    throw this.#malformed(i, '"&" begins neither one of the five predefined entities nor a character reference');
  }

  #character(i: number): number {
    const size = multiByteLength(this.#input.bytes, i, this.#input.length);
    if (size === CHAR_BAD) throw this.#illegal(i);
    return size;
  }

  #nameMissing(what: string): number {
    if (this.#names.cut) return CUT;
    throw this.#malformed(this.#names.end, `${what} is missing or has a character that is not allowed`);
  }

  #illegal(i: number): PmFileError {
    const byte = this.#input.bytes[i].toString(16).padStart(2, '0');
    const message = `the byte 0x${byte} is not valid here (control character or broken UTF-8)`;
    return refuse(
      'not_well_formed',
      message,
      'If the file is in another encoding, its XML declaration must say so.',
      this.#input.positionOf(i),
    );
  }

  #malformed(i: number, message: string): PmFileError {
    return refuse('not_well_formed', message, HINT_REPAIR, this.#input.positionOf(i));
  }

  #truncated(where: string): PmFileError {
    return refuse('truncated', `the file ends ${where}`, HINT_TRUNCATED, this.#input.positionOf(this.#input.length));
  }
}

const LINE_FEED = Buffer.from('\n');

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
