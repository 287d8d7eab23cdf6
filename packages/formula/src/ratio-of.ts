import type { FormulaNode, NameNode } from './ast.ts';
import { depthOf, replaceNames, walk } from './formula-names.ts';
import { MAX_EXPANDED_LEVELS, MAX_EXPANDED_NODES } from './limits.ts';

/** `scale × Π numerator / Π denominator`, where every part adds up counts. */
export interface Ratio {
  readonly scale: number;
  readonly terms: readonly { readonly numerator: FormulaNode; readonly denominator: FormulaNode }[];
}

/**
 * Takes a formula apart into numerator and denominator: `100*(a+b)/c` gives a+b over c; a product of ratios such as
 * E-RAB accessibility gives one term for each. Null where it is none of counts: no denominator, or a part that is more
 * than a weighted sum of counters.
 *
 * @param formulaOf - the tree of a formula that is referred to; null for a counter. There must be no cycle.
 */
export function ratioOf(root: FormulaNode, formulaOf: (name: string) => FormulaNode | null = () => null): Ratio | null {
  let levels = MAX_EXPANDED_LEVELS;
  const bounded = (name: string): FormulaNode | null => {
    const formula = formulaOf(name);
    if (formula !== null) levels -= depthOf(formula);
    return formula;
  };
  const tooLarge = () => parts.nodes < 0 || levels < 0;
  const parts: Parts = { scale: 1, above: [], below: [], formulaOf: bounded, nodes: MAX_EXPANDED_NODES, tooLarge };
  if (!takeApart(root, false, parts)) return null;
  const { scale, above, below } = parts;
  if (above.length === 0 || below.length === 0 || !Number.isFinite(scale) || scale === 0) return null;
  if (![...above, ...below].every(isCount)) return null;
  if (above.length !== below.length) return { scale, terms: [{ numerator: times(above), denominator: times(below) }] };
  return { scale, terms: above.map((numerator, index) => ({ numerator, denominator: below[index] })) };
}

interface Parts {
  scale: number;
  readonly above: FormulaNode[];
  readonly below: FormulaNode[];
  readonly formulaOf: (name: string) => FormulaNode | null;
  nodes: number;
  readonly tooLarge: () => boolean;
}

/** False where the formula grows beyond what is expanded. */
function takeApart(node: FormulaNode, inverse: boolean, parts: Parts): boolean {
  parts.nodes--;
  if (parts.tooLarge()) return false;
  switch (node.kind) {
    case 'number':
      parts.scale = inverse ? parts.scale / node.value : parts.scale * node.value;
      return true;
    case 'negate':
      parts.scale = -parts.scale;
      return takeApart(node.operand, inverse, parts);
    case 'product':
      return (
        takeApart(node.first, inverse, parts) &&
        node.rest.every(({ operator, operand }) => takeApart(operand, inverse !== (operator === '/'), parts))
      );
    case 'name': {
      const formula = parts.formulaOf(node.name);
      if (formula !== null) return takeApart(formula, inverse, parts);
      break;
    }
  }
  const expanded = expand(node, parts);
  if (expanded === null) return false;
  (inverse ? parts.below : parts.above).push(expanded);
  return true;
}

/** Puts formulas in place of their names; null beyond the budget. */
function expand(node: FormulaNode, parts: Parts): FormulaNode | null {
  walk(node, () => parts.nodes--);
  const replace = (name: NameNode): FormulaNode | null => {
    const formula = parts.tooLarge() ? null : parts.formulaOf(name.name);
    return formula === null || parts.tooLarge() ? null : expand(formula, parts);
  };
  const expanded = replaceNames(node, replace);
  return parts.tooLarge() ? null : expanded;
}

/** A weighted sum of counters: what can be counted. */
function isCount(node: FormulaNode): boolean {
  switch (node.kind) {
    case 'number':
    case 'name':
    case 'seconds':
      return true;
    case 'negate':
      return isCount(node.operand);
    case 'sum':
      return isCount(node.first) && node.rest.every(({ operand }) => isCount(operand));
    case 'product': {
      const factors = [{ operator: '*', operand: node.first }, ...node.rest];
      const counts = factors.filter(({ operand }) => operand.kind !== 'number');
      return counts.length <= 1 && counts.every(({ operator, operand }) => operator === '*' && isCount(operand));
    }
    default:
      return false;
  }
}

function times(factors: readonly FormulaNode[]): FormulaNode {
  const [first, ...rest] = factors;
  if (rest.length === 0) return first;
  return { kind: 'product', first, rest: rest.map((operand) => ({ operator: '*', operand })), span: first.span };
}
