import type { FormulaNode } from './ast.ts';
import {
  columnCall,
  columnCompare,
  columnConstant,
  columnIf,
  columnInput,
  columnNegate,
  columnPower,
  columnProduct,
  columnStep,
  columnSum,
} from './column-code.ts';
import type { Code } from './compiled.ts';
import {
  scalarCall,
  scalarCompare,
  scalarConstant,
  scalarIf,
  scalarNegate,
  scalarPower,
  scalarProduct,
  scalarSlot,
  scalarSum,
} from './scalar-code.ts';

/** Where a name or `seconds(name)` is found at evaluation. */
export type Place = { readonly of: 'input' | 'formula'; readonly slot: number; readonly key: string };

/** Turns a checked tree into closures; `place` says where names are found. */
export function generateCode(node: FormulaNode, place: (node: FormulaNode) => Place): Code {
  const again = (child: FormulaNode) => generateCode(child, place);
  switch (node.kind) {
    case 'number':
      return { scalar: scalarConstant(node.value), columns: columnConstant(node.value) };
    case 'name':
    case 'seconds': {
      const { of, slot, key } = place(node);
      return { scalar: scalarSlot(slot, key), columns: of === 'input' ? columnInput(slot) : columnStep(slot) };
    }
    case 'negate': {
      const operand = again(node.operand);
      return { scalar: scalarNegate(operand.scalar), columns: columnNegate(operand.columns) };
    }
    case 'power': {
      const base = again(node.base);
      const exponent = again(node.exponent);
      return {
        scalar: scalarPower(base.scalar, exponent.scalar),
        columns: columnPower(base.columns, exponent.columns),
      };
    }
    case 'sum': {
      const first = again(node.first);
      const rest = node.rest.map(({ operator, operand }) => ({ operator, code: again(operand) }));
      return {
        scalar: scalarSum(first.scalar, rest.map(scalarOf)),
        columns: columnSum(first.columns, rest.map(columnsOf)),
      };
    }
    case 'product': {
      const first = again(node.first);
      const rest = node.rest.map(({ operator, operand }) => ({ operator, code: again(operand) }));
      return {
        scalar: scalarProduct(first.scalar, rest.map(scalarOf)),
        columns: columnProduct(first.columns, rest.map(columnsOf)),
      };
    }
    case 'compare': {
      const left = again(node.left);
      const right = again(node.right);
      return {
        scalar: scalarCompare(node.operator, left.scalar, right.scalar),
        columns: columnCompare(node.operator, left.columns, right.columns),
      };
    }
    case 'call': {
      const operands = node.operands.map(again);
      return {
        scalar: scalarCall(
          node.function,
          operands.map((code) => code.scalar),
        ),
        columns: columnCall(
          node.function,
          operands.map((code) => code.columns),
        ),
      };
    }
    case 'if': {
      const [condition, whenTrue, whenFalse] = [node.condition, node.whenTrue, node.whenFalse].map(again);
      return {
        scalar: scalarIf(condition.scalar, whenTrue.scalar, whenFalse.scalar),
        columns: columnIf(condition.columns, whenTrue.columns, whenFalse.columns),
      };
    }
  }
}

function scalarOf<Operator>({ operator, code }: { readonly operator: Operator; readonly code: Code }) {
  return { operator, code: code.scalar };
}

function columnsOf<Operator>({ operator, code }: { readonly operator: Operator; readonly code: Code }) {
  return { operator, code: code.columns };
}
