import { BytePattern } from '../values/byte-pattern.ts';
import type { XmlWindow } from '../xml/xml-handler.ts';
import type { WrittenPeriod } from './measurement-period.ts';

const NOWHERE = -1;
/** Longer heads are not remembered. */
const MAX_BYTES = 4096;

/**
 * What stands between `<measInfo …>` and its first counter, of which the granularity period counts, is nearly always the
 * same throughout a file. Once the XML reader has read it, it is known again by its bytes.
 */
export class PlainHead {
  /** What the head last known says. */
  written: WrittenPeriod | null = null;
  #known: BytePattern | null = null;
  /** Whether nothing of the head has been read yet. */
  isNext = false;
  #start = NOWHERE;

  /** A `measInfo` begins. */
  begin(): void {
    this.isNext = true;
    this.#start = NOWHERE;
  }

  /** The head is not to be remembered: it holds more than a job and a period, or the window is another one. */
  spoil(): void {
    this.isNext = false;
    this.#start = NOWHERE;
  }

  /** The index behind the head, where the known one stands at `start`; else `start`. */
  read({ view, last }: XmlWindow, start: number): number {
    if (!this.isNext) return start;
    this.isNext = false;
    const known = this.#known;
    if (known !== null && start + known.length <= last + 1 && known.isAt(view, start)) return start + known.length;
    this.#start = start;
    return start;
  }

  /** The head that is being read ends before `end`. */
  end({ bytes }: XmlWindow, end: number, written: WrittenPeriod): void {
    const start = this.#start;
    this.#start = NOWHERE;
    if (start === NOWHERE || end - start > MAX_BYTES) return;
    this.#known = new BytePattern(bytes.subarray(start, end));
    this.written = written;
  }
}
