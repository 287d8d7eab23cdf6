import type { ComparisonOperator, NumericFunction } from './ast.ts';
import type { ColumnCode } from './compiled.ts';
import { COMPARISONS, FUNCTIONS } from './scalar-code.ts';

/**
 * Rows worked on at a time: a block of every intermediate result (8 KiB) stays in the first-level cache.
 * All code here gives NaN for "no value", wherever the scalar code fails, and the same bits where it does not.
 */
export const BLOCK_ROWS = 1024;

/** NaN for NaN and the infinities. */
function finite(value: number): number {
  return value - value === 0 ? value : Number.NaN;
}

export function columnConstant(value: number): ColumnCode {
  return (frame, out) => {
    out.fill(value, 0, frame.count);
  };
}

/** Reads an input's column. */
export function columnInput(slot: number): ColumnCode {
  return (frame, out) => {
    const column = frame.columns[slot];
    const { from, count } = frame;
    if (column === null) out.fill(Number.NaN, 0, count);
    else for (let i = 0; i < count; i++) out[i] = finite(column[from + i]);
  };
}

/** Reads another formula, already evaluated for the block. */
export function columnStep(slot: number): ColumnCode {
  return (frame, out) => {
    const block = frame.blocks[slot];
    if (block === null) out.fill(Number.NaN, 0, frame.count);
    else for (let i = 0; i < frame.count; i++) out[i] = block[i];
  };
}

export function columnNegate(operand: ColumnCode): ColumnCode {
  return (frame, out) => {
    operand(frame, out);
    for (let i = 0; i < frame.count; i++) out[i] = -out[i];
  };
}

export function columnSum(
  first: ColumnCode,
  rest: readonly { readonly operator: '+' | '-'; readonly code: ColumnCode }[],
): ColumnCode {
  return (frame, out) => {
    first(frame, out);
    const next = frame.scratch.take();
    const { count } = frame;
    for (const { operator, code } of rest) {
      code(frame, next);
      if (operator === '+') for (let i = 0; i < count; i++) out[i] = finite(out[i] + next[i]);
      else for (let i = 0; i < count; i++) out[i] = finite(out[i] - next[i]);
    }
    frame.scratch.release();
  };
}

export function columnProduct(
  first: ColumnCode,
  rest: readonly { readonly operator: '*' | '/'; readonly code: ColumnCode }[],
): ColumnCode {
  return (frame, out) => {
    first(frame, out);
    const next = frame.scratch.take();
    const { count } = frame;
    for (const { operator, code } of rest) {
      code(frame, next);
      if (operator === '*') for (let i = 0; i < count; i++) out[i] = finite(out[i] * next[i]);
      else for (let i = 0; i < count; i++) out[i] = finite(out[i] / next[i]);
    }
    frame.scratch.release();
  };
}

/** `NaN ** 0` is 1 in JavaScript; a missing base has no power. */
export function columnPower(base: ColumnCode, exponent: ColumnCode): ColumnCode {
  return (frame, out) => {
    base(frame, out);
    const next = frame.scratch.take();
    exponent(frame, next);
    for (let i = 0; i < frame.count; i++) out[i] = Number.isNaN(out[i]) ? Number.NaN : finite(out[i] ** next[i]);
    frame.scratch.release();
  };
}

export function columnCompare(operator: ComparisonOperator, left: ColumnCode, right: ColumnCode): ColumnCode {
  const holds = COMPARISONS[operator];
  return (frame, out) => {
    left(frame, out);
    const next = frame.scratch.take();
    right(frame, next);
    for (let i = 0; i < frame.count; i++) {
      if (Number.isNaN(out[i]) || Number.isNaN(next[i])) out[i] = Number.NaN;
      else out[i] = holds(out[i], next[i]) ? 1 : 0;
    }
    frame.scratch.release();
  };
}

export function columnCall(name: NumericFunction, operands: readonly ColumnCode[]): ColumnCode {
  if (name === 'min' || name === 'max') return extreme(name === 'min' ? Math.min : Math.max, operands);
  const apply = FUNCTIONS[name];
  const [operand] = operands;
  return (frame, out) => {
    operand(frame, out);
    for (let i = 0; i < frame.count; i++) out[i] = finite(apply(out[i]));
  };
}

function extreme(pick: (a: number, b: number) => number, operands: readonly ColumnCode[]): ColumnCode {
  const [first, ...rest] = operands;
  return (frame, out) => {
    first(frame, out);
    const next = frame.scratch.take();
    for (const code of rest) {
      code(frame, next);
      for (let i = 0; i < frame.count; i++) out[i] = pick(out[i], next[i]);
    }
    frame.scratch.release();
  };
}

export function columnIf(condition: ColumnCode, whenTrue: ColumnCode, whenFalse: ColumnCode): ColumnCode {
  return (frame, out) => {
    condition(frame, out);
    const yes = frame.scratch.take();
    const no = frame.scratch.take();
    whenTrue(frame, yes);
    whenFalse(frame, no);
    for (let i = 0; i < frame.count; i++) {
      if (!Number.isNaN(out[i])) out[i] = out[i] !== 0 ? yes[i] : no[i];
    }
    frame.scratch.release();
    frame.scratch.release();
  };
}
