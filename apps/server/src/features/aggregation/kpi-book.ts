import {
  compileFormulas,
  type Formula,
  type FormulaDefinition,
  type FormulaError,
  formatReference,
  formulaNames,
  parseFormula,
  replaceNames,
} from '@pegboard/formula';
import { CATALOGUE, coverage } from '@pegboard/kpi-catalogue';
import { suggest } from '@pegboard/names';
import type { StoredKpi } from '../kpis/kpi.store.ts';
import type { Catalogue } from '../selection/selection.ts';
import { type CounterIndex, createCounterIndex } from './counter-index.ts';
import { type Kpi, kpiOfAdministrator, kpiOfCatalogue } from './kpi.ts';
import { formulaMeasure, type MadeMeasure } from './measure.ts';
import { selectKpi } from './selected-kpis.ts';
import { readSelectedName, selectorText, withCanonicalDimensions } from './selected-names.ts';

/** A formula of a request. */
export interface RequestFormula {
  readonly name: string;
  readonly formula: string;
  readonly unit: string | null;
}

export interface PlannedKpi extends MadeMeasure {
  readonly name: string;
  /** Null for formulas of the request, and for counters. */
  readonly kpi: Kpi | null;
}

export interface NotComputable {
  readonly name: string;
  readonly reason: string;
  readonly suggestions: readonly string[];
}

export interface KpiPlan {
  readonly planned: readonly PlannedKpi[];
  /** What is known but cannot be had, with the reason. */
  readonly notComputable: readonly NotComputable[];
  /** Faults of formulas of the request, by name. */
  readonly errors: ReadonlyMap<string, readonly FormulaError[]>;
}

/** The KPIs and counters that formulas can use, for what the store holds now. */
export interface KpiBook {
  readonly kpis: readonly Kpi[];
  readonly counters: CounterIndex;
  /** By name or id, or by the name in English or Korean of the catalogue. */
  find(name: string): Kpi | undefined;
  suggest(name: string): readonly string[];
  /**
   * Whether a name stands for a counter, as formulas name it (`DRB.EstabAtt` where only its sub-counters are PEGs), or for
   * sub-counters of one or of a KPI (`L07{QCI=9}`). `formulas`: of a request.
   */
  hasCounter(name: string, formulas: readonly RequestFormula[]): boolean;
  /**
   * Compiles the KPIs and counters of these names, with formulas of a request, which go before all others of their names.
   * Names that select sub-counters stand for the KPI, or the counter, over those alone.
   */
  plan(names: readonly string[], formulas: readonly RequestFormula[]): KpiPlan;
  /** The faults that a formula has under a name; none: it can be computed. */
  check(name: string, formula: string, rat: string | null): readonly FormulaError[];
}

