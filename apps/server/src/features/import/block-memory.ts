import type { MeasurementBlock } from '@pegboard/pm-files';

/** Blocks remembered; some 50 bytes each. */
const MAX_BLOCKS = 1 << 20;

/**
 * What blocks held when they were last seen, as hashes, to tell which have changed when a time is read again. Two blocks of one
 * hash of their keys are only taken for changed; a change is missed where the hashes of both values agree in 53 bits too.
 */
export class BlockMemory {
  /** Hash of the values by that of the key, by begin, ms. */
  readonly #hashes = new Map<number, Map<number, number>>();
  #size = 0;

  /** Whether the block was seen as it is; remembers it. */
  isKnown({ managedElement, ldn, layout, beginMs, values }: MeasurementBlock): boolean {
    const key = hashOfText(`${managedElement.name}\0${ldn}\0${layout.family ?? ''}\0${layout.names[0]}`);
    const hash = hashOfWords(new Uint32Array(values.buffer, values.byteOffset, values.length * 2));
    const known = this.#hashes.get(beginMs);
    if (known?.get(key) === hash) return true;
    if (this.#size >= MAX_BLOCKS) this.#forgetAll();
    const remembered = this.#hashes.get(beginMs) ?? new Map<number, number>();
    this.#hashes.set(beginMs, remembered);
    if (!remembered.has(key)) this.#size++;
    remembered.set(key, hash);
    return false;
  }

  /** Forgets what begins before a time. */
  forgetBefore(timeMs: number): void {
    for (const [beginMs, { size }] of this.#hashes) {
      if (beginMs >= timeMs) continue;
      this.#hashes.delete(beginMs);
      this.#size -= size;
    }
  }

  #forgetAll(): void {
    this.#hashes.clear();
    this.#size = 0;
  }
}

function hashOfText(text: string): number {
  const codes = new Uint32Array(text.length);
  for (let i = 0; i < text.length; i++) codes[i] = text.charCodeAt(i);
  return hashOfWords(codes);
}

/** 53 bits of two multiplicative hashes: FNV-1a, and one of its kind by other constants. */
function hashOfWords(words: Uint32Array): number {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (const word of words) {
    a = Math.imul(a ^ word, 0x01000193);
    a ^= a >>> 15;
    b = Math.imul(b ^ word, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return (a >>> 0) * 2 ** 21 + (b >>> 11);
}
