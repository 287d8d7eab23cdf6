import type { ReadLimits } from '../measurement.ts';
import { BytePattern } from '../values/byte-pattern.ts';
import { KnownTexts } from '../values/known-texts.ts';
import type { XmlWindow } from '../xml/xml-handler.ts';
import { MAX_PLAIN_NAME_BYTES, skipPlainSpace } from './plain-bytes.ts';

const INFO_START = pattern('<measInfo measInfoId="');
const INFO_END = pattern('</measInfo>');
const JOB_START = pattern('<job jobId="');
const VALUE_START = pattern('<measValue measObjLdn="');
const OTHER_VALUE_START = pattern('<measValue measObjInstId="');
const VALUE_END = pattern('</measValue>');
const QUOTE = 0x22;
const SLASH = 0x2f;
const GREATER_THAN = 0x3e;

/** ASCII that means itself in an attribute value within double quotes. */
const IS_PLAIN: Uint8Array = (() => {
  const plain = new Uint8Array(256);
  plain.fill(1, 0x20, 0x7f);
  for (const char of '&<"') plain[char.charCodeAt(0)] = 0;
  return plain;
})();

/**
 * Reads the tags of `measInfo` and `measValue` as nearly all files write them: with the one usual attribute, and white
 * space before them at the most. Each method returns the index behind the tag, or -1 where something else stands there.
 */
export class PlainTags {
  /** Where the tag last read begins. */
  start = 0;
  /** The object's name in the `measValue` last read. */
  ldn = '';
  readonly #maxTagBytes: number;
  readonly #names = new KnownTexts();

  constructor(limits: ReadLimits) {
    this.#maxTagBytes = limits.maxTagBytes;
  }

  readInfoStart(window: XmlWindow, start: number): number {
    const value = this.#find(INFO_START, window, start);
    if (value < 0) return -1;
    return this.#tagEnd(window, value, this.#valueEnd(window, value));
  }

  /** Reads a whole `job` element. */
  readJob(window: XmlWindow, start: number): number {
    const { bytes, last } = window;
    const value = this.#find(JOB_START, window, start);
    if (value < 0) return -1;
    const end = this.#valueEnd(window, value);
    if (end + 2 > last || bytes[end + 1] !== SLASH || bytes[end + 2] !== GREATER_THAN || bytes[end] !== QUOTE)
      return -1;
    return this.#isShort(value, end, end + 3) ? end + 3 : -1;
  }

  readInfoEnd(window: XmlWindow, start: number): number {
    return this.#find(INFO_END, window, start);
  }

  readValueStart(window: XmlWindow, start: number): number {
    let name = this.#find(VALUE_START, window, start);
    if (name < 0) name = this.#find(OTHER_VALUE_START, window, start);
    if (name < 0) return -1;
    const { bytes, view, last } = window;
    const expected = this.#names.readExpected(view, name, last);
    if (expected !== null) {
      const behind = this.#tagEnd(window, name, name + expected.length);
      if (behind >= 0) {
        this.ldn = expected;
        return behind;
      }
    }
    const end = this.#valueEnd(window, name);
    const behind = this.#tagEnd(window, name, end);
    if (behind >= 0) this.ldn = this.#names.read(bytes, view, name, end);
    return behind;
  }

  readValueEnd(window: XmlWindow, start: number): number {
    return this.#find(VALUE_END, window, start);
  }

  #find(tag: BytePattern, { bytes, view, last }: XmlWindow, start: number): number {
    if (start > last) return -1;
    const at = skipPlainSpace(bytes, start);
    const behind = at + tag.length;
    if (at < 0 || behind > last + 1 || !tag.isAt(view, at)) return -1;
    this.start = at;
    return behind;
  }

  #valueEnd({ bytes, last }: XmlWindow, start: number): number {
    const limit = Math.min(last, start + MAX_PLAIN_NAME_BYTES + 1);
    let i = start;
    while (i < limit && IS_PLAIN[bytes[i]] === 1) i += 1;
    return i;
  }

  #tagEnd({ bytes, last }: XmlWindow, value: number, valueEnd: number): number {
    if (valueEnd >= last || bytes[valueEnd] !== QUOTE || bytes[valueEnd + 1] !== GREATER_THAN) return -1;
    return this.#isShort(value, valueEnd, valueEnd + 2) ? valueEnd + 2 : -1;
  }

  #isShort(value: number, valueEnd: number, behind: number): boolean {
    return valueEnd - value <= MAX_PLAIN_NAME_BYTES && behind - this.start <= this.#maxTagBytes;
  }
}

function pattern(text: string): BytePattern {
  return new BytePattern(Buffer.from(text));
}
