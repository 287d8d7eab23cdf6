import type { CollectContext } from './collect-context.ts';
import type { CollectedSeries, EntityCounts } from './collect-request.ts';
import { EntityInputs } from './entity-inputs.ts';
import type { EntitySamples } from './entity-samples.ts';
import type { Measure } from './measure.ts';
import { MeasureSeries } from './measure-series.ts';
import { type Entity, shouldHave } from './places.ts';
import { PooledInputs } from './pooled-inputs.ts';
import type { PeriodTimeline } from './timeline.ts';

type TimelineOf = (interval: number, granularityS: number) => PeriodTimeline;
type FoundByInterval = readonly (readonly EntitySamples[])[];

/** Bins under way, of one granularity or of buckets (null). */
interface Group {
  readonly granularityS: number | null;
  readonly bins: PooledInputs;
  /** The entities that do not have samples in all intervals, where amounts are compared like for like. */
  readonly others: PooledInputs | null;
  /** Entities that gave samples, and those of `others`. */
  entities: number;
  /** Seconds of samples in `others`. */
  otherSeconds: number;
}

/** What comes together of one measure at a place of several entities. */
export class MeasureCollection {
  readonly #measure: Measure;
  readonly #context: CollectContext;
  readonly #timelineOf: TimelineOf;
  readonly #isLikeForLike: boolean;
  /** By interval and binning: by granularity. */
  readonly #groups: readonly (readonly Map<number | null, Group>[])[];
  /** By interval: entities that should have samples, and have. */
  readonly #fulfilled: number[];
  readonly #notInAll: number[];
  #inAll = 0;
  /** Granularities that some entity has in all intervals. */
  readonly #common = new Set<number>();

  constructor(measure: Measure, context: CollectContext, timelineOf: TimelineOf) {
    const { intervals, binnings, likeForLike = false } = context.request;
    this.#measure = measure;
    this.#context = context;
    this.#timelineOf = timelineOf;
    this.#isLikeForLike = likeForLike && measure.isAmount;
    this.#groups = intervals.map(() => binnings.map(() => new Map()));
    this.#fulfilled = intervals.map(() => 0);
    this.#notInAll = intervals.map(() => 0);
  }

  add(unit: Entity, found: FoundByInterval): void {
    const isInAll = found.every((samples) => samples.length > 0);
    if (isInAll) this.#inAll++;
    const should = shouldHave(this.#measure, unit);
    for (const [interval, samples] of found.entries()) {
      if (samples.length === 0) continue;
      if (should) this.#fulfilled[interval]++;
      if (!isInAll) this.#notInAll[interval]++;
      for (const [binning, timeline] of this.#context.buckets.entries()) {
        if (timeline) this.#addTo(interval, binning, null, samples, found);
        else for (const one of samples) this.#addTo(interval, binning, one.granularityS, [one], found);
      }
    }
  }

  #addTo(
    interval: number,
    binning: number,
    granularityS: number | null,
    samples: readonly EntitySamples[],
    found: FoundByInterval,
  ): void {
    const group = this.#group(interval, binning, granularityS);
    group.entities++;
    const isCommon = granularityS !== null && hasEverywhere(found, granularityS);
    if (isCommon) this.#common.add(granularityS);
    if (group.others === null || isCommon) {
      group.bins.addEntity(samples);
      return;
    }
    group.others.addEntity(samples);
    for (const one of samples) group.otherSeconds += new EntityInputs(this.#measure, one).totalSeconds;
  }

  #group(interval: number, binning: number, granularityS: number | null): Group {
    const groups = this.#groups[interval][binning];
    let group = groups.get(granularityS);
    if (!group) {
      const bins = () => this.#bins(interval, binning, granularityS);
      const others = this.#isLikeForLike && granularityS !== null ? bins() : null;
      group = { granularityS, bins: bins(), others, entities: 0, otherSeconds: 0 };
      groups.set(granularityS, group);
    }
    return group;
  }

  #bins(interval: number, binning: number, granularityS: number | null): PooledInputs {
    const timeline = this.#context.buckets[binning] ?? this.#timelineOf(interval, granularityS ?? 0);
    return new PooledInputs(this.#measure, timeline, this.#isLikeForLike && granularityS !== null);
  }

  /** @param should entities that should have samples */
  series(should: number): CollectedSeries[] {
    const all: CollectedSeries[] = [];
    for (const [interval, binnings] of this.#groups.entries()) {
      const silent = Math.max(0, should - this.#fulfilled[interval]);
      for (const [binning, groups] of binnings.entries()) {
        const sorted = [...groups.values()].sort((a, b) => (a.granularityS ?? 0) - (b.granularityS ?? 0));
        for (const group of sorted) {
          all.push({ interval, binning, series: this.#seriesOf(group, interval, binning, group.entities + silent) });
        }
      }
    }
    return all;
  }

  #seriesOf(group: Group, interval: number, binning: number, entities: number): MeasureSeries {
    const { granularityS, bins, others, otherSeconds } = group;
    const isCommon = others === null || granularityS === null || this.#common.has(granularityS);
    const { fromMs, toMs } = this.#context.expected(interval);
    const inputs = (isCommon ? bins : others).settle();
    return new MeasureSeries(this.#measure, granularityS, inputs, {
      atBin: (beginMs) => entities * (granularityS ?? this.#context.secondsOf(binning, beginMs, interval)),
      total: (entities * (toMs - fromMs)) / 1000,
      alsoPresent: isCommon ? otherSeconds : 0,
    });
  }

  entities(): EntityCounts {
    return { inAll: this.#inAll, notInAll: this.#notInAll, commonGranularities: this.#common };
  }
}

function hasEverywhere(found: FoundByInterval, granularityS: number): boolean {
  return found.every((samples) => samples.some((each) => each.granularityS === granularityS));
}
