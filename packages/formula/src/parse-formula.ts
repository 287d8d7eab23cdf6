import {
  type CallNode,
  type ComparisonOperator,
  type Formula,
  type FormulaNode,
  type IfNode,
  type NameNode,
  NUMERIC_FUNCTIONS,
  type NumericFunction,
  type ProductNode,
  type SecondsNode,
  type SumNode,
} from './ast.ts';
import { type FormulaError, FormulaFault, formulaError, type Span } from './formula-error.ts';
import { MAX_FORMULA_CHARACTERS, MAX_FORMULA_DEPTH } from './limits.ts';
import { comparable, nearestNames } from './nearest-names.ts';
import { type Token, tokenize } from './tokenize.ts';

export type ParsedFormula =
  | { readonly status: 'ok'; readonly formula: Formula }
  | { readonly status: 'error'; readonly errors: readonly FormulaError[] };

const COMPARISONS: ReadonlyMap<string, ComparisonOperator> = new Map(
  (['<', '<=', '>', '>=', '==', '!='] as const).map((operator) => [operator, operator]),
);
const FUNCTIONS: ReadonlyMap<string, NumericFunction> = new Map(NUMERIC_FUNCTIONS.map((name) => [name, name]));
const FUNCTION_NAMES = [...NUMERIC_FUNCTIONS, 'if', 'seconds'];

/**
 * Reads a formula of the derived-KPI language. Binding, tightest first: unary minus, `^` (from the right), `* /`, `+ -`,
 * comparison (not chained). So `-2^2` is 4 and `2^3^2` is 512.
 *
 * Never throws: a text that is no formula gives its first fault with the place. Time is linear in the length, and both
 * length (`MAX_FORMULA_CHARACTERS`) and nesting (`MAX_FORMULA_DEPTH`) are bounded.
 */
export function parseFormula(text: string): ParsedFormula {
  try {
    if (text.length > MAX_FORMULA_CHARACTERS) throw tooLong(text);
    return { status: 'ok', formula: { text, root: new FormulaParser(tokenize(text)).parse() } };
  } catch (fault) {
    if (!(fault instanceof FormulaFault)) throw fault;
    const { code, message, span, suggestions } = fault;
    return { status: 'error', errors: [formulaError(code, message, text, span, { suggestions })] };
  }
}

function tooLong(text: string): FormulaFault {
  const message = `the formula has ${text.length} characters, at most ${MAX_FORMULA_CHARACTERS} are read: name parts of it as formulas of their own`;
  return new FormulaFault('too_long', message, { start: MAX_FORMULA_CHARACTERS, end: text.length });
}

/** Reads one list of tokens, once. */
class FormulaParser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): FormulaNode {
    if (this.#peek().kind === 'end') {
      throw new FormulaFault('empty', 'the formula is empty', this.#peek().span);
    }
    const root = this.#comparison();
    if (this.#peek().kind !== 'end') throw this.#unexpected('an operator or the end of the formula');
    return root;
  }

  #comparison(): FormulaNode {
    const left = this.#sum();
    const operator = this.#takeComparison();
    if (operator === null) return left;
    const right = this.#sum();
    const chained = this.#peek();
    if (chained.kind === 'symbol' && COMPARISONS.has(chained.symbol)) {
      const message = 'comparisons cannot be chained: write if(a < b, b < c, 0) for a < b < c';
      throw new FormulaFault('chained_comparison', message, chained.span);
    }
    return { kind: 'compare', operator, left, right, span: across(left, right) };
  }

