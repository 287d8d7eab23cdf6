import { type CounterDescription, createScope, type FormulaScope } from '@pegboard/formula';
import type { KpiCatalogue, KpiDefinition, Rat } from './catalogue-types.ts';
import { LTE_COUNTERS } from './counters-lte.ts';
import { NR_COUNTERS } from './counters-nr.ts';
import { EFFECTIVE_FROM } from './kpi-entries.ts';
import { LTE_KPIS } from './kpis-lte.ts';
import { NR_QUALITY_KPIS } from './kpis-nr-quality.ts';
import { NR_SERVICE_KPIS } from './kpis-nr-service.ts';
import { VENDOR_COUNTERS } from './vendor-counters.ts';

const byId = (a: KpiDefinition, b: KpiDefinition) => (a.id < b.id ? -1 : 1);

/**
 * The catalogue that ships: KPIs in the order of their ids, the counters they stand on, and vendors' names of these.
 * A change of any formula raises that KPI's version and the catalogue's.
 */
export const CATALOGUE: KpiCatalogue = {
  version: '1.0.0',
  effectiveFrom: EFFECTIVE_FROM,
  counters: [...LTE_COUNTERS, ...NR_COUNTERS],
  kpis: [...LTE_KPIS, ...NR_SERVICE_KPIS, ...NR_QUALITY_KPIS].sort(byId),
  vendors: VENDOR_COUNTERS,
};

/**
 * The catalogue's counters of one RAT as a scope: names such as `RRC.ConnMean` are counters of both, so a KPI is read
 * in the scope of its own.
 */
export function catalogueScope(rat: Rat, catalogue: KpiCatalogue = CATALOGUE): FormulaScope {
  return createScope(catalogue.counters.filter((counter) => counter.rat === rat) satisfies CounterDescription[]);
}
