import { type FormulaNode, formulaReferences, type NameNode, parseFormula, replaceNames } from '@pegboard/formula';
import type { VendorCounter } from './catalogue-types.ts';
import type { KnownCounters } from './known-counters.ts';

/**
 * A reference to a counter of the catalogue in a vendor's counters, with the selected dimensions renamed to the vendor's.
 * Null where a counter of the vendor is not at hand, or the vendor does not split the counter so.
 */
export function vendorForm(vendor: VendorCounter, reference: NameNode, known: KnownCounters): FormulaNode | null {
  const parsed = parseFormula(vendor.formula);
  if (parsed.status === 'error') return null;
  const { dimension } = vendor;
  const selectors = reference.selectors.map((selector) =>
    selector.dimension === dimension?.from ? { ...selector, dimension: dimension.to } : null,
  );
  const renamed = selectors.filter((selector) => selector !== null);
  if (renamed.length < selectors.length) return null;
  const selected = replaceNames(parsed.formula.root, (name) => ({
    ...name,
    selectors: renamed.length > 0 ? renamed : name.selectors,
  }));
  if (formulaReferences(selected).some((name) => known.formOf(name) === null)) return null;
  return replaceNames(selected, (name) => known.formOf(name));
}
