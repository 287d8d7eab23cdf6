import type { ComparisonOperator, NumericFunction } from './ast.ts';
import type { NoValue, NoValueReason, ScalarCode, ScalarFrame } from './compiled.ts';

function noValue(reason: NoValueReason): NoValue {
  return { status: 'no_value', reason, name: null, detail: null };
}

const ZERO_DIVISION = noValue('zero_division');
const ZERO_OVER_ZERO = noValue('zero_over_zero');
const NOT_FINITE = noValue('not_finite');
const NOT_DEFINED = noValue('not_defined');

function fail(frame: ScalarFrame, failure: NoValue): number {
  frame.failure = failure;
  return Number.NaN;
}

function finite(frame: ScalarFrame, value: number): number {
  return Number.isFinite(value) ? value : fail(frame, NOT_FINITE);
}

export function scalarConstant(value: number): ScalarCode {
  return () => value;
}

/** Reads an input or another formula; a missing one says why by `failures`. */
export function scalarSlot(slot: number, key: string): ScalarCode {
  const missing: NoValue = { status: 'no_value', reason: 'missing_input', name: key, detail: null };
  return (frame) => {
    const value = frame.values[slot];
    return Number.isFinite(value) ? value : fail(frame, frame.failures[slot] ?? missing);
  };
}

export function scalarNegate(operand: ScalarCode): ScalarCode {
  return (frame) => -operand(frame);
}

export function scalarSum(
  first: ScalarCode,
  rest: readonly { readonly operator: '+' | '-'; readonly code: ScalarCode }[],
): ScalarCode {
  return (frame) => {
    let total = first(frame);
    for (let i = 0; i < rest.length && !Number.isNaN(total); i++) {
      const value = rest[i].code(frame);
      if (Number.isNaN(value)) return value;
      total = finite(frame, rest[i].operator === '+' ? total + value : total - value);
    }
    return total;
  };
}

export function scalarProduct(
  first: ScalarCode,
  rest: readonly { readonly operator: '*' | '/'; readonly code: ScalarCode }[],
): ScalarCode {
  return (frame) => {
    let total = first(frame);
    for (let i = 0; i < rest.length && !Number.isNaN(total); i++) {
      const value = rest[i].code(frame);
      if (Number.isNaN(value)) return value;
      if (rest[i].operator === '*') total = finite(frame, total * value);
      else if (value === 0) return fail(frame, total === 0 ? ZERO_OVER_ZERO : ZERO_DIVISION);
      else total = finite(frame, total / value);
    }
    return total;
  };
}

export function scalarPower(base: ScalarCode, exponent: ScalarCode): ScalarCode {
  return (frame) => {
    const low = base(frame);
    if (Number.isNaN(low)) return low;
    const high = exponent(frame);
    if (Number.isNaN(high)) return high;
    if (low === 0 && high < 0) return fail(frame, ZERO_DIVISION);
    const value = low ** high;
    return Number.isNaN(value) ? fail(frame, NOT_DEFINED) : finite(frame, value);
  };
}

export function scalarCompare(operator: ComparisonOperator, left: ScalarCode, right: ScalarCode): ScalarCode {
  const holds = COMPARISONS[operator];
  return (frame) => {
    const a = left(frame);
    if (Number.isNaN(a)) return a;
    const b = right(frame);
    if (Number.isNaN(b)) return b;
    return holds(a, b) ? 1 : 0;
  };
}

export function scalarCall(name: NumericFunction, operands: readonly ScalarCode[]): ScalarCode {
  if (name === 'min' || name === 'max') return extreme(name === 'min' ? Math.min : Math.max, operands);
  const apply = FUNCTIONS[name];
  const [operand] = operands;
  return (frame) => {
    const value = operand(frame);
    if (Number.isNaN(value)) return value;
    const result = apply(value);
    if (Number.isNaN(result) || result === Number.NEGATIVE_INFINITY) return fail(frame, NOT_DEFINED);
    return finite(frame, result);
  };
}

function extreme(pick: (a: number, b: number) => number, operands: readonly ScalarCode[]): ScalarCode {
  return (frame) => {
    let result = operands[0](frame);
    for (let i = 1; i < operands.length && !Number.isNaN(result); i++) result = pick(result, operands[i](frame));
    return result;
  };
}

/** A condition without a value gives no value, whatever the branches are; the branch not taken does not count. */
export function scalarIf(condition: ScalarCode, whenTrue: ScalarCode, whenFalse: ScalarCode): ScalarCode {
  return (frame) => {
    const chosen = condition(frame);
    if (!Number.isNaN(chosen)) return chosen !== 0 ? whenTrue(frame) : whenFalse(frame);
    const { name, detail } = frame.failure ?? NOT_DEFINED;
    return fail(frame, { status: 'no_value', reason: 'null_condition', name, detail });
  };
}

export const COMPARISONS: Readonly<Record<ComparisonOperator, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

export const FUNCTIONS: Readonly<Record<Exclude<NumericFunction, 'min' | 'max'>, (value: number) => number>> = {
  abs: Math.abs,
  sqrt: Math.sqrt,
  log: Math.log,
  exp: Math.exp,
};
