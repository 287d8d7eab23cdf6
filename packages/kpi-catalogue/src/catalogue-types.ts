export type Rat = 'LTE' | 'NR';
export type Category = 'accessibility' | 'retainability' | 'mobility' | 'integrity' | 'availability' | 'utilisation';
export type Polarity = 'higher_better' | 'lower_better' | 'neutral';
export type EffectScale = 'relative' | 'failure' | 'points' | 'db';

/**
 * How a KPI comes about: `ratio` a part of a whole in percent (so the numerator must not exceed the denominator), `rate`
 * a quotient of unlike counts, `mean` a counter as it aggregates by its own kind, `total` an amount.
 */
export type KpiKind = 'ratio' | 'rate' | 'mean' | 'total';

/** `cumulative` sums; `gauge` averages weighted by time; `derived` averages weighted by another counter. */
export type CounterKind = 'cumulative' | 'gauge' | 'derived';

/** Dimensions by which counters are split into sub-counters. */
export type Dimension = 'QCI' | '5QI' | 'SNSSAI' | 'PLMN' | 'CAUSE' | 'BEAM' | 'CQI' | 'RANK' | 'TABLE';

export interface CounterDefinition {
  readonly name: string;
  readonly rat: Rat;
  /** The unit that the formulas count on; `1` for plain counts. A source may deliver another: convert. */
  readonly unit: string;
  readonly kind: CounterKind;
  readonly dimensions: readonly Dimension[];
  /** For a `.sum`: the counter whose sub-counters it totals. It is never added to them. */
  readonly totalOf: string | null;
  /** For a derived counter: the counter that weights it; null: time does. */
  readonly weightedBy: string | null;
  /** 3GPP clause, or the vendor. */
  readonly clause: string;
  /** Sources disagree about the unit, or it could not be confirmed. */
  readonly unitUnverified: boolean;
  readonly note: string | null;
}

export interface KpiDefinition {
  readonly id: string;
  readonly nameEn: string;
  readonly nameKo: string;
  readonly rat: Rat;
  /** In the language of `@pegboard/formula`; null where no counters are known for it. */
  readonly formula: string | null;
  /** Why there is no formula; null where there is one. */
  readonly notComputable: string | null;
  readonly unit: string;
  readonly kind: KpiKind;
  readonly polarity: Polarity;
  /** 1–10. */
  readonly weight: number;
  readonly category: Category;
  readonly effectScale: EffectScale;
  /** Practical threshold on the effect scale: percent, percentage points or dB. */
  readonly threshold: number;
  readonly clause: string;
  /** Begins with "unverified:" where clause, names or unit are not confirmed. */
  readonly description: string;
  /** Of the default set. */
  readonly core: boolean;
  /** The formula sums over this dimension and may be asked for one value of it. */
  readonly splitBy: Dimension | null;
  /** Version of the formula, from 1. */
  readonly version: number;
  /** ISO date from which the formula holds. */
  readonly effectiveFrom: string;
}

/** What a vendor delivers in place of a counter. */
export interface VendorCounter {
  readonly vendor: string;
  readonly rat: Rat;
  /** The counter of the catalogue. */
  readonly counter: string;
  /** The same quantity in the vendor's counters, in the language of `@pegboard/formula`, in the counter's unit. */
  readonly formula: string;
  /** Where the vendor splits the counter by another dimension: the catalogue's dimension → the vendor's. */
  readonly dimension: { readonly from: Dimension; readonly to: string } | null;
  readonly note: string | null;
}

export interface KpiCatalogue {
  readonly version: string;
  readonly effectiveFrom: string;
  readonly counters: readonly CounterDefinition[];
  readonly kpis: readonly KpiDefinition[];
  readonly vendors: readonly VendorCounter[];
}
