import type { CounterPart } from './counter-index.ts';
import type { EntityView, GranularityView } from './entity-view.ts';
import type { Measure, MeasureInput } from './measure.ts';

/** One input of a measure over the periods of an entity; NaN where it is missing. */
export interface InputColumn {
  readonly values: Float64Array;
  /**
   * What the values weigh beside those of others: for what is derived the weighting counter, NaN where that is missing;
   * null: counts, which add up, and states over whole periods.
   */
  readonly weights: Float64Array | null;
}

/** The inputs of a measure for one entity (a cell or object) at one granularity. */
export interface EntitySamples {
  readonly granularityS: number;
  readonly begins: Float64Array;
  /** By input; null: the entity has no samples of it at this granularity. */
  readonly columns: readonly (InputColumn | null)[];
  /** False: none is. */
  readonly hasSuspect: boolean;
  readonly isSuspect: (at: number) => boolean;
}

/**
 * The samples of a measure, by granularity, the shortest first. A granularity counts where it has all inputs that the entity
 * has at all; where none has (one object reports quarters, another hours) the shorter ones are added up to the longest that
 * is needed. `around` has the weights: those of an object's counters may stand on another object of its cell.
 */
export function samplesOf(measure: Measure, own: EntityView, around: EntityView): readonly EntitySamples[] {
  const found = own.granularities
    .map((view) => {
      const weights = around.granularities.find(({ granularityS }) => granularityS === view.granularityS) ?? view;
      return {
        granularityS: view.granularityS,
        begins: view.begins,
        columns: measure.inputs.map((input) => columnOf(input, view, weights)),
        hasSuspect: view.hasSuspect,
        isSuspect: (at: number) => view.isSuspect(at),
      };
    })
    .filter(({ columns }) => columns.some((column) => column !== null));
  if (found.length < 2) return found;
  const places = measure.inputs.map((_, place) => place);
  const needed = places.filter((place) => found.some(({ columns }) => columns[place] !== null));
  const complete = found.filter(({ columns }) => needed.every((place) => columns[place] !== null));
  return complete.length > 0 ? complete : [lengthened(measure, found, needed)];
}

function columnOf(input: MeasureInput, view: GranularityView, around: GranularityView): InputColumn | null {
  for (const { parts } of input.sources) {
    const found: FoundPart[] = [];
    for (const part of parts) {
      const values = view.column(part.pegId);
      if (values) found.push({ values, part });
    }
    if (found.length === 0) continue;
    if (input.seconds) return { values: secondsReported(found, view.granularityS), weights: null };
    if (input.combination === 'weighted') return weightedColumn(found, around, view.begins);
    return { values: summed(found), weights: null };
  }
  return null;
}

interface FoundPart {
  readonly values: Float64Array;
  readonly part: CounterPart;
}

/** Counts add up over sub-counters, and so do states such as bit rates; a missing one counts as nothing. */
function summed(found: readonly FoundPart[]): Float64Array {
  if (found.length === 1 && found[0].part.factor === 1) return found[0].values;
  const sums = new Float64Array(found[0].values.length).fill(Number.NaN);
  for (const { values, part } of found) {
    for (let at = 0; at < sums.length; at++) {
      const value = values[at] * part.factor;
      if (!Number.isNaN(value)) sums[at] = Number.isNaN(sums[at]) ? value : sums[at] + value;
    }
  }
  return sums;
}

function secondsReported(found: readonly FoundPart[], granularityS: number): Float64Array {
  return summed(found).map((value) => (Number.isNaN(value) ? Number.NaN : granularityS));
}

/** Sub-counters of what is derived share its weight: their mean by weight, where one has a weight, else by number. */
function weightedColumn(found: readonly FoundPart[], around: GranularityView, begins: Float64Array): InputColumn {
  const weights = found.map(({ part }) => weightOf(part, around, begins));
  if (found.length === 1) return { values: summed(found), weights: weights[0] };
  const values = new Float64Array(begins.length).fill(Number.NaN);
  const total = new Float64Array(begins.length).fill(Number.NaN);
  for (let at = 0; at < begins.length; at++) {
    let [sum, weight, plain, count] = [0, 0, 0, 0];
    let isWeighted = false;
    for (const [place, { values: own, part }] of found.entries()) {
      const value = own[at] * part.factor;
      if (Number.isNaN(value)) continue;
      plain += value;
      count++;
      if (Number.isNaN(weights[place][at])) continue;
      isWeighted = true;
      sum += value * weights[place][at];
      weight += weights[place][at];
    }
    if (count > 0) values[at] = weight > 0 ? sum / weight : plain / count;
    if (isWeighted) total[at] = weight;
  }
  return { values, weights: total };
}

/** The first weight that the entity has samples of, summed over its PEGs; NaN where none is. */
function weightOf({ weights }: CounterPart, around: GranularityView, begins: Float64Array): Float64Array {
  for (const pegIds of weights) {
    const found = around.weights(pegIds, begins);
    if (found) return found;
  }
  return new Float64Array(begins.length).fill(Number.NaN);
}

/** Samples of several granularities on the periods of the longest that an input needs. */
function lengthened({ inputs }: Measure, found: readonly EntitySamples[], needed: readonly number[]): EntitySamples {
  const finest = new Map(
    needed.map((place) => [place, found.find(({ columns }) => columns[place] !== null) as EntitySamples]),
  );
  const longest = [...finest.values()].reduce((a, b) => (b.granularityS > a.granularityS ? b : a));
  const columns = longest.columns.map((own, place) => {
    const samples = finest.get(place);
    const column = samples?.columns[place];
    if (!samples || !column || samples === longest) return own;
    return gathered(column, samples, longest, inputs[place].combination === 'sum');
  });
  const { begins, granularityS } = longest;
  const isSuspect = (at: number) =>
    found.some((samples) =>
      samples.begins.some(
        (beginMs, from) =>
          beginMs >= begins[at] && beginMs < begins[at] + granularityS * 1000 && samples.isSuspect(from),
      ),
    );
  const hasSuspect = found.some((samples) => samples.hasSuspect);
  return { granularityS, begins, columns, hasSuspect, isSuspect };
}

/** A column on longer periods: what lies within each is added up, or averaged by its weights. */
function gathered(
  { values, weights }: InputColumn,
  from: EntitySamples,
  { begins, granularityS }: EntitySamples,
  isCount: boolean,
): InputColumn {
  const sums = new Float64Array(begins.length).fill(Number.NaN);
  const total = new Float64Array(begins.length);
  let at = 0;
  for (const [place, beginMs] of from.begins.entries()) {
    while (at < begins.length && begins[at] + granularityS * 1000 <= beginMs) at++;
    if (at === begins.length) break;
    const weight = weights === null ? (isCount ? 1 : from.granularityS) : weights[place];
    const value = values[place] * weight;
    if (beginMs < begins[at] || Number.isNaN(value)) continue;
    sums[at] = (Number.isNaN(sums[at]) ? 0 : sums[at]) + value;
    total[at] += weight;
  }
  if (isCount) return { values: sums, weights: null };
  return { values: sums.map((sum, place) => sum / total[place]), weights: total };
}
