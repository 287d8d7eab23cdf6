import type { Span } from './formula-error.ts';

export const NUMERIC_FUNCTIONS = ['min', 'max', 'abs', 'sqrt', 'log', 'exp'] as const;
export type NumericFunction = (typeof NUMERIC_FUNCTIONS)[number];

export type ComparisonOperator = '<' | '<=' | '>' | '>=' | '==' | '!=';

/** Selects one value of a dimension of a counter, or sums over all of them (`null`, written `*`). */
export interface DimensionSelector {
  readonly dimension: string;
  readonly value: string | null;
}

export interface NumberNode {
  readonly kind: 'number';
  /** Finite and not negative; a minus is a `NegateNode`. */
  readonly value: number;
  readonly span: Span;
}

/** A counter or another formula. */
export interface NameNode {
  readonly kind: 'name';
  /** As written, without quotes; `Family/Name` is taken apart where the name is looked up. */
  readonly name: string;
  readonly selectors: readonly DimensionSelector[];
  readonly span: Span;
}

/** `seconds(name)`: for how long the counter was reported, summed over cells. */
export interface SecondsNode {
  readonly kind: 'seconds';
  readonly of: NameNode;
  readonly span: Span;
}

export interface NegateNode {
  readonly kind: 'negate';
  readonly operand: FormulaNode;
  readonly span: Span;
}

export interface PowerNode {
  readonly kind: 'power';
  readonly base: FormulaNode;
  readonly exponent: FormulaNode;
  readonly span: Span;
}

/** `first + a - b …`, from left to right; one node however long, so that long sums are not deep. */
export interface SumNode {
  readonly kind: 'sum';
  readonly first: FormulaNode;
  readonly rest: readonly { readonly operator: '+' | '-'; readonly operand: FormulaNode }[];
  readonly span: Span;
}

/** `first * a / b …`, from left to right. */
export interface ProductNode {
  readonly kind: 'product';
  readonly first: FormulaNode;
  readonly rest: readonly { readonly operator: '*' | '/'; readonly operand: FormulaNode }[];
  readonly span: Span;
}

/** 1 where it holds, else 0. */
export interface CompareNode {
  readonly kind: 'compare';
  readonly operator: ComparisonOperator;
  readonly left: FormulaNode;
  readonly right: FormulaNode;
  readonly span: Span;
}

export interface CallNode {
  readonly kind: 'call';
  readonly function: NumericFunction;
  readonly operands: readonly FormulaNode[];
  readonly span: Span;
}

export interface IfNode {
  readonly kind: 'if';
  readonly condition: FormulaNode;
  readonly whenTrue: FormulaNode;
  readonly whenFalse: FormulaNode;
  readonly span: Span;
}

export type FormulaNode =
  | NumberNode
  | NameNode
  | SecondsNode
  | NegateNode
  | PowerNode
  | SumNode
  | ProductNode
  | CompareNode
  | CallNode
  | IfNode;

/** A formula that has been read: its text, for messages, and its tree. */
export interface Formula {
  readonly text: string;
  readonly root: FormulaNode;
}

/** The nodes right below a node, in the order of the text. */
export function childrenOf(node: FormulaNode): readonly FormulaNode[] {
  switch (node.kind) {
    case 'number':
    case 'name':
      return [];
    case 'seconds':
      return [node.of];
    case 'negate':
      return [node.operand];
    case 'power':
      return [node.base, node.exponent];
    case 'sum':
    case 'product':
      return [node.first, ...node.rest.map((step) => step.operand)];
    case 'compare':
      return [node.left, node.right];
    case 'call':
      return node.operands;
    case 'if':
      return [node.condition, node.whenTrue, node.whenFalse];
  }
}
