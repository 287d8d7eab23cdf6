import { type CompiledFormula, type DimensionSelector, evaluate } from '@pegboard/formula';
import type { Peg } from '../../stores/kpi/kpi-store.ts';
import type { Counter, CounterIndex, CounterSource } from './counter-index.ts';

/**
 * How values make one over cells and time: counts add up, states are averaged over time, and what was derived from another
 * counter is averaged by that counter's weight.
 */
export type Combination = 'sum' | 'mean' | 'weighted';

/** A counter that a measure stands on. */
export interface MeasureInput {
  /** As the formula refers to it. */
  readonly key: string;
  readonly combination: Combination;
  /** Not its value but for how long it was reported. */
  readonly seconds: boolean;
  readonly sources: readonly CounterSource[];
}

/** What series are made of: a KPI or a PEG. */
export interface Measure {
  readonly name: string;
  /** `cell`: the objects of a cell (CU and DU) together; `object`: each by itself. */
  readonly entity: 'cell' | 'object';
  /** In the order of the formula's inputs. */
  readonly inputs: readonly MeasureInput[];
  /** Null: the input itself. */
  readonly formula: CompiledFormula | null;
  /** The numerator counts a part of the denominator. */
  readonly isPartOfWhole: boolean;
  /** It grows with the cells and the time that it is taken over, as counts do, and ratios and states do not. */
  readonly isAmount: boolean;
}

/** A measure, and what was assumed of counters that nobody has described. */
export interface MadeMeasure {
  readonly measure: Measure;
  readonly remarks: readonly MeasureRemark[];
}

export interface MeasureRemark {
  readonly code: 'kind_unknown' | 'unweighted_derived';
  readonly counter: string;
}

/** A PEG by itself. `book` is asked only for what weights a derived one. */
export function pegMeasure(peg: Peg, book: () => { readonly counters: CounterIndex }): MadeMeasure {
  const { id, family, name, unit } = peg;
  const kind = peg.kind ?? guessedKind(name, unit);
  const weights = kind === 'derived' ? book().counters.weightsOf(peg, 'rat') : [];
  const sources = [{ family, parts: [{ pegId: id, factor: 1, weights }] }];
  const combination = combinationOf(kind, sources);
  const input = { key: name, combination, seconds: false, sources };
  return {
    measure: {
      name,
      entity: 'object',
      inputs: [input],
      formula: null,
      isPartOfWhole: false,
      isAmount: combination === 'sum',
    },
    remarks: remarksOf(name, peg.kind, kind, combination),
  };
}

/** A compiled formula with the PEGs that it stands on; text: why they cannot be had. */
export function formulaMeasure(
  name: string,
  formula: CompiledFormula,
  index: CounterIndex,
  isPartOfWhole: boolean,
): MadeMeasure | string {
  const inputs: MeasureInput[] = [];
  const remarks: MeasureRemark[] = [];
  for (const { key, counter, selectors, measure } of formula.inputs) {
    const sources = index.sourcesOf(counter as Counter, selectors);
    if (typeof sources === 'string') return sources;
    if (sources.length === 0) return noSubCounters(key, counter as Counter, selectors, index);
    const kind = counter.kind ?? guessedKind(counter.name, counter.unit ?? null);
    const combination = measure === 'seconds' ? 'sum' : combinationOf(kind, sources);
    if (measure === 'value') remarks.push(...remarksOf(key, counter.kind ?? null, kind, combination));
    inputs.push({ key, combination, seconds: measure === 'seconds', sources });
  }
  const isAmount = isAmountOf(formula, inputs);
  return { measure: { name, entity: 'cell', inputs, formula, isPartOfWhole, isAmount }, remarks };
}

function noSubCounters(
  key: string,
  counter: Counter,
  selectors: readonly DimensionSelector[],
  index: CounterIndex,
): string {
  const values = selectors.map(({ dimension }) => {
    const all = index.valuesOf(counter, dimension);
    const shown = all.slice(0, MAX_SHOWN_VALUES).join(', ');
    return `${dimension} is ${all.length > MAX_SHOWN_VALUES ? `${shown} and ${all.length - MAX_SHOWN_VALUES} more` : shown}`;
  });
  return `no sub-counter of ${counter.name} is ${key}: ${values.join('; ')}`;
}

/** The PEGs that measures read, with the weights. */
export function pegIdsOf(measures: readonly Measure[]): number[] {
  const ids = new Set<number>();
  for (const { inputs } of measures) {
    for (const { pegId, weights } of inputs.flatMap(({ sources }) => sources.flatMap(({ parts }) => parts))) {
      ids.add(pegId);
      for (const id of weights.flat()) ids.add(id);
    }
  }
  return [...ids];
}

function remarksOf(
  counter: string,
  said: Peg['kind'],
  kind: NonNullable<Peg['kind']>,
  combination: Combination,
): MeasureRemark[] {
  if (said === null) return [{ code: 'kind_unknown', counter }];
  return kind === 'derived' && combination === 'mean' ? [{ code: 'unweighted_derived', counter }] : [];
}

function combinationOf(kind: NonNullable<Peg['kind']>, sources: readonly CounterSource[]): Combination {
  if (kind === 'cumulative' || kind === 'distribution') return 'sum';
  const isWeighted = sources.some(({ parts }) => parts.some(({ weights }) => weights.length > 0));
  return kind === 'derived' && isWeighted ? 'weighted' : 'mean';
}

const MAX_SHOWN_VALUES = 20;
const RATE_UNIT = /\/|bps|%|^dBm?$/i;
const STATE_NAME = /avg|average|mean|rate|ratio|thr(?!e)|thp|util|usage|level|load|delay|latency|temp|percent/i;
/** As words of their own: `ConnMax`, `max_users`, not `Terminations`. */
const EXTREME_NAME = /(?:[Mm]ax|[Mm]in|MAX|MIN)(?![a-z])/;

/** Where nobody has said the kind: a name or unit that tells of a rate or level is averaged, all else is a count. */
function guessedKind(name: string, unit: string | null): 'cumulative' | 'gauge' {
  const isState = STATE_NAME.test(name) || EXTREME_NAME.test(name) || (unit !== null && RATE_UNIT.test(unit));
  return isState ? 'gauge' : 'cumulative';
}

/** Whether twice the counts give another value. Tried with numbers that have no common factor. */
function isAmountOf(formula: CompiledFormula, inputs: readonly MeasureInput[]): boolean {
  const valueFor = (factor: number) =>
    evaluate(
      formula,
      new Map(inputs.map(({ key, combination }, at) => [key, (combination === 'sum' ? factor : 1) * (97 + 3.7 * at)])),
    );
  const [once, twice] = [valueFor(1), valueFor(2)];
  if (once.status !== 'ok' || twice.status !== 'ok') return false;
  return Math.abs(twice.value - once.value) > 1e-9 * Math.abs(once.value);
}
