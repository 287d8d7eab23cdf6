import type { EntitySamples } from './entity-samples.ts';

/** Which samples of an entity count in which way. Valid until the next is made. */
export interface Presence {
  /** By sample: `NONE`, `FULL` or `SOME`; the first `length` count. */
  readonly kinds: Uint8Array;
  readonly length: number;
  full: number;
  some: number;
}

/** Outside of the bins, without any input, or left out. */
export const NONE = 0;
/** With all inputs of the measure. */
export const FULL = 1;
/** With some of them. */
export const SOME = 2;

/** Made once, since it is needed for every entity and measure. */
let kinds = new Uint8Array(0);
let inputs = new Uint16Array(0);

/** What each sample has of the inputs; `slots` −1: outside. */
export function presenceOf({ begins, columns }: EntitySamples, slots: Int32Array): Presence {
  const { length } = begins;
  if (kinds.length < length) {
    kinds = new Uint8Array(2 * length);
    inputs = new Uint16Array(2 * length);
  }
  inputs.fill(0, 0, length);
  for (const column of columns) if (column) countPresent(column.values, column.weights, length);
  let [full, some] = [0, 0];
  const all = columns.length;
  for (let at = 0; at < length; at++) {
    const present = slots[at] < 0 ? 0 : inputs[at];
    kinds[at] = present === 0 ? NONE : present === all ? FULL : SOME;
    if (present === all) full++;
    else if (present > 0) some++;
  }
  return { kinds, length, full, some };
}

function countPresent(values: Float64Array, weights: Float64Array | null, length: number): void {
  if (weights === null) {
    for (let at = 0; at < length; at++) if (!Number.isNaN(values[at])) inputs[at]++;
    return;
  }
  for (let at = 0; at < length; at++) if (!Number.isNaN(values[at]) && !Number.isNaN(weights[at])) inputs[at]++;
}
