import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FormulaNode } from './ast.ts';
import { compileFormulas } from './compile-formulas.ts';
import type { CompiledFormula } from './compiled.ts';
import { evaluate, evaluateColumns, evaluateRatio } from './evaluate.ts';
import { formatFormula } from './format-formula.ts';
import { createScope } from './scope.ts';
import { formulaTree } from './testing/arbitraries.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const;
const scope = createScope(NAMES.map((name) => ({ name })));

function compiled(text: string): CompiledFormula {
  const { formulas, errors } = compileFormulas([{ name: 'K', formula: text }], scope);
  const formula = formulas.get('K');
  if (formula === undefined) throw new Error(errors.get('K')?.[0]?.message);
  return formula;
}

const value = (text: string, inputs: Record<string, number | { missing: string }> = {}) =>
  evaluate(compiled(text), new Map(Object.entries(inputs)));
const ok = (number: number) => ({ status: 'ok', value: number });
const none = (reason: string, name: string | null = null, detail: string | null = null) => ({
  status: 'no_value',
  reason,
  name,
  detail,
});

describe('evaluate', () => {
  it.each([
    ['-2^2', 4],
    ['-(2^2)', -4],
    ['2^3^2', 512],
    ['2^-1', 0.5],
    ['1-2-3', -4],
    ['24/4/2', 3],
    ['2+3*4', 14],
    ['(2+3)*4', 20],
    ['1 < 2', 1],
    ['1 >= 2', 0],
    ['2 == 2', 1],
    ['2 != 2', 0],
    ['1 + 1 < 3', 1],
    ['if(2 > 1, 10, 20)', 10],
    ['if(0, 10, 20)', 20],
    ['min(3, 1, 2)', 1],
    ['max(3)', 3],
    ['abs(-3) + sqrt(9)', 6],
    ['log(exp(2))', 2],
    ['1e3 + .5', 1000.5],
  ])('%s is %d', (text, expected) => {
    expect(value(text)).toEqual(ok(expected));
  });

  it('never gives 0 or 100 for what is not there', () => {
    expect(value('100*a/b', { a: 0, b: 0 })).toEqual(none('zero_over_zero'));
    expect(value('100*a/b', { a: 3, b: 0 })).toEqual(none('zero_division'));
    expect(value('100*a/b', { b: 5 })).toEqual(none('missing_input', 'a'));
    expect(value('100*a/b', { a: Number.NaN, b: 5 })).toEqual(none('missing_input', 'a'));
    expect(value('a*0', { a: Number.POSITIVE_INFINITY })).toEqual(none('missing_input', 'a'));
    expect(value('100*a/b', { a: { missing: 'no samples' }, b: 5 })).toEqual(none('missing_input', 'a', 'no samples'));
    expect(value('100*a/b', { a: 0, b: 5 })).toEqual(ok(0));
  });

  it('gives none for what is not defined or does not fit', () => {
    expect(value('sqrt(a)', { a: -1 })).toEqual(none('not_defined'));
    expect(value('log(a)', { a: 0 })).toEqual(none('not_defined'));
    expect(value('a^b', { a: -8, b: 0.5 })).toEqual(none('not_defined'));
    expect(value('a^b', { a: 0, b: -1 })).toEqual(none('zero_division'));
    expect(value('5/(a*a)', { a: 1e300 })).toEqual(none('not_finite'));
    expect(value('a^0', {})).toEqual(none('missing_input', 'a'));
    expect(value('0*a', {})).toEqual(none('missing_input', 'a'));
    expect(value('max(1, a)', {})).toEqual(none('missing_input', 'a'));
  });

  it('gives none for a condition without a value, and ignores the branch not taken', () => {
    expect(value('if(a > 1, 2, 3)', {})).toEqual(none('null_condition', 'a'));
    expect(value('if(a/b, 2, 3)', { a: 0, b: 0 })).toEqual(none('null_condition'));
    expect(value('if(a > 1, 2, b/0)', { a: 2 })).toEqual(ok(2));
  });

  it('gives no minus zero', () => {
    expect(Object.is(evaluateColumns(compiled('-a'), [new Float64Array([0])], 1)[0], 0)).toBe(true);
    const negated = value('-a', { a: 0 });
    expect(negated.status === 'ok' && Object.is(negated.value, 0)).toBe(true);
  });

  it('carries the reason through a formula that it refers to', () => {
    const { formulas } = compileFormulas(
      [
        { name: 'r', formula: 'a/b' },
        { name: 'K', formula: 'c + r' },
        { name: 'L', formula: 'if(c > 0, c, r)' },
      ],
      scope,
    );
    const inputs = new Map([
      ['a', 0],
      ['b', 0],
      ['c', 1],
    ]);
    expect(evaluate(formulas.get('K')!, inputs)).toEqual(none('zero_over_zero'));
    expect(evaluate(formulas.get('L')!, inputs)).toEqual(ok(1));
    expect(
      evaluate(
        formulas.get('K')!,
        new Map([
          ['b', 1],
          ['c', 1],
        ]),
      ),
    ).toEqual(none('missing_input', 'a'));
  });
});

