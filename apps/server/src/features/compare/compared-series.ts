import type { CompareQuality } from '@pegboard/contracts';
import type { KpiStore, Peg } from '../../stores/kpi/kpi-store.ts';
import type { CollectedMeasure, CollectRequest } from '../aggregation/collect-request.ts';
import { collectSeries } from '../aggregation/collect-series.ts';
import type { PlannedKpi } from '../aggregation/kpi-book.ts';
import type { MadeMeasure } from '../aggregation/measure.ts';
import type { MeasureSeries } from '../aggregation/measure-series.ts';
import type { Place } from '../aggregation/places.ts';

/** What is compared. */
export type Subject =
  | ({ readonly kind: 'peg'; readonly peg: Peg } & MadeMeasure)
  | ({ readonly kind: 'kpi'; readonly planned: PlannedKpi } & MadeMeasure);

/** A PEG or KPI at a place in both periods, at one granularity: what an algorithm judges. */
export interface ComparedSeries {
  readonly subject: Subject;
  readonly place: Place;
  /** Values in time order with their begins, and for ratios of counts numerators and denominators; null: no samples. */
  readonly nMinus1: MeasureSeries | null;
  readonly n: MeasureSeries | null;
  readonly quality: CompareQuality;
  /** Amounts of different cells in both periods. */
  readonly hasNoCommonCells: boolean;
  readonly flags: readonly SeriesFlag[];
}

export type SeriesFlag =
  /** Samples of several granularities; `quality` says which count. */
  | 'mixed_granularity'
  | 'suspect_samples'
  /** Some of the cells have samples in one period only. */
  | 'cells_differ'
  /** In some granularity periods some of the cells lack samples. */
  | 'cells_missing';

export interface ComparedSelection
  extends Pick<CollectRequest, 'objects' | 'allObjects' | 'level' | 'intervals' | 'signal'> {
  readonly subjects: readonly Subject[];
}

/** Both periods (`intervals`) of all subjects, as they are complete. Series without samples in either are left out. */
export async function* compareSeries(
  store: Pick<KpiStore, 'scan' | 'extent'>,
  { subjects, ...selection }: ComparedSelection,
): AsyncGenerator<ComparedSeries> {
  const measures = subjects.map(({ measure }) => measure);
  const request = { ...selection, measures, binnings: [null], likeForLike: true };
  for await (const collected of collectSeries(store, request)) {
    yield compared(subjects[collected.measure], collected, selection);
  }
}

function compared(
  subject: Subject,
  { place, series, entities }: CollectedMeasure,
  { level }: Pick<ComparedSelection, 'level'>,
): ComparedSeries {
  const periods = [0, 1].map((period) => series.filter(({ interval }) => interval === period).map((one) => one.series));
  const chosen = chosenGranularity(periods);
  const [nMinus1, n] = periods.map((own) => own.find(({ granularityS }) => granularityS === chosen) ?? null);
  const both = [nMinus1, n].filter((one) => one !== null);
  const others = [...new Set(series.map((one) => one.series.granularityS ?? 0))].filter((each) => each !== chosen);
  const isPooled = level !== 'cell';
  const [onlyNMinus1, onlyN] = entities.notInAll;
  const flags: SeriesFlag[] = [];
  if (others.length > 0) flags.push('mixed_granularity');
  if (both.some(({ hasSuspect }) => hasSuspect)) flags.push('suspect_samples');
  if (isPooled && onlyNMinus1 + onlyN > 0) flags.push('cells_differ');
  if (isPooled && both.some(({ isUneven }) => isUneven)) flags.push('cells_missing');
  return {
    subject,
    place,
    nMinus1,
    n,
    quality: {
      completeness: [nMinus1?.completeness ?? 0, n?.completeness ?? 0],
      granularity_s: chosen,
      left_out: others
        .sort((a, b) => a - b)
        .map((granularityS) => ({
          granularity_s: granularityS,
          samples: [samplesOf(periods[0], granularityS), samplesOf(periods[1], granularityS)],
        })),
      ...(isPooled && { cells: { both: entities.inAll, only_n_minus_1: onlyNMinus1, only_n: onlyN } }),
    },
    hasNoCommonCells: isPooled && subject.measure.isAmount && !entities.commonGranularities.has(chosen ?? 0),
    flags,
  };
}

function samplesOf(series: readonly MeasureSeries[], granularityS: number): number {
  return series.find((one) => one.granularityS === granularityS)?.count ?? 0;
}

/** The granularity that covers the most time in both periods, the finer of equals; else the most time in either. */
function chosenGranularity(periods: readonly (readonly MeasureSeries[])[]): number | null {
  const all = new Set(periods.flat().map(({ granularityS }) => granularityS ?? 0));
  if (all.size < 2) return [...all][0] ?? null;
  const ranked = [...all].map((granularityS) => {
    const covered = periods.map((own) => {
      const values = own.find((one) => one.granularityS === granularityS)?.values ?? [];
      return values.filter((value) => !Number.isNaN(value)).length * granularityS;
    });
    return { granularityS, inBoth: Math.min(...covered), inEither: Math.max(...covered) };
  });
  ranked.sort((a, b) => b.inBoth - a.inBoth || b.inEither - a.inEither || a.granularityS - b.granularityS);
  return ranked[0].granularityS;
}
