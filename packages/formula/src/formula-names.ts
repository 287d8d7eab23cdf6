import { childrenOf, type Formula, type FormulaNode, type NameNode } from './ast.ts';
import { formatReference } from './format-formula.ts';

/** Calls `visit` for every node of a tree, in the order of the text. */
export function walk(node: FormulaNode, visit: (node: FormulaNode) => void): void {
  visit(node);
  for (const child of childrenOf(node)) walk(child, visit);
}

/** Levels of a tree; a number alone has 1. */
export function depthOf(node: FormulaNode): number {
  return 1 + childrenOf(node).reduce((deepest, child) => Math.max(deepest, depthOf(child)), 0);
}

/** The names that a formula uses, each once, in the order of the text; without their dimensions. */
export function formulaNames(formula: Formula): readonly string[] {
  const names = new Set<string>();
  walk(formula.root, (node) => {
    if (node.kind === 'name') names.add(node.name);
  });
  return [...names];
}

/** The names that a tree uses, with their dimensions: each reference once, in the order of the text. */
export function formulaReferences(root: FormulaNode): readonly NameNode[] {
  const references = new Map<string, NameNode>();
  walk(root, (node) => {
    if (node.kind === 'name') references.set(formatReference(node), node);
  });
  return [...references.values()];
}

/**
 * The formula with names put in place of names: `replace` gives what a name stands for, or null to keep it. Where
 * `seconds(name)` is met, the time of the first name of the replacement is meant. Spans keep pointing into the old text.
 */
export function replaceNames(node: FormulaNode, replace: (name: NameNode) => FormulaNode | null): FormulaNode {
  const again = (child: FormulaNode) => replaceNames(child, replace);
  switch (node.kind) {
    case 'number':
      return node;
    case 'name':
      return replace(node) ?? node;
    case 'seconds':
      return { ...node, of: firstName(replace(node.of)) ?? node.of };
    case 'negate':
      return { ...node, operand: again(node.operand) };
    case 'power':
      return { ...node, base: again(node.base), exponent: again(node.exponent) };
    case 'sum':
      return { ...node, first: again(node.first), rest: node.rest.map((s) => ({ ...s, operand: again(s.operand) })) };
    case 'product':
      return { ...node, first: again(node.first), rest: node.rest.map((s) => ({ ...s, operand: again(s.operand) })) };
    case 'compare':
      return { ...node, left: again(node.left), right: again(node.right) };
    case 'call':
      return { ...node, operands: node.operands.map(again) };
    case 'if': {
      const { condition, whenTrue, whenFalse } = node;
      return { ...node, condition: again(condition), whenTrue: again(whenTrue), whenFalse: again(whenFalse) };
    }
  }
}

/** The formula for one value of a dimension: every `{dimension=*}` becomes `{dimension=value}`. */
export function selectDimension(formula: Formula, dimension: string, value: string): Formula {
  const root = replaceNames(formula.root, (name) => ({
    ...name,
    selectors: name.selectors.map((selector) =>
      selector.dimension === dimension && selector.value === null ? { dimension, value } : selector,
    ),
  }));
  return { text: formula.text, root };
}

function firstName(node: FormulaNode | null): NameNode | null {
  let found: NameNode | null = null;
  if (node !== null) {
    walk(node, (each) => {
      if (found === null && each.kind === 'name') found = each;
    });
  }
  return found;
}