describe('evaluateRatio', () => {
  const ratio = (inputs: Record<string, number>) =>
    evaluateRatio(compiled('100*(a/b)*(c/d)'), new Map(Object.entries(inputs)), true);

  it('gives the counts beside the value', () => {
    expect(ratio({ a: 9, b: 10, c: 4, d: 5 })).toEqual({
      value: ok(72),
      scale: 100,
      terms: [
        { numerator: ok(9), denominator: ok(10) },
        { numerator: ok(4), denominator: ok(5) },
      ],
      flags: [],
    });
  });

  it('flags more successes than attempts in any factor, and negative counts', () => {
    expect(ratio({ a: 9, b: 10, c: 6, d: 5 })?.flags).toEqual(['numerator_above_denominator']);
    expect(ratio({ a: -1, b: 10, c: 5, d: 5 })?.flags).toEqual(['negative_count']);
    const netted = compiled('100*(a-b)/c');
    const counts = (a: number, b: number) => new Map(Object.entries({ a, b, c: 10 }));
    expect(evaluateRatio(netted, counts(1, 5), true)?.flags).toEqual(['negative_count']);
    expect(evaluateRatio(netted, counts(1, -5), true)?.flags).toEqual(['negative_count']);
    expect(ratio({ a: 1, b: 0, c: 5, d: 5 })).toMatchObject({
      value: none('zero_division'),
      flags: ['numerator_above_denominator'],
    });
    expect(
      evaluateRatio(
        compiled('a/b'),
        new Map([
          ['a', 9],
          ['b', 3],
        ]),
        false,
      )?.flags,
    ).toEqual([]);
    expect(evaluateRatio(compiled('a+b'), new Map(), true)).toBeNull();
  });
});

/** A tree whose names are counters in scope, without dimensions. */
const tree = formulaTree.map((node) => renamed(node));

function renamed(node: FormulaNode): FormulaNode {
  return JSON.parse(JSON.stringify(node), (_, each) => {
    if (each?.kind === 'seconds') return each.of;
    if (each?.kind === 'name') return { ...each, name: NAMES[each.name.length % NAMES.length], selectors: [] };
    return each;
  });
}

const REASONS = ['missing_input', 'zero_division', 'zero_over_zero', 'null_condition', 'not_finite', 'not_defined'];

/** The tree with names that come before the one at `place`, or that are no formula's. */
function later(node: FormulaNode, place: number): FormulaNode {
  return JSON.parse(JSON.stringify(node), (_, each) => {
    if (each?.kind !== 'name') return each;
    const at = NAMES.indexOf(each.name);
    return { ...each, name: at < place || at === NAMES.length - 1 ? each.name : 'e' };
  });
}

type Expected = number | null;

/** What a formula means, written down a second time and as plainly as can be. */
function plainly(node: FormulaNode, inputs: ReadonlyMap<string, Expected>): Expected {
  const of = (child: FormulaNode) => plainly(child, inputs);
  const known = (numbers: readonly Expected[], result: (...all: number[]) => number): Expected => {
    const all = numbers.filter((each) => each !== null);
    if (all.length < numbers.length) return null;
    const computed = result(...all);
    return Number.isFinite(computed) ? computed : null;
  };
  switch (node.kind) {
    case 'number':
      return node.value;
    case 'name':
      return inputs.get(node.name) ?? null;
    case 'seconds':
      throw new Error('not made here');
    case 'negate':
      return known([of(node.operand)], (a) => -a);
    case 'power':
      return known([of(node.base), of(node.exponent)], (a, b) => a ** b);
    case 'sum':
      return node.rest.reduce<Expected>(
        (left, { operator, operand }) => known([left, of(operand)], (a, b) => (operator === '+' ? a + b : a - b)),
        of(node.first),
      );
    case 'product':
      return node.rest.reduce<Expected>(
        (left, { operator, operand }) => known([left, of(operand)], (a, b) => (operator === '*' ? a * b : a / b)),
        of(node.first),
      );
    case 'compare':
      return known([of(node.left), of(node.right)], (a, b) => {
        const answers = { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b, '==': a === b, '!=': a !== b };
        return Number(answers[node.operator]);
      });
    case 'call': {
      const { min, max, abs, sqrt, log, exp } = Math;
      return known(node.operands.map(of), { min, max, abs, sqrt, log, exp }[node.function]);
    }
    case 'if': {
      const condition = of(node.condition);
      if (condition === null) return null;
      return condition === 0 ? of(node.whenFalse) : of(node.whenTrue);
    }
  }
}

