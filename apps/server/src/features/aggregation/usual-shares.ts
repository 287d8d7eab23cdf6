import type { EntitySamples } from './entity-samples.ts';
import type { Measure } from './measure.ts';
import { FULL, type Presence } from './presence.ts';

/**
 * What counts of a bin have to be multiplied by so that they stand for all entities, also where some have no sample in it: a
 * total over fewer cells must not look like a fall. The cells that are there are taken to have their usual share of the total: the
 * share that their means have of the means of all. Where all are there the factor is exactly 1.
 */
export class UsualShares {
  readonly #measure: Measure;
  /** By input and slot: the means of the entities that have a sample in it, added up. */
  readonly #shares: Float64Array[];
  /** By input: the means of all entities, added up in the same order. */
  readonly #totals: number[];
  /** By slot: how many entities have a sample. */
  #entitiesAt = new Int32Array(0);
  #entities = 0;

  constructor(measure: Measure) {
    this.#measure = measure;
    this.#shares = measure.inputs.map(() => new Float64Array(0));
    this.#totals = measure.inputs.map(() => 0);
  }

  /** Adds the samples of an entity that have all inputs. */
  add({ columns }: EntitySamples, { kinds, length, full }: Presence, slots: Int32Array, slotCount: number): void {
    this.#grow(slotCount);
    this.#entities++;
    const entitiesAt = this.#entitiesAt;
    for (let at = 0; at < length; at++) if (kinds[at] === FULL) entitiesAt[slots[at]]++;
    for (const [input, { combination }] of this.#measure.inputs.entries()) {
      const values = columns[input]?.values;
      if (combination !== 'sum' || !values) continue;
      let sum = 0;
      for (let at = 0; at < length; at++) if (kinds[at] === FULL) sum += Math.abs(values[at]);
      const mean = sum / full;
      this.#totals[input] += mean;
      const shares = this.#shares[input];
      for (let at = 0; at < length; at++) if (kinds[at] === FULL) shares[slots[at]] += mean;
    }
  }

  /** For states: 1. */
  factorAt(input: number, slot: number): number {
    if (this.#measure.inputs[input].combination !== 'sum' || this.#entitiesAt[slot] === this.#entities) return 1;
    const share = this.#shares[input][slot];
    return share > 0 ? this.#totals[input] / share : 1;
  }

  #grow(slots: number): void {
    if (this.#entitiesAt.length >= slots) return;
    const length = Math.max(slots, 2 * this.#entitiesAt.length);
    const entities = new Int32Array(length);
    entities.set(this.#entitiesAt);
    this.#entitiesAt = entities;
    for (const [input, shares] of this.#shares.entries()) {
      const larger = new Float64Array(length);
      larger.set(shares);
      this.#shares[input] = larger;
    }
  }
}
