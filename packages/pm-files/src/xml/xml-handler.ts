import type { XmlAttributes } from './xml-attributes.ts';
import type { XmlName } from './xml-names.ts';

/** What a reader of XML hands on, in document order. Arguments are valid only during the call. */
export interface XmlHandler {
  openElement(name: XmlName, attributes: XmlAttributes): void;
  /** Character data of the innermost open element, as UTF-8 with references resolved; may come in several pieces. */
  text(bytes: Uint8Array, start: number, end: number): void;
  closeElement(name: XmlName): void;
  /** Something that XML forbids or that is not acted upon, but that does no harm. */
  tolerated(code: string, message: string): void;
  /**
   * Asked before each token inside the root whether the handler knows the bytes from `start` on: it may read whole
   * child elements of the innermost open element by itself, where it can tell from every byte that they are well-formed
   * and within the limits, and returns the index behind the last one; `start` where there is none. `bytes[last]` is the
   * last `>` of the window, and `last >= start`: no more may be looked at.
   */
  plainContent(bytes: Buffer, start: number, last: number): number;
}
