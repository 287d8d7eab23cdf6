import type { Formula, FormulaNode } from './ast.ts';
import { checkFormula } from './check-formula.ts';
import type {
  Code,
  CompiledExpression,
  CompiledFormula,
  CompiledRatio,
  CompiledStep,
  FormulaInput,
} from './compiled.ts';
import { formatReference } from './format-formula.ts';
import { type FormulaError, type FormulaErrorCode, formulaError } from './formula-error.ts';
import { walk } from './formula-names.ts';
import { generateCode, type Place } from './generate-code.ts';
import { orderFormulas } from './order-formulas.ts';
import { parseFormula } from './parse-formula.ts';
import { ratioOf } from './ratio-of.ts';
import type { FormulaScope } from './scope.ts';
import { describeUnit, readUnit, sameUnit, type Unit } from './units.ts';

/** `name = formula`, from a request, the command line or the catalogue. */
export interface FormulaDefinition {
  readonly name: string;
  readonly formula: string | Formula;
  /** The unit that the result is said to have; checked where both it and the formula's are known. */
  readonly unit?: string | null;
}

export interface CompiledFormulas {
  /** Those without fault, each after those that it refers to. */
  readonly formulas: ReadonlyMap<string, CompiledFormula>;
  /** The faults of the others, by name. */
  readonly errors: ReadonlyMap<string, readonly FormulaError[]>;
}

/**
 * Compiles formulas that may refer to one another: reads them, finds cycles (with the path), checks each in the order of
 * its references and turns it into closures. A faulty formula spoils only those that refer to it. No text ever becomes
 * code or a property's name.
 */
export function compileFormulas(definitions: readonly FormulaDefinition[], scope: FormulaScope): CompiledFormulas {
  const compiler = new FormulaCompiler(scope);
  for (const definition of definitions) compiler.read(definition);
  compiler.order();
  return compiler.finish();
}

/** State of one compilation; all formulas of it share one layout of slots. */
class FormulaCompiler {
  readonly #scope: FormulaScope;
  readonly #definitions = new Map<string, { readonly formula: Formula; readonly unit: string | null }>();
  readonly #errors = new Map<string, FormulaError[]>();
  #ordered: readonly string[] = [];
  readonly #units = new Map<string, Unit | null>();
  readonly #inputs = new Map<string, FormulaInput>();
  readonly #steps = new Map<string, CompiledStep>();
  readonly #needs = new Map<string, { readonly inputs: ReadonlySet<string>; readonly formulas: ReadonlySet<string> }>();
  #slots = 0;

  constructor(scope: FormulaScope) {
    this.#scope = scope;
  }

  read({ name, formula, unit }: FormulaDefinition): void {
    if (this.#definitions.has(name) || this.#errors.has(name)) {
      this.#report(name, 'duplicate_name', `"${name}" is defined twice`, formula);
      return;
    }
    const parsed = typeof formula === 'string' ? parseFormula(formula) : ({ status: 'ok', formula } as const);
    if (parsed.status === 'error') this.#errors.set(name, [...parsed.errors]);
    else this.#definitions.set(name, { formula: parsed.formula, unit: unit ?? null });
  }

