import type { CollectContext } from './collect-context.ts';
import type { CollectedMeasure, CollectedSeries, UnitSamples } from './collect-request.ts';
import { EntityInputs } from './entity-inputs.ts';
import { MeasureSeries } from './measure-series.ts';
import { placeOf } from './places.ts';
import { PooledInputs } from './pooled-inputs.ts';

/** The series of a measure of one cell or object. */
export function unitSeries(context: CollectContext, { measure: index, unit, found }: UnitSamples): CollectedMeasure {
  const measure = context.request.measures[index];
  const series: CollectedSeries[] = [];
  for (const [interval, samples] of found.entries()) {
    if (samples.length === 0) continue;
    const { fromMs, toMs } = context.expected(interval);
    const total = (toMs - fromMs) / 1000;
    for (const [binning, buckets] of context.buckets.entries()) {
      if (buckets === null) {
        for (const one of samples) {
          const { granularityS } = one;
          const expected = { atBin: () => granularityS, total, alsoPresent: 0 };
          const own = new MeasureSeries(measure, granularityS, new EntityInputs(measure, one), expected);
          series.push({ interval, binning, series: own });
        }
        continue;
      }
      const pooled = new PooledInputs(measure, buckets, false);
      pooled.addEntity(samples);
      const atBin = (beginMs: number) => context.secondsOf(binning, beginMs, interval);
      const own = new MeasureSeries(measure, null, pooled.settle(), { atBin, total, alsoPresent: 0 });
      series.push({ interval, binning, series: own });
    }
  }
  const isInAll = found.every((samples) => samples.length > 0);
  const notInAll = found.map((samples) => Number(!isInAll && samples.length > 0));
  const entities = { inAll: Number(isInAll), notInAll, commonGranularities: NONE };
  return { measure: index, place: placeOf('cell', unit), series, entities };
}

const NONE: ReadonlySet<number> = new Set();