/** Cost: linear in the PEGs of the store. */
export function createKpiBook(catalogue: Pick<Catalogue, 'pegs' | 'objects'>, stored: readonly StoredKpi[]): KpiBook {
  const counters = createCounterIndex(catalogue.pegs, catalogue.objects);
  const changes = new Map(stored.map((kpi) => [kpi.name, kpi]));
  const covered = new Map(
    (['LTE', 'NR'] as const).flatMap((rat) => {
      const kpis = CATALOGUE.kpis.filter((kpi) => kpi.rat === rat);
      return coverage(kpis, counters.namesOf(rat)).map((each) => [each.id, each] as const);
    }),
  );
  const sources = new Map<string, Formula | string>();
  const drafts: Kpi[] = [];
  for (const definition of CATALOGUE.kpis) {
    const change = changes.get(definition.id) ?? null;
    changes.delete(definition.id);
    const draft = kpiOfCatalogue(definition, change, covered.get(definition.id) ?? null);
    drafts.push(draft);
    const text = draft.coverage.status === 'computable' ? draft.coverage.formula : null;
    if (text !== null) sources.set(draft.name, inRat(text, definition.rat, counters, isCatalogueId));
  }
  for (const kpi of changes.values()) {
    drafts.push(kpiOfAdministrator(kpi));
    if (kpi.formula !== null)
      sources.set(
        kpi.name,
        inRat(kpi.formula, kpi.rat, counters, (name) => sources.has(name)),
      );
  }

  const units = new Map(drafts.map(({ name, unit }) => [name, unit]));
  const definitionsFor = (
    names: readonly string[],
    formulas: readonly RequestFormula[],
    selected: readonly FormulaDefinition[] = [],
  ): FormulaDefinition[] => {
    const definitions: FormulaDefinition[] = formulas.map((each) => ({ ...each, formula: readFormula(each.formula) }));
    const seen = new Set(definitions.map(({ name }) => name));
    const waiting = [...names, ...definitions.flatMap(namesIn)];
    for (const definition of selected) {
      if (seen.has(definition.name)) continue;
      seen.add(definition.name);
      definitions.push(definition);
      waiting.push(...namesIn(definition));
    }
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const formula = sources.get(name);
      if (seen.has(name) || formula === undefined) continue;
      seen.add(name);
      const definition = { name, formula, unit: units.get(name) ?? null };
      definitions.push(definition);
      waiting.push(...namesIn(definition));
    }
    return definitions;
  };

  const judged = judge(drafts, sources, counters, definitionsFor);
  const byName = new Map<string, Kpi>();
  for (const kpi of judged) {
    for (const alias of [kpi.definition?.nameKo, kpi.definition?.nameEn]) {
      if (alias !== undefined && !byName.has(alias)) byName.set(alias, kpi);
    }
  }
  for (const kpi of judged) byName.set(kpi.name, kpi);

  const resolve = (name: string, own: ReadonlyMap<string, RequestFormula>): AskedFormula => {
    const kpi = byName.get(name) ?? null;
    if (kpi === null) return resolveSelected(name, own);
    const { coverage } = kpi;
    const refusal = coverage.status === 'computable' ? null : { reason: coverage.reason, suggestions: [] };
    return { ...ownFormula(name), formulaName: kpi.name, kpi, refusal };
  };
  const resolveSelected = (name: string, own: ReadonlyMap<string, RequestFormula>): AskedFormula => {
    const selected = readSelectedName(name) ?? { base: name, selectors: [] };
    const plain = ownFormula(name);
    if (typeof selected === 'string') return { ...plain, refusal: { reason: selected, suggestions: [] } };
    const { base, selectors } = selected;
    const find = (other: string) => own.get(other) ?? byName.get(other);
    const found = find(base);
    if (!found) {
      // Under another name than the counter's, or it would stand for itself.
      const formulaName = `${name}{}`;
      const formula = readFormula(formatReference({ name: base, selectors }));
      return { ...plain, formulaName, definitions: [{ name: formulaName, formula }] };
    }
    const kpi = byName.get(found.name) ?? null;
    const parts = selectKpi(name, found, selectors, find, counters.namesOf);
    if (typeof parts === 'string') return { ...plain, kpi, refusal: { reason: parts, suggestions: [] } };
    const unit = units.get(found.name) ?? null;
    const definitions = parts.map((part) => ({
      name: part.name,
      formula: inRat(part.formula, part.rat, counters, (other) => parts.some((each) => each.name === other)),
      unit: part.name === name ? unit : null,
    }));
    return { ...plain, kpi, definitions };
  };

  return {
    kpis: judged,
    counters,
    find: (name) => byName.get(name),
    suggest(name) {
      const selected = readSelectedName(name);
      if (selected === null || typeof selected === 'string') return suggest(name, byName.keys());
      const bases = counters.scope.suggest(selected.base, byName.keys());
      return bases.map((base) => base + selectorText(selected.selectors));
    },
    check(name, formula, rat) {
      const compiled = compileFormulas(
        definitionsFor([], [{ name, formula, unit: null }]).map((each) =>
          each.name === name
            ? { ...each, formula: inRat(formula, rat, counters, (other) => sources.has(other)) }
            : each,
        ),
        counters.scope,
      );
      return compiled.errors.get(name) ?? [];
    },
    hasCounter(name, formulas) {
      const selected = readSelectedName(name);
      if (typeof selected === 'string') return true;
      const base = selected?.base ?? name;
      if (counters.scope.lookup(base).status !== 'unknown') return true;
      return selected !== null && (byName.has(base) || formulas.some((formula) => formula.name === base));
    },
    plan(names, formulas) {
      const own = new Map(formulas.map((formula) => [formula.name, formula]));
      const asked = names.map((name) => (own.has(name) ? ownFormula(name) : resolve(name, own)));
      const wanted = asked.flatMap(({ formulaName, definitions }) => (definitions.length === 0 ? [formulaName] : []));
      const selected = asked.flatMap(({ definitions }) => definitions);
      const compiled = compileFormulas(definitionsFor(wanted, formulas, selected), counters.scope);
      const errors = new Map([...compiled.errors].filter(([name]) => own.has(name)));
      const planned: PlannedKpi[] = [];
      const notComputable: NotComputable[] = [];
      for (const { name, formulaName, kpi, definitions, refusal } of asked) {
        const formula = compiled.formulas.get(formulaName);
        const made = formula && formulaMeasure(name, formula, counters, kpi?.definition?.kind === 'ratio');
        if (refusal !== null) notComputable.push({ name, ...refusal });
        else if (typeof made === 'string') notComputable.push({ name, reason: made, suggestions: [] });
        else if (made !== undefined) planned.push({ name, kpi, ...made });
        else if (definitions.length > 0) notComputable.push({ name, ...faultsOf(definitions, compiled.errors) });
      }
      return { planned, notComputable, errors };
    },
  };
}

