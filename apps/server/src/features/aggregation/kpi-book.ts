import type { Polarity } from '@pegboard/comparison';
import {
  compileFormulas,
  type Formula,
  type FormulaDefinition,
  type FormulaError,
  formulaNames,
  parseFormula,
  replaceNames,
} from '@pegboard/formula';
import {
  CATALOGUE,
  coverage,
  type KpiDefinition,
  type MissingCounter,
  type Replacement,
} from '@pegboard/kpi-catalogue';
import { suggest } from '@pegboard/names';
import type { StoredKpi } from '../kpis/kpi.store.ts';
import type { Catalogue } from '../selection/selection.ts';
import { type CounterIndex, createCounterIndex } from './counter-index.ts';
import { formulaMeasure, type MadeMeasure } from './measure.ts';

/** A KPI that requests may name. */
export interface Kpi {
  /** Of the catalogue, as administrators changed it, or one of theirs. */
  readonly name: string;
  /** The catalogue's entry; null for KPIs of administrators. */
  readonly definition: KpiDefinition | null;
  readonly source: 'catalogue' | 'stored';
  /** As written by its author. */
  readonly formula: string | null;
  readonly version: number;
  /** ISO 8601. */
  readonly effectiveFrom: string | null;
  readonly unit: string | null;
  readonly rat: string | null;
  readonly category: string | null;
  readonly polarity: Polarity | null;
  readonly weight: number | null;
  readonly critical: boolean;
  readonly thresholds: Readonly<Record<string, number>> | null;
  readonly description: string | null;
  readonly coverage: Coverage;
}

/** Whether the counters at hand give a KPI. */
export type Coverage =
  | {
      readonly status: 'computable';
      /** On the counters at hand. */
      readonly formula: string;
      readonly replaced: readonly Replacement[];
    }
  | { readonly status: 'not_computable'; readonly reason: string; readonly missing: readonly MissingCounter[] };

/** A formula of a request. */
export interface RequestFormula {
  readonly name: string;
  readonly formula: string;
  readonly unit: string | null;
}

export interface PlannedKpi extends MadeMeasure {
  readonly name: string;
  /** Null for formulas of the request. */
  readonly kpi: Kpi | null;
}

export interface KpiPlan {
  readonly planned: readonly PlannedKpi[];
  /** KPIs that are known but cannot be had, with the reason. */
  readonly notComputable: readonly { readonly name: string; readonly reason: string }[];
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
  /** Compiles the KPIs of these names, with formulas of a request, which go before all others of their names. */
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
    const draft = ofCatalogue(definition, change, covered.get(definition.id) ?? null);
    drafts.push(draft);
    const text = draft.coverage.status === 'computable' ? draft.coverage.formula : null;
    if (text !== null) sources.set(draft.name, inRat(text, definition.rat, counters, isCatalogueId));
  }
  for (const kpi of changes.values()) {
    drafts.push(ofAdministrator(kpi));
    if (kpi.formula !== null)
      sources.set(
        kpi.name,
        inRat(kpi.formula, kpi.rat, counters, (name) => sources.has(name)),
      );
  }

  const units = new Map(drafts.map(({ name, unit }) => [name, unit]));
  const definitionsFor = (names: readonly string[], formulas: readonly RequestFormula[]): FormulaDefinition[] => {
    const own = new Map(formulas.map((each) => [each.name, each]));
    const definitions: FormulaDefinition[] = [...formulas];
    const waiting = [...names, ...formulas.flatMap(({ formula }) => namesIn(formula))];
    const seen = new Set(own.keys());
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const formula = sources.get(name);
      if (seen.has(name) || formula === undefined) continue;
      seen.add(name);
      definitions.push({ name, formula, unit: units.get(name) ?? null });
      waiting.push(...(typeof formula === 'string' ? namesIn(formula) : formulaNames(formula)));
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

  return {
    kpis: judged,
    counters,
    find: (name) => byName.get(name),
    suggest: (name) => suggest(name, byName.keys()),
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
    plan(names, formulas) {
      const own = new Set(formulas.map(({ name }) => name));
      const kpis = new Map(names.filter((name) => !own.has(name)).map((name) => [name, byName.get(name)]));
      const wanted = [...kpis.values()].flatMap((kpi) => (kpi ? [kpi.name] : []));
      const compiled = compileFormulas(definitionsFor(wanted, formulas), counters.scope);
      const errors = new Map([...compiled.errors].filter(([name]) => own.has(name)));
      const planned: PlannedKpi[] = [];
      const notComputable: { name: string; reason: string }[] = [];
      for (const name of names) {
        const kpi = kpis.get(name) ?? null;
        const formula = compiled.formulas.get(kpi?.name ?? name);
        if (kpi?.coverage.status === 'not_computable') notComputable.push({ name, reason: kpi.coverage.reason });
        if (!formula || (!kpi && !own.has(name)) || kpi?.coverage.status === 'not_computable') continue;
        const made = formulaMeasure(name, formula, counters, kpi?.definition?.kind === 'ratio');
        if (typeof made === 'string') notComputable.push({ name, reason: made });
        else planned.push({ name, kpi, ...made });
      }
      return { planned, notComputable, errors };
    },
  };
}

