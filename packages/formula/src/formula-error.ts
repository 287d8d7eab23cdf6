/** What is wrong with a formula; the codes are part of the API. */
export type FormulaErrorCode =
  | 'empty'
  | 'too_long'
  | 'too_deep'
  | 'unexpected_character'
  | 'unexpected_token'
  | 'unclosed_quote'
  | 'bad_number'
  | 'bad_selector'
  | 'chained_comparison'
  | 'unknown_function'
  | 'argument_count'
  | 'unknown_name'
  | 'ambiguous_name'
  | 'unknown_dimension'
  | 'not_summable'
  | 'not_a_counter'
  | 'unit_mismatch'
  | 'cycle'
  | 'duplicate_name'
  | 'broken_reference';

/** A fault of a formula: what, where and how to mend it. */
export interface FormulaError {
  readonly code: FormulaErrorCode;
  readonly message: string;
  /** First character of the fault, in UTF-16 units from 0. */
  readonly offset: number;
  /** Characters that it covers; 0 at the end of the text. */
  readonly length: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** What may have been meant, best first. */
  readonly suggestions: readonly string[];
  /** For `cycle`: the formulas in a circle, the first again at the end. For `ambiguous_name`: the families. */
  readonly names: readonly string[];
}

/** A place in the text of a formula: `[start, end)` in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface Detail {
  readonly suggestions?: readonly string[];
  readonly names?: readonly string[];
}

/** Names may be as long as formulas. */
const MAX_MESSAGE_CHARACTERS = 1000;

/** Describes a fault at a place of a text, with its line and column. */
export function formulaError(
  code: FormulaErrorCode,
  message: string,
  text: string,
  span: Span,
  detail: Detail = {},
): FormulaError {
  const before = text.slice(0, span.start);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let at = before.indexOf('\n'); at !== -1; at = before.indexOf('\n', at + 1)) line++;
  return {
    code,
    message: message.length <= MAX_MESSAGE_CHARACTERS ? message : `${message.slice(0, MAX_MESSAGE_CHARACTERS)} …`,
    offset: span.start,
    length: span.end - span.start,
    line,
    column: span.start - lineStart + 1,
    suggestions: detail.suggestions ?? [],
    names: detail.names ?? [],
  };
}

/** Leaves the parser on the first fault; `parseFormula` turns it into a result and nobody else sees it. */
export class FormulaFault extends Error {
  readonly code: FormulaErrorCode;
  readonly span: Span;
  readonly suggestions: readonly string[];

  constructor(code: FormulaErrorCode, message: string, span: Span, suggestions: readonly string[] = []) {
    super(message);
    this.code = code;
    this.span = span;
    this.suggestions = suggestions;
  }
}
