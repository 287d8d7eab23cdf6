import type { BinnedInputs, TotalInputs } from './binned-inputs.ts';
import type { EntitySamples } from './entity-samples.ts';
import type { Measure, MeasureInput } from './measure.ts';
import { mostComplete } from './most-complete.ts';

/**
 * The samples of one entity by its own granularity periods: nothing has to be put together or copied, and values are as they came,
 * also where what weights them is missing.
 */
export class EntityInputs implements BinnedInputs {
  readonly begins: Float64Array;
  readonly values: readonly Float64Array[];
  readonly hasSuspect: boolean;
  readonly leftOut: ReadonlyMap<number, number> = new Map();
  readonly #measure: Measure;
  readonly #samples: EntitySamples;
  #groups: readonly Group[] | null = null;

  constructor(measure: Measure, samples: EntitySamples) {
    this.#measure = measure;
    this.#samples = samples;
    this.begins = samples.begins;
    this.values = samples.columns.map(
      (column) => column?.values ?? new Float64Array(samples.begins.length).fill(Number.NaN),
    );
    this.hasSuspect = samples.hasSuspect;
  }

  get used(): ReadonlySet<number> {
    return new Set([this.#samples.granularityS]);
  }

  get seconds(): Float64Array {
    const seconds = new Float64Array(this.begins.length).fill(this.#samples.granularityS);
    for (const column of this.values) {
      for (let bin = 0; bin < column.length; bin++) if (Number.isNaN(column[bin])) seconds[bin] = 0;
    }
    return seconds;
  }

  get totalSeconds(): number {
    const [only, ...others] = this.#samples.columns;
    if (only && others.length === 0 && only.weights === null)
      return countPresent(only.values) * this.#samples.granularityS;
    const secondsOf = this.#measure.inputs.map((_, input) =>
      this.#binsThatCount().reduce((sum, { present, bins }) => sum + (present[input] ? bins.length : 0), 0),
    );
    return Math.min(...secondsOf) * this.#samples.granularityS;
  }

  isSuspect(bin: number): boolean {
    return this.hasSuspect && this.#samples.isSuspect(bin);
  }

  isMixed(): boolean {
    return false;
  }

  isOverlong(): boolean {
    return false;
  }

  total(): TotalInputs {
    const counting = this.#binsThatCount();
    return {
      values: this.#measure.inputs.map((input, at) => {
        const own = counting.filter(({ present }) => present[at]).map(({ bins }) => bins);
        return combined(input, own, this.values[at], this.#samples.columns[at]?.weights ?? null);
      }),
      seconds: this.totalSeconds,
      bins: counting.reduce((sum, { bins }) => sum + bins.length, 0),
    };
  }

  /** The bins that have all inputs; where there are none, those that no others have more inputs than. */
  #binsThatCount(): readonly Group[] {
    this.#groups ??= groupsThatCount(this.#samples);
    return this.#groups;
  }
}

interface Group {
  readonly present: readonly boolean[];
  readonly bins: Int32Array;
}

function groupsThatCount({ begins, columns }: EntitySamples): readonly Group[] {
  const full = placesWithAll(columns, begins.length);
  if (full.length > 0) return [{ present: columns.map(() => true), bins: full }];
  const groups = new Map<string, { readonly present: readonly boolean[]; readonly bins: number[] }>();
  for (let bin = 0; bin < begins.length; bin++) {
    const present = columns.map((column) => column !== null && isPresent(column, bin));
    if (!present.includes(true)) continue;
    const signature = present.map(Number).join('');
    const group = groups.get(signature);
    if (group) group.bins.push(bin);
    else groups.set(signature, { present, bins: [bin] });
  }
  return mostComplete([...groups.values()]).map(({ present, bins }) => ({ present, bins: Int32Array.from(bins) }));
}

function placesWithAll(columns: EntitySamples['columns'], length: number): Int32Array {
  const places = new Int32Array(columns.includes(null) ? 0 : length);
  let found = 0;
  for (let bin = 0; bin < places.length; bin++) {
    let input = 0;
    for (; input < columns.length; input++) {
      const column = columns[input];
      if (column === null || !isPresent(column, bin)) break;
    }
    if (input === columns.length) places[found++] = bin;
  }
  return places.subarray(0, found);
}

function countPresent(values: Float64Array): number {
  let count = 0;
  for (let at = 0; at < values.length; at++) if (!Number.isNaN(values[at])) count++;
  return count;
}

function isPresent({ values, weights }: NonNullable<EntitySamples['columns'][number]>, bin: number): boolean {
  return !Number.isNaN(values[bin]) && (weights === null || !Number.isNaN(weights[bin]));
}

/** NaN: no sample, or none that weighs anything. */
function combined(
  { combination }: MeasureInput,
  groups: readonly Int32Array[],
  values: Float64Array,
  weights: Float64Array | null,
): number {
  let [sum, total, count] = [0, 0, 0];
  for (const bins of groups) {
    count += bins.length;
    for (let at = 0; at < bins.length; at++) {
      const bin = bins[at];
      const weight = weights === null || combination === 'sum' ? 1 : weights[bin];
      sum += values[bin] * weight;
      total += weight;
    }
  }
  if (count === 0) return Number.NaN;
  return combination === 'sum' ? sum : sum / total;
}
