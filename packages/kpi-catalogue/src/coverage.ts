import {
  type FormulaNode,
  formatFormula,
  formatReference,
  formulaReferences,
  type NameNode,
  parseFormula,
  replaceNames,
} from '@pegboard/formula';
import { CATALOGUE } from './catalogue.ts';
import type { KpiCatalogue, KpiDefinition, Rat, VendorCounter } from './catalogue-types.ts';
import { type KnownCounters, knownCounters } from './known-counters.ts';
import { vendorForm } from './vendor-form.ts';

/** A counter that is not delivered under its own name, and what stands in for it. */
export interface Replacement {
  /** As the KPI refers to it, with its dimensions. */
  readonly counter: string;
  /** In the formula language. */
  readonly by: string;
  /** Null where it is the same counter in another form: its total, or the sum of its sub-counters. */
  readonly vendor: string | null;
  readonly note: string | null;
}

export interface MissingCounter {
  readonly counter: string;
  /** It is at hand, but not by these dimensions; empty: it is not at hand. */
  readonly notSplitBy: readonly string[];
  /** Vendors' counters that would do instead, in the formula language. */
  readonly wouldDo: readonly { readonly vendor: string; readonly formula: string }[];
}

export type KpiCoverage =
  | {
      readonly id: string;
      readonly status: 'computable';
      /** The KPI on the counters at hand; it may refer to other KPIs. */
      readonly formula: string;
      readonly replaced: readonly Replacement[];
    }
  | {
      readonly id: string;
      readonly status: 'not_computable';
      readonly reason: string;
      readonly missing: readonly MissingCounter[];
    };

/**
 * Says for each KPI whether the counters at hand can give it, and how: by the counters' own names, by another form of
 * them (`.sum`, sub-counters) or by a vendor's. A KPI that stands on others needs all of theirs. What is missing is named
 * with the vendors' counters that would do.
 *
 * @param kpis - KPIs to judge; those that they refer to are found in `catalogue`
 * @param knownCounterNames - names as delivered, of one RAT; `Name[k]` for elements of vectors
 * @param vendors - what may stand in; empty: nothing of a vendor
 */
export function coverage(
  kpis: readonly KpiDefinition[],
  knownCounterNames: Iterable<string>,
  vendors: readonly VendorCounter[] = CATALOGUE.vendors,
  catalogue: KpiCatalogue = CATALOGUE,
): readonly KpiCoverage[] {
  const names = new Set(knownCounterNames);
  const finders = {
    LTE: new CoverageFinder('LTE', names, vendors, catalogue),
    NR: new CoverageFinder('NR', names, vendors, catalogue),
  };
  return kpis.map((kpi) => finders[kpi.rat].of(kpi));
}

/** Judges the KPIs of one RAT; remembers what it has judged, since KPIs stand on others. */
class CoverageFinder {
  readonly #known: KnownCounters;
  readonly #vendors: readonly VendorCounter[];
  readonly #kpis: ReadonlyMap<string, KpiDefinition>;
  readonly #judged = new Map<string, KpiCoverage>();

  constructor(
    rat: Rat,
    names: ReadonlySet<string>,
    vendors: readonly VendorCounter[],
    { counters, kpis }: KpiCatalogue,
  ) {
    const ofRat = counters.filter((counter) => counter.rat === rat);
    this.#known = knownCounters(names, new Map(ofRat.map((counter) => [counter.name, counter] as const)));
    this.#vendors = vendors.filter((vendor) => vendor.rat === rat);
    this.#kpis = new Map(kpis.filter((kpi) => kpi.rat === rat).map((kpi) => [kpi.id, kpi] as const));
  }

  of(kpi: KpiDefinition): KpiCoverage {
    const judged = this.#judged.get(kpi.id);
    if (judged !== undefined) return judged;
    const coverage = this.#judge(kpi);
    this.#judged.set(kpi.id, coverage);
    return coverage;
  }

  #judge(kpi: KpiDefinition): KpiCoverage {
    if (kpi.formula === null) return notComputable(kpi.id, kpi.notComputable ?? 'it has no formula', []);
    const parsed = parseFormula(kpi.formula);
    if (parsed.status === 'error') return notComputable(kpi.id, parsed.errors[0].message, []);
    const { root } = parsed.formula;
    const forms = new Map<string, Form>();
    const missing = new Map<string, MissingCounter>();
    for (const reference of formulaReferences(root)) {
      const other = this.#kpis.get(reference.name);
      const form = other === undefined ? this.#formOf(reference) : null;
      if (form !== null) forms.set(formatReference(reference), form);
      else if (other === undefined) missing.set(reference.name, this.#missing(reference));
      else for (const each of missingOf(this.of(other))) missing.set(each.counter, each);
    }
    if (missing.size > 0) {
      const reason = `not computable: ${[...missing.values()].map(describeMissing).join(', ')}`;
      return notComputable(kpi.id, reason, [...missing.values()]);
    }
    const formula = formatFormula(replaceNames(root, (name) => forms.get(formatReference(name))?.node ?? null));
    return { id: kpi.id, status: 'computable', formula, replaced: replacementsOf(forms) };
  }

  #formOf(reference: NameNode): Form | null {
    const own = this.#known.formOf(reference);
    if (own !== null) return { node: own, vendor: null };
    for (const vendor of this.#vendors) {
      const node = vendor.counter === reference.name ? vendorForm(vendor, reference, this.#known) : null;
      if (node !== null) return { node, vendor };
    }
    return null;
  }

  #missing(reference: NameNode): MissingCounter {
    const { name, selectors } = reference;
    const wouldDo = this.#vendors.filter((vendor) => vendor.counter === name);
    return {
      counter: name,
      notSplitBy: this.#formOf({ ...reference, selectors: [] }) ? selectors.map(({ dimension }) => dimension) : [],
      wouldDo: wouldDo.map(({ vendor, formula }) => ({ vendor, formula })),
    };
  }
}

/** What a reference becomes with the counters at hand. */
interface Form {
  readonly node: FormulaNode;
  readonly vendor: VendorCounter | null;
}

function replacementsOf(forms: ReadonlyMap<string, Form>): readonly Replacement[] {
  return [...forms]
    .map(([counter, { node, vendor }]) => ({
      counter,
      by: formatFormula(node),
      vendor: vendor?.vendor ?? null,
      note: vendor?.note ?? null,
    }))
    .filter(({ counter, by }) => counter !== by);
}

function describeMissing({ counter, notSplitBy }: MissingCounter): string {
  return notSplitBy.length === 0
    ? `counter ${counter} missing`
    : `counter ${counter} is not split by ${notSplitBy.join(' and ')}`;
}

function missingOf(coverage: KpiCoverage): readonly MissingCounter[] {
  return coverage.status === 'computable' ? [] : coverage.missing;
}

function notComputable(id: string, reason: string, missing: readonly MissingCounter[]): KpiCoverage {
  return { id, status: 'not_computable', reason, missing };
}
