export { CATALOGUE, catalogueScope } from './catalogue.ts';
export type {
  Category,
  CounterDefinition,
  CounterKind,
  Dimension,
  EffectScale,
  KpiCatalogue,
  KpiDefinition,
  KpiKind,
  Polarity,
  Rat,
  VendorCounter,
} from './catalogue-types.ts';
export { coverage, type KpiCoverage, type MissingCounter, type Replacement } from './coverage.ts';
export { canonicalDimension } from './dimension-names.ts';
export { labelledSubCounter, type SubCounter, subCounterOf, VECTOR_INDEX } from './sub-counter.ts';
