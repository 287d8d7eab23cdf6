import type { EntitySamples } from './entity-samples.ts';
import type { Measure } from './measure.ts';
import { FULL, type Presence } from './presence.ts';

/** What came together of the inputs of samples that have the same inputs, by slot. */
export class Accumulated {
  readonly present: readonly boolean[];
  readonly #measure: Measure;
  /** By input: sums of values, or of value × weight. */
  readonly #sums: Float64Array[];
  /** By input: sums of weights; empty for counts. */
  readonly #weights: Float64Array[];
  /** By input: the value where there is but one, since value × weight / weight is not always the same; empty but for what is derived. */
  readonly #singles: Float64Array[];
  /** By input: how many values there are, where that is asked for. */
  readonly #seen: Float64Array[];
  seconds: Float64Array;
  readonly #unitS: number;

  /** @param unitS a state weighs its seconds in these, so that one of the usual granularity weighs 1 */
  constructor(measure: Measure, present: readonly boolean[], slots: number, unitS: number) {
    this.#measure = measure;
    this.#unitS = unitS;
    this.present = present;
    this.seconds = new Float64Array(slots);
    const sized = (isNeeded: boolean) => new Float64Array(isNeeded ? slots : 0);
    this.#sums = present.map((is) => sized(is));
    this.#weights = measure.inputs.map(({ combination }, input) => sized(present[input] && combination !== 'sum'));
    const forWeighted = () =>
      measure.inputs.map(({ combination }, input) => sized(present[input] && combination === 'weighted'));
    this.#singles = forWeighted();
    this.#seen = forWeighted();
  }

  /** Room for more slots. */
  grow(slots: number): void {
    if (this.seconds.length >= slots) return;
    const length = Math.max(slots, 2 * this.seconds.length);
    const grown = (array: Float64Array) => {
      if (array.length === 0 && this.seconds.length > 0) return array;
      const larger = new Float64Array(length);
      larger.set(array);
      return larger;
    };
    for (const arrays of [this.#sums, this.#weights, this.#singles, this.#seen]) {
      for (const [input, array] of arrays.entries()) arrays[input] = grown(array);
    }
    this.seconds = grown(this.seconds);
  }

  /** Adds the samples that have all that is present to their slots. */
  add({ columns, granularityS }: EntitySamples, { kinds, length }: Presence, slots: Int32Array): void {
    for (const [input, column] of columns.entries()) {
      if (!this.present[input] || column === null) continue;
      const { values, weights } = column;
      const sums = this.#sums[input];
      const { combination } = this.#measure.inputs[input];
      if (combination === 'sum') {
        for (let at = 0; at < length; at++) if (kinds[at] === FULL) sums[slots[at]] += values[at];
        continue;
      }
      const totals = this.#weights[input];
      const isWeighted = combination === 'weighted';
      const own = granularityS / this.#unitS;
      for (let at = 0; at < length; at++) {
        if (kinds[at] !== FULL) continue;
        const slot = slots[at];
        const weight = weights === null ? own : isWeighted ? weights[at] : weights[at] / this.#unitS;
        if (isWeighted) this.#singles[input][slot] = ++this.#seen[input][slot] === 1 ? values[at] : Number.NaN;
        sums[slot] += values[at] * weight;
        totals[slot] += weight;
      }
    }
    const { seconds } = this;
    for (let at = 0; at < length; at++) if (kinds[at] === FULL) seconds[slots[at]] += granularityS;
  }

  /** The value of an input in a slot; NaN where its weight is 0. */
  valueAt(input: number, slot: number): number {
    const sum = this.#sums[input][slot];
    if (this.#measure.inputs[input].combination === 'sum') return sum;
    const weight = this.#weights[input][slot];
    const single = this.#singles[input].length > 0 ? this.#singles[input][slot] : Number.NaN;
    if (!(weight > 0)) return Number.NaN;
    return Number.isNaN(single) ? sum / weight : single;
  }

  sumAt(input: number, slot: number): number {
    return this.#sums[input][slot];
  }

  /** For counts: 1. */
  weightAt(input: number, slot: number): number {
    return this.#measure.inputs[input].combination === 'sum' ? 1 : this.#weights[input][slot];
  }
}
