import { MAX_LISTED_VALUES } from '@pegboard/comparison';
import { addBlockToMoments, createMoments, MOMENTS_STRIDE } from '@pegboard/stats';
import type { StoredBlock, TimeInterval } from '../../stores/kpi/kpi-store.ts';

/** Blocks held of a group before they are reduced. */
const ROWS_REDUCED_TOGETHER = 32;

/** Samples of the PEGs of one counter group of one measured object, at one granularity, in one period. */
export interface CollectedGroup {
  readonly objectId: number;
  readonly granularityS: number;
  readonly pegIds: Int32Array;
  /** Running moments, parallel to `pegIds`. */
  readonly moments: Float64Array;
  readonly hasSuspect: boolean;
}

/** Samples with the begin of their granularity periods, as parallel arrays. */
export interface TimedValues {
  readonly times: number[];
  readonly values: number[];
}

interface GroupInProgress extends CollectedGroup {
  hasSuspect: boolean;
  /** PEGs with a value in the first block: the group has at least so many series. */
  readonly seriesAtFirst: number;
  lastBeginMs: number;
  /** Whether a block came after a later one. */
  isDisordered: boolean;
  /** Whether no PEG can have too many samples to be listed: all blocks are held then. */
  readonly isShort: boolean;
  /** Blocks held, one row each, as wide as `pegIds`. */
  rows: Float64Array;
  begins: number[];
}

/**
 * Reduces blocks to moments as they come; holds samples only where a period is short enough to list them.
 *
 * The last digits of moments depend on the order in which values are added, and the store gives blocks in the order of
 * their delivery. So that results do not depend on it, blocks are added in time order: those of a short period are put
 * in order, and where a long one turns out to be out of order, `disordered` names its objects, to be read once more.
 */
export class SampleCollector {
  readonly #interval: TimeInterval;
  readonly #onSeries: (added: number) => void;
  readonly #byObject = new Map<number, GroupInProgress[]>();
  /** Samples fetched on their own, by object, granularity and PEG. */
  readonly #listed = new Map<string, TimedValues>();

  /** @param onSeries told how many series a new group has at least (less than 0: is forgotten); may throw to end the read */
  constructor(interval: TimeInterval, onSeries: (added: number) => void) {
    this.#interval = interval;
    this.#onSeries = onSeries;
  }

  add(block: StoredBlock): void {
    const group = this.#group(block);
    if (block.suspect) group.hasSuspect = true;
    if (block.beginMs < group.lastBeginMs) group.isDisordered = true;
    group.lastBeginMs = block.beginMs;
    if (group.isDisordered && !group.isShort) return;
    const width = group.pegIds.length;
    let at = group.begins.length * width;
    if (at === group.rows.length) {
      if (group.isShort) {
        group.rows = enlarged(group.rows);
      } else {
        reduce(group);
        at = 0;
      }
    }
    const { rows } = group;
    const { values, length } = block;
    for (let i = 0; i < length; i++) rows[at + i] = values[i];
    for (let i = length; i < width; i++) rows[at + i] = Number.NaN;
    group.begins.push(block.beginMs);
  }

