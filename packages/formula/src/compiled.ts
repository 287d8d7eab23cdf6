import type { DimensionSelector, Formula } from './ast.ts';
import type { CounterDescription } from './scope.ts';

/** Why a formula has no value. */
export type NoValueReason =
  /** An input is missing, or is no finite number. */
  | 'missing_input'
  /** Something else than 0 divided by 0, or 0 to a negative power. */
  | 'zero_division'
  /** 0 / 0: nothing was attempted. */
  | 'zero_over_zero'
  /** The condition of an `if` has no value. */
  | 'null_condition'
  /** The result does not fit a double. */
  | 'not_finite'
  /** A root or logarithm that does not exist. */
  | 'not_defined';

export interface NoValue {
  readonly status: 'no_value';
  readonly reason: NoValueReason;
  /** The input that is missing, as `FormulaInput.key` says it; null where none is to blame. */
  readonly name: string | null;
  /** Why the input is missing, if who gave the inputs said so. */
  readonly detail: string | null;
}

export type FormulaValue = { readonly status: 'ok'; readonly value: number } | NoValue;

/** A counter that a formula needs: the caller aggregates it and gives its value under `key`. */
export interface FormulaInput {
  /** As a formula writes it: `RRC.ConnEstabAtt`, `PdcpVol{QCI=9}`, `seconds(RRU.CellUnavailableTime.sum)`. */
  readonly key: string;
  readonly counter: CounterDescription;
  readonly selectors: readonly DimensionSelector[];
  /** `seconds`: not the counter's value but for how long it was reported, in seconds, summed over cells. */
  readonly measure: 'value' | 'seconds';
  readonly slot: number;
}

/** State of one evaluation: values by slot, and the first failure of the expression under way. */
export interface ScalarFrame {
  readonly values: Float64Array;
  readonly failures: (NoValue | null)[];
  failure: NoValue | null;
}

/** Gives a finite number, or NaN with `frame.failure` set. */
export type ScalarCode = (frame: ScalarFrame) => number;

/** State of one evaluation over columns: the block `[from, from + count)` of every column by slot. */
export interface ColumnFrame {
  readonly columns: (Float64Array | null)[];
  /** Values of the formulas referred to, for the block. */
  readonly blocks: (Float64Array | null)[];
  from: number;
  count: number;
  readonly scratch: { take(): Float64Array; release(): void };
}

/** Writes `frame.count` values to the begin of `out`; NaN: no value. */
export type ColumnCode = (frame: ColumnFrame, out: Float64Array) => void;

export interface Code {
  readonly scalar: ScalarCode;
  readonly columns: ColumnCode;
}

/** Anything that can be evaluated: a formula, or the numerator or denominator of one. */
export interface CompiledExpression {
  /** What it needs, directly and through other formulas; the order of columns. */
  readonly inputs: readonly FormulaInput[];
  readonly code: Code;
  /** The formulas that it refers to, directly and through others, each after those that it needs itself. */
  readonly steps: readonly CompiledStep[];
  /** Number of slots of the set that it was compiled in. */
  readonly slots: number;
}

export interface CompiledStep {
  readonly slot: number;
  readonly code: Code;
}

/** `scale × Π numerator / Π denominator`, each a count: what tests of counts need. */
export interface CompiledRatio {
  readonly scale: number;
  /** One for each factor where they pair up (E-RAB accessibility has three), else one for the whole. */
  readonly terms: readonly { readonly numerator: CompiledExpression; readonly denominator: CompiledExpression }[];
}

export interface CompiledFormula extends CompiledExpression {
  readonly name: string;
  readonly formula: Formula;
  /** As defined, or as follows from the counters; null: not known. */
  readonly unit: string | null;
  /** Null where the formula is no ratio of counts. */
  readonly ratio: CompiledRatio | null;
}
