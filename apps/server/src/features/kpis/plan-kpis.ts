import type { PegDefinitions, Warning } from '@pegboard/contracts';
import type { FormulaError } from '@pegboard/formula';
import { type ErrorDetail, PegboardError } from '../../platform/errors.ts';
import type { KpiPlan, RequestFormula } from '../aggregation/kpi-book.ts';
import type { MadeMeasure } from '../aggregation/measure.ts';
import { readSelectedName } from '../aggregation/selected-names.ts';
import type { KnownKpis } from './kpi-book-reader.ts';

export interface RequestedKpis extends Omit<KpiPlan, 'errors'> {
  /** The asked names that stand for KPIs, computable or not. */
  readonly names: ReadonlySet<string>;
}

/** The formulas among the definitions of a request. */
export function formulasOf(definitions: PegDefinitions | undefined): RequestFormula[] {
  return Object.entries(definitions ?? {}).flatMap(([name, { formula, unit = null }]) =>
    formula === undefined ? [] : [{ name, formula, unit }],
  );
}

/**
 * The KPIs among the asked names: formulas of the request, KPIs of administrators, and of the catalogue (where PEGs may be
 * asked for too, only if no PEG has the name), counters that are there by their sub-counters, and names that select
 * some of these, such as `L07{QCI=9}`.
 * @throws PegboardError DATA_VALIDATION_ERROR for faulty formulas of the request, with position and suggestions
 */
export function planKpis(
  known: KnownKpis,
  asked: readonly string[],
  formulas: readonly RequestFormula[],
  { kpisOnly = false } = {},
): RequestedKpis {
  const { catalogue, stored } = known;
  const own = new Set([...formulas, ...stored].map(({ name }) => name));
  const pegs = new Set(catalogue.pegs.flatMap(({ family, name }) => [name, `${family}/${name}`]));
  const mayBeCounter = (name: string) => !kpisOnly || readSelectedName(name) !== null;
  const isKpi = (name: string) => {
    if (own.has(name)) return true;
    if (!kpisOnly && pegs.has(name)) return false;
    const book = known.book();
    return book.find(name) !== undefined || (mayBeCounter(name) && book.hasCounter(name, formulas));
  };
  const names = new Set(asked.filter(isKpi));
  if (names.size === 0 && formulas.length === 0) return { names, planned: [], notComputable: [] };
  const { errors, planned, notComputable } = known.book().plan([...names], formulas);
  if (errors.size > 0) throw faultyFormulas(errors);
  return { names, planned, notComputable };
}

/** The message names so many faults; the details have them all. */
const SHOWN_FAULTS = 5;

/** Faults of formulas as an error that says what, where and how to mend it. */
export function faultyFormulas(
  errors: ReadonlyMap<string, readonly FormulaError[]>,
  pathOf = (name: string) => `peg_definitions.${name}.formula`,
): PegboardError {
  const details: ErrorDetail[] = [...errors].flatMap(([name, faults]) =>
    faults.map(({ message, line, column, suggestions }) => ({
      path: pathOf(name),
      message: `line ${line}, column ${column}: ${message}`,
      suggestions,
    })),
  );
  const shown = details.slice(0, SHOWN_FAULTS).map((detail) => `${detail.path}: ${detail.message}`);
  const more = details.length - shown.length;
  const message = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  return new PegboardError('DATA_VALIDATION_ERROR', message, { details });
}

/** What was assumed of counters that nobody has described. */
export function remarkWarnings(made: readonly MadeMeasure[]): Warning[] {
  const remarks = made.flatMap((each) => each.remarks);
  const countersOf = (wanted: string) => [
    ...new Set(remarks.filter(({ code }) => code === wanted).map(({ counter }) => counter)),
  ];
  const unknown = countersOf('kind_unknown');
  const unweighted = countersOf('unweighted_derived');
  return [
    ...(unknown.length === 0
      ? []
      : [
          {
            code: 'kind_unknown',
            message: `nobody has said how these counters aggregate, which was guessed from their names: ${listed(unknown)}; an administrator can say it (PUT /api/master/pegs/{name})`,
          },
        ]),
    ...(unweighted.length === 0
      ? []
      : [
          {
            code: 'unweighted_derived',
            message: `averaged over time without the counter that should weight them, which no file has brought: ${listed(unweighted)}`,
          },
        ]),
  ];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
