import type { MeasurementBlock } from '@pegboard/pm-files';
import type { ImportTally } from './import-tally.ts';
import { type Family, layoutOfPage, type NetworkObject, PAGE, REFUSED } from './names.ts';
import { SlotTable } from './slot-table.ts';
import type { SourceClock } from './source-clock.ts';

/** Numbers held before they are to be handed on; 8 bytes each. */
const FULL_NUMBERS = 1 << 18;
const FULL_SLOTS = 20_000;
const FIRST_CAPACITY = 16;

export interface CollectorOptions {
  readonly tally: ImportTally;
  readonly clock: SourceClock;
  /** Whether the times of the source are those of ends of periods. */
  readonly isEnd: boolean;
}

/**
 * Groups values that come in any order to blocks: one a (time, object, family). Its memory is used again and bounded by
 * `isFull`: then blocks are to be taken. Rows usually come by time, so those of the time that came last are held back while
 * more are to come: a block that is delivered in two parts has to be merged, which costs the store more than the rest.
 */
export class BlockCollector {
  readonly #tally: ImportTally;
  readonly #clock: SourceClock;
  readonly #isEnd: boolean;
  readonly #slots = new SlotTable();
  readonly #pageValues = new Float64Array(PAGE);
  #pool = new Float64Array(2 * FULL_NUMBERS);
  /** Where values move to when others are forgotten. */
  #otherPool = new Float64Array(2 * FULL_NUMBERS);
  #last = 0;
  #used = 0;
  #generation = 0;

  constructor({ tally, clock, isEnd }: CollectorOptions) {
    this.#tally = tally;
    this.#clock = clock;
    this.#isEnd = isEnd;
  }

  get isFull(): boolean {
    return this.#used >= FULL_NUMBERS || this.#slots.size >= FULL_SLOTS;
  }

  /** Changes whenever slots become invalid. */
  get generation(): number {
    return this.#generation;
  }

  /** Number of the slot of the values of an object and family at a time. Valid until `clear`. */
  slot(clockMs: number, object: NetworkObject, family: Family): number {
    return this.#slots.find(clockMs, object, family, 0);
  }

  /** Takes the value of the counter at a place of the slot's family. */
  put(slot: number, place: number, value: number): void {
    if (place === REFUSED) return;
    this.#last = slot;
    const slots = this.#slots;
    const page = place >> 8;
    const at = place & (PAGE - 1);
    const holder = page === 0 ? slot : slots.find(slots.clockMs[slot], slots.objects[slot], slots.families[slot], page);
    if (at >= slots.capacities[holder]) this.#reserve(holder, at);
    const index = slots.offsets[holder] + at;
    const earlier = this.#pool[index];
    if (!Number.isNaN(earlier)) this.#countRepeated(slot, place, earlier, value);
    this.#pool[index] = value;
  }

  /**
   * All blocks, or all but those of the last time; to be run to its end, with which they are forgotten. Each is valid until
   * the next is asked for.
   */
  *take(which: 'all' | 'settled'): Generator<MeasurementBlock> {
    const held = which === 'all' ? [] : this.#slotsOfLastTime();
    for (let slot = 0, next = 0; slot < this.#slots.size; slot++) {
      if (slot === held[next]) next++;
      else if (this.#slots.capacities[slot] > 0) yield this.#block(slot);
    }
    this.#keepOnly(held);
  }

  /** Forgets all values; slots are no longer valid. */
  clear(): void {
    this.#keepOnly([]);
  }

  #block(slot: number): MeasurementBlock {
    const { objects, families, clockMs, pages, offsets, capacities } = this.#slots;
    const { element, ldn } = objects[slot];
    const { granularityS } = families[slot];
    const layout = layoutOfPage(families[slot], pages[slot]);
    const beginMs = this.#clock.toUtcMs(clockMs[slot]) - (this.#isEnd ? granularityS * 1000 : 0);
    const capacity = capacities[slot];
    const values = this.#pageValues;
    for (let i = 0, from = offsets[slot]; i < capacity; i++) values[i] = this.#pool[from + i];
    values.fill(Number.NaN, capacity);
    return { managedElement: element.managed, ldn, layout, beginMs, granularityS, suspect: false, values };
  }

  /** Ascending; none where they hold so much that too little would be left to take. */
  #slotsOfLastTime(): number[] {
    const { size, clockMs, capacities } = this.#slots;
    const lastMs = clockMs[this.#last];
    const held: number[] = [];
    let numbers = 0;
    for (let slot = 0; slot < size; slot++) {
      if (clockMs[slot] !== lastMs) continue;
      held.push(slot);
      numbers += capacities[slot];
    }
    return numbers <= FULL_NUMBERS / 2 && held.length <= FULL_SLOTS / 2 ? held : [];
  }

  #keepOnly(kept: readonly number[]): void {
    const { offsets, capacities } = this.#slots;
    const pool = this.#otherPool;
    let used = 0;
    for (const slot of kept) {
      pool.set(this.#pool.subarray(offsets[slot], offsets[slot] + capacities[slot]), used);
      offsets[slot] = used;
      used += capacities[slot];
    }
    this.#otherPool = this.#pool;
    this.#pool = pool;
    this.#used = used;
    this.#slots.keepOnly(kept);
    this.#last = 0;
    this.#generation++;
  }

  #reserve(slot: number, at: number): void {
    const { families, pages, offsets, capacities } = this.#slots;
    const known = Math.min(families[slot].names.length - pages[slot] * PAGE, PAGE);
    let capacity = FIRST_CAPACITY;
    while (capacity < known || capacity <= at) capacity *= 2;
    if (this.#used + capacity > this.#pool.length) this.#grow();
    const offset = this.#used;
    this.#used += capacity;
    this.#pool.fill(Number.NaN, offset, offset + capacity);
    if (capacities[slot] > 0) this.#pool.copyWithin(offset, offsets[slot], offsets[slot] + capacities[slot]);
    offsets[slot] = offset;
    capacities[slot] = capacity;
  }

  /** What arrives at once after `isFull` may be more than the pool has room for. */
  #grow(): void {
    const larger = new Float64Array(this.#pool.length * 2);
    larger.set(this.#pool.subarray(0, this.#used));
    this.#pool = larger;
    this.#otherPool = new Float64Array(larger.length);
  }

  #countRepeated(slot: number, place: number, earlier: number, value: number): void {
    this.#tally.repeated++;
    if (earlier === value) return;
    const { objects, families, clockMs } = this.#slots;
    const { element, ldn } = objects[slot];
    const where = `${new Date(clockMs[slot]).toISOString().slice(0, 19)} ${element.name} ${ldn} ${families[slot].names[place]}`;
    this.#tally.conflicting.add(1, `${where}: ${earlier}, then ${value}`);
  }
}
