import { refuse } from '../pm-file-error.ts';
import { CHAR_CUT, ILLEGAL, isXmlSpace, MULTI_BYTE, RAW_CLASS } from './xml-chars.ts';
import { CUT, type XmlContext } from './xml-context.ts';
import { isXmlDeclaration, scanDoctype } from './xml-declarations.ts';

const LINE_FEED = Buffer.from('\n');

/** Reads all markup that is no tag: processing instructions, comments, CDATA sections, document types. */
export class XmlSections {
  readonly #context: XmlContext;
  #doctypeSeen = false;
  #declarationSeen = false;

  constructor(context: XmlContext) {
    this.#context = context;
  }

  /** Reads the processing instruction at `start`; the index behind it, or `CUT`. */
  processingInstruction(start: number): number {
    const context = this.#context;
    const { names } = context;
    const { bytes, length } = context.input;
    const name = names.read(bytes, start + 2, length, undefined);
    if (name === null) return context.nameMissing('the name of a processing instruction');
    const contentStart = names.end;
    const end = this.#rawEnd(contentStart, '?>');
    if (end === CUT) return CUT;
    if (contentStart !== end && !isXmlSpace(bytes[contentStart]))
      throw context.malformed(contentStart, 'a processing instruction has a bad name');
    context.checkTagSize(start, end);
    if (name.text.toLowerCase() === 'xml') this.#xmlDeclaration(name.text, start, contentStart, end);
    return end + 2;
  }

  #xmlDeclaration(target: string, start: number, contentStart: number, end: number): void {
    const context = this.#context;
    const { input } = context;
    const isMisplaced = !context.isStart;
    if (
      target !== 'xml' ||
      context.rootSeen ||
      this.#declarationSeen ||
      !isXmlDeclaration(input.bytes, contentStart, end)
    ) {
      throw context.malformed(
        start,
        isMisplaced ? 'an XML declaration that is not at the beginning' : 'the XML declaration is wrong',
      );
    }
    this.#declarationSeen = true;
    if (isMisplaced)
      context.handler.tolerated('xml_declaration_misplaced', 'the XML declaration is not at the beginning of the file');
  }

  /** Reads the comment, CDATA section or document type at `start`; the index behind it, or `CUT`. */
  declaration(start: number): number {
    const context = this.#context;
    const { bytes, length } = context.input;
    if (this.#isAt(start, '<!--')) return this.#comment(start);
    if (this.#isAt(start, '<![CDATA[')) return this.#cdata(start);
    if (this.#isAt(start, '<!DOCTYPE')) return this.#doctype(start);
    if (
      length - start < 9 &&
      ['<!--', '<![CDATA[', '<!DOCTYPE'].some((open) => open.startsWith(ascii(bytes, start, length)))
    )
      return CUT;
    throw context.malformed(start, 'neither a comment, a CDATA section nor a document type');
  }

  #comment(start: number): number {
    const context = this.#context;
    const { input } = context;
    const end = this.#rawEnd(start + 4, '--');
    if (end === CUT || end + 2 >= input.length) return CUT;
    if (input.bytes[end + 2] !== 0x3e) throw context.malformed(end, '"--" inside a comment');
    context.checkTextSize(start, end);
    return end + 3;
  }

  #cdata(start: number): number {
    const context = this.#context;
    const { handler } = context;
    if (context.depth === 0) throw context.malformed(start, 'a CDATA section outside the root element');
    const end = this.#rawEnd(start + 9, ']]>');
    if (end === CUT) return CUT;
    context.checkTextSize(start, end);
    const { bytes } = context.input;
    let pieceStart = start + 9;
    for (let i = pieceStart; i < end; i += 1) {
      if (bytes[i] !== 0x0d) continue;
      handler.text(bytes, pieceStart, i);
      handler.text(LINE_FEED, 0, 1);
      if (bytes[i + 1] === 0x0a) i += 1;
      pieceStart = i + 1;
    }
    if (end > pieceStart) handler.text(bytes, pieceStart, end);
    return end + 3;
  }

  #doctype(start: number): number {
    const context = this.#context;
    const { input, names } = context;
    const scanned = scanDoctype(input.bytes, start + 9, input.length, names);
    if (scanned === 'cut') return CUT;
    if (scanned === 'subset') {
      const message = 'the document type has an internal subset, which can declare entities';
      const hint = 'Remove the "[…]" part of the DOCTYPE; PM files need no entities.';
      throw refuse('entity_declared', message, hint, input.positionOf(start));
    }
    if (scanned === 'bad') throw context.malformed(start, 'the document type declaration is wrong');
    if (context.rootSeen || this.#doctypeSeen)
      throw context.malformed(start, 'a document type declaration that is not before the root element');
    context.checkTagSize(start, scanned);
    this.#doctypeSeen = true;
    context.handler.tolerated('doctype_ignored', 'the document type is ignored; no DTD is ever fetched');
    return scanned;
  }

  /** Index of the terminator; every character before it is checked to be legal. */
  #rawEnd(start: number, terminator: string): number {
    const context = this.#context;
    const { bytes, length } = context.input;
    const first = terminator.charCodeAt(0);
    for (let i = start; i < length; i += 1) {
      const byte = bytes[i];
      if (byte === first) {
        if (i + terminator.length > length) return CUT;
        if (this.#isAt(i, terminator)) return i;
      } else if (RAW_CLASS[byte] === MULTI_BYTE) {
        const size = context.character(i);
        if (size === CHAR_CUT) return CUT;
        i += size - 1;
      } else if (RAW_CLASS[byte] === ILLEGAL) throw context.illegal(i);
    }
    return CUT;
  }

  #isAt(i: number, text: string): boolean {
    const { bytes, length } = this.#context.input;
    if (i + text.length > length) return false;
    for (let k = 0; k < text.length; k += 1) if (bytes[i + k] !== text.charCodeAt(k)) return false;
    return true;
  }
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
