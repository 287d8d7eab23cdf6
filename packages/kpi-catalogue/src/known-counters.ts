import type { NameNode } from '@pegboard/formula';
import type { CounterDefinition, Dimension } from './catalogue-types.ts';
import { subCounterOf } from './sub-counter.ts';

/** The counters at hand, by their own names and by what they are sub-counters of. */
export interface KnownCounters {
  /**
   * How a reference can be written with the counters at hand: as it is, by the total, or by the sum over one dimension
   * of the sub-counters. Null where nothing gives it.
   */
  formOf(reference: NameNode): NameNode | null;
}

/** Sorts delivered names under the counters of their RAT. Cost: linear in the names. */
export function knownCounters(
  delivered: ReadonlySet<string>,
  counters: ReadonlyMap<string, CounterDefinition>,
): KnownCounters {
  const dimensionsOf = new Map<string, Set<string>>();
  for (const name of delivered) {
    const sub = subCounterOf(name, counters);
    if (sub === null || sub.dimensions.size === 0) continue;
    const dimensions = dimensionsOf.get(sub.base) ?? new Set();
    for (const dimension of sub.dimensions.keys()) dimensions.add(dimension);
    dimensionsOf.set(sub.base, dimensions);
  }

  const total = (reference: NameNode): NameNode | null => {
    const base = counters.get(reference.name)?.totalOf ?? reference.name;
    const name = [base, `${base}.sum`, `${base}.Sum`].find((form) => delivered.has(form));
    return name === undefined ? overSubCounters({ ...reference, name: base }) : { ...reference, name };
  };

  /** One dimension only: sub-counters by 5QI and by slice both count every flow. */
  const overSubCounters = (reference: NameNode): NameNode | null => {
    const dimensions = dimensionsOf.get(reference.name);
    const counter = counters.get(reference.name);
    if (dimensions === undefined) return null;
    if (counter?.kind === 'derived') return reference;
    const order: readonly (Dimension | string)[] = counter?.dimensions ?? [...dimensions];
    const dimension = order.find((each) => dimensions.has(each));
    return dimension === undefined ? null : { ...reference, selectors: [{ dimension, value: null }] };
  };

  return {
    formOf(reference) {
      if (reference.selectors.length === 0) return delivered.has(reference.name) ? reference : total(reference);
      const name = counters.get(reference.name)?.totalOf ?? reference.name;
      const dimensions = dimensionsOf.get(name);
      return reference.selectors.every(({ dimension }) => dimensions?.has(dimension)) ? { ...reference, name } : null;
    },
  };
}