  /** Objects that have to be read again in time order. They are forgotten, to be added again. */
  disordered(): number[] {
    const objectIds = new Set<number>();
    for (const group of this.#groups()) if (group.isDisordered && !group.isShort) objectIds.add(group.objectId);
    for (const objectId of objectIds) {
      for (const group of this.#byObject.get(objectId) ?? []) this.#onSeries(-group.seriesAtFirst);
      this.#byObject.delete(objectId);
    }
    return [...objectIds];
  }

  /** To be called once, after the last block. */
  finish(): void {
    for (const group of this.#groups()) {
      if (group.isDisordered) putInTimeOrder(group);
      addBlockToMoments(group.moments, group.rows, group.begins.length, group.pegIds.length);
      if (!group.isShort) {
        group.begins = [];
        group.rows = new Float64Array(0);
      }
    }
  }

  groups(): Iterable<CollectedGroup> {
    return this.#groups();
  }

  /** How many series have a sample. */
  seriesCount(): number {
    let series = 0;
    for (const group of this.#groups()) {
      for (let place = 0; place < group.pegIds.length; place++) if (countOf(group, place) > 0) series++;
    }
    return series;
  }

  /** Objects and PEGs whose samples are few enough to be listed, but were not held. */
  unlisted(): { readonly objectIds: number[]; readonly pegIds: number[] } {
    const objectIds = new Set<number>();
    const pegIds = new Set<number>();
    for (const group of this.#groups()) {
      if (group.isShort) continue;
      group.pegIds.forEach((pegId, place) => {
        if (!isListable(group, place)) return;
        objectIds.add(group.objectId);
        pegIds.add(pegId);
      });
    }
    return { objectIds: [...objectIds], pegIds: [...pegIds] };
  }

  /** Takes a block of the second read, which fetches what `unlisted` names. */
  list(block: StoredBlock): void {
    const group = this.#byObject
      .get(block.objectId)
      ?.find(({ granularityS, pegIds }) => granularityS === block.granularityS && pegIds.includes(block.pegIds[0]));
    if (!group || group.isShort) return;
    for (let i = 0; i < block.length; i++) {
      const value = block.values[i];
      if (!Number.isFinite(value) || !isListable(group, group.pegIds.indexOf(block.pegIds[i]))) continue;
      const key = listKey(group, block.pegIds[i]);
      const listed = this.#listed.get(key) ?? { times: [], values: [] };
      this.#listed.set(key, listed);
      listed.times.push(block.beginMs);
      listed.values.push(value);
    }
  }

  /** The samples of the PEG at a place of a group, in any order; null where they are too many to be listed. */
  listedValues(group: CollectedGroup, place: number): TimedValues | null {
    const inProgress = this.#byObject.get(group.objectId)?.find((candidate) => candidate === group);
    if (inProgress?.isShort) return valuesOfRows(inProgress, place);
    return this.#listed.get(listKey(group, group.pegIds[place])) ?? null;
  }

  #groups(): GroupInProgress[] {
    return [...this.#byObject.values()].flat();
  }

  #group(block: StoredBlock): GroupInProgress {
    let groups = this.#byObject.get(block.objectId);
    if (!groups) {
      groups = [];
      this.#byObject.set(block.objectId, groups);
    }
    for (const group of groups) {
      if (group.pegIds === block.pegIds && group.granularityS === block.granularityS) return group;
    }
    const { objectId, granularityS, pegIds } = block;
    const periods = (this.#interval.toMs - this.#interval.fromMs) / (granularityS * 1000);
    const group: GroupInProgress = {
      objectId,
      granularityS,
      pegIds,
      moments: createMoments(pegIds.length),
      hasSuspect: false,
      seriesAtFirst: countFinite(block),
      lastBeginMs: Number.NEGATIVE_INFINITY,
      isDisordered: false,
      isShort: periods <= MAX_LISTED_VALUES,
      rows: new Float64Array(ROWS_REDUCED_TOGETHER * pegIds.length),
      begins: [],
    };
    groups.push(group);
    this.#onSeries(group.seriesAtFirst);
    return group;
  }
}

export function countOf(group: CollectedGroup, place: number): number {
  return group.moments[place * MOMENTS_STRIDE];
}

function isListable(group: CollectedGroup, place: number): boolean {
  const count = countOf(group, place);
  return count > 0 && count <= MAX_LISTED_VALUES;
}

function reduce(group: GroupInProgress): void {
  addBlockToMoments(group.moments, group.rows, group.begins.length, group.pegIds.length);
  group.begins.length = 0;
}

function countFinite({ values, length }: StoredBlock): number {
  let count = 0;
  for (let i = 0; i < length; i++) if (Number.isFinite(values[i])) count++;
  return count;
}

function putInTimeOrder(group: GroupInProgress): void {
  const { begins, rows, pegIds } = group;
  const order = [...begins.keys()].sort((a, b) => begins[a] - begins[b]);
  const ordered = new Float64Array(rows.length);
  order.forEach((from, to) => {
    ordered.set(rows.subarray(from * pegIds.length, (from + 1) * pegIds.length), to * pegIds.length);
  });
  group.rows = ordered;
  group.begins = order.map((from) => begins[from]);
}

function enlarged(rows: Float64Array): Float64Array {
  const larger = new Float64Array(rows.length * 2);
  larger.set(rows);
  return larger;
}

function valuesOfRows({ rows, begins, pegIds }: GroupInProgress, place: number): TimedValues {
  const times: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < begins.length; row++) {
    const value = rows[row * pegIds.length + place];
    if (!Number.isFinite(value)) continue;
    times.push(begins[row]);
    values.push(value);
  }
  return { times, values };
}

function listKey({ objectId, granularityS }: CollectedGroup, pegId: number): string {
  return `${objectId} ${granularityS} ${pegId}`;
}
