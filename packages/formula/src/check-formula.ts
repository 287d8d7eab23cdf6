import type { Formula, FormulaNode, NameNode, SecondsNode } from './ast.ts';
import { type FormulaError, type FormulaErrorCode, formulaError, type Span } from './formula-error.ts';
import { type KnownFormulas, NO_FORMULAS } from './known-formulas.ts';
import { MAX_ERRORS, MAX_SUGGESTED_FAULTS } from './limits.ts';
import type { CounterDescription, FormulaScope } from './scope.ts';
import {
  describeUnit,
  multiplyUnits,
  PLAIN_NUMBER,
  raiseUnit,
  readUnit,
  sameUnit,
  scaledUnit,
  type Unit,
} from './units.ts';

export type CheckedFormula =
  | { readonly status: 'ok'; readonly unit: Unit | null }
  | { readonly status: 'error'; readonly errors: readonly FormulaError[] };

/** What is known of a value: a literal number takes any unit that is added to it. */
type Quantity = { readonly unit: Unit | null; readonly literal: number | null };

const UNKNOWN: Quantity = { unit: null, literal: null };
/** A number that the formula computes from numbers alone; NaN: nobody needs to know which. */
const SOME_NUMBER: Quantity = { unit: PLAIN_NUMBER, literal: Number.NaN };

/**
 * Checks a formula against the counters in scope and, if given, the units of other formulas by name (a formula goes
 * before a counter of the same name). Reports all faults, up to `MAX_ERRORS`: unknown and ambiguous names with what may
 * be meant, unknown dimensions, `{…=*}` over a counter whose sub-counters do not add up, and units that do not fit.
 *
 * Units: `+ -`, comparisons, `min`, `max` and the branches of `if` need the same unit (kbit and s do not fit, nor do s
 * and ms). Numbers written in the formula fit every unit; a unit that is not known fits every other. The result's unit is
 * null where it is not known; its `factor` is null after a multiplication by a number.
 */
export function checkFormula(
  formula: Formula,
  scope: FormulaScope,
  formulas: KnownFormulas = NO_FORMULAS,
): CheckedFormula {
  const checker = new FormulaChecker(formula, scope, formulas);
  const { unit } = checker.quantityOf(formula.root);
  return checker.errors.length === 0 ? { status: 'ok', unit } : { status: 'error', errors: checker.errors };
}

/** Gathers the faults of one formula. */
class FormulaChecker {
  readonly errors: FormulaError[] = [];
  readonly #text: string;
  readonly #scope: FormulaScope;
  readonly #formulas: KnownFormulas;
  #suggested = 0;

  constructor(formula: Formula, scope: FormulaScope, formulas: KnownFormulas) {
    this.#text = formula.text;
    this.#scope = scope;
    this.#formulas = formulas;
  }

  quantityOf(node: FormulaNode): Quantity {
    switch (node.kind) {
      case 'number':
        return { unit: PLAIN_NUMBER, literal: node.value };
      case 'name':
        return this.#name(node);
      case 'seconds':
        return this.#seconds(node);
      case 'negate': {
        const { unit, literal } = this.quantityOf(node.operand);
        return { unit, literal: literal === null ? null : -literal };
      }
      case 'power': {
        const base = this.quantityOf(node.base);
        const exponent = this.quantityOf(node.exponent);
        if (base.literal !== null && exponent.literal !== null) return SOME_NUMBER;
        return { unit: raiseUnit(base.unit, knownNumber(exponent.literal)), literal: null };
      }
      case 'sum':
        return this.#alike([node.first, ...node.rest.map((step) => step.operand)], 'added');
      case 'product':
        return this.#product(node);
      case 'compare':
        this.#alike([node.left, node.right], 'compared');
        return { unit: PLAIN_NUMBER, literal: null };
      case 'call':
        return this.#call(node);
      case 'if':
        this.quantityOf(node.condition);
        return this.#alike([node.whenTrue, node.whenFalse], 'chosen between');
    }
  }

