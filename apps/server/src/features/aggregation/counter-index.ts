import {
  type CounterDescription,
  type CounterLookup,
  conversionFactor,
  createScope,
  type DimensionSelector,
  type FormulaScope,
  formulaReferences,
  parseFormula,
} from '@pegboard/formula';
import { CATALOGUE, type CounterDefinition } from '@pegboard/kpi-catalogue';
import type { MeasuredObject, Peg } from '../../stores/kpi/kpi-store.ts';
import { identifyObject } from '../../stores/kpi/object-class.ts';

/** A PEG as a part of a counter. */
export interface CounterPart {
  readonly pegId: number;
  /** Takes its values to the unit of the counter. */
  readonly factor: number;
  /** For derived counters: what weights it, the first that has samples; each a sum of PEGs. Empty: nothing known does. */
  readonly weights: readonly (readonly number[])[];
}

/** PEGs of one family that are a counter together: their values add up, those of derived ones are weighted. */
export interface CounterSource {
  readonly family: string;
  readonly parts: readonly CounterPart[];
}

/** A counter that formulas may name, in one family or in all families of a RAT. */
export interface Counter extends CounterDescription {
  readonly families: readonly FamilyCounter[];
}

interface FamilyCounter {
  readonly family: string;
  readonly rat: string | null;
  readonly name: string;
  readonly own: Peg | null;
  readonly total: Peg | null;
  readonly parts: readonly Peg[];
}

/** The PEGs of a store as the counters of formulas. */
export interface CounterIndex {
  readonly scope: FormulaScope;
  /** Names of PEGs that belong to a RAT, or to none that is known. */
  namesOf(rat: string): readonly string[];
  /**
   * The PEGs that a reference stands for, by family; of several families that deliver a counter for one cell the first counts.
   * Empty where no sub-counters are split so. Text: the unit of a PEG does not fit.
   */
  sourcesOf(counter: Counter, selectors: readonly DimensionSelector[]): readonly CounterSource[] | string;
  /** The values of a dimension by which a counter is split. */
  valuesOf(counter: Counter, dimension: string): readonly string[];
  /**
   * For a derived PEG: what weights it, in its family or anywhere in its RAT, the first that has samples; each a sum of PEGs.
   */
  weightsOf(peg: Peg, within: 'family' | 'rat'): readonly (readonly number[])[];
}

const RATS: readonly string[] = ['LTE', 'NR'];
const DEFINITIONS: ReadonlyMap<string, CounterDefinition> = new Map(
  CATALOGUE.counters.map((counter) => [`${counter.rat}/${counter.name}`, counter]),
);

