import { isSameBytes, type RowBytes } from './copy-rows.ts';

/** In place of a number: the counter was not met yet. */
export const UNKNOWN = -2;

/** Place in `#next` of what came first; entries are shifted by one. */
const BEGIN = 0;

/**
 * The counters of a list that comes again and again, usually in the same order: the next one is known by comparing its bytes
 * with those of the one that came next before, without making a text of it.
 */
export class KnownCounters {
  /** Entry by the bytes that name a counter. */
  readonly #entries = new Map<string, number>();
  readonly #bytes: DataView[] = [];
  readonly #places: number[] = [];
  /** The entry that followed last time, by the one before it. */
  readonly #next: number[] = [];
  #previous = BEGIN;

  /** A list begins. */
  begin(): void {
    this.#previous = BEGIN;
  }

  /** The place that `learn` was told for the counter named by the row's bytes in `[from, to)`, or `UNKNOWN`. */
  find(row: RowBytes, from: number, to: number): number {
    const expected = this.#next[this.#previous];
    if (expected !== undefined && isKnown(this.#bytes[expected], row, from, to)) {
      this.#previous = expected + 1;
      return this.#places[expected];
    }
    const entry = this.#entries.get(keyOf(row, from, to));
    if (entry === undefined) return UNKNOWN;
    this.#follow(entry);
    return this.#places[entry];
  }

  learn(row: RowBytes, from: number, to: number, place: number): void {
    const entry = this.#places.length;
    this.#entries.set(keyOf(row, from, to), entry);
    this.#bytes.push(copyOf(row, from, to));
    this.#places.push(place);
    this.#follow(entry);
  }

  #follow(entry: number): void {
    this.#next[this.#previous] = entry;
    this.#previous = entry + 1;
  }
}

/** A key of one character a byte. */
export function keyOf({ bytes }: RowBytes, from: number, to: number): string {
  return bytes.toString('latin1', from, to);
}

export function copyOf({ bytes }: RowBytes, from: number, to: number): DataView {
  return new DataView(Uint8Array.from(bytes.subarray(from, to)).buffer);
}

export function isKnown(known: DataView, { view }: RowBytes, from: number, to: number): boolean {
  return known.byteLength === to - from && isSameBytes(known, 0, view, from, to - from);
}
