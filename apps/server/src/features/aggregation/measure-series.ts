import {
  type CompiledExpression,
  type CompiledFormula,
  evaluate,
  evaluateColumns,
  evaluateRatio,
  type FormulaInputs,
  type FormulaValue,
} from '@pegboard/formula';
import type { BinnedInputs, TotalInputs } from './binned-inputs.ts';
import type { Measure, MeasureInput } from './measure.ts';
import type { MeasuredFlag, MeasuredValue } from './measured-value.ts';

/** For how long samples should be there, in seconds added up over the entities. */
export interface ExpectedSeconds {
  readonly atBin: (beginMs: number) => number;
  readonly total: number;
  /** Seconds of samples that are there, and were left out of what counts. */
  readonly alsoPresent: number;
}

/** The values of a measure at a place: by granularity period, or by bucket. */
export class MeasureSeries {
  readonly measure: Measure;
  /** Of granularity periods, in seconds; null: buckets. */
  readonly granularityS: number | null;
  /** Begins of the bins, ascending. */
  readonly begins: Float64Array;
  /** By bin; NaN: no value, see `measuredAt`, or no samples at all. */
  readonly values: Float64Array;
  readonly #inputs: BinnedInputs;
  readonly #expected: ExpectedSeconds;
  #ratios: readonly Ratio[] | null = null;

  constructor(measure: Measure, granularityS: number | null, inputs: BinnedInputs, expected: ExpectedSeconds) {
    const { formula } = measure;
    this.measure = measure;
    this.granularityS = granularityS;
    this.begins = inputs.begins;
    this.values = formula ? evaluateColumns(formula, inputs.values, inputs.begins.length) : inputs.values[0];
    this.#inputs = inputs;
    this.#expected = expected;
  }

  /** Granularities of the samples that count, in seconds. */
  get used(): ReadonlySet<number> {
    return this.#inputs.used;
  }

  /** Samples that were left out because shorter ones say the same, by their granularity in seconds. */
  get leftOut(): ReadonlyMap<number, number> {
    return this.#inputs.leftOut;
  }

  /** By bin, of a KPI that is one ratio of counts; else null. */
  get numerators(): Float64Array | null {
    const ratios = this.#ratioColumns();
    return ratios.length === 1 ? ratios[0].numerators : null;
  }

  /** By bin, of a KPI that is one ratio of counts; else null. */
  get denominators(): Float64Array | null {
    const ratios = this.#ratioColumns();
    return ratios.length === 1 ? ratios[0].denominators : null;
  }

  /** Whether there are samples of any input in a bin: of periods a cell has those in which any of its counters has one. */
  hasSamples(bin: number): boolean {
    return this.#inputs.values.some((column) => !Number.isNaN(column[bin]));
  }

  /** Bins with samples. */
  get count(): number {
    let count = 0;
    for (let bin = 0; bin < this.begins.length; bin++) if (this.hasSamples(bin)) count++;
    return count;
  }

  /** Whether the network element marked any sample as suspect. */
  get hasSuspect(): boolean {
    return this.#inputs.hasSuspect;
  }

  /** Whether the bins stand on samples of different lengths together: of more cells here than there. */
  get isUneven(): boolean {
    const { seconds } = this.#inputs;
    return seconds.some((each) => each !== seconds[0]);
  }

  isSuspect(bin: number): boolean {
    return this.#inputs.isSuspect(bin);
  }

