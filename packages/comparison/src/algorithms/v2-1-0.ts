import type { PegComparisonRow, PegComparisonSummary } from '@pegboard/contracts';
import { weightedMean } from '@pegboard/stats';
import { directionOf, judgedAs, type PegOverrides } from '../polarity.ts';
import type { Polarity, SeriesPair } from '../series.ts';
import { compareRows } from './v2-1-0-order.ts';
import { changeOf, dataQualityOf, incompleteReason, periodOf } from './v2-1-0-row.ts';

export const ALGORITHM_V2_1_0 = 'v2.1.0';

/** Weighted mean change, in percent, beyond which the whole improves or declines. */
const OVERALL_TREND_PERCENT = 2;

export interface V210Options {
  /** Now, ms since the epoch: becomes `calculated_at`. */
  readonly nowMs: number;
  /** What the request says of PEGs. */
  readonly pegDefinitions?: PegOverrides;
  /** `false` leaves `calculated_at` out of the rows. Default true. */
  readonly includeMetadata?: boolean;
}

export interface V210Result {
  /** Declined first, then by weight × abs(change_percent) (without a percentage: the largest); incomplete rows last. */
  readonly rows: readonly PegComparisonRow[];
  readonly summary: PegComparisonSummary;
}

/**
 * Algorithm `v2.1.0`: compares the means of two periods by fixed rules (5 % is a change, 20 % a large one).
 *
 * Pure and deterministic; the result does not depend on the order of the series. No number in it is NaN or infinite:
 * what does not exist or does not fit a double is null. Values may be negative. Cost: O(n log n) in the series.
 * @param series one entry a (PEG, measured object); weights 1–10
 */
export function compareV210(series: Iterable<SeriesPair>, options: V210Options): V210Result {
  const calculatedAt = options.includeMetadata === false ? null : new Date(options.nowMs).toISOString();
  const rows: PegComparisonRow[] = [];
  for (const pair of series) rows.push(rowOf(pair, options.pegDefinitions, calculatedAt));
  rows.sort(compareRows);
  return { rows, summary: summarizeV210(rows) };
}

function rowOf(pair: SeriesPair, overrides: PegOverrides | undefined, calculatedAt: string | null): PegComparisonRow {
  const { polarity, weight } = judgedAs(pair, overrides);
  const n1 = periodOf(pair.nMinus1);
  const n = periodOf(pair.n);
  const reason = incompleteReason(pair);
  const comparison = reason === null ? changeOf(n1, n) : null;
  return {
    peg_name: pair.pegName,
    weight,
    n1_period: n1,
    n_period: n,
    comparison,
    ...(reason === null ? {} : { reason }),
    metadata: {
      ne: pair.ne,
      object: pair.object,
      cell_id: pair.cellId,
      family: pair.family,
      polarity,
      outcome: comparison === null ? 'incomplete' : outcomeOf(comparison.trend, polarity),
      ...(calculatedAt === null ? {} : { calculated_at: calculatedAt }),
      data_quality: dataQualityOf(n1.rsd, n.rsd),
      ...(pair.flags.length === 0 ? {} : { flags: [...pair.flags] }),
    },
  };
}

function outcomeOf(
  trend: 'up' | 'down' | 'stable',
  polarity: Polarity,
): 'improved' | 'declined' | 'stable' | 'neutral' {
  if (trend === 'stable') return 'stable';
  const direction = directionOf(polarity);
  if (direction === 0) return 'neutral';
  return (trend === 'up') === (direction === 1) ? 'improved' : 'declined';
}

/** Counts the outcomes and weighs the changes of rows; rows in a fixed order give the same digits. */
export function summarizeV210(rows: readonly PegComparisonRow[]): PegComparisonSummary {
  const counts = { improved: 0, declined: 0, stable: 0, neutral: 0, incomplete: 0 };
  for (const row of rows) counts[row.metadata.outcome]++;
  const weightedAvgChange = weightedChange(rows);
  return {
    total_pegs: rows.length,
    ...counts,
    weighted_avg_change: weightedAvgChange,
    overall_trend: overallTrend(weightedAvgChange),
  };
}

function weightedChange(rows: readonly PegComparisonRow[]): number | null {
  const values = new Float64Array(rows.length);
  const weights = new Float64Array(rows.length);
  rows.forEach((row, index) => {
    const percent = row.comparison?.change_percent ?? null;
    const direction = directionOf(row.metadata.polarity);
    if (percent === null || direction === 0) return;
    values[index] = percent * direction;
    weights[index] = row.weight;
  });
  return weightedMean(values, weights);
}

function overallTrend(weightedAvgChange: number | null): PegComparisonSummary['overall_trend'] {
  if (weightedAvgChange === null) return 'stable';
  if (weightedAvgChange > OVERALL_TREND_PERCENT) return 'improving';
  return weightedAvgChange < -OVERALL_TREND_PERCENT ? 'declining' : 'stable';
}
