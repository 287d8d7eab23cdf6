import { MAX_LISTED_VALUES, type PeriodSummary, type SeriesPair } from '@pegboard/comparison';
import type { CompareLevel } from '@pegboard/contracts';
import { summarize } from '@pegboard/stats';
import type { KpiStore, MeasuredObject, TimeInterval } from '../../stores/kpi/kpi-store.ts';
import type { MeasuredValue } from '../aggregation/bins.ts';
import { collectSeries, type MeasureSeries, type Place } from '../aggregation/collect-series.ts';
import type { PlannedKpi } from '../aggregation/kpi-book.ts';

type PeriodName = 'nMinus1' | 'n';
const PERIODS = ['nMinus1', 'n'] as const satisfies readonly PeriodName[];

/** A KPI at a place in both periods, with what is behind its averages. */
export interface KpiPair {
  readonly pair: SeriesPair;
  readonly totals: Readonly<Record<PeriodName, MeasuredValue>>;
}

export interface KpiComparison {
  readonly kpis: readonly PlannedKpi[];
  /** Objects of the selection, in the order of names. */
  readonly objects: readonly MeasuredObject[];
  /** They are all that the store has. */
  readonly allObjects: boolean;
  readonly periods: Readonly<Record<PeriodName, TimeInterval>>;
  readonly level: CompareLevel;
  /** Told of each new pair; may throw to end the work. */
  readonly onPair: () => void;
  readonly signal?: AbortSignal | undefined;
}

/** One period at one granularity, reduced. */
interface Reduced {
  readonly granularityS: number;
  readonly summary: PeriodSummary;
  readonly total: MeasuredValue;
  readonly isSuspect: boolean;
}

interface Draft {
  readonly kpi: PlannedKpi;
  readonly place: Place;
  readonly reduced: Record<PeriodName, Reduced[]>;
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
 * KPIs of both periods. The samples of a KPI are its values by granularity period; its mean is its value over the period,
 * made of what its counters add up to: never the mean of ratios.
 */
export async function pairKpis(store: Pick<KpiStore, 'scan'>, comparison: KpiComparison): Promise<readonly KpiPair[]> {
  const { kpis, objects, allObjects, periods, level, onPair, signal } = comparison;
  const measures = kpis.map(({ measure }) => measure);
  const drafts = new Map<string, Draft>();
  for (const period of PERIODS) {
    const request = { measures, objects, allObjects, interval: periods[period], level, binnings: [null], signal };
    for await (const series of collectSeries(store, request)) {
      const key = `${series.measure} ${series.place.id}`;
      let draft = drafts.get(key);
      if (!draft) {
        draft = { kpi: kpis[series.measure], place: series.place, reduced: { nMinus1: [], n: [] } };
        drafts.set(key, draft);
        onPair();
      }
      draft.reduced[period].push(reduce(series));
    }
  }
  return [...drafts.values()].map(toPair);
}

function reduce(series: MeasureSeries): Reduced {
  const { bins, begins } = series;
  const values = bins.values(begins).filter((value) => !Number.isNaN(value));
  const total = series.total();
  const { count, std, min, max } = summarize(values);
  const listed = count <= MAX_LISTED_VALUES ? [...values] : null;
  return {
    granularityS: series.granularityS ?? 0,
    summary: total.value === null ? NO_SAMPLES : { count, mean: total.value, std, min, max, values: listed },
    total,
    isSuspect: begins.some((beginMs) => bins.isSuspect(beginMs)),
  };
}

function toPair({ kpi, place, reduced }: Draft): KpiPair {
  const chosen = chosenGranularity(reduced);
  const at = (period: PeriodName) => reduced[period].find(({ granularityS }) => granularityS === chosen);
  const found = PERIODS.map(at);
  const flags = new Set<string>(found.flatMap((one) => [...(one?.total.flags ?? [])]));
  const granularities = new Set(PERIODS.flatMap((period) => reduced[period].map(({ granularityS }) => granularityS)));
  if (granularities.size > 1) flags.add('mixed_granularity');
  if (found.some((one) => one?.isSuspect)) flags.add('suspect_samples');
  for (const one of found) {
    const code = one?.total.reason?.split(':', 1)[0];
    if (code !== undefined) flags.add(code);
  }
  return {
    pair: {
      pegName: kpi.name,
      family: null,
      ne: place.ne,
      object: place.object,
      cellId: place.cellId,
      polarity: kpi.kpi?.polarity ?? null,
      weight: kpi.kpi?.weight ?? null,
      nMinus1: found[0]?.summary ?? NO_SAMPLES,
      n: found[1]?.summary ?? NO_SAMPLES,
      flags: [...flags],
    },
    totals: { nMinus1: found[0]?.total ?? NOTHING, n: found[1]?.total ?? NOTHING },
  };
}

/** The granularity that covers the most time in both periods, the finer of equals; else the most time in either. */
function chosenGranularity(reduced: Draft['reduced']): number {
  const all = new Set(PERIODS.flatMap((period) => reduced[period].map(({ granularityS }) => granularityS)));
  const ranked = [...all].map((granularityS) => {
    const covered = PERIODS.map((period) => {
      const found = reduced[period].find((one) => one.granularityS === granularityS);
      return (found?.summary.count ?? 0) * granularityS;
    });
    return { granularityS, inBoth: Math.min(...covered), inEither: Math.max(...covered) };
  });
  ranked.sort((a, b) => b.inBoth - a.inBoth || b.inEither - a.inEither || a.granularityS - b.granularityS);
  return ranked[0].granularityS;
}
