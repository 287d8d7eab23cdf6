import type { FilePosition } from '../pm-file-error.ts';
import { countNewlines } from './count-lines.ts';
import type { XmlWindow } from './xml-handler.ts';

const EMPTY = Buffer.alloc(0);
const GREATER_THAN = 0x3e;

/** Below so many carried bytes a token is simply scanned again with the next chunk. */
const RESCAN_FREELY_BYTES = 4096;

/**
 * The window of bytes that is being scanned. Chunks are scanned in place; only an unfinished token is carried over.
 * A long unfinished token is scanned again only once the window has doubled, so the work stays linear however the
 * bytes are cut.
 */
export class XmlInput implements XmlWindow {
  bytes: Buffer = EMPTY;
  view: DataView = viewOf(EMPTY);
  length = 0;
  last = -1;
  #carry: Buffer = EMPTY;
  #carryLength = 0;
  #wanted = 0;
  #line = 1;
  #column = 1;

  /** Makes a window of the carried bytes and the chunk; false where it is not worth scanning yet. */
  push(chunk: Uint8Array, isLast: boolean): boolean {
    if (this.#carryLength === 0) {
      this.#show(
        Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length),
        chunk.length,
      );
      return true;
    }
    this.#append(chunk);
    if (!isLast && this.#carryLength < this.#wanted) return false;
    this.#show(this.#carry, this.#carryLength);
    return true;
  }

  /** Keeps what was not consumed and counts the lines of what was. */
  consume(consumed: number): void {
    const at = this.positionOf(consumed);
    this.#line = at.line;
    this.#column = at.column;
    const rest = this.bytes.subarray(consumed, this.length);
    if (this.bytes === this.#carry) this.#carry.copyWithin(0, consumed, this.length);
    else {
      this.#carryLength = 0;
      this.#append(rest);
    }
    this.#carryLength = rest.length;
    this.#wanted = rest.length > RESCAN_FREELY_BYTES ? rest.length * 2 : 0;
  }

  /** Line and column (in characters) of an index of the window. */
  positionOf(index: number): FilePosition {
    const { bytes } = this;
    const lineStart = index === 0 ? 0 : bytes.lastIndexOf(0x0a, index - 1) + 1;
    let column = lineStart === 0 ? this.#column : 1;
    for (let i = lineStart; i < index; i += 1) if ((bytes[i] & 0xc0) !== 0x80) column += 1;
    return { line: this.#line + countNewlines(bytes, 0, lineStart), column };
  }

  #show(bytes: Buffer, length: number): void {
    if (bytes !== this.bytes) this.view = viewOf(bytes);
    this.bytes = bytes;
    this.length = length;
    this.last = bytes.lastIndexOf(GREATER_THAN, length - 1);
  }

  #append(chunk: Uint8Array): void {
    const needed = this.#carryLength + chunk.length;
    if (needed > this.#carry.length) {
      const grown = Buffer.alloc(Math.max(needed, this.#carry.length * 2, 1024));
      grown.set(this.#carry.subarray(0, this.#carryLength));
      this.#carry = grown;
    }
    this.#carry.set(chunk, this.#carryLength);
    this.#carryLength = needed;
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
