import type { MeasurementBlock } from '@pegboard/pm-files';
import type { ImportTally } from './import-tally.ts';
import { type Family, layoutOfPage, type Names, type NetworkObject, PAGE, REFUSED } from './names.ts';
import type { SourceClock } from './source-clock.ts';

/** Values of one (time, object, family) on their way to become blocks. */
export interface Slot {
  readonly object: NetworkObject;
  readonly family: Family;
  readonly clockMs: number;
  /** Where each page begins in the pool, -1: nowhere yet; and how many places it has there. */
  readonly offsets: number[];
  readonly capacities: number[];
}

/** Numbers held before they are to be handed on; 8 bytes each. */
const FULL_NUMBERS = 1 << 18;
const FULL_SLOTS = 20_000;
const FIRST_CAPACITY = 16;

export interface CollectorOptions {
  readonly names: Names;
  readonly tally: ImportTally;
  readonly clock: SourceClock;
  /** Whether the times of the source are those of ends of periods. */
  readonly isEnd: boolean;
}

/**
 * Groups values that come in any order to blocks: one a (time, object, family). Memory is bounded by `isFull`: then
 * `blocks` are to be taken.
 */
export class BlockCollector {
  readonly #names: Names;
  readonly #tally: ImportTally;
  readonly #clock: SourceClock;
  readonly #isEnd: boolean;
  readonly #slots = new Map<string, Slot>();
  readonly #pageValues = new Float64Array(PAGE);
  #pool = new Float64Array(1 << 16);
  #used = 0;
  #generation = 0;

  constructor({ names, tally, clock, isEnd }: CollectorOptions) {
    this.#names = names;
    this.#tally = tally;
    this.#clock = clock;
    this.#isEnd = isEnd;
  }

  get isFull(): boolean {
    return this.#used >= FULL_NUMBERS || this.#slots.size >= FULL_SLOTS;
  }

  get isEmpty(): boolean {
    return this.#slots.size === 0;
  }

  /** Changes whenever slots become invalid. */
  get generation(): number {
    return this.#generation;
  }

  /** Null where a name is refused. Valid until `clear`. */
  slot(
    clockMs: number,
    ne: string,
    swVersion: string | null,
    cell: string | null,
    familyName: string | null,
  ): Slot | null {
    const object = this.#names.object(ne, cell);
    const family = this.#names.family(familyName);
    if (object === null || family === null) return null;
    const key = `${clockMs} ${object.id} ${family.name ?? ''}`;
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const slot: Slot = { object, family, clockMs, offsets: [], capacities: [] };
    this.#slots.set(key, slot);
    this.#names.seeVersion(ne, swVersion, clockMs);
    return slot;
  }

  /** Takes the value of the counter at a place of the slot's family. */
  put(slot: Slot, place: number, value: number): void {
    if (place === REFUSED) return;
    const page = place >> 8;
    const at = place & (PAGE - 1);
    while (slot.offsets.length <= page) {
      slot.offsets.push(-1);
      slot.capacities.push(0);
    }
    if (at >= slot.capacities[page]) this.#reserve(slot, page, at);
    const index = slot.offsets[page] + at;
    const earlier = this.#pool[index];
    if (!Number.isNaN(earlier)) this.#countRepeated(slot, place, earlier, value);
    this.#pool[index] = value;
  }

  /** All blocks; each is valid until the next is asked for. `clear` is to be called after. */
  *blocks(): Generator<MeasurementBlock> {
    const values = this.#pageValues;
    for (const { object, family, clockMs, offsets, capacities } of this.#slots.values()) {
      const managedElement = this.#names.element(object.element);
      const { granularityS } = family;
      const beginMs = this.#clock.toUtcMs(clockMs) - (this.#isEnd ? granularityS * 1000 : 0);
      for (let page = 0; page < offsets.length; page++) {
        if (offsets[page] < 0) continue;
        const layout = layoutOfPage(family, page);
        values.fill(Number.NaN);
        values.set(this.#pool.subarray(offsets[page], offsets[page] + capacities[page]));
        yield { managedElement, ldn: object.ldn, layout, beginMs, granularityS, suspect: false, values };
      }
    }
  }

  /** Forgets all values; slots are no longer valid. */
  clear(): void {
    this.#slots.clear();
    this.#used = 0;
    this.#generation++;
  }

  #reserve(slot: Slot, page: number, at: number): void {
    const known = Math.min(slot.family.names.length - page * PAGE, PAGE);
    let capacity = FIRST_CAPACITY;
    while (capacity < known || capacity <= at) capacity *= 2;
    if (this.#used + capacity > this.#pool.length) this.#grow();
    const offset = this.#used;
    this.#used += capacity;
    this.#pool.fill(Number.NaN, offset, offset + capacity);
    const from = slot.offsets[page];
    if (from >= 0) this.#pool.copyWithin(offset, from, from + slot.capacities[page]);
    slot.offsets[page] = offset;
    slot.capacities[page] = capacity;
  }

  #grow(): void {
    const larger = new Float64Array(this.#pool.length * 2);
    larger.set(this.#pool.subarray(0, this.#used));
    this.#pool = larger;
  }

  #countRepeated({ object, family, clockMs }: Slot, place: number, earlier: number, value: number): void {
    this.#tally.repeated++;
    if (earlier === value) return;
    const where = `${new Date(clockMs).toISOString().slice(0, 19)} ${object.element} ${object.ldn} ${family.names[place]}`;
    this.#tally.conflicting.add(1, `${where}: ${earlier}, then ${value}`);
  }
}
