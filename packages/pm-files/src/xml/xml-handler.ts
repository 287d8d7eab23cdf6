import type { XmlAttributes } from './xml-attributes.ts';
import type { XmlName } from './xml-names.ts';

/** The bytes that the reader of XML is scanning. */
export interface XmlWindow {
  readonly bytes: Buffer;
  /** The same bytes. */
  readonly view: DataView;
  /** Index of the last `>`; -1 where there is none. What stands behind it is not to be looked at. */
  readonly last: number;
}

/** By which `plainContent` tells the reader of XML that it has read a start tag or an end tag by itself. */
export interface XmlNesting {
  /**
   * Opens an element whose start tag is at `start`, which becomes the place of the token being handed on. False, and
   * nothing is done, where elements would be nested too deep.
   */
  enter(name: XmlName, start: number): boolean;
  /** Closes the innermost open element; false, and nothing is done, where it has another name. */
  leave(name: XmlName, start: number): boolean;
}

/** What a reader of XML hands on, in document order. Arguments are valid only during the call. */
export interface XmlHandler {
  openElement(name: XmlName, attributes: XmlAttributes): void;
  /** Character data of the innermost open element, as UTF-8 with references resolved; may come in several pieces. */
  text(bytes: Uint8Array, start: number, end: number): void;
  closeElement(name: XmlName): void;
  /** Something that XML forbids or that is not acted upon, but that does no harm. */
  tolerated(code: string, message: string): void;
  /**
   * Asked before each token inside the root whether the handler knows the bytes from `start` on, which is not behind the
   * last `>`: it may read whole child elements of the innermost open element by itself, and single tags of which it tells
   * `nesting`, where it can tell from every byte that they are well-formed and within the limits. Returns the index behind
   * what it read; `start` where that is nothing.
   */
  plainContent(window: XmlWindow, start: number, nesting: XmlNesting): number;
}
