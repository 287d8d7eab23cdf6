import type { CompareRequest } from '@pegboard/contracts';
import { PegboardError } from '../../platform/errors.ts';
import { type CounterIndex, createCounterIndex } from '../aggregation/counter-index.ts';
import { pegMeasure } from '../aggregation/measure.ts';
import type { KnownKpis } from '../kpis/kpi-book-reader.ts';
import { formulasOf, planKpis, type RequestedKpis } from '../kpis/plan-kpis.ts';
import { type Catalogue, type ResolvedSelection, refuseProblems } from '../selection/selection.ts';
import type { Subject } from './compared-series.ts';

/** The PEGs and KPIs that a request compares. Who asks for KPIs alone wants no PEGs. */
export function subjectsOf(
  { pegs, by }: Pick<CompareRequest, 'pegs' | 'by'>,
  asked: RequestedKpis | null,
  selection: ResolvedSelection,
  catalogue: Catalogue,
): Subject[] {
  const kpis: Subject[] = (asked?.planned ?? []).map((planned) => {
    const { measure, remarks } = planned;
    return { kind: 'kpi', planned, measure, remarks };
  });
  if (asked && pegs.length === 0) return kpis;
  let counters: CounterIndex | null = null;
  const book = () => {
    counters ??= createCounterIndex(catalogue.pegs, catalogue.objects);
    return { counters };
  };
  const own = (selection.pegs ?? catalogue.pegs).map((peg) => {
    // A cell by itself has nothing to be weighted.
    const measured = by === 'cell' && peg.kind === 'derived' ? { ...peg, kind: 'gauge' as const } : peg;
    return { kind: 'peg' as const, peg, ...pegMeasure(measured, book) };
  });
  return [...own, ...kpis];
}

/**
 * The KPIs that a request asks for; where it names none, all its formulas.
 * @throws PegboardError DATA_VALIDATION_ERROR, UNKNOWN_NAME, UNPROCESSABLE for KPIs that the counters at hand do not give
 */
export function askedKpis(known: KnownKpis, request: CompareRequest): RequestedKpis {
  const formulas = formulasOf(request.peg_definitions);
  const names = request.kpis.length > 0 ? request.kpis : formulas.map(({ name }) => name);
  const asked = planKpis(known, names, formulas, { kpisOnly: true });
  const unknown = names.filter((name) => !asked.names.has(name));
  refuseProblems(
    unknown.map((name) => ({
      kind: 'unknown' as const,
      field: 'kpis',
      name,
      suggestions: known.book().suggest(name),
    })),
  );
  if (asked.notComputable.length === 0) return asked;
  const details = asked.notComputable.map(({ name, reason }) => ({ path: 'kpis', message: `${name}: ${reason}` }));
  throw new PegboardError('UNPROCESSABLE', details.map(({ message }) => message).join('; '), {
    hint: 'GET /api/kpi/coverage, or pegboard kpi coverage, says which KPIs the counters at hand give.',
    details,
  });
}
