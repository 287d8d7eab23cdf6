import { MAX_LISTED_VALUES, type PeriodSummary, type SeriesPair } from '@pegboard/comparison';
import { addBlockToMoments, createMoments, readMoments } from '@pegboard/stats';
import type { MeasureSeries } from '../aggregation/measure-series.ts';
import type { MeasuredValue } from '../aggregation/measured-value.ts';
import type { ComparedSeries } from './compared-series.ts';

/** What is behind the averages of a KPI, in N-1 and N. */
export type KpiTotals = readonly [MeasuredValue, MeasuredValue];

/** A series as algorithm `v2.1.0` takes it, with what else is said of it; the samples themselves are let go. */
export interface ReducedSeries extends Pick<ComparedSeries, 'subject' | 'quality'> {
  readonly pair: SeriesPair;
  /** What is behind the averages of a KPI, in N-1 and N; null for PEGs. */
  readonly totals: KpiTotals | null;
  /** In N-1 and N. */
  readonly hasSamples: readonly [boolean, boolean];
}

const NOTHING: MeasuredValue = {
  value: null,
  numerator: null,
  denominator: null,
  completeness: 0,
  reason: 'missing_input: a counter has no samples',
  flags: [],
};
const NO_SAMPLES: PeriodSummary = { count: 0, mean: null, std: null, min: null, max: null, values: [] };

/**
 * The values of a PEG by granularity period, with their arithmetic mean. Those of a KPI have as their mean the KPI over the whole
 * period, made of what its counters add up to: never the mean of ratios.
 */
export function reduceSeries(series: ComparedSeries): ReducedSeries {
  const { subject, place, nMinus1, n, hasNoCommonCells, quality } = series;
  const kept = { subject, quality, hasSamples: [nMinus1 !== null, n !== null] as const };
  const about = { ne: place.ne, object: place.object, cellId: place.cellId };
  const flags = new Set<string>(series.flags);
  if (subject.kind === 'peg') {
    const { name, family, polarity, weight } = subject.peg;
    const summaries = { nMinus1: summaryOf(nMinus1), n: summaryOf(n) };
    const pair = {
      pegName: name,
      family,
      ...about,
      polarity,
      weight,
      ...summaries,
      hasNoCommonCells,
      flags: [...flags],
    };
    return { ...kept, pair, totals: null };
  }
  const { name, kpi } = subject.planned;
  const totals = kpiTotals(series);
  for (const { flags: own, reason } of totals) {
    for (const flag of own) flags.add(flag);
    const code = reason?.split(':', 1)[0];
    if (code !== undefined) flags.add(code);
  }
  const pair = {
    pegName: name,
    family: null,
    ...about,
    polarity: kpi?.polarity ?? null,
    weight: kpi?.weight ?? null,
    nMinus1: kpiSummaryOf(nMinus1, totals[0]),
    n: kpiSummaryOf(n, totals[1]),
    hasNoCommonCells,
    flags: [...flags],
  };
  return { ...kept, pair, totals };
}

/** Null for PEGs. */
export function totalsOf(series: ComparedSeries): KpiTotals | null {
  return series.subject.kind === 'kpi' ? kpiTotals(series) : null;
}

function kpiTotals({ nMinus1, n }: ComparedSeries): KpiTotals {
  return [nMinus1?.total() ?? NOTHING, n?.total() ?? NOTHING];
}

function kpiSummaryOf(series: MeasureSeries | null, { value }: MeasuredValue): PeriodSummary {
  return value === null ? NO_SAMPLES : { ...summaryOf(series), mean: value };
}

function summaryOf(series: MeasureSeries | null): PeriodSummary {
  if (series === null) return NO_SAMPLES;
  const { values } = series;
  const moments = createMoments();
  addBlockToMoments(moments, values, values.length, 1);
  const { count, mean, std, min, max } = readMoments(moments);
  const listed = count <= MAX_LISTED_VALUES ? Array.from(values).filter((value) => !Number.isNaN(value)) : null;
  return { count, mean, std, min, max, values: listed };
}
