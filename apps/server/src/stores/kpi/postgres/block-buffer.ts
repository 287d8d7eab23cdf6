import type { MeasurementBlock } from '@pegboard/pm-files';
import type { CopySource } from '../../../platform/postgres/copy-in.ts';
import { BlockEncoder } from './block-encoder.ts';
import type { Identities, LayoutPlan, ObjectSlot } from './identities.ts';

const DAY_MS = 86_400_000;
/** Encoded bytes handed on at a time. */
const PIECE_BYTES = 1 << 20;

/** Where a file begins in a buffer; what follows up to the next mark is the file's. */
export type BufferMark = number;

/**
 * Blocks of files as they come, and, on demand, the rows of `pm_block` that they make: merged by counter (a later value
 * replaces, a missing one keeps), in the order of the primary key.
 */
export class BlockBuffer {
  readonly #identities: Identities;
  readonly #encoder = new BlockEncoder();
  #objects: ObjectSlot[] = [];
  #plans: LayoutPlan[] = [];
  #begins: number[] = [];
  #granularities: number[] = [];
  #suspects: boolean[] = [];
  #files: number[] = [];
  #offsets: number[] = [];
  #values = new Float64Array(1 << 14);
  #used = 0;

  constructor(identities: Identities) {
    this.#identities = identities;
  }

  get numbers(): number {
    return this.#used;
  }

  mark(): BufferMark {
    return this.#objects.length;
  }

