import { MAX_LISTED_VALUES } from '@pegboard/comparison';
import { addRowToMoments, createMoments, MOMENTS_STRIDE } from '@pegboard/stats';
import type { StoredBlock } from '../../stores/kpi/kpi-store.ts';

/** Samples of the PEGs of one counter group of one measured object, at one granularity, in one period. */
export interface CollectedGroup {
  readonly objectId: number;
  readonly granularityS: number;
  readonly pegIds: Int32Array;
  /** Running moments, parallel to `pegIds`. */
  readonly moments: Float64Array;
  hasSuspect: boolean;
  /** Blocks with their values, in the order of arrival, while they are few enough to be listed. */
  rows: { readonly beginMs: number; readonly values: Float64Array }[] | null;
  /** Of a PEG with so many missing values that it still has few enough to be listed; by place. */
  sparse: Map<number, TimedValues>;
}

/** Samples with the begin of their granularity periods, as parallel arrays. */
export interface TimedValues {
  readonly times: number[];
  readonly values: number[];
}

/** Reduces blocks to moments as they come; holds a few numbers a series, not its samples. */
export class SampleCollector {
  readonly #byObject = new Map<number, CollectedGroup[]>();
  readonly #onSeries: (added: number) => void;

  /** @param onSeries told how many series a new group adds; may throw to end the read */
  constructor(onSeries: (added: number) => void) {
    this.#onSeries = onSeries;
  }

  add(block: StoredBlock): void {
    const group = this.#group(block);
    addRowToMoments(group.moments, block.values, block.length);
    if (block.suspect) group.hasSuspect = true;
    if (group.rows) keepRow(group, block);
    else if (group.sparse.size > 0) keepSparse(group, block);
  }

  groups(): Iterable<CollectedGroup> {
    return [...this.#byObject.values()].flat();
  }

  #group(block: StoredBlock): CollectedGroup {
    let groups = this.#byObject.get(block.objectId);
    if (!groups) {
      groups = [];
      this.#byObject.set(block.objectId, groups);
    }
    for (const group of groups) {
      if (group.pegIds === block.pegIds && group.granularityS === block.granularityS) return group;
    }
    const group: CollectedGroup = {
      objectId: block.objectId,
      granularityS: block.granularityS,
      pegIds: block.pegIds,
      moments: createMoments(block.pegIds.length),
      hasSuspect: false,
      rows: [],
      sparse: new Map(),
    };
    groups.push(group);
    this.#onSeries(block.pegIds.length);
    return group;
  }
}

/** The samples of the PEG at a place of a group, in time order; null where they are too many to be listed. */
export function listedValues(group: CollectedGroup, place: number): TimedValues | null {
  if (group.rows) return valuesOfRows(group.rows, place);
  return group.sparse.get(place) ?? null;
}

export function countOf(group: CollectedGroup, place: number): number {
  return group.moments[place * MOMENTS_STRIDE];
}

function keepRow(group: CollectedGroup, block: StoredBlock): void {
  const rows = group.rows ?? [];
  rows.push({ beginMs: block.beginMs, values: block.values.slice(0, block.length) });
  if (rows.length <= MAX_LISTED_VALUES) return;
  group.rows = null;
  for (let place = 0; place < group.pegIds.length; place++) {
    const count = countOf(group, place);
    if (count > 0 && count <= MAX_LISTED_VALUES) group.sparse.set(place, valuesOfRows(rows, place));
  }
}

function keepSparse(group: CollectedGroup, block: StoredBlock): void {
  for (const [place, kept] of group.sparse) {
    const value = place < block.length ? block.values[place] : Number.NaN;
    if (!Number.isFinite(value)) continue;
    if (kept.values.length === MAX_LISTED_VALUES) {
      group.sparse.delete(place);
    } else {
      kept.times.push(block.beginMs);
      kept.values.push(value);
    }
  }
}

function valuesOfRows(rows: NonNullable<CollectedGroup['rows']>, place: number): TimedValues {
  const times: number[] = [];
  const values: number[] = [];
  for (const row of rows) {
    const value = place < row.values.length ? row.values[place] : Number.NaN;
    if (!Number.isFinite(value)) continue;
    times.push(row.beginMs);
    values.push(value);
  }
  return { times, values };
}
