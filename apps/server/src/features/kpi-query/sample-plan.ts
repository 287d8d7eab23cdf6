import { parseTimeRange, parseTimeZone, type TimeResult } from '@pegboard/comparison';
import type { Aggregation, CompareLevel, PegDefinitions, UnknownKpi, Warning } from '@pegboard/contracts';
import { suggest } from '@pegboard/names';
import { PegboardError } from '../../platform/errors.ts';
import type { MeasuredObject, Peg, TimeInterval } from '../../stores/kpi/kpi-store.ts';
import { type MadeMeasure, type Measure, pegMeasure } from '../aggregation/measure.ts';
import type { Place } from '../aggregation/places.ts';
import type { KnownKpis } from '../kpis/kpi-book-reader.ts';
import { formulasOf, planKpis, remarkWarnings } from '../kpis/plan-kpis.ts';
import { matchObjects } from '../selection/objects.ts';
import { matchPegs } from '../selection/pegs.ts';
import { pegProblems, refuseProblems, type SelectionProblem } from '../selection/selection.ts';

/** The filters that requests for samples share, as parsing the contracts gives them. */
export interface SampleRequest {
  readonly start_date: string;
  readonly end_date: string;
  readonly kpi_types: readonly string[];
  readonly ne: readonly string[];
  readonly cellid: readonly string[];
  readonly entity_ids?: readonly string[];
  readonly timezone?: string | undefined;
  readonly by: CompareLevel;
  readonly interval_minutes?: number | undefined;
  readonly peg_definitions?: PegDefinitions | undefined;
}

/** One PEG or KPI under one of the names that the request has for it. */
export interface Column {
  readonly kpiType: string;
  /** Name of the PEG or KPI. */
  readonly name: string;
  /** Null for KPIs. */
  readonly peg: Peg | null;
  readonly measure: Measure;
  /** Of its values; null: not known. */
  readonly unit: string | null;
}

/** What a request for samples comes down to. */
export interface SamplePlan {
  readonly interval: TimeInterval;
  readonly timeZone: string;
  readonly level: CompareLevel;
  /** The objects to read, in the order of names. */
  readonly objects: readonly MeasuredObject[];
  /** They are all that the store has. */
  readonly allObjects: boolean;
  /** Values by granularity period of each cell: those of PEGs are samples as they are stored. */
  readonly isPlain: boolean;
  /** Nothing but samples as they are stored. */
  readonly isStored: boolean;
  readonly columns: readonly Column[];
  readonly unknown: readonly UnknownKpi[];
  readonly warnings: readonly Warning[];
}

/**
 * A name stands for a formula of the request, else for a KPI of an administrator, else for a PEG, else for a KPI of the
 * catalogue, else for the sub-counters that it selects (`L07{QCI=9}`), else it is a glob over PEGs.
 * @throws PegboardError DATA_VALIDATION_ERROR for a bad time or formula, UNKNOWN_NAME for an unknown network element, cell or
 * entity, UNPROCESSABLE for a PEG name that several families have. Names that nothing has are in `unknown`, and KPIs that
 * the counters at hand do not give.
 */
export function planSamples(request: SampleRequest, known: KnownKpis, defaultTimeZone: string): SamplePlan {
  const timeZone = required(parseTimeZone(request.timezone ?? defaultTimeZone), 'timezone');
  const interval = required(parseTimeRange(request.start_date, request.end_date, { timeZone }), 'end_date');
  const { catalogue } = known;
  const chosen = matchObjects(catalogue.networkElements, catalogue.objects, { ne: request.ne, cells: request.cellid });
  const entities = matchEntities(chosen.objects ?? catalogue.objects, request.entity_ids ?? []);
  const kpis = planKpis(known, request.kpi_types, formulasOf(request.peg_definitions));
  const rest = request.kpi_types.filter((name) => !kpis.names.has(name));
  const matches = matchPegs(catalogue.pegs, rest);
  const ambiguous = pegProblems(matches, 'kpi_types').filter((problem) => problem.kind === 'ambiguous');
  refuseProblems([...chosen.problems, ...entities.problems, ...ambiguous]);

  const isPlain = request.by === 'cell' && request.interval_minutes === undefined;
  const columnsOf = new Map<string, Column[]>();
  const made: MadeMeasure[] = [...kpis.planned];
  for (const { name, measure, kpi } of kpis.planned) {
    const unit = kpi?.unit ?? measure.formula?.unit ?? null;
    columnsOf.set(name, [{ kpiType: name, name, peg: null, measure, unit }]);
  }
  for (const { asked, pegs } of matches.matches) {
    const columns = pegs.map((peg) => {
      const own = pegMeasure(peg, known.book);
      if (!isPlain) made.push(own);
      return { kpiType: asked, name: peg.name, peg, measure: own.measure, unit: peg.unit };
    });
    columnsOf.set(asked, columns);
  }
  const columns = request.kpi_types.flatMap((name) => columnsOf.get(name) ?? []);
  return {
    interval,
    timeZone,
    level: request.by,
    objects: entities.objects ?? chosen.objects ?? catalogue.objects,
    allObjects: chosen.objects === null && entities.objects === null,
    isPlain,
    isStored: isPlain && columns.every(({ peg }) => peg !== null),
    columns,
    unknown: [
      ...matches.unknown.map(({ name, suggestions }) => ({
        kpi_type: name,
        suggestions: [...new Set([...suggestions, ...known.book().suggest(name)])].slice(0, 5),
      })),
      ...kpis.notComputable.map(({ name, reason, suggestions }) => ({
        kpi_type: name,
        suggestions: [...suggestions],
        reason,
      })),
    ],
    warnings: remarkWarnings(made),
  };
}

/** How answers name a cell, or an object that is none. */
function entityId(object: MeasuredObject): string {
  return `${object.ne}#${object.cellId ?? object.ldn}`;
}

/** An object as what a series is about. */
export function placeOfObject(object: MeasuredObject): Place {
  const { id, ne, ldn, cellId } = object;
  return { id, ne, object: ldn, cellId, entityId: entityId(object) };
}

const AGGREGATIONS = { sum: 'sum', mean: 'mean', weighted: 'weighted_mean' } as const;

/** How samples make one value. */
export function aggregationOf({ peg, measure }: Column, { isPlain }: Pick<SamplePlan, 'isPlain'>): Aggregation {
  if (peg === null) return 'formula';
  return isPlain ? 'none' : AGGREGATIONS[measure.inputs[0].combination];
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

const FIELDS: Readonly<Record<string, string>> = { begin: 'start_date', end: 'end_date', time_zone: 'timezone' };

function required<Value>(result: TimeResult<Value>, field: string): Value {
  if (result.status === 'ok') return result.value;
  const { part, message, hint } = result.problem;
  throw new PegboardError('DATA_VALIDATION_ERROR', message, {
    hint,
    details: [{ path: FIELDS[part] ?? field, message: `${message}; ${hint}` }],
  });
}
