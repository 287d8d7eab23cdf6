import { type ComparableName, comparable, nearestNames } from './nearest-names.ts';

export type CounterKind = 'cumulative' | 'gauge' | 'derived' | 'distribution';

/** A counter that formulas may name. What is absent or null is not known, and then not checked. */
export interface CounterDescription {
  readonly name: string;
  readonly family?: string | null;
  readonly unit?: string | null;
  readonly kind?: CounterKind | null;
  /** Dimensions of its sub-counters; empty: it has none. */
  readonly dimensions?: readonly string[] | null;
}

export type CounterLookup =
  | { readonly status: 'ok'; readonly counter: CounterDescription }
  | { readonly status: 'ambiguous'; readonly families: readonly string[] }
  | { readonly status: 'unknown' };

/** The counters that formulas may name. */
export interface FormulaScope {
  /** What `Name` or `Family/Name` stands for. Both may hold slashes of their own. */
  lookup(name: string): CounterLookup;
  /** Names that a mistyped one may have meant, best first. */
  suggest(name: string, others?: Iterable<string>): readonly string[];
  /** Whether `family` is a family that has a counter `name`. */
  has(family: string, name: string): boolean;
}

/**
 * Makes a scope of counters. One name in two families is two counters: the bare name is then ambiguous and
 * `'Family/Name'` says which. Cost: linear in the counters, once; a lookup is constant.
 */
export function createScope(counters: Iterable<CounterDescription>): FormulaScope {
  const byName = new Map<string, CounterDescription[]>();
  for (const counter of counters) {
    const same = byName.get(counter.name);
    if (same === undefined) byName.set(counter.name, [counter]);
    else same.push(counter);
  }

  const ofFamily = (family: string, name: string) => byName.get(name)?.find((counter) => counter.family === family);

  const qualified = (text: string): CounterDescription | undefined => {
    for (let slash = text.indexOf('/'); slash !== -1; slash = text.indexOf('/', slash + 1)) {
      const counter = ofFamily(text.slice(0, slash), text.slice(slash + 1));
      if (counter !== undefined) return counter;
    }
    return undefined;
  };

  let comparables: readonly ComparableName[] | null = null;

  return {
    lookup(name) {
      const same = byName.get(name);
      if (same !== undefined && same.length > 1) {
        const families = same.map((counter) => counter.family).filter((family) => typeof family === 'string');
        return { status: 'ambiguous', families: families.sort() };
      }
      const counter = same?.[0] ?? qualified(name);
      return counter === undefined ? { status: 'unknown' } : { status: 'ok', counter };
    },
    suggest(name, others = []) {
      const bare = name.slice(name.lastIndexOf('/') + 1);
      comparables ??= [...byName.keys()].map(comparable);
      return nearestNames(bare, [...comparables, ...[...others].map(comparable)]);
    },
    has: (family, name) => ofFamily(family, name) !== undefined,
  };
}
