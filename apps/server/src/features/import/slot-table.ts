import type { Family, NetworkObject } from './names.ts';

const FIRST_SIZE = 1 << 13;
const EMPTY = 0;

/**
 * The (time, object, family, page) of which values have come, numbered in the order of their coming. Columns of plain
 * numbers and an open-addressed index over them: with an object and a key of text for each, collecting garbage would take
 * longer than collecting values.
 */
export class SlotTable {
  size = 0;
  readonly objects: NetworkObject[] = [];
  readonly families: Family[] = [];
  clockMs = new Float64Array(FIRST_SIZE);
  pages = new Uint16Array(FIRST_SIZE);
  /** Where values stand in the owner's pool, and how many places there are; 0: none yet. */
  offsets = new Int32Array(FIRST_SIZE);
  capacities = new Int32Array(FIRST_SIZE);
  /** Slots plus one by their hash; twice as many places as slots at most. */
  #index = new Int32Array(2 * FIRST_SIZE);

  /** The number of a slot, new or known. */
  find(clockMs: number, object: NetworkObject, family: Family, page: number): number {
    const mask = this.#index.length - 1;
    let at = hashOf(clockMs, object.id, family.id, page) & mask;
    for (; this.#index[at] !== EMPTY; at = (at + 1) & mask) {
      const slot = this.#index[at] - 1;
      const isSame =
        this.objects[slot] === object &&
        this.clockMs[slot] === clockMs &&
        this.families[slot] === family &&
        this.pages[slot] === page;
      if (isSame) return slot;
    }
    if (this.size === this.clockMs.length) {
      this.#grow();
      return this.find(clockMs, object, family, page);
    }
    const slot = this.size++;
    this.#index[at] = slot + 1;
    this.objects[slot] = object;
    this.families[slot] = family;
    this.clockMs[slot] = clockMs;
    this.pages[slot] = page;
    this.offsets[slot] = 0;
    this.capacities[slot] = 0;
    return slot;
  }

  /** Forgets all slots but some, which get new numbers in the order in which they are given: ascending. */
  keepOnly(kept: readonly number[]): void {
    kept.forEach((slot, to) => {
      this.objects[to] = this.objects[slot];
      this.families[to] = this.families[slot];
      this.clockMs[to] = this.clockMs[slot];
      this.pages[to] = this.pages[slot];
      this.offsets[to] = this.offsets[slot];
      this.capacities[to] = this.capacities[slot];
    });
    this.size = kept.length;
    this.#index.fill(EMPTY);
    this.#indexAll();
  }

  #grow(): void {
    const size = this.size * 2;
    this.clockMs = copied(this.clockMs, new Float64Array(size));
    this.pages = copied(this.pages, new Uint16Array(size));
    this.offsets = copied(this.offsets, new Int32Array(size));
    this.capacities = copied(this.capacities, new Int32Array(size));
    this.#index = new Int32Array(2 * size);
    this.#indexAll();
  }

  #indexAll(): void {
    const mask = this.#index.length - 1;
    for (let slot = 0; slot < this.size; slot++) {
      let at = hashOf(this.clockMs[slot], this.objects[slot].id, this.families[slot].id, this.pages[slot]) & mask;
      while (this.#index[at] !== EMPTY) at = (at + 1) & mask;
      this.#index[at] = slot + 1;
    }
  }
}

function copied<Numbers extends Float64Array | Int32Array | Uint16Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}

/** Multiplicative hash; the seconds of times are enough, the rest is compared. */
function hashOf(clockMs: number, objectId: number, familyId: number, page: number): number {
  let hash = Math.imul((clockMs / 1000) | 0, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15) ^ objectId, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 13) ^ (familyId + (page << 20)), 0xc2b2ae3d);
  return hash ^ (hash >>> 16);
}
