import {
  type DimensionSelector,
  type FormulaNode,
  formatFormula,
  formatReference,
  parseFormula,
  replaceNames,
} from '@pegboard/formula';
import { CATALOGUE, coverage, type KpiDefinition } from '@pegboard/kpi-catalogue';
import type { Kpi } from './kpi.ts';
import { selectorText, withCanonicalDimensions, withSelectors } from './selected-names.ts';

/** A KPI, or a formula of a request. */
type Formulated = Pick<Kpi, 'name' | 'formula'> & Partial<Pick<Kpi, 'definition' | 'rat'>>;

/** A KPI, or one that it stands on, for a part of its counters. */
export interface SelectedKpi {
  readonly name: string;
  readonly formula: string;
  readonly rat: string | null;
}

/**
 * A KPI for a part of its counters: `L07{QCI=9}` has QCI 9 selected on every counter of L07, and of the KPIs that it stands
 * on. Text: why it cannot be had.
 *
 * @param asked - the name that the KPI gets; those that it stands on are named after their own
 * @param find - KPIs by their names
 * @param namesOf - the counters at hand by RAT
 */
export function selectKpi(
  asked: string,
  kpi: Formulated,
  selectors: readonly DimensionSelector[],
  find: (name: string) => Formulated | undefined,
  namesOf: (rat: string) => readonly string[],
): readonly SelectedKpi[] | string {
  const nameOf = (name: string) => (name === kpi.name ? asked : name + selectorText(selectors));
  const waiting = [kpi];
  const seen = new Set([kpi.name]);
  const drafts: { readonly kpi: Formulated; readonly formula: string }[] = [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const selected = selectIn(next, selectors, (name) => {
      const other = find(name);
      if (other?.name !== name) return null;
      if (!seen.has(name)) waiting.push(other);
      seen.add(name);
      return nameOf(name);
    });
    if (selected.status === 'refused') return selected.reason;
    drafts.push({ kpi: next, formula: formatFormula(selected.root) });
  }
  return onCountersAtHand(drafts, nameOf, namesOf);
}

type Selected =
  | { readonly status: 'ok'; readonly root: FormulaNode }
  | { readonly status: 'refused'; readonly reason: string };

function selectIn(
  { name, formula }: Formulated,
  selectors: readonly DimensionSelector[],
  renamed: (name: string) => string | null,
): Selected {
  const parsed = parseFormula(formula ?? '');
  if (formula === null || parsed.status === 'error') return { status: 'refused', reason: `${name} has no formula` };
  let fixed: string | null = null;
  const root = replaceNames(withCanonicalDimensions(parsed.formula).root, (reference) => {
    const other = renamed(reference.name);
    if (other !== null) return { ...reference, name: other };
    const selected = withSelectors(reference, selectors);
    if (selected === null) fixed = formatReference(reference);
    return selected;
  });
  if (fixed === null) return { status: 'ok', root };
  return { status: 'refused', reason: `${name} stands on ${fixed}, of which ${selectorText(selectors)} is no part` };
}

/** The KPIs of the catalogue with what the sources have in place of its counters; those of administrators as they are. */
function onCountersAtHand(
  drafts: readonly { readonly kpi: Formulated; readonly formula: string }[],
  nameOf: (name: string) => string,
  namesOf: (rat: string) => readonly string[],
): readonly SelectedKpi[] | string {
  const definitions: KpiDefinition[] = [];
  const done: SelectedKpi[] = [];
  for (const { kpi, formula } of drafts) {
    const { definition } = kpi;
    const name = nameOf(kpi.name);
    if (definition && definition.formula === kpi.formula) definitions.push({ ...definition, id: name, formula });
    else done.push({ name, formula, rat: kpi.rat ?? null });
  }
  const catalogue = { ...CATALOGUE, kpis: [...CATALOGUE.kpis, ...definitions] };
  for (const rat of ['LTE', 'NR'] as const) {
    const own = definitions.filter((definition) => definition.rat === rat);
    if (own.length === 0) continue;
    for (const found of coverage(own, namesOf(rat), CATALOGUE.vendors, catalogue)) {
      if (found.status === 'not_computable') return found.reason;
      done.push({ name: found.id, formula: found.formula, rat });
    }
  }
  return done;
}