const input = fc.oneof(
  fc.constantFrom(0, 1, -1, 2, 100, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e200),
  fc.double(),
);
const row = fc.tuple(input, input, input, input, input);

describe('evaluation', () => {
  it('equals a plain evaluator, and the columns equal the scalars', () => {
    const property = fc.property(tree, fc.array(row, { minLength: 1, maxLength: 4 }), (node, rows) => {
      const formula = compiled(formatFormula(node));
      const columns = formula.inputs.map(({ key }) => Float64Array.from(rows, (each) => each[key.charCodeAt(0) - 97]));
      const results = evaluateColumns(formula, columns, rows.length);
      for (const [index, each] of rows.entries()) {
        const given = new Map(NAMES.map((name, at) => [name, each[at]] as const));
        const scalar = evaluate(formula, given);
        const finite = new Map([...given].map(([name, number]) => [name, Number.isFinite(number) ? number : null]));
        const expected = plainly(node, finite);
        expect(scalar.status === 'ok' ? scalar.value : null).toEqual(expected === null ? null : expected + 0);
        expect(results[index]).toBe(scalar.status === 'ok' ? scalar.value : Number.NaN);
      }
    });
    fc.assert(property);
  });

  it('gives a finite number or a reason, and the same in columns, where formulas stand on one another', () => {
    const given = fc.oneof(input, fc.constant({ missing: 'no samples' }));
    const sets = fc.array(tree, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sets, fc.array(given, { minLength: 5, maxLength: 5 }), (trees, values) => {
        // Each may name those before it, which go before the counters of their names.
        const definitions = trees.map((node, i) => ({ name: NAMES[i], formula: formatFormula(later(node, i)) }));
        const inputs = new Map(NAMES.map((name, i) => [name as string, values[i]]));
        const { formulas, errors } = compileFormulas(definitions, scope);
        expect([...errors.values()].flat().map(({ code }) => code)).toEqual([]);
        for (const formula of formulas.values()) {
          const result = evaluate(formula, inputs);
          const columns = formula.inputs.map(({ key }) => {
            const each = inputs.get(key);
            return typeof each === 'number' ? Float64Array.of(each) : null;
          });
          const [inColumns] = evaluateColumns(formula, columns, 1);
          expect(inColumns).toBe(result.status === 'ok' ? result.value : Number.NaN);
          if (result.status === 'ok')
            expect([Number.isFinite(result.value), Object.is(result.value, -0)]).toEqual([true, false]);
          else expect(REASONS).toContain(result.reason);
          const ratio = evaluateRatio(formula, inputs, true);
          if (ratio !== null) expect(ratio.value).toEqual(result);
        }
      }),
    );
  });

  it('works over many blocks, over formulas that are referred to, and without a column', () => {
    const rows = 5000;
    const { formulas } = compileFormulas(
      [
        { name: 'r', formula: '100*a/b' },
        { name: 'K', formula: 'if(c > 2500, r, -r) + r' },
      ],
      scope,
    );
    const formula = formulas.get('K')!;
    const column = (key: string) =>
      Float64Array.from({ length: rows }, (_, i) => (key === 'c' ? i : key === 'a' ? i % 7 : i % 3));
    const columns = formula.inputs.map(({ key }) => column(key));
    const results = evaluateColumns(formula, columns, rows);
    for (let i = 0; i < rows; i++) {
      const scalar = evaluate(formula, new Map(formula.inputs.map(({ key }, at) => [key, columns[at][i]])));
      expect(results[i]).toBe(scalar.status === 'ok' ? scalar.value : Number.NaN);
    }
    const without = formula.inputs.map(({ key }, at) => (key === 'a' ? null : columns[at]));
    expect(evaluateColumns(formula, without, rows).every(Number.isNaN)).toBe(true);
    expect(() => evaluateColumns(formula, [], rows)).toThrow(RangeError);
    expect(() => evaluateColumns(formula, columns, rows + 1)).toThrow(RangeError);
  });
});