  #product(node: FormulaNode & { readonly kind: 'product' }): Quantity {
    let result = this.quantityOf(node.first);
    for (const { operator, operand } of node.rest) {
      const next = this.quantityOf(operand);
      const unit = multiplyUnits(result.unit, next.unit, operator === '*' ? 1 : -1);
      const literals = (result.literal === null ? 0 : 1) + (next.literal === null ? 0 : 1);
      if (literals === 2) result = SOME_NUMBER;
      else result = { unit: literals === 1 ? scaledUnit(unit) : unit, literal: null };
    }
    return result;
  }

  #call(node: FormulaNode & { readonly kind: 'call' }): Quantity {
    if (node.function === 'min' || node.function === 'max') return this.#alike(node.operands, 'compared');
    const { unit } = this.quantityOf(node.operands[0]);
    if (node.function === 'abs') return { unit, literal: null };
    return node.function === 'sqrt' ? { unit: raiseUnit(unit, 0.5), literal: null } : UNKNOWN;
  }

  /** Quantities that must be of one unit; literals take the unit of the others. */
  #alike(nodes: readonly FormulaNode[], what: string): Quantity {
    let shared: { readonly unit: Unit; readonly span: Span } | null = null;
    let allLiteral = true;
    let allKnown = true;
    for (const node of nodes) {
      const { unit, literal } = this.quantityOf(node);
      if (literal !== null) continue;
      allLiteral = false;
      if (unit === null) allKnown = false;
      else if (shared === null) shared = { unit, span: node.span };
      else if (!sameUnit(shared.unit, unit)) {
        const message = `${describeUnit(shared.unit)} and ${describeUnit(unit)} cannot be ${what}: bring them to one unit first`;
        this.#report('unit_mismatch', message, node.span);
      } else if (unit.factor === null) shared = { unit, span: shared.span };
    }
    if (allLiteral) return SOME_NUMBER;
    return { unit: allKnown ? (shared?.unit ?? null) : null, literal: null };
  }

  #name(node: NameNode): Quantity {
    if (this.#formulas.has(node.name)) {
      if (node.selectors.length > 0) {
        const message = `${node.name} is a formula: dimensions are selected on the counters inside it`;
        this.#report('not_a_counter', message, node.span);
      }
      return { unit: this.#formulas.get(node.name) ?? null, literal: null };
    }
    const counter = this.#counter(node);
    return counter === null ? UNKNOWN : { unit: readUnit(counter.unit), literal: null };
  }

  #seconds(node: SecondsNode): Quantity {
    if (this.#formulas.has(node.of.name)) {
      const message = `seconds() needs a counter; ${node.of.name} is a formula`;
      this.#report('not_a_counter', message, node.of.span);
    } else this.#counter(node.of);
    return { unit: readUnit('s'), literal: null };
  }

  #counter(node: NameNode): CounterDescription | null {
    const found = this.#scope.lookup(node.name);
    if (found.status === 'ok') {
      this.#selectors(node, found.counter);
      return found.counter;
    }
    if (found.status === 'unknown') this.#unknown(node);
    else {
      const named = found.families.map((family) => `'${family}/${node.name}'`);
      const message = `"${node.name}" is in several families: write ${named.join(' or ')}`;
      this.#report('ambiguous_name', message, node.span, named, found.families);
    }
    return null;
  }

  #unknown(node: NameNode): void {
    const after = /^\s*\/\s*([^\s+*/^<>=!(),{}]+)/.exec(this.#text.slice(node.span.end, node.span.end + 300))?.[1];
    if (after !== undefined && this.#scope.has(node.name, after)) {
      const message = `"${node.name}" is a family, not a counter: write '${node.name}/${after}' in quotes`;
      this.#report('unknown_name', message, node.span, [`'${node.name}/${after}'`]);
      return;
    }
    const suggestions =
      this.#suggested++ < MAX_SUGGESTED_FAULTS ? this.#scope.suggest(node.name, this.#formulas.keys()) : [];
    const hint = suggestions.length > 0 ? `; did you mean ${suggestions.join(' or ')}?` : '';
    this.#report('unknown_name', `no counter or formula is called "${node.name}"${hint}`, node.span, suggestions);
  }

  #selectors(node: NameNode, counter: CounterDescription): void {
    for (const { dimension, value } of node.selectors) {
      const known = counter.dimensions ?? null;
      if (known !== null && !known.includes(dimension)) {
        const has = known.length === 0 ? 'has no dimensions' : `has the dimensions ${known.join(', ')}`;
        const message = `${counter.name} has no dimension "${dimension}"; it ${has}`;
        this.#report('unknown_dimension', message, node.span, known);
      } else if (value === null && counter.kind === 'derived') {
        const message = `${counter.name} is derived: its values by ${dimension} do not add up; without {${dimension}=*} they are weighted`;
        this.#report('not_summable', message, node.span, [counter.name]);
      }
    }
  }

  #report(
    code: FormulaErrorCode,
    message: string,
    span: Span,
    suggestions: readonly string[] = [],
    names: readonly string[] = [],
  ): void {
    if (this.errors.length >= MAX_ERRORS) return;
    this.errors.push(formulaError(code, message, this.#text, span, { suggestions, names }));
  }
}

function knownNumber(literal: number | null): number | null {
  return literal === null || Number.isNaN(literal) ? null : literal;
}
