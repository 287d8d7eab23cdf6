/** Half-open UTC interval `[fromMs, toMs)` in ms since the epoch. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

export type TimeProblemCode =
  | 'unknown_time_zone'
  | 'unreadable_time'
  | 'impossible_time'
  | 'nonexistent_local_time'
  | 'ambiguous_local_time'
  | 'time_out_of_range'
  | 'unreadable_duration'
  | 'unreadable_period'
  | 'begin_not_before_end';

/** What is wrong with a written time, where, and how to write it. */
export interface TimeProblem {
  readonly code: TimeProblemCode;
  /** The part of the input that is wrong. */
  readonly part: 'time_zone' | 'begin' | 'end' | 'period';
  /** One sentence without a full stop that quotes the part. */
  readonly message: string;
  /** How to write it. */
  readonly hint: string;
}

export type TimeResult<Value> =
  | { readonly status: 'ok'; readonly value: Value }
  | { readonly status: 'invalid'; readonly problem: TimeProblem };

export function ok<Value>(value: Value): TimeResult<Value> {
  return { status: 'ok', value };
}

export function invalid(
  code: TimeProblemCode,
  part: TimeProblem['part'],
  message: string,
  hint: string,
): { readonly status: 'invalid'; readonly problem: TimeProblem } {
  return { status: 'invalid', problem: { code, part, message, hint } };
}

/** Input as it may be quoted in a message: bounded, without control characters. */
export function quoted(text: string): string {
  const plain = text.replaceAll(/\p{Cc}/gu, ' ');
  return `"${plain.length > 60 ? `${plain.slice(0, 60)}…` : plain}"`;
}
