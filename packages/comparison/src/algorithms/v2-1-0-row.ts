import type { PegComparisonChange, PegComparisonPeriod, PegComparisonRow } from '@pegboard/contracts';
import { difference, relativeChange, relativeStandardDeviation } from '@pegboard/stats';
import type { PeriodSummary, SeriesPair } from '../series.ts';

/** Samples of a period that a row lists; with more it lists none. */
export const MAX_LISTED_VALUES = 200;

const STABLE_BELOW_PERCENT = 5;
const MEDIUM_FROM_PERCENT = 10;
const HIGH_FROM_PERCENT = 20;
const BASE_CONFIDENCE = 0.85;

export function periodOf(summary: PeriodSummary): PegComparisonPeriod {
  const { count, mean, std, values } = summary;
  const statistics = { avg: mean, rsd: relativeStandardDeviation(mean, std), count };
  if (count === 0) return { ...statistics, values: [] };
  if (values === null || values.length > MAX_LISTED_VALUES)
    return { ...statistics, values: null, values_omitted: true };
  return { ...statistics, values: [...values] };
}

export function incompleteReason(pair: SeriesPair): PegComparisonRow['reason'] | null {
  const inN1 = pair.nMinus1.count > 0;
  const inN = pair.n.count > 0;
  if (inN1 && inN) return pair.hasNoCommonCells ? 'no_common_cells' : null;
  if (inN) return 'no_samples_in_n_minus_1';
  return inN1 ? 'no_samples_in_n' : 'no_samples';
}

/** The change from N-1 to N; null where one of them has no samples. */
export function changeOf(n1: PegComparisonPeriod, n: PegComparisonPeriod): PegComparisonChange | null {
  if (n1.avg === null || n.avg === null) return null;
  const percent = relativeChange(n1.avg, n.avg);
  const absolute = difference(n1.avg, n.avg);
  const flags: PegComparisonChange['flags'] = [];
  if (n1.avg === 0 && n.avg !== 0) flags.push('from_zero');
  if (n1.avg !== 0 && n.avg === 0) flags.push('to_zero');
  if (absolute === null || (percent === null && n1.avg !== 0)) flags.push('not_representable');
  return {
    change_percent: percent,
    change_absolute: absolute,
    trend: trendOf(percent, n.avg > n1.avg),
    significance: significanceOf(percent),
    confidence: confidenceOf(n1, n, percent),
    ...(flags.length === 0 ? {} : { flags }),
  };
}

function trendOf(percent: number | null, rises: boolean): PegComparisonChange['trend'] {
  if (percent !== null && Math.abs(percent) < STABLE_BELOW_PERCENT) return 'stable';
  return rises ? 'up' : 'down';
}

function significanceOf(percent: number | null): PegComparisonChange['significance'] {
  if (percent === null || Math.abs(percent) >= HIGH_FROM_PERCENT) return 'high';
  return Math.abs(percent) >= MEDIUM_FROM_PERCENT ? 'medium' : 'low';
}

function confidenceOf(n1: PegComparisonPeriod, n: PegComparisonPeriod, percent: number | null): number {
  const byCount = countFactor(Math.min(n1.count, n.count));
  const bySpread = spreadFactor(meanSpread(n1.rsd, n.rsd));
  return Math.min(1, Math.max(0, BASE_CONFIDENCE * byCount * bySpread * sizeFactor(percent)));
}

function countFactor(count: number): number {
  if (count >= 10) return 1;
  if (count >= 5) return 0.9;
  return count >= 3 ? 0.8 : 0.6;
}

function spreadFactor(spread: number | null): number {
  if (spread === null || spread > 15) return 0.7;
  return spread <= 5 ? 1 : 0.9;
}

function sizeFactor(percent: number | null): number {
  if (percent === null || Math.abs(percent) >= 50) return 0.8;
  return Math.abs(percent) >= 20 ? 0.9 : 1;
}

/** By the mean of the relative standard deviations that exist. */
export function dataQualityOf(n1Rsd: number | null, nRsd: number | null): 'high' | 'medium' | 'low' {
  const spread = meanSpread(n1Rsd, nRsd);
  if (spread === null || spread > 15) return 'low';
  return spread <= 5 ? 'high' : 'medium';
}

/** Halved before they are added: the sum may not fit a double. */
function meanSpread(n1Rsd: number | null, nRsd: number | null): number | null {
  if (n1Rsd === null) return nRsd;
  return nRsd === null ? n1Rsd : n1Rsd / 2 + nRsd / 2;
}
