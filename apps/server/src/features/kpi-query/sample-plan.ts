import { parseTimeRange, parseTimeZone, type TimeResult } from '@pegboard/comparison';
import type { Aggregation, UnknownKpi } from '@pegboard/contracts';
import { suggest } from '@pegboard/names';
import { PegboardError } from '../../platform/errors.ts';
import type { MeasuredObject, Peg, TimeInterval } from '../../stores/kpi/kpi-store.ts';
import { matchObjects } from '../selection/objects.ts';
import { matchPegs } from '../selection/pegs.ts';
import { type Catalogue, pegProblems, refuseProblems, type SelectionProblem } from '../selection/selection.ts';

/** The filters that requests for samples share, as parsing the contracts gives them. */
export interface SampleRequest {
  readonly start_date: string;
  readonly end_date: string;
  readonly kpi_types: readonly string[];
  readonly ne: readonly string[];
  readonly cellid: readonly string[];
  readonly entity_ids?: readonly string[];
  readonly timezone?: string | undefined;
}

/** One PEG under one of the names that the request has for it. */
export interface Column {
  readonly kpiType: string;
  readonly peg: Peg;
}

/** What a request for samples comes down to. */
export interface SamplePlan {
  readonly interval: TimeInterval;
  readonly timeZone: string;
  /** By id; the objects to read. */
  readonly objects: ReadonlyMap<number, MeasuredObject>;
  /** For the store; null: all objects. */
  readonly objectIds: readonly number[] | null;
  readonly columns: readonly Column[];
  readonly columnsOfPeg: ReadonlyMap<number, readonly number[]>;
  readonly unknown: readonly UnknownKpi[];
}

/**
 * @throws PegboardError DATA_VALIDATION_ERROR for a bad time, UNKNOWN_NAME for an unknown network element, cell or entity,
 * UNPROCESSABLE for a PEG name that several families have. PEG names that nothing has are in `unknown`.
 */
export function planSamples(request: SampleRequest, catalogue: Catalogue, defaultTimeZone: string): SamplePlan {
  const timeZone = required(parseTimeZone(request.timezone ?? defaultTimeZone), 'timezone');
  const interval = required(parseTimeRange(request.start_date, request.end_date, { timeZone }), 'end_date');
  const matches = matchPegs(catalogue.pegs, request.kpi_types);
  const chosen = matchObjects(catalogue.networkElements, catalogue.objects, { ne: request.ne, cells: request.cellid });
  const entities = matchEntities(chosen.objects ?? catalogue.objects, request.entity_ids ?? []);
  const ambiguous = pegProblems(matches, 'kpi_types').filter((problem) => problem.kind === 'ambiguous');
  refuseProblems([...chosen.problems, ...entities.problems, ...ambiguous]);

  const all = chosen.objects === null && entities.objects === null;
  const objects = entities.objects ?? chosen.objects ?? catalogue.objects;
  const columns = matches.matches.flatMap(({ asked, pegs }) => pegs.map((peg) => ({ kpiType: asked, peg })));
  return {
    interval,
    timeZone,
    objects: new Map(objects.map((object) => [object.id, object])),
    objectIds: all ? null : objects.map((object) => object.id),
    columns,
    columnsOfPeg: indexColumns(columns),
    unknown: matches.unknown.map(({ name, suggestions }) => ({ kpi_type: name, suggestions: [...suggestions] })),
  };
}

/** How answers name a cell, or an object that is none. */
export function entityId(object: MeasuredObject): string {
  return `${object.ne}#${object.cellId ?? object.ldn}`;
}

/** How samples of a PEG make one value: counts add up, all else is averaged. */
export function aggregationOf(peg: Peg): Exclude<Aggregation, 'none'> {
  return peg.kind === 'cumulative' ? 'sum' : 'mean';
}

function matchEntities(
  objects: readonly MeasuredObject[],
  ids: readonly string[],
): { readonly objects: readonly MeasuredObject[] | null; readonly problems: readonly SelectionProblem[] } {
  if (ids.length === 0) return { objects: null, problems: [] };
  const wanted = new Set(ids);
  const found = objects.filter((object) => wanted.has(entityId(object)));
  for (const object of found) wanted.delete(entityId(object));
  const problems = [...wanted].map((name) => ({
    kind: 'unknown' as const,
    field: 'entity_ids',
    name,
    suggestions: suggest(name, objects.map(entityId)),
  }));
  return { objects: found, problems };
}

function indexColumns(columns: readonly Column[]): Map<number, number[]> {
  const index = new Map<number, number[]>();
  for (const [place, { peg }] of columns.entries()) index.set(peg.id, [...(index.get(peg.id) ?? []), place]);
  return index;
}

const FIELDS: Readonly<Record<string, string>> = { begin: 'start_date', end: 'end_date', time_zone: 'timezone' };

function required<Value>(result: TimeResult<Value>, field: string): Value {
  if (result.status === 'ok') return result.value;
  const { part, message, hint } = result.problem;
  throw new PegboardError('DATA_VALIDATION_ERROR', message, {
    hint,
    details: [{ path: FIELDS[part] ?? field, message: `${message}; ${hint}` }],
  });
}
