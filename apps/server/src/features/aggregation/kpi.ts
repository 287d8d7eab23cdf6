import type { Polarity } from '@pegboard/comparison';
import type { KpiCoverage, KpiDefinition, MissingCounter, Replacement } from '@pegboard/kpi-catalogue';
import type { StoredKpi } from '../kpis/kpi.store.ts';

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

/** A KPI of the catalogue, as an administrator changed it. `found`: what the counters at hand give of it. */
export function kpiOfCatalogue(definition: KpiDefinition, change: StoredKpi | null, found: KpiCoverage | null): Kpi {
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

function withoutId({ id: _id, ...rest }: KpiCoverage): Coverage {
  return rest;
}

export function kpiOfAdministrator(kpi: StoredKpi): Kpi {
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
