import type { DimensionSelector, FormulaNode, NameNode } from './ast.ts';
import { NUMERIC_FUNCTIONS } from './ast.ts';
import { isBareName } from './tokenize.ts';

/** How tightly a node holds together; a looser one inside a tighter one needs parentheses. */
const LEVELS = { compare: 0, sum: 1, product: 2, power: 3, negate: 4 } as const;
const PRIMARY = 5;
const RESERVED: ReadonlySet<string> = new Set([...NUMERIC_FUNCTIONS, 'if', 'seconds']);
const BARE_SELECTOR_WORD = /^[^\s,={}'*]+$/;

/** Writes a formula so that reading it again gives the same tree, with as few parentheses as that needs. */
export function formatFormula(node: FormulaNode): string {
  switch (node.kind) {
    case 'number':
      return String(node.value);
    case 'name':
      return formatReference(node);
    case 'seconds':
      return `seconds(${formatReference(node.of)})`;
    case 'negate':
      return `-${within(node.operand, LEVELS.negate)}`;
    case 'power':
      return `${within(node.base, LEVELS.negate)}^${within(node.exponent, LEVELS.power)}`;
    case 'sum':
      return formatChain(node.first, node.rest, LEVELS.product);
    case 'product':
      return formatChain(node.first, node.rest, LEVELS.power);
    case 'compare':
      return `${within(node.left, LEVELS.sum)} ${node.operator} ${within(node.right, LEVELS.sum)}`;
    case 'call':
      return `${node.function}(${node.operands.map(formatFormula).join(', ')})`;
    case 'if':
      return `if(${[node.condition, node.whenTrue, node.whenFalse].map(formatFormula).join(', ')})`;
  }
}

/** A counter's name as a formula writes it: `RRC.ConnEstabAtt`, `'Thru(Kbps)'`, `PdcpVol{QCI=9, PLMN=*}`. */
export function formatReference(reference: Pick<NameNode, 'name' | 'selectors'>): string {
  const name = isBareName(reference.name) && !RESERVED.has(reference.name) ? reference.name : quote(reference.name);
  if (reference.selectors.length === 0) return name;
  return `${name}{${reference.selectors.map(formatSelector).join(', ')}}`;
}

function formatSelector({ dimension, value }: DimensionSelector): string {
  return `${selectorWord(dimension)}=${value === null ? '*' : selectorWord(value)}`;
}

function selectorWord(word: string): string {
  return BARE_SELECTOR_WORD.test(word) ? word : quote(word);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function formatChain(
  first: FormulaNode,
  rest: readonly { readonly operator: string; readonly operand: FormulaNode }[],
  level: number,
): string {
  const steps = rest.map(({ operator, operand }) => ` ${operator} ${within(operand, level)}`);
  return within(first, level) + steps.join('');
}

function within(node: FormulaNode, level: number): string {
  const text = formatFormula(node);
  return levelOf(node) < level ? `(${text})` : text;
}

function levelOf(node: FormulaNode): number {
  switch (node.kind) {
    case 'compare':
    case 'sum':
    case 'product':
    case 'power':
    case 'negate':
      return LEVELS[node.kind];
    default:
      return PRIMARY;
  }
}
