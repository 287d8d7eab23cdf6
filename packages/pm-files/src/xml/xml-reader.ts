import type { ReadLimits } from '../measurement.ts';
import type { FilePosition } from '../pm-file-error.ts';
import { XmlAttributes } from './xml-attributes.ts';
import {
  AMPERSAND,
  ATTRIBUTE_CLASS,
  BRACKET,
  CHAR_CUT,
  ILLEGAL,
  isXmlSpace,
  LESS_THAN,
  MULTI_BYTE,
  NEWLINE_OR_TAB,
  PLAIN,
  QUOTE,
  TEXT_CLASS,
} from './xml-chars.ts';
import { CUT, XmlContext } from './xml-context.ts';
import type { XmlHandler } from './xml-handler.ts';
import type { XmlName } from './xml-names.ts';
import { resolveReferences } from './xml-references.ts';
import { XmlSections } from './xml-sections.ts';

const EMPTY: Buffer = Buffer.alloc(0);

/**
 * A streaming XML 1.0 reader over UTF-8 bytes that checks well-formedness (namespaces are left to the caller) and
 * expands nothing but character references and the five predefined entities. Throws `PmFileError`.
 */
export class XmlReader {
  readonly #handler: XmlHandler;
  readonly #limits: ReadLimits;
  readonly #context: XmlContext;
  readonly #sections: XmlSections;
  readonly #attributes = new XmlAttributes();
  /** The next element often is a sibling of the same name. */
  #lastClosed: XmlName | undefined = undefined;
  #scratch = EMPTY;

  /** `vocabulary` gives the local names of interest a code of the caller's own (not 0). */
  constructor(handler: XmlHandler, vocabulary: ReadonlyMap<string, number>, limits: ReadLimits) {
    this.#handler = handler;
    this.#limits = limits;
    this.#context = new XmlContext(handler, vocabulary, limits);
    this.#sections = new XmlSections(this.#context);
  }

  /** Scans as far as the bytes go. The chunk must not change during the call; it is not kept. */
  write(chunk: Uint8Array): void {
    const { input } = this.#context;
    if (!input.push(chunk, false)) return;
    this.#scan(false);
    input.consume(this.#context.position);
    this.#context.position = 0;
  }

  /** Scans the last chunk and checks that the document is complete. */
  end(chunk: Uint8Array): void {
    const context = this.#context;
    context.input.push(chunk, true);
    this.#scan(true);
    context.position = context.input.length;
    if (context.depth > 0) throw context.truncated(`inside <${context.open[context.depth - 1].text}>`);
    if (!context.rootSeen) throw context.malformed(context.position, 'the document has no root element');
  }

  /** Where the token being handed on begins. */
  position(): FilePosition {
    return this.#context.input.positionOf(this.#context.position);
  }

  #scan(isLast: boolean): void {
    const context = this.#context;
    const { bytes, length, last } = context.input;
    let i = 0;
    while (i < length) {
      context.position = i;
      if (context.depth > 0 && i <= last) {
        const behind = this.#handler.plainContent(context.input, i, context);
        if (behind !== i) {
          i = behind;
          continue;
        }
      }
      const next = bytes[i] === 0x3c ? this.#markup(i) : this.#text(i, isLast);
      if (next === CUT) {
        this.#cut(i, isLast);
        return;
      }
      i = next;
      context.isStart = false;
    }
    context.position = i;
  }

