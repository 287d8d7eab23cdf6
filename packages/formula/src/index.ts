export {
  type CallNode,
  type CompareNode,
  childrenOf,
  type DimensionSelector,
  type Formula,
  type FormulaNode,
  type IfNode,
  type NameNode,
  type NumericFunction,
} from './ast.ts';
export { type CheckedFormula, checkFormula } from './check-formula.ts';
export { type CompiledFormulas, compileFormulas, type FormulaDefinition } from './compile-formulas.ts';
export type {
  CompiledExpression,
  CompiledFormula,
  CompiledRatio,
  FormulaInput,
  FormulaValue,
  NoValueReason,
} from './compiled.ts';
export {
  evaluate,
  evaluateColumns,
  evaluateRatio,
  type FormulaInputs,
  type MissingInput,
  type RatioFlag,
  type RatioValue,
} from './evaluate.ts';
export { formatFormula, formatReference } from './format-formula.ts';
export type { FormulaError, FormulaErrorCode } from './formula-error.ts';
export { formulaNames, formulaReferences, replaceNames, selectDimension } from './formula-names.ts';
export { MAX_FORMULA_CHARACTERS, MAX_FORMULA_DEPTH } from './limits.ts';
export { type ParsedFormula, parseFormula } from './parse-formula.ts';
export { type Ratio, ratioOf } from './ratio-of.ts';
export {
  type CounterDescription,
  type CounterKind,
  type CounterLookup,
  createScope,
  type FormulaScope,
} from './scope.ts';
export { conversionFactor, type Unit } from './units.ts';
