import { Accumulated } from './accumulated.ts';
import type { BinnedInputs, TotalInputs } from './binned-inputs.ts';
import type { EntitySamples } from './entity-samples.ts';
import type { Measure } from './measure.ts';
import { mostComplete } from './most-complete.ts';
import { FULL, NONE, type Presence, presenceOf, SOME } from './presence.ts';
import { BucketTimeline, type Timeline } from './timeline.ts';
import { UsualShares } from './usual-shares.ts';

/**
 * Adds the samples of cells up in bins of time, input by input. Only samples that have all inputs count together: where one
 * cell delivers attempts without successes, its attempts would spoil the ratio. Samples that lack inputs count where
 * no others have more (the energy of a node, the volume of its cells).
 */
export class PooledInputs {
  readonly #measure: Measure;
  readonly #timeline: Timeline;
  readonly #shares: UsualShares | null;
  #unitS = 0;
  #full: Accumulated | null = null;
  readonly #partial = new Map<string, Accumulated>();
  readonly #suspect = new Set<number>();
  readonly #mixed = new Set<number>();
  readonly #overlong = new Set<number>();
  readonly #used = new Set<number>();
  readonly #leftOut = new Map<number, number>();
  /** By slot: the shortest granularity that the entity under way has there. */
  readonly #shortest = new Map<number, number>();

  /** @param completed amounts of bins that lack the samples of some entities are brought up to all (see `UsualShares`) */
  constructor(measure: Measure, timeline: Timeline, completed: boolean) {
    this.#measure = measure;
    this.#timeline = timeline;
    this.#shares = completed && measure.isAmount ? new UsualShares(measure) : null;
  }

  /** Adds all samples of one entity, the shortest granularity first: longer ones repeat what it says, and are left out. */
  addEntity(found: readonly EntitySamples[]): void {
    this.#shortest.clear();
    for (const samples of found) this.#add(samples, found.length > 1);
  }