/** Cost: linear in the PEGs. */
export function createCounterIndex(pegs: readonly Peg[], objects: readonly MeasuredObject[]): CounterIndex {
  const families = sortIntoFamilies(pegs);
  const byName = new Map<string, FamilyCounter[]>();
  for (const counter of families) {
    const same = byName.get(counter.name);
    if (same) same.push(counter);
    else byName.set(counter.name, [counter]);
  }
  const isNode = nodeFamilies(objects);
  const plain = createScope(families.map((counter) => describe(counter.name, counter.family, [counter])));
  const merged = new Map<string, Counter | null>();

  /** The counter over all families of a RAT: those of cells where there are such, since nodes repeat their totals. */
  const ofRat = (rat: string, name: string): Counter | null => {
    const key = `${rat}/${name}`;
    const known = merged.get(key);
    if (known !== undefined) return known;
    const all = byName.get(name) ?? [];
    const own = all.filter((counter) => counter.rat === rat);
    const candidates = own.length > 0 ? own : all.filter((counter) => counter.rat === null);
    const cells = candidates.filter(({ family }) => !isNode(family));
    const chosen = cells.length > 0 ? cells : candidates;
    const counter = chosen.length === 0 ? null : describe(name, null, chosen, DEFINITIONS.get(key)?.unit);
    merged.set(key, counter);
    return counter;
  };

  const weightsOf = (peg: Peg, within: 'family' | 'rat'): number[][] => {
    const { family, rat } = peg;
    if (peg.kind !== 'derived' || peg.weightedBy === null) return [];
    const selectors = Object.entries(peg.dimensions).map(([dimension, value]) => ({ dimension, value }));
    const weights: number[][] = [];
    for (const name of weightNames(peg.weightedBy)) {
      const near = (byName.get(name) ?? []).filter((counter) => counter.family === family);
      const far = rat === null || within === 'family' ? [] : (ofRat(rat, name)?.families ?? []);
      for (const counter of new Set([...near, ...far])) {
        const chosen = choosePegs(counter, selectors);
        if (chosen.length > 0) weights.push(chosen.map(({ id }) => id));
      }
    }
    return weights;
  };
  const lookup = (name: string): CounterLookup => {
    const rat = RATS.find((each) => name.startsWith(`${each}/`));
    const counter = rat === undefined ? null : ofRat(rat, name.slice(rat.length + 1));
    if (counter) return { status: 'ok', counter };
    const found = plain.lookup(name);
    if (found.status !== 'ambiguous') return found;
    const rats = RATS.filter((each) => (byName.get(name) ?? []).filter((one) => one.rat === each).length > 1);
    return { status: 'ambiguous', families: [...found.families, ...rats] };
  };
  const namesByRat = new Map<string, readonly string[]>();
  return {
    weightsOf,
    scope: { ...plain, lookup, suggest: (name, others) => plain.suggest(name, others) },
    namesOf(rat) {
      const known = namesByRat.get(rat);
      if (known) return known;
      const names = [...new Set(pegs.filter((peg) => peg.rat === rat || peg.rat === null).map((peg) => peg.name))];
      namesByRat.set(rat, names);
      return names;
    },
    valuesOf(counter, dimension) {
      const values = counter.families.flatMap(({ parts }) => parts.flatMap((peg) => peg.dimensions[dimension] ?? []));
      return [...new Set(values)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    },
    sourcesOf(counter, selectors) {
      const sources: CounterSource[] = [];
      for (const family of counter.families) {
        const chosen = choosePegs(family, selectors);
        if (chosen.length === 0) continue;
        const parts: CounterPart[] = [];
        for (const peg of chosen) {
          const factor = factorOf(peg, counter.unit ?? null);
          if (factor === null)
            return `${peg.family}/${peg.name} is in ${peg.unit}, which cannot be made ${counter.unit}`;
          parts.push({ pegId: peg.id, factor, weights: weightsOf(peg, 'rat') });
        }
        sources.push({ family: family.family, parts });
      }
      return sources;
    },
  };
}

/** Every counter of every family: PEGs by their own names, and bases that are there by sub-counters only. */
function sortIntoFamilies(pegs: readonly Peg[]): FamilyCounter[] {
  interface Draft {
    readonly family: string;
    readonly rat: string | null;
    readonly name: string;
    own: Peg | null;
    total: Peg | null;
    readonly parts: Peg[];
  }
  const drafts = new Map<string, Draft>();
  const draft = ({ family, rat }: Peg, name: string): Draft => {
    const key = `${family}\0${name}`;
    const known = drafts.get(key);
    if (known) return known;
    const created: Draft = { family, rat, name, own: null, total: null, parts: [] };
    drafts.set(key, created);
    return created;
  };
  for (const peg of pegs) {
    draft(peg, peg.name).own = peg;
    if (peg.base === peg.name) continue;
    const base = draft(peg, peg.base);
    if (peg.isTotal) base.total ??= peg;
    else if (Object.keys(peg.dimensions).length > 0) base.parts.push(peg);
  }
  // `X.sum{QCI=9}` means the sub-counters of X.
  for (const { own, parts, family } of drafts.values()) {
    if (own?.isTotal) parts.push(...(drafts.get(`${family}\0${own.base}`)?.parts ?? []));
  }
  return [...drafts.values()];
}

function describe(name: string, family: string | null, families: readonly FamilyCounter[], unit?: string): Counter {
  const pegs = families
    .flatMap(({ own, total, parts }) => [own ?? total ?? parts[0]])
    .filter((peg) => peg !== undefined);
  const dimensions = new Set(families.flatMap(({ parts }) => parts.flatMap((peg) => Object.keys(peg.dimensions))));
  return {
    name,
    ...(family !== null && { family }),
    unit: unit ?? pegs.find((peg) => peg.unit !== null)?.unit ?? null,
    kind: pegs.find((peg) => peg.kind !== null)?.kind ?? null,
    dimensions: [...dimensions].sort(),
    families,
  };
}

/** Families that are object classes of no cells. */
function nodeFamilies(objects: readonly MeasuredObject[]): (family: string) => boolean {
  const classes = new Set(objects.map((object) => object.objectClass));
  return (family) => classes.has(family) && identifyObject(`${family}=1`).cellId === null;
}

/**
 * The PEGs of a family that a reference stands for. Sub-counters of different partitions (by 5QI, by slice) count the same
 * events: only those of one are taken, and never a total with its parts.
 */
function choosePegs({ own, total, parts }: FamilyCounter, selectors: readonly DimensionSelector[]): readonly Peg[] {
  if (selectors.length === 0 && own) return [own];
  if (selectors.length === 0 && total) return [total];
  const wanted = selectors.map(({ dimension }) => dimension);
  const fitting = parts.filter(({ dimensions }) =>
    selectors.every(
      ({ dimension, value }) =>
        Object.hasOwn(dimensions, dimension) && (value === null || dimensions[dimension] === value),
    ),
  );
  const partitions = Map.groupBy(fitting, ({ dimensions }) => Object.keys(dimensions).sort().join('\0'));
  const ranked = [...partitions.values()].sort((a, b) => rank(a[0], wanted) - rank(b[0], wanted));
  return ranked[0] ?? [];
}

/** Split by fewer dimensions first, then in the order of the catalogue's dimensions. */
function rank(peg: Peg, wanted: readonly string[]): number {
  const names = Object.keys(peg.dimensions).filter((name) => !wanted.includes(name));
  const order: readonly string[] = DEFINITIONS.get(`${peg.rat}/${peg.base}`)?.dimensions ?? [];
  const place = names.length === 0 ? 0 : Math.min(...names.map((name) => order.indexOf(name) + 1 || 99));
  return names.length * 100 + place;
}

/** Null: the units do not fit. A unit that nobody has said is the right one. */
function factorOf(peg: Peg, unit: string | null): number | null {
  return peg.unit === null || unit === null ? 1 : conversionFactor(peg.unit, unit);
}

/** A weight under its own name, and the vendors' counters that are proportional to it. */
function weightNames(counter: string): readonly string[] {
  const vendors = CATALOGUE.vendors.filter((vendor) => vendor.counter === counter);
  const names = vendors.flatMap(({ formula }) => {
    const parsed = parseFormula(formula);
    const references = parsed.status === 'ok' ? formulaReferences(parsed.formula.root) : [];
    return references.length === 1 ? [references[0].name] : [];
  });
  return [counter, ...names];
}