/** What an asked name stands for. */
interface AskedFormula {
  readonly name: string;
  /** The name that the formula is compiled under. */
  readonly formulaName: string;
  readonly kpi: Kpi | null;
  /** What it adds to the formulas that are known; empty: nothing. */
  readonly definitions: readonly FormulaDefinition[];
  readonly refusal: Omit<NotComputable, 'name'> | null;
}

function ownFormula(name: string): AskedFormula {
  return { name, formulaName: name, kpi: null, definitions: [], refusal: null };
}

function faultsOf(
  definitions: readonly FormulaDefinition[],
  errors: ReadonlyMap<string, readonly FormulaError[]>,
): Omit<NotComputable, 'name'> {
  const faults = definitions.flatMap(({ name }) => errors.get(name) ?? []);
  const own = faults.filter(({ code }) => code !== 'broken_reference');
  return {
    reason: [...new Set(own.map(({ message }) => message))].join('; '),
    suggestions: [...new Set(own.flatMap((fault) => fault.suggestions))],
  };
}

const CATALOGUE_IDS = new Set(CATALOGUE.kpis.map(({ id }) => id));
const isCatalogueId = (name: string) => CATALOGUE_IDS.has(name);

function namesIn({ formula }: FormulaDefinition): readonly string[] {
  return typeof formula === 'string' ? [] : formulaNames(formula);
}

/** The tree of a formula, with the catalogue's names of dimensions. A faulty one stays text: compiling says what is wrong. */
function readFormula(text: string): Formula | string {
  const parsed = parseFormula(text);
  return parsed.status === 'error' ? text : withCanonicalDimensions(parsed.formula);
}

/** The formula with bare names of counters read in all families of its RAT. A faulty one stays as it is. */
function inRat(
  text: string,
  rat: string | null,
  { scope }: CounterIndex,
  isFormula: (name: string) => boolean,
): Formula | string {
  const formula = readFormula(text);
  if (rat === null || typeof formula === 'string') return formula;
  const root = replaceNames(formula.root, (name) => {
    const nameInRat = `${rat}/${name.name}`;
    if (isFormula(name.name) || scope.lookup(nameInRat).status !== 'ok') return null;
    return { ...name, name: nameInRat };
  });
  return { text, root };
}

/** Compiles all, to tell which have a fault with the counters at hand. */
function judge(
  drafts: readonly Kpi[],
  sources: ReadonlyMap<string, Formula | string>,
  counters: CounterIndex,
  definitionsFor: (names: readonly string[], formulas: readonly RequestFormula[]) => FormulaDefinition[],
): Kpi[] {
  const compiled = compileFormulas(definitionsFor([...sources.keys()], []), counters.scope);
  return drafts.map((kpi) => {
    if (kpi.coverage.status === 'not_computable') return kpi;
    const formula = compiled.formulas.get(kpi.name);
    const made = formula && formulaMeasure(kpi.name, formula, counters, false);
    const errors = compiled.errors.get(kpi.name) ?? [];
    if (errors.length === 0 && typeof made !== 'string') return kpi;
    const unknown = errors.filter(({ code }) => code === 'unknown_name');
    const missing = unknown.map(({ offset, length }) => ({
      counter: (kpi.formula ?? '').slice(offset, offset + length),
      notSplitBy: [],
      wouldDo: [],
    }));
    const reason = typeof made === 'string' ? made : errors.map(({ message }) => message).join('; ');
    return { ...kpi, coverage: { status: 'not_computable', reason: `not computable: ${reason}`, missing } };
  });
}