  /** Copies a block; `file` tells deliveries apart: blocks of one file complete each other, a later file corrects. */
  add(block: MeasurementBlock, file: number): void {
    const { layout } = block;
    const object = this.#identities.object(block.managedElement, block.ldn);
    const count = layout.names.length;
    this.#objects.push(object);
    this.#plans.push(this.#identities.plan(object, layout));
    this.#begins.push(block.beginMs);
    this.#granularities.push(block.granularityS);
    this.#suspects.push(block.suspect);
    this.#files.push(file);
    this.#offsets.push(this.#used);
    if (this.#used + count > this.#values.length) this.#grow(this.#used + count);
    const values = this.#values;
    const source = block.values;
    let to = this.#used;
    for (let i = 0; i < count; i++) values[to++] = source[i] as number;
    this.#used = to;
  }

  /** Forgets all that was added since the mark. */
  truncate(mark: BufferMark): void {
    if (mark >= this.#objects.length) return;
    this.#used = this.#offsets[mark] as number;
    for (const list of [
      this.#objects,
      this.#plans,
      this.#begins,
      this.#granularities,
      this.#suspects,
      this.#files,
      this.#offsets,
    ])
      list.length = mark;
  }

  /** Days (since 1970-01-01, UTC) of the blocks between two marks. */
  days(from: BufferMark, to: BufferMark): Set<number> {
    const days = new Set<number>();
    for (let i = from; i < to; i++) days.add(Math.floor((this.#begins[i] as number) / DAY_MS));
    return days;
  }

  /** All rows as one binary COPY. `leftOut` files are passed over. All identities must be resolved. */
  encode(leftOut: ReadonlySet<number>): CopySource {
    const pieces = this.#sortedPieces(leftOut);
    return this.#encode(pieces, 0, pieces.length);
  }

  /** The same, one binary COPY a day (days since 1970-01-01, UTC), in the order of days. */
  *encodeDays(leftOut: ReadonlySet<number>): Generator<{ readonly day: number; readonly rows: CopySource }> {
    const pieces = this.#sortedPieces(leftOut);
    for (let from = 0; from < pieces.length; ) {
      const day = this.#day(pieces[from]);
      let to = from + 1;
      while (to < pieces.length && this.#day(pieces[to]) === day) to++;
      yield { day, rows: this.#encode(pieces, from, to) };
      from = to;
    }
  }

  #encode(pieces: readonly Piece[], from: number, to: number): CopySource {
    return { pieces: this.#rows(pieces, from, to), release: (piece) => this.#encoder.release(piece) };
  }

  *#rows(pieces: readonly Piece[], from: number, to: number): Generator<Buffer> {
    const encoder = this.#encoder;
    encoder.begin();
    const row = new Float64Array(4096);
    for (let at = from; at < to; ) {
      const first = pieces[at] as Piece;
      let end = at + 1;
      while (end < to && this.#sameKey(first, pieces[end] as Piece)) end++;
      const suspect = this.#fill(row, pieces, at, end);
      const width = maxWidth(pieces, at, end);
      if (hasValue(row, width)) {
        const { entry, target } = first;
        const begin = this.#begins[entry] as number;
        encoder.row(
          (this.#objects[entry] as ObjectSlot).id,
          target.groupId,
          begin,
          this.#granularities[entry] as number,
          suspect,
          row,
          width,
        );
      }
      if (encoder.size >= PIECE_BYTES) yield encoder.take();
      at = end;
    }
    encoder.end();
    yield encoder.take();
  }

  /** Writes the merged values of pieces of one key to `row`; returns whether the result is suspect. */
  #fill(row: Float64Array, pieces: readonly Piece[], from: number, to: number): boolean {
    row.fill(Number.NaN, 0, maxWidth(pieces, from, to));
    let suspect = false;
    for (let at = from; at < to; at++) {
      const { entry, target } = pieces[at] as Piece;
      const corrects = at > from && this.#files[entry] !== this.#files[(pieces[at - 1] as Piece).entry];
      if (corrects && suspect) suspect = this.#keepsValue(row, pieces, from, at, to);
      const offset = this.#offsets[entry] as number;
      let hasValue = false;
      for (let i = 0; i < target.from.length; i++) {
        const value = this.#values[offset + (target.from[i] as number)] as number;
        if (!Number.isFinite(value)) continue;
        row[target.to[i] as number] = value;
        hasValue = true;
      }
      suspect ||= hasValue && (this.#suspects[entry] as boolean);
    }
    return suspect;
  }

  /** Whether `row` has a value that the next file, whose pieces begin at `at`, does not bring. */
  #keepsValue(row: Float64Array, pieces: readonly Piece[], from: number, at: number, to: number): boolean {
    const file = this.#files[(pieces[at] as Piece).entry];
    const brought = new Set<number>();
    for (let next = at; next < to; next++) {
      const { entry, target } = pieces[next] as Piece;
      if (this.#files[entry] !== file) break;
      target.to.forEach((place, i) => {
        if (Number.isFinite(this.#values[(this.#offsets[entry] as number) + (target.from[i] as number)]))
          brought.add(place);
      });
    }
    return row
      .subarray(0, maxWidth(pieces, from, to))
      .some((value, place) => !Number.isNaN(value) && !brought.has(place));
  }

  #sortedPieces(leftOut: ReadonlySet<number>): Piece[] {
    const pieces: Piece[] = [];
    for (let entry = 0; entry < this.#objects.length; entry++) {
      if (leftOut.has(this.#files[entry] as number)) continue;
      for (const target of (this.#plans[entry] as LayoutPlan).targets) pieces.push({ entry, target });
    }
    return pieces.sort(
      (a, b) =>
        this.#day(a) - this.#day(b) ||
        (this.#objects[a.entry] as ObjectSlot).id - (this.#objects[b.entry] as ObjectSlot).id ||
        a.target.groupId - b.target.groupId ||
        (this.#begins[a.entry] as number) - (this.#begins[b.entry] as number) ||
        (this.#granularities[a.entry] as number) - (this.#granularities[b.entry] as number) ||
        a.entry - b.entry,
    );
  }

  #day({ entry }: Piece): number {
    return Math.floor((this.#begins[entry] as number) / DAY_MS);
  }

  #sameKey(a: Piece, b: Piece): boolean {
    return (
      this.#objects[a.entry] === this.#objects[b.entry] &&
      a.target.groupId === b.target.groupId &&
      this.#begins[a.entry] === this.#begins[b.entry] &&
      this.#granularities[a.entry] === this.#granularities[b.entry]
    );
  }

  #grow(needed: number): void {
    const larger = new Float64Array(Math.max(this.#values.length * 2, needed));
    larger.set(this.#values.subarray(0, this.#used));
    this.#values = larger;
  }
}

interface Piece {
  readonly entry: number;
  readonly target: LayoutPlan['targets'][number];
}

function maxWidth(pieces: readonly Piece[], from: number, to: number): number {
  let widest = 0;
  for (let at = from; at < to; at++) widest = Math.max(widest, (pieces[at] as Piece).target.width);
  return widest;
}

function hasValue(row: Float64Array, width: number): boolean {
  for (let i = 0; i < width; i++) if (Number.isFinite(row[i])) return true;
  return false;
}
