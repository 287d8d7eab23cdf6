import type { TimeInterval } from '../../stores/kpi/kpi-store.ts';
import { bucketIndex } from './buckets.ts';
import type { CollectRequest } from './collect-request.ts';
import { BucketTimeline } from './timeline.ts';

/** What all places of a request have in common. */
export class CollectContext {
  readonly request: CollectRequest;
  readonly buckets: readonly (BucketTimeline | null)[];

  constructor(request: CollectRequest) {
    this.request = request;
    this.buckets = request.binnings.map((bounds) => bounds && new BucketTimeline(bounds));
  }

  /** For how long a bin lasts within the time that samples are expected of, in seconds. */
  secondsOf(binning: number, beginMs: number, interval: number): number {
    const bounds = this.request.binnings[binning];
    if (!bounds) return 0;
    const { fromMs, toMs } = this.expected(interval);
    const endMs = bounds[bucketIndex(bounds, beginMs) + 1];
    return (Math.min(endMs, toMs) - Math.max(beginMs, fromMs)) / 1000;
  }

  /** The time that samples are expected of. */
  expected(interval: number): TimeInterval {
    return this.request.expected ?? this.request.intervals[interval];
  }
}