  /** Leaves out formulas that stand in a circle, or refer to a faulty one. */
  order(): void {
    const trees = new Map([...this.#definitions].map(([name, { formula }]) => [name, formula] as const));
    const { ordered, errors } = orderFormulas(trees);
    this.#ordered = ordered;
    for (const [name, error] of errors) this.#add(name, error);
  }

  finish(): CompiledFormulas {
    const sound: string[] = [];
    for (const name of this.#ordered) {
      if (this.#check(name)) {
        this.#generate(name);
        sound.push(name);
      }
    }
    const formulas = new Map(sound.map((name) => [name, this.#compiled(name)] as const));
    return { formulas, errors: this.#errors };
  }

  #check(name: string): boolean {
    const { formula, unit } = this.#definition(name);
    if (this.#errors.has(name)) return false;
    const broken = this.#brokenReference(formula);
    if (broken !== null) {
      this.#report(name, 'broken_reference', `"${broken}", which it refers to, has a fault of its own`, formula);
      return false;
    }
    const checked = checkFormula(formula, this.#scope, this.#units);
    if (checked.status === 'error') {
      for (const error of checked.errors) this.#add(name, error);
      return false;
    }
    const declared = readUnit(unit);
    if (declared !== null && checked.unit !== null && !sameUnit(declared, checked.unit)) {
      const message = `"${name}" is said to be in ${describeUnit(declared)}, but its formula gives ${describeUnit(checked.unit)}`;
      this.#report(name, 'unit_mismatch', message, formula);
      return false;
    }
    this.#units.set(name, declared ?? checked.unit);
    return true;
  }

  #brokenReference(formula: Formula): string | null {
    let broken: string | null = null;
    walk(formula.root, (node) => {
      if (node.kind === 'name' && this.#errors.has(node.name)) broken ??= node.name;
    });
    return broken;
  }

  #generate(name: string): void {
    const { formula } = this.#definition(name);
    const code = this.#code(formula.root);
    this.#needs.set(name, this.#neededBy(formula.root));
    this.#steps.set(name, { slot: this.#slots++, code });
  }

  #code(root: FormulaNode): Code {
    return generateCode(root, (node) => this.#place(node));
  }

  #place(node: FormulaNode): Place {
    if (node.kind === 'name') {
      const step = this.#steps.get(node.name);
      if (step !== undefined) return { of: 'formula', slot: step.slot, key: node.name };
    }
    const { slot, key } = this.#input(node);
    return { of: 'input', slot, key };
  }

  #input(node: FormulaNode): FormulaInput {
    const name = node.kind === 'seconds' ? node.of : node;
    if (name.kind !== 'name') throw new TypeError(`a ${node.kind} is no input`);
    const reference = formatReference(name);
    const key = node.kind === 'seconds' ? `seconds(${reference})` : reference;
    const known = this.#inputs.get(key);
    if (known !== undefined) return known;
    const found = this.#scope.lookup(name.name);
    if (found.status !== 'ok') throw new TypeError(`${name.name} was not checked`);
    const measure = node.kind === 'seconds' ? 'seconds' : 'value';
    const input = { key, counter: found.counter, selectors: name.selectors, measure, slot: this.#slots++ } as const;
    this.#inputs.set(key, input);
    return input;
  }

  /** Inputs and formulas that a tree needs, also through the formulas that it names. */
  #neededBy(root: FormulaNode) {
    const inputs = new Set<string>();
    const formulas = new Set<string>();
    const visit = (node: FormulaNode): void => {
      if (node.kind === 'seconds') inputs.add(this.#input(node).key);
      if (node.kind !== 'name') return;
      const through = this.#needs.get(node.name);
      if (through === undefined) inputs.add(this.#input(node).key);
      else {
        for (const key of through.inputs) inputs.add(key);
        for (const other of through.formulas) formulas.add(other);
        formulas.add(node.name);
      }
    };
    walkValues(root, visit);
    return { inputs, formulas };
  }

  #compiled(name: string): CompiledFormula {
    const { formula, unit } = this.#definition(name);
    const code = this.#steps.get(name)?.code ?? this.#code(formula.root);
    const derived = this.#units.get(name) ?? null;
    return {
      name,
      formula,
      unit: unit ?? derived?.text ?? null,
      ratio: this.#ratio(formula),
      ...this.#expression(formula.root, code),
    };
  }

  #expression(root: FormulaNode, code: Code): CompiledExpression {
    const needs = this.#neededBy(root);
    const inputs = [...needs.inputs].map((key) => this.#inputs.get(key)).filter((input) => input !== undefined);
    const steps = [...needs.formulas].map((name) => this.#steps.get(name)).filter((step) => step !== undefined);
    return { inputs, code, steps, slots: this.#slots };
  }

  #ratio(formula: Formula): CompiledRatio | null {
    const formulaOf = (name: string) => (this.#steps.has(name) ? this.#definition(name).formula.root : null);
    const ratio = ratioOf(formula.root, formulaOf);
    if (ratio === null) return null;
    const compile = (node: FormulaNode) => this.#expression(node, this.#code(node));
    const terms = ratio.terms.map(({ numerator, denominator }) => ({
      numerator: compile(numerator),
      denominator: compile(denominator),
    }));
    return { scale: ratio.scale, terms };
  }

  #definition(name: string) {
    const definition = this.#definitions.get(name);
    if (definition === undefined) throw new TypeError(`${name} was not read`);
    return definition;
  }

  #report(name: string, code: FormulaErrorCode, message: string, formula: string | Formula): void {
    const text = typeof formula === 'string' ? formula : formula.text;
    this.#add(name, formulaError(code, message, text, { start: 0, end: text.length }));
  }

  #add(name: string, error: FormulaError): void {
    const all = this.#errors.get(name);
    if (all === undefined) this.#errors.set(name, [error]);
    else all.push(error);
  }
}

/** Visits names that stand for a value, and `seconds(name)` as one. */
function walkValues(node: FormulaNode, visit: (node: FormulaNode) => void): void {
  const timed = new Set<FormulaNode>();
  walk(node, (each) => {
    if (each.kind === 'seconds') timed.add(each.of);
    if (!timed.has(each)) visit(each);
  });
}
