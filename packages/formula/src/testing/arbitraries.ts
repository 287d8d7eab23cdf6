import fc from 'fast-check';
import type { FormulaNode } from '../ast.ts';
import { NUMERIC_FUNCTIONS } from '../ast.ts';

const span = { start: 0, end: 0 };

/** Names bare and quoted, some of them traps. */
const nameText = fc.oneof(
  fc.constantFrom(
    'A',
    'B',
    'RRC.ConnEstabSucc.sum',
    'Thru(Kbps)',
    "O'Neil",
    'min',
    'if',
    'seconds',
    '__proto__',
    'v[3]',
  ),
  fc.string({ minLength: 1, maxLength: 6 }),
);

const selector = fc.record({
  dimension: fc.constantFrom('QCI', 'PLMN', 'S NSSAI', '5QI', '*'),
  value: fc.oneof(
    fc.constant(null),
    fc.constantFrom('9', '010003e8', '450 05', '*', "it's"),
    fc.string({ minLength: 1, maxLength: 4 }),
  ),
});
const selectors = fc.uniqueArray(selector, { maxLength: 2, selector: (each) => each.dimension });

const name = fc.record({ kind: fc.constant('name' as const), name: nameText, selectors, span: fc.constant(span) });
const value = fc.oneof(
  fc.constantFrom(0, 1, 100, 3600, 0.5, 1e21, 5e-324, 1.7976931348623157e308),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map(Math.abs),
);
const number = value.map((each): FormulaNode => ({ kind: 'number', value: each, span }));

/** Any tree that the parser can give; spans are all zero. */
export const formulaTree: fc.Arbitrary<FormulaNode> = fc.letrec<{ node: FormulaNode; flat: FormulaNode }>((tie) => ({
  flat: fc.oneof(
    number,
    name,
    name.map((of): FormulaNode => ({ kind: 'seconds', of, span })),
  ),
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    tie('flat'),
    tie('node').map((operand): FormulaNode => ({ kind: 'negate', operand, span })),
    fc
      .tuple(tie('node'), tie('node'))
      .map(([base, exponent]): FormulaNode => ({ kind: 'power', base, exponent, span })),
    chain(tie('node'), ['+', '-'] as const).map(([first, rest]): FormulaNode => ({ kind: 'sum', first, rest, span })),
    chain(tie('node'), ['*', '/'] as const).map(
      ([first, rest]): FormulaNode => ({ kind: 'product', first, rest, span }),
    ),
    fc
      .tuple(fc.constantFrom('<', '<=', '>', '>=', '==', '!=' as const), tie('node'), tie('node'))
      .map(([operator, left, right]): FormulaNode => ({ kind: 'compare', operator, left, right, span })),
    fc
      .tuple(fc.constantFrom(...NUMERIC_FUNCTIONS), fc.array(tie('node'), { minLength: 1, maxLength: 3 }))
      .map(([called, all]): FormulaNode => {
        const operands = called === 'min' || called === 'max' ? all : all.slice(0, 1);
        return { kind: 'call', function: called, operands, span };
      }),
    fc
      .tuple(tie('node'), tie('node'), tie('node'))
      .map(([condition, whenTrue, whenFalse]): FormulaNode => ({ kind: 'if', condition, whenTrue, whenFalse, span })),
  ),
})).node;

function chain<Operator>(node: fc.Arbitrary<FormulaNode>, operators: readonly Operator[]) {
  const step = fc.record({ operator: fc.constantFrom(...operators), operand: node });
  return fc.tuple(node, fc.array(step, { minLength: 1, maxLength: 3 }));
}

/** The tree with every span zero, to compare what it says and not where. */
export function withoutSpans(node: FormulaNode): unknown {
  return JSON.parse(JSON.stringify(node, (key, each) => (key === 'span' ? undefined : each)));
}
