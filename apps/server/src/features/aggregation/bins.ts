import type { FormulaInputs, FormulaValue, MissingInput, RatioFlag } from '@pegboard/formula';
import { evaluate, evaluateColumns, evaluateRatio } from '@pegboard/formula';
import type { Measure } from './measure.ts';
import type { EntitySamples, InputColumn } from './sample-tables.ts';

/** What came together of the inputs in one bin. */
interface Totals {
  /** By input. */
  readonly sums: number[];
  readonly weights: number[];
  /** Which inputs have samples. */
  readonly present: readonly boolean[];
  seconds: number;
}

/** A value with what is behind it. */
export interface MeasuredValue {
  /** Null: none, see `reason`. */
  readonly value: number | null;
  /** Of KPIs that are one ratio of counts. */
  readonly numerator: number | null;
  readonly denominator: number | null;
  /** Present over expected samples, 0–1. */
  readonly completeness: number;
  /** Why there is no value; null where there is one. */
  readonly reason: string | null;
  readonly flags: readonly RatioFlag[];
}

/**
 * Adds the samples of cells up in bins of time, input by input. Only samples that have all inputs count together: where one
 * cell delivers attempts without successes, its attempts would spoil the ratio. Samples that lack inputs count where
 * no others have more (the energy of a node, the volume of its cells).
 */
export class Bins {
  readonly measure: Measure;
  /** Begin of a bin → its place in the columns. */
  readonly #full = new Map<number, number>();
  readonly #sums: number[][];
  readonly #weights: number[][];
  readonly #seconds: number[] = [];
  readonly #partial = new Map<number, Map<string, Totals>>();
  readonly #suspect = new Set<number>();
  readonly #allPresent: readonly boolean[];

  constructor(measure: Measure) {
    this.measure = measure;
    this.#sums = measure.inputs.map(() => []);
    this.#weights = measure.inputs.map(() => []);
    this.#allPresent = measure.inputs.map(() => true);
  }

  /** Adds the sample at a place of an entity to a bin, known by its begin. */
  add(binMs: number, samples: EntitySamples, at: number): void {
    const { columns, granularityS } = samples;
    let present = 0;
    for (const column of columns) if (column && !Number.isNaN(column.sums[at])) present++;
    if (present === 0) return;
    if (samples.isSuspect(samples.beginsMs[at])) this.#suspect.add(binMs);
    if (present === columns.length) {
      const slot = this.#slot(binMs);
      for (let input = 0; input < columns.length; input++) {
        const { sums, weights } = columns[input] as InputColumn;
        this.#sums[input][slot] += sums[at];
        this.#weights[input][slot] += weights[at];
      }
      this.#seconds[slot] += granularityS;
      return;
    }
    const totals = this.#partialAt(binMs, samples, at);
    for (const [input, column] of columns.entries()) {
      if (!column || Number.isNaN(column.sums[at])) continue;
      totals.sums[input] += column.sums[at];
      totals.weights[input] += column.weights[at];
    }
    totals.seconds += granularityS;
  }

  #slot(binMs: number): number {
    const known = this.#full.get(binMs);
    if (known !== undefined) return known;
    const slot = this.#seconds.length;
    this.#full.set(binMs, slot);
    this.#seconds.push(0);
    for (const sums of this.#sums) sums.push(0);
    for (const weights of this.#weights) weights.push(0);
    return slot;
  }

  #fullTotals(slot: number): Totals {
    return {
      sums: this.#sums.map((sums) => sums[slot]),
      weights: this.#weights.map((weights) => weights[slot]),
      present: this.#allPresent,
      seconds: this.#seconds[slot],
    };
  }

