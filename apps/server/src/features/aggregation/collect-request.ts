import type { CompareLevel } from '@pegboard/contracts';
import type { MeasuredObject, TimeInterval } from '../../stores/kpi/kpi-store.ts';
import type { EntitySamples } from './entity-samples.ts';
import type { Measure } from './measure.ts';
import type { MeasureSeries } from './measure-series.ts';
import type { Entity, Place } from './places.ts';

export interface CollectRequest {
  readonly measures: readonly Measure[];
  /** Objects of the selection, in the order of names. */
  readonly objects: readonly MeasuredObject[];
  /** They are all that the store has. */
  readonly allObjects: boolean;
  readonly intervals: readonly TimeInterval[];
  readonly level: CompareLevel;
  /** The time that samples are expected of, where it is more than the intervals. */
  readonly expected?: TimeInterval;
  /** Begins of buckets and the end of the last (see `bucketBounds`); null: granularity periods. */
  readonly binnings: readonly (Float64Array | null)[];
  /**
   * Amounts by granularity period over several cells are made of the same cells in all intervals and periods: of those that
   * have samples in every interval, where there are such; and where one lacks a sample in a period, the total is brought up
   * to all (see `UsualShares`).
   */
  readonly likeForLike?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What one unit (a cell, or an object) has of a measure, by interval. */
export interface UnitSamples {
  readonly measure: number;
  readonly unit: Entity;
  readonly found: readonly (readonly EntitySamples[])[];
}

/** All series of a measure at a place. */
export interface CollectedMeasure {
  /** Index of the measure. */
  readonly measure: number;
  readonly place: Place;
  /** By interval, then binning, then granularity, the shortest first. */
  readonly series: readonly CollectedSeries[];
  readonly entities: EntityCounts;
}

export interface CollectedSeries {
  /** Index of the interval. */
  readonly interval: number;
  /** Index of the binning. */
  readonly binning: number;
  readonly series: MeasureSeries;
}

/** Cells or objects that gave samples. */
export interface EntityCounts {
  /** In all intervals. */
  readonly inAll: number;
  /** By interval: in this one, but not in all. */
  readonly notInAll: readonly number[];
  /** Granularities that some entity has in all intervals, in seconds. */
  readonly commonGranularities: ReadonlySet<number>;
}