  #sum(): FormulaNode {
    const first = this.#product();
    const rest: SumNode['rest'][number][] = [];
    for (;;) {
      const operator = this.#takeSymbol('+') ? '+' : this.#takeSymbol('-') ? '-' : null;
      if (operator === null) break;
      rest.push({ operator, operand: this.#product() });
    }
    if (rest.length === 0) return first;
    return { kind: 'sum', first, rest, span: across(first, rest[rest.length - 1].operand) };
  }

  #product(): FormulaNode {
    const first = this.#power();
    const rest: ProductNode['rest'][number][] = [];
    for (;;) {
      const operator = this.#takeSymbol('*') ? '*' : this.#takeSymbol('/') ? '/' : null;
      if (operator === null) break;
      rest.push({ operator, operand: this.#power() });
    }
    if (rest.length === 0) return first;
    return { kind: 'product', first, rest, span: across(first, rest[rest.length - 1].operand) };
  }

  #power(): FormulaNode {
    const base = this.#unary();
    if (!this.#takeSymbol('^')) return base;
    const exponent = this.#nested(() => this.#power());
    return { kind: 'power', base, exponent, span: across(base, exponent) };
  }

  #unary(): FormulaNode {
    const start = this.#peek().span.start;
    if (!this.#takeSymbol('-')) return this.#primary();
    const operand = this.#nested(() => this.#unary());
    return { kind: 'negate', operand, span: { start, end: operand.span.end } };
  }

  #primary(): FormulaNode {
    const token = this.#peek();
    if (token.kind === 'number') {
      this.#next++;
      return { kind: 'number', value: token.value, span: token.span };
    }
    if (token.kind === 'name') {
      this.#next++;
      if (this.#isSymbol('(')) return this.#call(token);
      return this.#reference(token);
    }
    if (!this.#takeSymbol('(')) throw this.#unexpected('a number, a name or "("');
    const inner = this.#nested(() => this.#comparison());
    this.#expect(')', token.span);
    return inner;
  }

  #reference(token: Token & { readonly kind: 'name' }): NameNode {
    const next = this.#peek();
    if (next.kind !== 'selectors') return { kind: 'name', name: token.name, selectors: [], span: token.span };
    this.#next++;
    const span = { start: token.span.start, end: next.span.end };
    return { kind: 'name', name: token.name, selectors: next.selectors, span };
  }

  #call(token: Token & { readonly kind: 'name' }): FormulaNode {
    if (token.quoted) throw this.#unexpected('an operator');
    if (token.name === 'seconds') return this.#seconds(token.span);
    const named = FUNCTIONS.get(token.name);
    if (named === undefined && token.name !== 'if') throw unknownFunction(token);
    const { operands, end } = this.#operands();
    const span = { start: token.span.start, end };
    return named === undefined ? conditional(operands, span) : numericCall(named, operands, span);
  }

  #operands(): { readonly operands: readonly FormulaNode[]; readonly end: number } {
    const open = this.#peek().span;
    this.#next++;
    const operands: FormulaNode[] = [];
    if (!this.#isSymbol(')')) {
      do operands.push(this.#nested(() => this.#comparison()));
      while (this.#takeSymbol(','));
    }
    const end = this.#expect(')', open);
    return { operands, end };
  }

  #seconds(span: Span): SecondsNode {
    const open = this.#peek().span;
    this.#next++;
    const token = this.#peek();
    if (token.kind !== 'name')
      throw this.#unexpected('the name of a counter, like seconds(RRU.CellUnavailableTime.sum)');
    this.#next++;
    const of = this.#reference(token);
    return { kind: 'seconds', of, span: { start: span.start, end: this.#expect(')', open) } };
  }

  /** Keeps the call stack, here and in all who walk the tree, within bounds. */
  #nested(read: () => FormulaNode): FormulaNode {
    if (++this.#depth > MAX_FORMULA_DEPTH) {
      const message = `the formula is nested more than ${MAX_FORMULA_DEPTH} levels deep: name parts of it as formulas of their own`;
      throw new FormulaFault('too_deep', message, this.#peek().span);
    }
    const node = read();
    this.#depth--;
    return node;
  }

  #peek(): Token {
    return this.#tokens[this.#next];
  }

  #isSymbol(symbol: string): boolean {
    const token = this.#peek();
    return token.kind === 'symbol' && token.symbol === symbol;
  }

  #takeSymbol(symbol: string): boolean {
    if (!this.#isSymbol(symbol)) return false;
    this.#next++;
    return true;
  }

  #takeComparison(): ComparisonOperator | null {
    const token = this.#peek();
    const operator = token.kind === 'symbol' ? COMPARISONS.get(token.symbol) : undefined;
    if (operator === undefined) return null;
    this.#next++;
    return operator;
  }

  /** Takes a closing symbol and gives where it ends. */
  #expect(symbol: string, open: Span): number {
    const token = this.#peek();
    if (this.#takeSymbol(symbol)) return token.span.end;
    if (token.kind === 'end') {
      throw new FormulaFault('unexpected_token', `the "(" is never closed by a "${symbol}"`, open);
    }
    throw this.#unexpected(`an operator or "${symbol}"`);
  }

  #unexpected(wanted: string): FormulaFault {
    const token = this.#peek();
    return new FormulaFault('unexpected_token', `${wanted} is expected here, not ${described(token)}`, token.span);
  }
}

function conditional(operands: readonly FormulaNode[], span: Span): IfNode {
  if (operands.length !== 3)
    throw argumentCount('if', 'three values: if(condition, then, else)', operands.length, span);
  const [condition, whenTrue, whenFalse] = operands;
  return { kind: 'if', condition, whenTrue, whenFalse, span };
}

function numericCall(name: NumericFunction, operands: readonly FormulaNode[], span: Span): CallNode {
  if (name === 'min' || name === 'max') {
    if (operands.length === 0) throw argumentCount(name, 'one value or more', 0, span);
  } else if (operands.length !== 1) throw argumentCount(name, 'one value', operands.length, span);
  return { kind: 'call', function: name, operands, span };
}

function argumentCount(name: string, wanted: string, found: number, span: Span): FormulaFault {
  return new FormulaFault('argument_count', `${name} takes ${wanted}; ${found} given`, span);
}

function unknownFunction(token: Token & { readonly kind: 'name' }): FormulaFault {
  const message = `there is no function "${token.name}" (there are ${FUNCTION_NAMES.join(', ')}); a name with parentheses in it needs quotes: '${token.name}(…)'`;
  return new FormulaFault(
    'unknown_function',
    message,
    token.span,
    nearestNames(token.name, FUNCTION_NAMES.map(comparable)),
  );
}

function described(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'the end of the formula';
    case 'number':
      return `the number ${token.value}`;
    case 'name':
      return `the name "${token.name}"`;
    case 'selectors':
      return 'a dimension selector (it belongs right behind the name of a counter)';
    case 'symbol':
      return `"${token.symbol}"`;
  }
}

function across(first: FormulaNode, last: FormulaNode): Span {
  return { start: first.span.start, end: last.span.end };
}