  #partialAt(binMs: number, { columns }: EntitySamples, at: number): Totals {
    let bySignature = this.#partial.get(binMs);
    if (!bySignature) {
      bySignature = new Map();
      this.#partial.set(binMs, bySignature);
    }
    const present = columns.map((column) => column !== null && !Number.isNaN(column.sums[at]));
    const signature = present.map(Number).join('');
    let totals = bySignature.get(signature);
    if (!totals) {
      totals = emptyTotals(present);
      bySignature.set(signature, totals);
    }
    return totals;
  }

  /** Begins of the bins that have samples, ascending. */
  begins(): Float64Array {
    return Float64Array.from(new Set([...this.#full.keys(), ...this.#partial.keys()])).sort();
  }

  isSuspect(binMs: number): boolean {
    return this.#suspect.has(binMs);
  }

  /** The value of a bin; `expectedSeconds` that its entities should have samples of. */
  valueAt(binMs: number, expectedSeconds: number): MeasuredValue {
    return this.#value(this.#totalsAt(binMs), expectedSeconds);
  }

  /** Values of many bins, NaN where there is none; the same as `valueAt` gives, faster. */
  values(begins: Float64Array): Float64Array {
    const { formula, inputs } = this.measure;
    const columns = inputs.map(() => new Float64Array(begins.length).fill(Number.NaN));
    for (const [row, binMs] of begins.entries()) {
      const totals = this.#totalsAt(binMs);
      for (const [input, column] of columns.entries()) {
        const value = this.#input(totals, input);
        if (typeof value === 'number') column[row] = value;
      }
    }
    return formula ? evaluateColumns(formula, columns, begins.length) : columns[0];
  }

  /**
   * The value over all bins: of what they add up to, not of their values. An amount, which grows with the time, is given by
   * granularity period, so that periods of different length compare.
   */
  total(expectedSeconds: number): MeasuredValue {
    // In the order of time: the last digits of sums depend on the order.
    const slots = [...this.begins()].flatMap((binMs) => this.#full.get(binMs) ?? []);
    const all =
      slots.length > 0
        ? slots.map((slot) => this.#fullTotals(slot))
        : [...this.#partial.values()].flatMap((bySignature) => [...bySignature.values()]);
    const totals = merged(this.measure, all);
    const measured = this.#value(totals, expectedSeconds);
    const periods = slots.length > 0 ? slots.length : this.#partial.size;
    if (measured.value === null || periods < 2) return measured;
    const { value } = this.#value(this.#byPeriod(totals, periods), expectedSeconds);
    return isSame(value, measured.value) ? measured : { ...measured, value };
  }

  /** Counts by period in place of counts. */
  #byPeriod(totals: Totals, periods: number): Totals {
    const isCount = (input: number) => this.measure.inputs[input].combination === 'sum';
    return { ...totals, sums: totals.sums.map((sum, input) => (isCount(input) ? sum / periods : sum)) };
  }

  #totalsAt(binMs: number): Totals {
    const slot = this.#full.get(binMs);
    if (slot !== undefined) return this.#fullTotals(slot);
    return merged(this.measure, [...(this.#partial.get(binMs)?.values() ?? [])]);
  }

  #input(totals: Totals, input: number): number | MissingInput {
    const { combination, key } = this.measure.inputs[input];
    if (!totals.present[input]) return { missing: `no samples of ${key}` };
    if (combination === 'sum') return totals.sums[input];
    if (totals.weights[input] > 0) return totals.sums[input] / totals.weights[input];
    return { missing: `the weight of ${key} is 0` };
  }

  #value(totals: Totals, expectedSeconds: number): MeasuredValue {
    const { formula, inputs, isPartOfWhole } = this.measure;
    const given: FormulaInputs = new Map(inputs.map(({ key }, input) => [key, this.#input(totals, input)]));
    const ratio = formula ? evaluateRatio(formula, given, isPartOfWhole) : null;
    const result = ratio?.value ?? (formula ? evaluate(formula, given) : ownValue(this.#input(totals, 0)));
    const [term, ...others] = ratio?.terms ?? [];
    return {
      value: result.status === 'ok' ? result.value : null,
      numerator: others.length === 0 ? numberOf(term?.numerator) : null,
      denominator: others.length === 0 ? numberOf(term?.denominator) : null,
      completeness: expectedSeconds > 0 ? Math.min(1, totals.seconds / expectedSeconds) : 0,
      reason: result.status === 'ok' ? null : reasonText(result),
      flags: ratio?.flags ?? [],
    };
  }
}

/** But for the last digits. */
function isSame(a: number | null, b: number): boolean {
  return a !== null && Math.abs(a - b) <= 1e-9 * Math.abs(b);
}

function emptyTotals(present: readonly boolean[]): Totals {
  return { sums: present.map(() => 0), weights: present.map(() => 0), present, seconds: 0 };
}

/** Adds up those that no others have more inputs than. */
function merged(measure: Measure, all: readonly Totals[]): Totals {
  const bySignature = Map.groupBy(all, ({ present }) => present.map(Number).join(''));
  const signatures = [...bySignature.values()].map(([{ present }]) => present);
  const chosen = all.filter(
    ({ present }) => !signatures.some((other) => other !== present && isLarger(other, present)),
  );
  const present = measure.inputs.map((_, input) => chosen.some((totals) => totals.present[input]));
  const result = emptyTotals(present);
  const secondsOf = measure.inputs.map(() => 0);
  for (const totals of chosen) {
    for (const input of measure.inputs.keys()) {
      result.sums[input] += totals.sums[input];
      result.weights[input] += totals.weights[input];
      if (totals.present[input]) secondsOf[input] += totals.seconds;
    }
  }
  // The input with the fewest samples decides.
  result.seconds = Math.min(...secondsOf);
  return result;
}

/** Whether `other` has all that `present` has, and more. */
function isLarger(other: readonly boolean[], present: readonly boolean[]): boolean {
  let more = false;
  for (const [input, has] of present.entries()) {
    if (has && !other[input]) return false;
    if (!has && other[input]) more = true;
  }
  return more;
}

function ownValue(value: number | MissingInput): FormulaValue {
  if (typeof value === 'number' && Number.isFinite(value)) return { status: 'ok', value };
  const detail = typeof value === 'number' ? null : value.missing;
  return { status: 'no_value', reason: typeof value === 'number' ? 'not_finite' : 'missing_input', name: null, detail };
}

function numberOf(value: FormulaValue | undefined): number | null {
  return value?.status === 'ok' ? value.value : null;
}

const REASONS = {
  missing_input: 'a counter has no samples',
  zero_over_zero: '0/0: nothing was attempted',
  zero_division: 'division by 0',
  null_condition: 'the condition has no value',
  not_finite: 'the result does not fit a number',
  not_defined: 'not defined for these values',
} as const satisfies Record<Exclude<FormulaValue, { status: 'ok' }>['reason'], string>;

/** `code: words`. */
function reasonText({ reason, detail }: Exclude<FormulaValue, { status: 'ok' }>): string {
  return `${reason}: ${detail ?? REASONS[reason]}`;
}
