import { BLOCK_ROWS } from './column-code.ts';
import type {
  ColumnFrame,
  CompiledExpression,
  CompiledFormula,
  FormulaValue,
  NoValue,
  ScalarFrame,
} from './compiled.ts';

/** A value that is not there, and why. */
export interface MissingInput {
  readonly missing: string;
}

/** Values by `FormulaInput.key`. A key that is absent, NaN or infinite is missing too. */
export type FormulaInputs = ReadonlyMap<string, number | MissingInput>;

/**
 * The value of a formula for one set of inputs. 0/0 and missing inputs give no value with the reason, never 0 and never
 * 100; a condition without a value gives none. The result is finite, and never -0.
 */
export function evaluate(expression: CompiledExpression, inputs: FormulaInputs): FormulaValue {
  const frame: ScalarFrame = {
    values: new Float64Array(expression.slots).fill(Number.NaN),
    failures: new Array<NoValue | null>(expression.slots).fill(null),
    failure: null,
  };
  for (const { key, slot } of expression.inputs) {
    const given = inputs.get(key);
    if (typeof given === 'number') frame.values[slot] = given;
    else if (given !== undefined) {
      frame.failures[slot] = { status: 'no_value', reason: 'missing_input', name: key, detail: given.missing };
    }
  }
  for (const { slot, code } of expression.steps) {
    frame.values[slot] = code.scalar(frame) + 0;
    if (Number.isNaN(frame.values[slot])) frame.failures[slot] = frame.failure;
  }
  const value = expression.code.scalar(frame) + 0;
  return Number.isNaN(value) && frame.failure !== null ? frame.failure : { status: 'ok', value };
}

/**
 * The values of a formula for many rows at once: `columns` in the order of `expression.inputs`, each of at least `rows`
 * values, NaN where one is missing; null: the input is missing throughout. NaN in the result is "no value"; `evaluate`
 * on that row tells why. Every row has the same value, to the bit, as `evaluate` gives.
 */
export function evaluateColumns(
  expression: CompiledExpression,
  columns: readonly (Float64Array | null)[],
  rows: number,
): Float64Array {
  const { inputs, steps, slots, code } = expression;
  if (columns.length !== inputs.length)
    throw new RangeError(`${inputs.length} columns are needed, ${columns.length} given`);
  if (columns.some((column) => column !== null && column.length < rows)) {
    throw new RangeError(`a column has fewer than ${rows} rows`);
  }
  const frame: ColumnFrame = {
    columns: new Array<Float64Array | null>(slots).fill(null),
    blocks: new Array<Float64Array | null>(slots).fill(null),
    from: 0,
    count: 0,
    scratch: createScratch(),
  };
  for (const [index, { slot }] of inputs.entries()) frame.columns[slot] = columns[index];
  for (const { slot } of steps) frame.blocks[slot] = frame.scratch.take();
  const result = new Float64Array(rows);
  for (frame.from = 0; frame.from < rows; frame.from += BLOCK_ROWS) {
    frame.count = Math.min(BLOCK_ROWS, rows - frame.from);
    for (const step of steps) {
      const block = frame.blocks[step.slot];
      if (block !== null) runBlock(step.code.columns, frame, block);
    }
    runBlock(code.columns, frame, result.subarray(frame.from, frame.from + frame.count));
  }
  return result;
}

function runBlock(code: CompiledExpression['code']['columns'], frame: ColumnFrame, out: Float64Array): void {
  code(frame, out);
  for (let i = 0; i < frame.count; i++) out[i] += 0;
}

/** Used again by every evaluation: nothing of them outlives it, and none runs within another. */
const buffers: Float64Array[] = [];

/** Buffers of a block, taken and given back like a stack. */
function createScratch(): ColumnFrame['scratch'] {
  let taken = 0;
  return {
    take() {
      if (taken === buffers.length) buffers.push(new Float64Array(BLOCK_ROWS));
      return buffers[taken++];
    },
    release() {
      taken--;
    },
  };
}

export type RatioFlag =
  /** More successes than attempts, or more losses than there were: the counters cannot be right. */
  | 'numerator_above_denominator'
  /** A counter below 0, or a numerator or denominator that comes to less than 0. */
  | 'negative_count';

/** A ratio with the counts that it is made of. */
export interface RatioValue {
  readonly value: FormulaValue;
  readonly scale: number;
  readonly terms: readonly { readonly numerator: FormulaValue; readonly denominator: FormulaValue }[];
  readonly flags: readonly RatioFlag[];
}

/**
 * A formula's value with the counts behind it, for tests of counts; null if it is no ratio of counts.
 * `partOfWhole` says that the numerator counts a part of the denominator (successes of attempts): then more is flagged.
 * A flagged value is given as it is.
 */
export function evaluateRatio(
  formula: CompiledFormula,
  inputs: FormulaInputs,
  partOfWhole: boolean,
): RatioValue | null {
  if (formula.ratio === null) return null;
  const terms = formula.ratio.terms.map(({ numerator, denominator }) => ({
    numerator: evaluate(numerator, inputs),
    denominator: evaluate(denominator, inputs),
  }));
  const flags = new Set<RatioFlag>();
  if (formula.inputs.some(({ key }) => isNegative(inputs.get(key)))) flags.add('negative_count');
  for (const { numerator, denominator } of terms) {
    if (isBelow(numerator, 0) || isBelow(denominator, 0)) flags.add('negative_count');
    if (!partOfWhole || numerator.status !== 'ok') continue;
    if (isBelow(denominator, numerator.value)) flags.add('numerator_above_denominator');
  }
  return { value: evaluate(formula, inputs), scale: formula.ratio.scale, terms, flags: [...flags] };
}

function isNegative(input: number | MissingInput | undefined): boolean {
  return typeof input === 'number' && input < 0;
}

function isBelow(value: FormulaValue, limit: number): boolean {
  return value.status === 'ok' && value.value < limit;
}
