const FEWEST_SLOTS = 256;
const MOST_SLOTS_BEFOREHAND = 16_384;

/** What the largest block so far needed, within bounds; the next file is given as much beforehand. */
let usualSlots = FEWEST_SLOTS;

/** Room for the values of the block being read, shared by all tables of a file, since only one block is read at a time. */
export class BlockValues {
  numbers = new Float64Array(usualSlots);

  /** Makes room for so many slots, or more. */
  grow(slots: number): void {
    const grown = new Float64Array(Math.max(slots, this.numbers.length * 2));
    grown.set(this.numbers);
    this.numbers = grown;
    usualSlots = Math.min(grown.length, MOST_SLOTS_BEFOREHAND);
  }
}
