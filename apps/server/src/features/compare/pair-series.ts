import { MAX_LISTED_VALUES, type PeriodSummary, type SeriesPair } from '@pegboard/comparison';
import type { CompareLevel } from '@pegboard/contracts';
import { createMoments, MOMENTS_STRIDE, mergeMoments, readMoments } from '@pegboard/stats';
import type { MeasuredObject, Peg } from '../../stores/kpi/kpi-store.ts';
import { type CollectedGroup, countOf, type SampleCollector, type TimedValues } from './collect-samples.ts';

/** Samples of one series in one period, pooled over the objects of its level. */
interface Pool {
  readonly moments: Float64Array;
  /** Null: too many to be listed. */
  listed: TimedValues | null;
  hasSuspect: boolean;
}

type PeriodName = 'nMinus1' | 'n';

/** One PEG of one row of the result, by granularity: periods of different length are never mixed. */
interface Series {
  readonly peg: Peg;
  readonly place: ResultPlace;
  readonly byGranularity: Map<number, Record<PeriodName, Pool>>;
}

/** What a row of the result is about. */
interface ResultPlace {
  readonly key: string;
  readonly ne: string | null;
  readonly object: string | null;
  readonly cellId: string | null;
}

const PLACES: Record<CompareLevel, (object: MeasuredObject) => ResultPlace> = {
  cell: ({ id, ne, ldn, cellId }) => ({ key: `${id}`, ne, object: ldn, cellId }),
  ne: ({ neId, ne }) => ({ key: `${neId}`, ne, object: null, cellId: null }),
  network: () => ({ key: '', ne: null, object: null, cellId: null }),
};

/**
 * Puts the samples of both periods together, one pair a PEG and object (or NE, or network: their samples pooled, in the
 * order of `catalogue.objects`, whatever the order of collection).
 */
export function pairSeries(
  collected: Readonly<Record<PeriodName, SampleCollector>>,
  catalogue: { readonly objects: readonly MeasuredObject[]; readonly pegs: readonly Peg[] },
  level: CompareLevel,
): SeriesPair[] {
  const groupsOf = { nMinus1: byObject(collected.nMinus1), n: byObject(collected.n) };
  const pegById = new Map(catalogue.pegs.map((peg) => [peg.id, peg]));
  const seriesByKey = new Map<string, Series>();
  for (const period of ['nMinus1', 'n'] as const) {
    for (const [object, group] of inOrder(catalogue.objects, groupsOf[period])) {
      const place = PLACES[level](object);
      group.pegIds.forEach((pegId, at) => {
        const peg = pegById.get(pegId);
        if (!peg || countOf(group, at) === 0) return;
        const key = `${place.key}\0${pegId}`;
        let series = seriesByKey.get(key);
        if (!series) {
          series = { peg, place, byGranularity: new Map() };
          seriesByKey.set(key, series);
        }
        addToPool(poolOf(series, group.granularityS, period), collected[period], group, at);
      });
    }
  }
  return [...seriesByKey.values()].map(toPair);
}

function byObject(collector: SampleCollector): Map<number, CollectedGroup[]> {
  return Map.groupBy(collector.groups(), (group) => group.objectId);
}

function* inOrder(
  objects: readonly MeasuredObject[],
  groups: ReadonlyMap<number, readonly CollectedGroup[]>,
): Generator<[MeasuredObject, CollectedGroup]> {
  for (const object of objects) for (const group of groups.get(object.id) ?? []) yield [object, group];
}

function poolOf(series: Series, granularityS: number, period: PeriodName): Pool {
  let pools = series.byGranularity.get(granularityS);
  if (!pools) {
    pools = { nMinus1: emptyPool(), n: emptyPool() };
    series.byGranularity.set(granularityS, pools);
  }
  return pools[period];
}

function emptyPool(): Pool {
  return { moments: createMoments(), listed: { times: [], values: [] }, hasSuspect: false };
}

function addToPool(pool: Pool, collector: SampleCollector, group: CollectedGroup, at: number): void {
  mergeMoments(pool.moments, 0, group.moments, at * MOMENTS_STRIDE);
  pool.hasSuspect ||= group.hasSuspect;
  pool.listed = concatenated(pool.listed, collector.listedValues(group, at));
}

function concatenated(a: TimedValues | null, b: TimedValues | null): TimedValues | null {
  if (!a || !b || a.values.length + b.values.length > MAX_LISTED_VALUES) return null;
  return { times: [...a.times, ...b.times], values: [...a.values, ...b.values] };
}

function toPair(series: Series): SeriesPair {
  const { peg, place, byGranularity } = series;
  const pools = chosenPools(byGranularity);
  const flags: string[] = [];
  if (byGranularity.size > 1) flags.push('mixed_granularity');
  if (pools.nMinus1.hasSuspect || pools.n.hasSuspect) flags.push('suspect_samples');
  return {
    pegName: peg.name,
    family: peg.family,
    ne: place.ne,
    object: place.object,
    cellId: place.cellId,
    polarity: peg.polarity,
    weight: peg.weight,
    nMinus1: summaryOf(pools.nMinus1),
    n: summaryOf(pools.n),
    flags,
  };
}

/** The granularity that covers the most time in both periods, the finer of equals; else the most time in either. */
function chosenPools(byGranularity: Series['byGranularity']): Record<PeriodName, Pool> {
  const ranked = [...byGranularity].map(([granularityS, pools]) => {
    const covered = (['nMinus1', 'n'] as const).map((period) => pools[period].moments[0] * granularityS);
    return { granularityS, pools, inBoth: Math.min(...covered), inEither: Math.max(...covered) };
  });
  ranked.sort((a, b) => b.inBoth - a.inBoth || b.inEither - a.inEither || a.granularityS - b.granularityS);
  return ranked[0].pools;
}

function summaryOf(pool: Pool): PeriodSummary {
  const { count, mean, std, min, max } = readMoments(pool.moments);
  return { count, mean, std, min, max, values: pool.listed && inTimeOrder(pool.listed) };
}

function inTimeOrder({ times, values }: TimedValues): number[] {
  const order = times.map((_, index) => index);
  order.sort((a, b) => times[a] - times[b] || a - b);
  return order.map((index) => values[index]);
}
