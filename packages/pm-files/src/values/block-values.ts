const FEWEST_SLOTS = 256;
const MOST_SLOTS_BEFOREHAND = 16_384;

/** What the largest block so far needed, within bounds; the next file is given as much beforehand. */
let usualSlots = FEWEST_SLOTS;

/**
 * The values of the block being read, shared by all tables of a file, since only one block is read at a time. Outside
 * of a block, and behind its slots, all are NaN.
 */
export class BlockValues {
  numbers = new Float64Array(usualSlots).fill(Number.NaN);
  #block: { readonly count: number } | null = null;

  /** Makes all values missing; `block` says how many slots the next block will have used. */
  begin(block: { readonly count: number }): void {
    if (this.#block !== null) this.numbers.fill(Number.NaN, 0, this.#block.count);
    this.#block = block;
  }

  /** Makes room for so many slots, or more. */
  grow(slots: number): void {
    const grown = new Float64Array(Math.max(slots, this.numbers.length * 2)).fill(Number.NaN);
    grown.set(this.numbers);
    this.numbers = grown;
    usualSlots = Math.min(grown.length, MOST_SLOTS_BEFOREHAND);
  }
}