  /** The token at `i` goes on beyond the window: checks that it may. */
  #cut(i: number, isLast: boolean): void {
    const context = this.#context;
    const { bytes, length } = context.input;
    const isText = bytes[i] !== 0x3c;
    if (isText || bytes[i + 1] === 0x21) context.checkTextSize(i, length);
    else context.checkTagSize(i, length);
    if (isLast) throw context.truncated(isText ? 'inside a text' : 'inside a tag');
  }

  #markup(i: number): number {
    const { bytes, length } = this.#context.input;
    if (i + 1 >= length) return CUT;
    const second = bytes[i + 1];
    if (second === 0x2f) return this.#endTag(i);
    if (second === 0x3f) return this.#sections.processingInstruction(i);
    if (second === 0x21) return this.#sections.declaration(i);
    return this.#startTag(i);
  }

  /** Nearly every text is plain, within the window and inside the root; the rest is `#unusualText`. */
  #text(start: number, isLast: boolean): number {
    const context = this.#context;
    const { bytes, length } = context.input;
    let i = start;
    while (i < length && TEXT_CLASS[bytes[i]] === PLAIN) i += 1;
    if (i === length || bytes[i] !== 0x3c || context.depth === 0) return this.#unusualText(start, i, isLast);
    if (i - start > this.#limits.maxTextBytes) context.checkTextSize(start, i);
    this.#handler.text(bytes, start, i);
    return i;
  }

  #unusualText(start: number, plainEnd: number, isLast: boolean): number {
    const context = this.#context;
    const { bytes, length } = context.input;
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
          i = context.reference(i);
          if (i === CUT) return CUT;
          isPlain = false;
          break;
        case BRACKET:
          if (i + 2 >= length && !isLast) return CUT;
          if (bytes[i + 1] === 0x5d && bytes[i + 2] === 0x3e && i + 2 < length)
            throw context.malformed(i, '"]]>" in a text');
          break;
        case MULTI_BYTE: {
          const size = context.character(i);
          if (size === CHAR_CUT) return CUT;
          i += size - 1;
          break;
        }
        case ILLEGAL:
          throw context.illegal(i);
        default:
          isPlain = false;
      }
      i += 1;
    }
    if (i === length && !isLast) return CUT;
    context.checkTextSize(start, i);
    if (context.depth === 0) this.#checkBlank(start, i);
    else if (isPlain) this.#handler.text(bytes, start, i);
    else this.#resolvedText(start, i);
    return i;
  }

  #checkBlank(start: number, end: number): void {
    const { bytes } = this.#context.input;
    for (let i = start; i < end; i += 1) {
      if (!isXmlSpace(bytes[i])) throw this.#context.malformed(i, 'text outside the root element');
    }
  }

  #resolvedText(start: number, end: number): void {
    if (this.#scratch.length < end - start) this.#scratch = Buffer.alloc(Math.max((end - start) * 2, 1024));
    const size = resolveReferences(this.#context.input.bytes, start, end, this.#scratch, false);
    this.#handler.text(this.#scratch, 0, size);
  }

  #startTag(start: number): number {
    const context = this.#context;
    const { names } = context;
    const { bytes, length } = context.input;
    const name = names.read(bytes, start + 1, length, this.#lastClosed);
    if (name === null) return context.nameMissing('an element name');
    const attributes = this.#attributes;
    attributes.reset(bytes);
    let i = names.end;
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
        if (bytes[i + 1] !== 0x3e) throw context.malformed(i, `"/" inside the tag <${name.text}>`);
        this.#openElement(name, start, i + 2);
        context.depth -= 1;
        this.#lastClosed = name;
        this.#handler.closeElement(name);
        return i + 2;
      }
      if (i === behind) throw context.malformed(i, `white space is missing inside the tag <${name.text}>`);
      i = this.#attribute(i);
      if (i === CUT) return CUT;
    }
  }

  #openElement(name: XmlName, start: number, end: number): void {
    const context = this.#context;
    context.checkTagSize(start, end);
    if (context.depth === 0) {
      if (context.rootSeen) throw context.malformed(start, `a second root element <${name.text}>`);
      context.rootSeen = true;
    }
    if (context.depth >= this.#limits.maxDepth) throw context.tooDeep(start);
    context.open[context.depth] = name;
    context.depth += 1;
    this.#handler.openElement(name, this.#attributes);
  }

  #attribute(start: number): number {
    const context = this.#context;
    const { names } = context;
    const { bytes, length } = context.input;
    const name = names.read(bytes, start, length, this.#attributes.names[this.#attributes.count]);
    if (name === null) return context.nameMissing('an attribute name');
    let i = names.end;
    while (i < length && isXmlSpace(bytes[i])) i += 1;
    if (i >= length) return CUT;
    if (bytes[i] !== 0x3d) throw context.malformed(i, `the attribute ${name.text} has no value`);
    i += 1;
    while (i < length && isXmlSpace(bytes[i])) i += 1;
    if (i >= length) return CUT;
    const quote = bytes[i];
    if (quote !== 0x22 && quote !== 0x27)
      throw context.malformed(i, `the value of the attribute ${name.text} is not quoted`);
    return this.#attributeValue(name, i + 1, quote, start);
  }

  #attributeValue(name: XmlName, start: number, quote: number, nameStart: number): number {
    const context = this.#context;
    const { bytes, length } = context.input;
    let needsResolving = false;
    for (let i = start; i < length; i += 1) {
      const kind = ATTRIBUTE_CLASS[bytes[i]];
      if (kind === PLAIN) continue;
      if (kind === QUOTE) {
        if (bytes[i] !== quote) continue;
        if (this.#attributes.add(name, start, i, needsResolving)) return i + 1;
        throw context.malformed(nameStart, `the attribute ${name.text} is given twice`);
      }
      if (kind === NEWLINE_OR_TAB) needsResolving = true;
      else if (kind === MULTI_BYTE) {
        const size = context.character(i);
        if (size === CHAR_CUT) return CUT;
        i += size - 1;
      } else if (kind === AMPERSAND) {
        i = context.reference(i);
        if (i === CUT) return CUT;
        needsResolving = true;
      } else if (kind === LESS_THAN) throw context.malformed(i, `"<" in the value of the attribute ${name.text}`);
      else throw context.illegal(i);
    }
    return CUT;
  }

  #endTag(start: number): number {
    const context = this.#context;
    const { names } = context;
    const { bytes, length } = context.input;
    const opened = context.open[context.depth - 1];
    const name = names.read(bytes, start + 2, length, opened);
    if (name === null) return context.nameMissing('an element name');
    let i = names.end;
    while (i < length && isXmlSpace(bytes[i])) i += 1;
    if (i >= length) return CUT;
    if (bytes[i] !== 0x3e) throw context.malformed(i, `the end tag </${name.text}> is not closed by ">"`);
    if (context.depth === 0) throw context.malformed(start, `the end tag </${name.text}> closes nothing`);
    if (opened !== name && opened.text !== name.text) {
      throw context.malformed(start, `the end tag </${name.text}> does not match <${opened.text}>`);
    }
    context.checkTagSize(start, i);
    context.depth -= 1;
    this.#lastClosed = name;
    this.#handler.closeElement(name);
    return i + 1;
  }
}