  #add(samples: EntitySamples, isMixed: boolean): void {
    const slots = this.#timeline.slotsOf(samples.begins);
    this.#unitS ||= samples.granularityS;
    const presence = presenceOf(samples, slots);
    if (isMixed) this.#leaveOut(samples, slots, presence);
    if (presence.full + presence.some > 0) this.#used.add(samples.granularityS);
    this.#remark(samples, slots, presence);
    if (presence.full > 0) {
      this.#full ??= this.#accumulated(this.#measure.inputs.map(() => true));
      this.#full.grow(this.#timeline.slots);
      this.#full.add(samples, presence, slots);
      this.#shares?.add(samples, presence, slots, this.#timeline.slots);
    }
    if (presence.some > 0) this.#addPartial(samples, slots, presence);
  }

  #leaveOut({ granularityS }: EntitySamples, slots: Int32Array, presence: Presence): void {
    for (let at = 0; at < presence.length; at++) {
      const kind = presence.kinds[at];
      if (kind === NONE) continue;
      const taken = this.#shortest.get(slots[at]);
      if (taken === undefined) this.#shortest.set(slots[at], granularityS);
      if (taken === undefined || taken === granularityS) continue;
      presence.kinds[at] = NONE;
      if (kind === FULL) presence.full--;
      else presence.some--;
      this.#mixed.add(slots[at]);
      this.#leftOut.set(granularityS, (this.#leftOut.get(granularityS) ?? 0) + 1);
    }
  }

  #remark({ begins, granularityS, hasSuspect, isSuspect }: EntitySamples, slots: Int32Array, presence: Presence): void {
    const isBucketed = this.#timeline instanceof BucketTimeline;
    if (!isBucketed && !hasSuspect) return;
    for (let at = 0; at < presence.length; at++) {
      if (presence.kinds[at] === NONE) continue;
      if (hasSuspect && isSuspect(at)) this.#suspect.add(slots[at]);
      if (begins[at] + granularityS * 1000 > this.#timeline.endAt(slots[at])) this.#overlong.add(slots[at]);
    }
  }

  #addPartial(samples: EntitySamples, slots: Int32Array, { kinds, length }: Presence): void {
    const chosen = new Map<string, { readonly present: readonly boolean[]; readonly presence: Presence }>();
    for (let at = 0; at < length; at++) {
      if (kinds[at] !== SOME) continue;
      const present = samples.columns.map(
        (column) =>
          column !== null &&
          !Number.isNaN(column.values[at]) &&
          (column.weights === null || !Number.isNaN(column.weights[at])),
      );
      const signature = present.map(Number).join('');
      let group = chosen.get(signature);
      if (!group) {
        group = { present, presence: { kinds: new Uint8Array(length), length, full: 0, some: 0 } };
        chosen.set(signature, group);
      }
      group.presence.kinds[at] = FULL;
    }
    for (const [signature, { present, presence }] of chosen) {
      const totals = this.#partial.get(signature) ?? this.#accumulated(present);
      this.#partial.set(signature, totals);
      totals.grow(this.#timeline.slots);
      totals.add(samples, presence, slots);
    }
  }

  #accumulated(present: readonly boolean[]): Accumulated {
    return new Accumulated(this.#measure, present, this.#timeline.slots, this.#unitS);
  }

  /** What has been added. */
  settle(): BinnedInputs {
    const slots = this.#slotsWithSamples();
    const values = this.#measure.inputs.map((_, input) => this.#fullColumn(input, slots));
    const seconds = new Float64Array(slots.length);
    for (let bin = 0; bin < slots.length; bin++) {
      seconds[bin] = this.#full?.seconds[slots[bin]] ?? 0;
      if (seconds[bin] > 0) continue;
      const merged = this.#merged([slots[bin]]);
      seconds[bin] = merged.seconds;
      for (const [input, column] of values.entries()) column[bin] = merged.values[input];
    }
    let total: TotalInputs | null = null;
    const totalOnce = () => {
      total ??= this.#total(slots);
      return total;
    };
    return {
      begins: Float64Array.from(slots, (slot) => this.#timeline.beginAt(slot)),
      values,
      seconds,
      get totalSeconds() {
        return totalOnce().seconds;
      },
      hasSuspect: this.#suspect.size > 0,
      isSuspect: (bin) => this.#suspect.has(slots[bin]),
      isMixed: (bin) => this.#mixed.has(slots[bin]),
      isOverlong: (bin) => this.#overlong.has(slots[bin]),
      used: this.#used,
      leftOut: this.#leftOut,
      total: totalOnce,
    };
  }

  #slotsWithSamples(): number[] {
    const full = this.#full?.seconds ?? new Float64Array(0);
    const partial = [...this.#partial.values()].map(({ seconds }) => seconds);
    const slots: number[] = [];
    for (const slot of this.#timeline.order()) {
      if (full[slot] > 0 || partial.some((seconds) => seconds[slot] > 0)) slots.push(slot);
    }
    return slots;
  }

  /** The values of an input in bins that have all inputs. */
  #fullColumn(input: number, slots: readonly number[]): Float64Array {
    const column = new Float64Array(slots.length);
    if (this.#full === null) return column;
    for (let bin = 0; bin < slots.length; bin++) {
      const slot = slots[bin];
      column[bin] = this.#full.valueAt(input, slot);
      if (this.#shares) column[bin] *= this.#shares.factorAt(input, slot);
    }
    return column;
  }

  #total(slots: readonly number[]): TotalInputs {
    const full = this.#full;
    if (full === null) return this.#merged(slots);
    const values = this.#measure.inputs.map(({ combination }, input) => {
      let [sum, weight] = [0, 0];
      for (const slot of slots) {
        if (!(full.seconds[slot] > 0)) continue;
        sum += full.sumAt(input, slot) * (this.#shares?.factorAt(input, slot) ?? 1);
        if (combination !== 'sum') weight += full.weightAt(input, slot);
      }
      return combination === 'sum' ? sum : sum / weight;
    });
    let [seconds, bins] = [0, 0];
    for (const slot of slots) {
      if (!(full.seconds[slot] > 0)) continue;
      seconds += full.seconds[slot];
      bins++;
    }
    return { values, seconds, bins };
  }

  /** Adds up the partial ones that no others have more inputs than. */
  #merged(slots: readonly number[]): TotalInputs {
    const { inputs } = this.#measure;
    const sums = inputs.map(() => Number.NaN);
    const weights = inputs.map(() => 0);
    const secondsOf = inputs.map(() => 0);
    const there = [...this.#partial.values()].filter(({ seconds }) => slots.some((slot) => seconds[slot] > 0));
    for (const totals of mostComplete(there)) {
      for (const slot of slots.filter((each) => totals.seconds[each] > 0)) {
        for (const input of inputs.keys()) {
          if (!totals.present[input]) continue;
          sums[input] = (Number.isNaN(sums[input]) ? 0 : sums[input]) + totals.sumAt(input, slot);
          weights[input] += totals.weightAt(input, slot);
          secondsOf[input] += totals.seconds[slot];
        }
      }
    }
    const values = inputs.map(({ combination }, input) =>
      combination === 'sum' ? sums[input] : sums[input] / weights[input],
    );
    const bins = slots.filter((slot) => there.some(({ seconds }) => seconds[slot] > 0)).length;
    // The input with the fewest samples decides.
    return { values, seconds: Math.min(...secondsOf), bins };
  }
}
