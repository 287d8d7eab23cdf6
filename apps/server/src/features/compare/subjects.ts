import type { CompareRequest } from '@pegboard/contracts';
import { PegboardError } from '../../platform/errors.ts';
import type { NotComputable, PlannedKpi } from '../aggregation/kpi-book.ts';
import { pegMeasure } from '../aggregation/measure.ts';
import type { KnownKpis } from '../kpis/kpi-book-reader.ts';
import { formulasOf, planKpis } from '../kpis/plan-kpis.ts';
import { type ResolvedSelection, refuseProblems } from '../selection/selection.ts';
import type { Subject } from './compared-series.ts';

/** The PEGs and KPIs that a request compares. Who asks for KPIs alone wants no PEGs. */
export function subjectsOf(
  { by }: Pick<CompareRequest, 'by'>,
  { planned, asksPegs }: AskedSubjects,
  selection: ResolvedSelection,
  { catalogue, book }: KnownKpis,
): Subject[] {
  const kpis = planned.map((each): Subject => {
    const { measure, remarks } = each;
    return { kind: 'kpi', planned: each, measure, remarks };
  });
  if (!asksPegs) return kpis;
  const own = (selection.pegs ?? catalogue.pegs).map((peg) => {
    // A cell by itself has nothing to be weighted.
    const measured = by === 'cell' && peg.kind === 'derived' ? { ...peg, kind: 'gauge' as const } : peg;
    return { kind: 'peg' as const, peg, ...pegMeasure(measured, book) };
  });
  return [...own, ...kpis];
}

/** What a request compares. */
export interface AskedSubjects {
  /** KPIs, formulas, and PEGs for a part of their sub-counters. */
  readonly planned: readonly PlannedKpi[];
  /** The names of PEGs that are left; none: all, if `asksPegs`. */
  readonly pegs: readonly string[];
  readonly asksPegs: boolean;
}

/**
 * The KPIs that a request asks for; where it names none, all its formulas. Names among its PEGs that no PEG has but
 * a counter (`DRB.EstabAtt` by its sub-counters, `ERAB.RelActNbr{QCI=9}`) are taken as formulas.
 * @throws PegboardError DATA_VALIDATION_ERROR, UNKNOWN_NAME, UNPROCESSABLE for what the counters at hand do not give
 */
export function askedSubjects(known: KnownKpis, request: CompareRequest): AskedSubjects {
  const formulas = formulasOf(request.peg_definitions);
  const names = request.kpis.length > 0 ? request.kpis : formulas.map(({ name }) => name);
  const own = planKpis(known, names, formulas, { kpisOnly: true });
  const isPeg = new Set(known.catalogue.pegs.flatMap(({ family, name }) => [name, `${family}/${name}`]));
  const isCounter = (name: string) => {
    if (isPeg.has(name)) return false;
    const book = known.book();
    return book.find(name) === undefined && book.hasCounter(name, formulas);
  };
  const parts = planKpis(known, request.pegs.filter(isCounter), formulas);
  const unknown = names.filter((name) => !own.names.has(name));
  refuseProblems(
    unknown.map((name) => ({
      kind: 'unknown' as const,
      field: 'kpis',
      name,
      suggestions: known.book().suggest(name),
    })),
  );
  refuseMissing([
    ...own.notComputable.map((each) => ({ ...each, path: 'kpis' })),
    ...parts.notComputable.map((each) => ({ ...each, path: 'pegs' })),
  ]);
  const pegs = request.pegs.filter((name) => !parts.names.has(name));
  const asksPegs = pegs.length > 0 || (names.length === 0 && parts.names.size === 0);
  return { planned: [...own.planned, ...parts.planned], pegs, asksPegs };
}

function refuseMissing(missing: readonly (NotComputable & { readonly path: string })[]): void {
  if (missing.length === 0) return;
  const details = missing.map(({ path, name, reason, suggestions }) => ({
    path,
    message: `${name}: ${reason}`,
    suggestions,
  }));
  throw new PegboardError('UNPROCESSABLE', details.map(({ message }) => message).join('; '), {
    hint: 'GET /api/kpi/coverage, or pegboard kpi coverage, says which KPIs the counters at hand give.',
    details,
  });
}