const CATALOGUE_IDS = new Set(CATALOGUE.kpis.map(({ id }) => id));
const isCatalogueId = (name: string) => CATALOGUE_IDS.has(name);

function namesIn(formula: string): readonly string[] {
  const parsed = parseFormula(formula);
  return parsed.status === 'ok' ? formulaNames(parsed.formula) : [];
}

/** The formula with bare names of counters read in all families of its RAT. A faulty one stays as it is. */
function inRat(
  text: string,
  rat: string | null,
  { scope }: CounterIndex,
  isFormula: (name: string) => boolean,
): Formula | string {
  const parsed = parseFormula(text);
  if (parsed.status === 'error') return text;
  if (rat === null) return parsed.formula;
  const root = replaceNames(parsed.formula.root, (name) => {
    const nameInRat = `${rat}/${name.name}`;
    if (isFormula(name.name) || scope.lookup(nameInRat).status !== 'ok') return null;
    return { ...name, name: nameInRat };
  });
  return { text, root };
}

function ofCatalogue(
  definition: KpiDefinition,
  change: StoredKpi | null,
  found: ReturnType<typeof coverage>[number] | null,
): Kpi {
  const own = change?.formula ?? null;
  const judged: Coverage =
    own === null && found ? withoutId(found) : { status: 'computable', formula: own ?? '', replaced: [] };
  const effective = change?.effectiveFromMs ?? null;
  return {
    name: definition.id,
    definition,
    source: change ? 'stored' : 'catalogue',
    formula: own ?? definition.formula,
    version: own === null ? definition.version : (change?.version ?? 1),
    effectiveFrom: effective === null ? definition.effectiveFrom : new Date(effective).toISOString(),
    unit: change?.unit ?? definition.unit,
    rat: definition.rat,
    category: change?.category ?? definition.category,
    polarity: change?.polarity ?? definition.polarity,
    weight: change?.weight ?? definition.weight,
    critical: change?.critical ?? false,
    thresholds: change?.thresholds ?? { [definition.effectScale]: definition.threshold },
    description: change?.description ?? definition.description,
    coverage: judged,
  };
}

function withoutId({ id: _id, ...rest }: ReturnType<typeof coverage>[number]): Coverage {
  return rest;
}

function ofAdministrator(kpi: StoredKpi): Kpi {
  const { name, formula, version, effectiveFromMs, unit, rat, category, polarity, weight, thresholds, description } =
    kpi;
  const missing: Coverage = { status: 'not_computable', reason: 'it has no formula', missing: [] };
  return {
    name,
    definition: null,
    source: 'stored',
    formula,
    version,
    effectiveFrom: effectiveFromMs === null ? null : new Date(effectiveFromMs).toISOString(),
    ...{ unit, rat, category, polarity, weight, thresholds, description },
    critical: kpi.critical ?? false,
    coverage: formula === null ? missing : { status: 'computable', formula, replaced: [] },
  };
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
      wouldDo: [],
    }));
    const reason = typeof made === 'string' ? made : errors.map(({ message }) => message).join('; ');
    return { ...kpi, coverage: { status: 'not_computable', reason: `not computable: ${reason}`, missing } };
  });
}
