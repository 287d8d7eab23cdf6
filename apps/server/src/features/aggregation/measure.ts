import type { CompiledFormula } from '@pegboard/formula';
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
}

export interface MeasureRemark {
  readonly code: 'kind_unknown' | 'unweighted_derived';
  readonly counter: string;
}

/** A PEG as it is. Of unknown kind it is averaged. `book` is asked only for what weights a derived one. */
export function pegMeasure(peg: Peg, book: () => { readonly counters: CounterIndex }): Measure {
  const { id, family, name, kind } = peg;
  const weights = kind === 'derived' ? book().counters.weightsOf(peg, 'family') : [];
  const sources = [{ family, parts: [{ pegId: id, factor: 1, weights }] }];
  const input = { key: name, combination: combinationOf(kind ?? 'gauge', sources), seconds: false, sources };
  return { name, entity: 'object', inputs: [input], formula: null, isPartOfWhole: false };
}

/** A compiled formula with the PEGs that it stands on; text: why they cannot be had. */
export function formulaMeasure(
  name: string,
  formula: CompiledFormula,
  index: CounterIndex,
  isPartOfWhole: boolean,
): { readonly measure: Measure; readonly remarks: readonly MeasureRemark[] } | string {
  const inputs: MeasureInput[] = [];
  const remarks: MeasureRemark[] = [];
  for (const { key, counter, selectors, measure } of formula.inputs) {
    const sources = index.sourcesOf(counter as Counter, selectors);
    if (typeof sources === 'string') return sources;
    if (sources.length === 0) return `no sub-counters of ${counter.name} are ${key}`;
    const kind = counter.kind ?? guessedKind(counter.name, counter.unit ?? null);
    const combination = measure === 'seconds' ? 'sum' : combinationOf(kind, sources);
    if (measure === 'value' && (counter.kind ?? null) === null) remarks.push({ code: 'kind_unknown', counter: key });
    if (measure === 'value' && kind === 'derived' && combination === 'mean')
      remarks.push({ code: 'unweighted_derived', counter: key });
    inputs.push({ key, combination, seconds: measure === 'seconds', sources });
  }
  return { measure: { name, entity: 'cell', inputs, formula, isPartOfWhole }, remarks };
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

function combinationOf(kind: NonNullable<Peg['kind']>, sources: readonly CounterSource[]): Combination {
  if (kind === 'cumulative' || kind === 'distribution') return 'sum';
  const isWeighted = sources.some(({ parts }) => parts.some(({ weights }) => weights.length > 0));
  return kind === 'derived' && isWeighted ? 'weighted' : 'mean';
}

const RATE_UNIT = /\/|bps|%|^dBm?$/i;
const STATE_NAME = /avg|average|mean|max|min|rate|ratio|thru|util|level|percent/i;

/** Where nobody has said the kind: a name or unit that tells of a rate or level is averaged, all else is a count. */
function guessedKind(name: string, unit: string | null): 'cumulative' | 'gauge' {
  return STATE_NAME.test(name) || (unit !== null && RATE_UNIT.test(unit)) ? 'gauge' : 'cumulative';
}
