import type { XmlName } from './xml-names.ts';
import { resolveReferences } from './xml-references.ts';

const EMPTY: Buffer = Buffer.alloc(0);
/** Beyond so many attributes repeated names are looked for in a set. */
const LINEAR_LIMIT = 16;

/** The attributes of the start tag being handed on. Valid only during the call of the handler. */
export class XmlAttributes {
  count = 0;
  bytes: Buffer = EMPTY;
  readonly names: XmlName[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly #needsResolving: boolean[] = [];
  readonly #seen = new Set<string>();

  /** Forgets the attributes of the last tag. */
  reset(bytes: Buffer): void {
    this.bytes = bytes;
    this.count = 0;
    if (this.#seen.size > 0) this.#seen.clear();
  }

  /** Adds an attribute with the checked value `bytes[start, end)`; false where the name is there already. */
  add(name: XmlName, start: number, end: number, needsResolving: boolean): boolean {
    const index = this.count;
    if (this.#has(name)) return false;
    this.names[index] = name;
    this.starts[index] = start;
    this.ends[index] = end;
    this.#needsResolving[index] = needsResolving;
    this.count = index + 1;
    return true;
  }

  /** Index of the first attribute whose local name has this code of the vocabulary; -1 where there is none. */
  indexOf(code: number): number {
    for (let i = 0; i < this.count; i += 1) if (this.names[i].code === code) return i;
    return -1;
  }

  /** The value of the attribute with this code; null where there is none. */
  get(code: number): string | null {
    const index = this.indexOf(code);
    return index < 0 ? null : this.valueAt(index);
  }

  /** The value of the attribute at an index, normalised as XML asks. */
  valueAt(index: number): string {
    const start = this.starts[index];
    const end = this.ends[index];
    if (!this.#needsResolving[index]) return this.bytes.toString('utf8', start, end);
    const target = new Uint8Array(end - start);
    return decodeUtf8(target, 0, resolveReferences(this.bytes, start, end, target, true));
  }

  #has(name: XmlName): boolean {
    if (this.count > LINEAR_LIMIT) {
      if (this.#seen.size === 0) for (let i = 0; i < this.count; i += 1) this.#seen.add(this.names[i].text);
      if (this.#seen.has(name.text)) return true;
      this.#seen.add(name.text);
      return false;
    }
    for (let i = 0; i < this.count; i += 1) {
      if (this.names[i] === name || this.names[i].text === name.text) return true;
    }
    return false;
  }
}

/** The text of valid UTF-8 bytes. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
}