  /** Present over expected samples of the whole interval, 0–1. */
  get completeness(): number {
    return share(this.#inputs.totalSeconds + this.#expected.alsoPresent, this.#expected.total);
  }

  /** Present over expected samples of a bin, 0–1. */
  completenessAt(bin: number): number {
    return share(this.#inputs.seconds[bin], this.#expected.atBin(this.begins[bin]));
  }

  /** A value with all that is behind it. */
  measuredAt(bin: number): MeasuredValue {
    const value = this.values[bin];
    return {
      value: Number.isNaN(value) ? null : value,
      numerator: numberOrNull(this.numerators?.[bin]),
      denominator: numberOrNull(this.denominators?.[bin]),
      completeness: this.completenessAt(bin),
      reason: Number.isNaN(value) ? this.#reasonAt(bin) : null,
      flags: this.#flagsAt(bin),
    };
  }

  /**
   * The value over all bins: of what they add up to, not of their values. An amount, which grows with the time, is given by
   * bin, so that intervals of different length compare.
   */
  total(): MeasuredValue {
    const totals = this.#inputs.total();
    const { completeness } = this;
    const { formula, isAmount, isPartOfWhole } = this.measure;
    const values = isAmount ? byBin(this.measure, totals) : totals.values;
    if (!formula) return this.#own(values[0], totals, completeness);
    const given = this.#given(totals.values, totals.seconds);
    const ratio = evaluateRatio(formula, given, isPartOfWhole);
    const result = evaluate(formula, this.#given(values, totals.seconds));
    const [term, ...others] = ratio?.terms ?? [];
    return {
      value: result.status === 'ok' ? result.value : null,
      numerator: others.length === 0 ? numberOf(term?.numerator) : null,
      denominator: others.length === 0 ? numberOf(term?.denominator) : null,
      completeness,
      reason: result.status === 'ok' ? null : reasonText(result),
      flags: ratio?.flags ?? [],
    };
  }

  #own(value: number, { seconds }: TotalInputs, completeness: number): MeasuredValue {
    const reason = Number.isNaN(value) ? this.#missing(0, seconds) : null;
    return { value: numberOrNull(value), numerator: null, denominator: null, completeness, reason, flags: [] };
  }

  #reasonAt(bin: number): string | null {
    const { formula } = this.measure;
    const seconds = this.#inputs.seconds[bin];
    if (!formula) return this.#missing(0, seconds);
    const values = this.#inputs.values.map((column) => column[bin]);
    const result = evaluate(formula, this.#given(values, seconds));
    return result.status === 'ok' ? null : reasonText(result);
  }

  #given(values: readonly number[], seconds: number): FormulaInputs {
    return new Map(
      this.measure.inputs.map(({ key }, input) => {
        const value = values[input];
        return [key, Number.isNaN(value) ? { missing: missingText(this.measure.inputs[input], seconds) } : value];
      }),
    );
  }

  #missing(input: number, seconds: number): string {
    return `missing_input: ${missingText(this.measure.inputs[input], seconds)}`;
  }

  #flagsAt(bin: number): readonly MeasuredFlag[] {
    const flags: MeasuredFlag[] = [];
    const ratios = this.#ratioColumns();
    if (ratios.length > 0) {
      let isNegative = false;
      for (const column of this.#inputs.values) isNegative ||= column[bin] < 0;
      let isAbove = false;
      for (const { numerators, denominators } of ratios) {
        isNegative ||= numerators[bin] < 0 || denominators[bin] < 0;
        isAbove ||= this.measure.isPartOfWhole && numerators[bin] > denominators[bin];
      }
      if (isNegative) flags.push('negative_count');
      if (isAbove) flags.push('numerator_above_denominator');
    }
    if (this.#inputs.isMixed(bin)) flags.push('mixed_granularity');
    if (this.#inputs.isOverlong(bin)) flags.push('spans_buckets');
    return flags;
  }

  #ratioColumns(): readonly Ratio[] {
    this.#ratios ??= this.measure.formula ? ratiosOf(this.measure.formula, this.#inputs) : [];
    return this.#ratios;
  }
}

interface Ratio {
  readonly numerators: Float64Array;
  readonly denominators: Float64Array;
}

function ratiosOf(formula: CompiledFormula, { values, begins }: BinnedInputs): Ratio[] {
  const columnOf = new Map(formula.inputs.map(({ key }, input) => [key, values[input]]));
  const columnsFor = (expression: CompiledExpression) => {
    const columns = expression.inputs.map(({ key }) => columnOf.get(key) ?? null);
    return evaluateColumns(expression, columns, begins.length);
  };
  return (formula.ratio?.terms ?? []).map(({ numerator, denominator }) => ({
    numerators: columnsFor(numerator),
    denominators: columnsFor(denominator),
  }));
}

/** What is there for some time and has no value weighs nothing. */
function missingText({ key, combination }: MeasureInput, seconds: number): string {
  return combination === 'weighted' && seconds > 0 ? `the weight of ${key} is 0` : `no samples of ${key}`;
}

/** Counts by bin in place of counts. */
function byBin({ inputs }: Measure, { values, bins }: TotalInputs): number[] {
  return values.map((value, input) => (inputs[input].combination === 'sum' ? value / bins : value));
}

function share(present: number, expected: number): number {
  return expected > 0 ? Math.min(1, present / expected) : 0;
}

function numberOrNull(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
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
