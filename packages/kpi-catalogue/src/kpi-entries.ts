import type { Category, Dimension, EffectScale, KpiDefinition, KpiKind, Polarity, Rat } from './catalogue-types.ts';

/** The date from which the first version of all formulas holds. */
export const EFFECTIVE_FROM = '2026-11-22';

/**
 * What a KPI measures decides on which scale a change of it is judged, and from where on it matters: on success and
 * availability the failures count (99.9 → 99.0 % is ten times the failures), on drops and losses a tenth, on
 * throughput, volume and the rest a twentieth, on shares a percentage point.
 */
const JUDGED = {
  success: { effectScale: 'failure', threshold: 20, polarity: 'higher_better' },
  loss: { effectScale: 'relative', threshold: 10, polarity: 'lower_better' },
  throughput: { effectScale: 'relative', threshold: 5, polarity: 'higher_better' },
  quality: { effectScale: 'relative', threshold: 5, polarity: 'higher_better' },
  delay: { effectScale: 'relative', threshold: 5, polarity: 'lower_better' },
  load: { effectScale: 'relative', threshold: 5, polarity: 'neutral' },
  loadShare: { effectScale: 'points', threshold: 1, polarity: 'neutral' },
  share: { effectScale: 'points', threshold: 1, polarity: 'higher_better' },
} as const satisfies Record<string, { effectScale: EffectScale; threshold: number; polarity: Polarity }>;

export interface KpiEntry {
  readonly id: string;
  readonly en: string;
  readonly ko: string;
  readonly formula: string;
  readonly unit: string;
  readonly kind: KpiKind;
  readonly measures: keyof typeof JUDGED;
  readonly weight: number;
  readonly category: Category;
  readonly clause: string;
  readonly about: string;
  /** What of it is not confirmed. */
  readonly unverified?: string;
  readonly splitBy?: Dimension;
}

/** Completes the entries of one RAT; `core` names those of the default set, split ones by what they share. */
export function kpiDefinitions(
  rat: Rat,
  core: readonly string[],
  entries: readonly KpiEntry[],
): readonly KpiDefinition[] {
  const inCore = new Set(core);
  return entries.map((entry) => ({
    id: entry.id,
    nameEn: entry.en,
    nameKo: entry.ko,
    rat,
    formula: entry.formula,
    notComputable: null,
    unit: entry.unit,
    kind: entry.kind,
    weight: entry.weight,
    category: entry.category,
    ...JUDGED[entry.measures],
    clause: entry.clause,
    description: entry.unverified === undefined ? entry.about : `unverified: ${entry.unverified}. ${entry.about}`,
    core: inCore.has(entry.id.split('.')[0]),
    splitBy: entry.splitBy ?? null,
    version: 1,
    effectiveFrom: EFFECTIVE_FROM,
  }));
}
