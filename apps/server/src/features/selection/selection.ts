import { PegboardError } from '../../platform/errors.ts';
import type { MeasuredObject, NetworkElement, Peg } from '../../stores/kpi/kpi-store.ts';
import { matchObjects, type NameProblem } from './objects.ts';
import { matchPegs, type PegMatches } from './pegs.ts';

/** What the store knows. */
export interface Catalogue {
  readonly networkElements: readonly NetworkElement[];
  readonly objects: readonly MeasuredObject[];
  readonly pegs: readonly Peg[];
}

/** What a request names; an empty list means: all. */
export interface SelectionRequest {
  readonly ne?: readonly string[] | undefined;
  readonly cells?: readonly string[] | undefined;
  readonly pegs?: readonly string[] | undefined;
}

export interface ResolvedSelection {
  /** Null: all. */
  readonly objects: readonly MeasuredObject[] | null;
  /** Null: all. */
  readonly pegs: readonly Peg[] | null;
}

/**
 * The objects and PEGs that a request names.
 * @throws PegboardError UNKNOWN_NAME that lists every name that stands for nothing, with suggestions; UNPROCESSABLE when all that is
 * wrong is that names stand for several things.
 */
export function resolveSelection(catalogue: Catalogue, request: SelectionRequest): ResolvedSelection {
  const { objects, problems } = matchObjects(catalogue.networkElements, catalogue.objects, {
    ne: request.ne ?? [],
    cells: request.cells ?? [],
  });
  const asked = request.pegs ?? [];
  const matches = matchPegs(catalogue.pegs, asked);
  refuseProblems([...problems, ...pegProblems(matches)]);
  if (asked.length === 0) return { objects, pegs: null };
  return { objects, pegs: [...new Set(matches.matches.flatMap((match) => match.pegs))] };
}

/** A name problem of any field. */
export type SelectionProblem = Omit<NameProblem, 'field'> & { readonly field: string };

/** The problems of PEG names; `field` is the request's field that named them. */
export function pegProblems(matches: PegMatches, field = 'pegs'): SelectionProblem[] {
  return [
    ...matches.unknown.map(({ name, suggestions }) => ({ kind: 'unknown' as const, field, name, suggestions })),
    ...matches.ambiguous.map(({ name, choices }) => ({
      kind: 'ambiguous' as const,
      field,
      name,
      suggestions: choices,
    })),
  ];
}

/** @throws PegboardError when there are problems. */
export function refuseProblems(problems: readonly SelectionProblem[]): void {
  if (problems.length === 0) return;
  const details = problems.map((problem) => ({
    path: problem.field,
    message: describeProblem(problem),
    suggestions: problem.suggestions,
  }));
  const code = problems.some((problem) => problem.kind === 'unknown') ? 'UNKNOWN_NAME' : 'UNPROCESSABLE';
  throw new PegboardError(code, details.map((detail) => detail.message).join('; '), { details });
}

const NOUNS: Readonly<Record<string, string>> = {
  ne: 'network element',
  cellid: 'cell',
  entity_ids: 'entity',
  kpis: 'KPI',
};

function describeProblem({ kind, field, name, suggestions }: SelectionProblem): string {
  const noun = NOUNS[field] ?? 'PEG';
  if (kind === 'ambiguous') return `${noun} '${name}' is ambiguous; say one of ${quoted(suggestions)}`;
  if (suggestions.length === 0) return `unknown ${noun} '${name}'`;
  return `unknown ${noun} '${name}'; did you mean ${quoted(suggestions)}?`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
