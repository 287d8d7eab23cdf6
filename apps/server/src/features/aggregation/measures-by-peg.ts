import type { EntityView } from './entity-view.ts';
import type { Measure } from './measure.ts';

/** Finds the measures that samples at hand may give, without a look at all others. */
export class MeasuresByPeg {
  readonly #byPeg = new Map<number, number[]>();
  /** By the PEGs of a counter group, which is the same array for all objects of a class. */
  readonly #byGroup = new WeakMap<Int32Array, readonly number[]>();

  constructor(measures: readonly Measure[]) {
    for (const [index, { inputs }] of measures.entries()) {
      const parts = inputs.flatMap(({ sources }) => sources.flatMap((source) => source.parts));
      for (const pegId of new Set(parts.map((part) => part.pegId))) {
        const same = this.#byPeg.get(pegId);
        if (same) same.push(index);
        else this.#byPeg.set(pegId, [index]);
      }
    }
  }

  /** Indexes of measures, ascending. */
  of(views: readonly EntityView[]): readonly number[] {
    const groups = views.flatMap(({ granularities }) => granularities.flatMap((view) => [...view.pegIds()]));
    const [first, ...others] = new Set(groups.map((pegIds) => this.#ofGroup(pegIds)));
    if (first === undefined) return [];
    if (others.length === 0) return first;
    return [...new Set([first, ...others].flat())].sort((a, b) => a - b);
  }

  #ofGroup(pegIds: Int32Array): readonly number[] {
    let found = this.#byGroup.get(pegIds);
    if (!found) {
      const all = new Set<number>();
      for (const pegId of pegIds) for (const index of this.#byPeg.get(pegId) ?? []) all.add(index);
      found = [...all].sort((a, b) => a - b);
      this.#byGroup.set(pegIds, found);
    }
    return found;
  }
}
