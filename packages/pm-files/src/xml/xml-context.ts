import type { ReadLimits } from '../measurement.ts';
import { type PmFileError, refuse } from '../pm-file-error.ts';
import { CHAR_BAD, multiByteLength } from './xml-chars.ts';
import type { XmlHandler, XmlNesting } from './xml-handler.ts';
import { XmlInput } from './xml-input.ts';
import { type XmlName, XmlNames } from './xml-names.ts';
import { REFERENCE_BAD, REFERENCE_CUT, referenceEnd } from './xml-references.ts';

/** The token goes on beyond the window. */
export const CUT = -1;

const HINT_TRUNCATED = 'The file seems to be cut off; transfer it again.';
const HINT_REPAIR = 'The file is damaged or was not written by an XML writer; export or transfer it again.';
const HINT_HOSTILE = 'No PM file needs that; check where the file comes from.';

/** What the readers of all kinds of tokens share: the window, the limits, the place in the document, refusals. */
export class XmlContext implements XmlNesting {
  readonly handler: XmlHandler;
  readonly limits: ReadLimits;
  readonly names: XmlNames;
  readonly input = new XmlInput();
  /** How many elements are open. */
  depth = 0;
  /** Names of the open elements: the first `depth`. */
  readonly open: XmlName[] = [];
  /** Where the token being handed on begins. */
  position = 0;
  rootSeen = false;
  /** Nothing has been read yet. */
  isStart = true;

  constructor(handler: XmlHandler, vocabulary: ReadonlyMap<string, number>, limits: ReadLimits) {
    this.handler = handler;
    this.limits = limits;
    this.names = new XmlNames(vocabulary);
  }

  enter(name: XmlName, start: number): boolean {
    if (this.depth >= this.limits.maxDepth) return false;
    this.position = start;
    this.open[this.depth] = name;
    this.depth += 1;
    return true;
  }

  leave(name: XmlName, start: number): boolean {
    if (this.open[this.depth - 1] !== name) return false;
    this.position = start;
    this.depth -= 1;
    return true;
  }

  /** Index of the `;` of the reference at `i`, or `CUT`. */
  reference(i: number): number {
    const end = referenceEnd(this.input.bytes, i, this.input.length);
    if (end === REFERENCE_CUT) return CUT;
    if (end !== REFERENCE_BAD) return end;
    throw this.malformed(i, '"&" begins neither one of the five predefined entities nor a character reference');
  }

  /** Length of the multi-byte character at `i`, or `CHAR_CUT`. */
  character(i: number): number {
    const size = multiByteLength(this.input.bytes, i, this.input.length);
    if (size === CHAR_BAD) throw this.illegal(i);
    return size;
  }

  /** `CUT` where the name that could not be read may go on beyond the window; else throws. */
  nameMissing(what: string): number {
    if (this.names.cut) return CUT;
    throw this.malformed(this.names.end, `${what} is missing or has a character that is not allowed`);
  }

  checkTagSize(start: number, end: number): void {
    if (end - start > this.limits.maxTagBytes) throw this.#tooLong(start, 'tag', this.limits.maxTagBytes);
  }

  checkTextSize(start: number, end: number): void {
    if (end - start > this.limits.maxTextBytes) throw this.#tooLong(start, 'text', this.limits.maxTextBytes);
  }

  tooDeep(i: number): PmFileError {
    const message = `elements are nested more than ${this.limits.maxDepth} deep`;
    return refuse('too_deep', message, HINT_HOSTILE, this.input.positionOf(i));
  }

  illegal(i: number): PmFileError {
    const byte = this.input.bytes[i].toString(16).padStart(2, '0');
    const message = `the byte 0x${byte} is not valid here (control character or broken UTF-8)`;
    const hint = 'If the file is in another encoding, its XML declaration must say so.';
    return refuse('not_well_formed', message, hint, this.input.positionOf(i));
  }

  malformed(i: number, message: string): PmFileError {
    return refuse('not_well_formed', message, HINT_REPAIR, this.input.positionOf(i));
  }

  truncated(where: string): PmFileError {
    return refuse('truncated', `the file ends ${where}`, HINT_TRUNCATED, this.input.positionOf(this.input.length));
  }

  #tooLong(start: number, what: 'tag' | 'text', limit: number): PmFileError {
    const message = `a ${what} is longer than ${limit} bytes`;
    return refuse(`${what}_too_long`, message, HINT_HOSTILE, this.input.positionOf(start));
  }
}
