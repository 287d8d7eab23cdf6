import { type LocalClock, spanOf } from './local-clock.ts';

const DAY_MS = 86_400_000;
/** Samples closer than this share a slot. */
const SHORTEST_SLOT_MS = 900_000;
/** The first of January 1970 was a Thursday; weeks begin on Sunday here. */
const WEEKDAY_OF_DAY_0 = 4;

/** How local time is cut into days and slots, the same for both periods. */
export interface Slots {
  readonly clock: LocalClock;
  /** Local time of day at which a day begins, ms: that of the periods where they begin at the same one, else midnight. */
  readonly dayBeginMs: number;
  readonly slotMs: number;
  readonly perDay: number;
}

/** Samples of one period by local day and slot. Place = day × perDay + slot. */
export interface DayGrid {
  /** Number of the first local day, days since 1970. */
  readonly firstDay: number;
  readonly days: number;
  readonly perDay: number;
  /** Sums of what was added to a slot. */
  readonly amount: Float64Array;
  /** What the amount is to be divided by: the number of samples, or the sum of the denominators. */
  readonly exposure: Float64Array;
  /** Slots of each day that hold something. */
  readonly presence: Uint32Array;
}

export function createSlots(
  clock: LocalClock,
  granularityS: number,
  begins: { readonly nMinus1: number; readonly n: number },
): Slots {
  const slotMs = Math.min(DAY_MS, Math.max(SHORTEST_SLOT_MS, granularityS * 1000));
  const [a, b] = [begins.nMinus1, begins.n].map((ms) => timeOfDay(clock, ms));
  return { clock, dayBeginMs: a === b ? a : 0, slotMs, perDay: Math.ceil(DAY_MS / slotMs) };
}

function timeOfDay(clock: LocalClock, ms: number): number {
  const local = ms + clock.offsetMs[spanOf(clock, ms, 0)];
  return local - Math.floor(local / DAY_MS) * DAY_MS;
}

/** 0 Sunday … 6 Saturday of a day number. */
export function weekdayOf(day: number): number {
  return (((day + WEEKDAY_OF_DAY_0) % 7) + 7) % 7;
}

export function isWeekend(day: number): boolean {
  const weekday = weekdayOf(day);
  return weekday === 0 || weekday === 6;
}

/** YYYY-MM-DD of a day number. */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Two grids that are used again and again, since a fresh one a series would cost more than filling it. */
export class GridBuffers {
  #amount = new Float64Array(0);
  #exposure = new Float64Array(0);
  #presence = new Uint32Array(0);

  take(places: number, days: number): Pick<DayGrid, 'amount' | 'exposure' | 'presence'> {
    if (this.#amount.length < places) {
      this.#amount = new Float64Array(places);
      this.#exposure = new Float64Array(places);
    }
    if (this.#presence.length < days) this.#presence = new Uint32Array(days);
    const amount = this.#amount.subarray(0, places).fill(0);
    const exposure = this.#exposure.subarray(0, places).fill(0);
    return { amount, exposure, presence: this.#presence.subarray(0, days).fill(0) };
  }
}

/**
 * Puts samples on the grid. A sample counts where its amount and exposure are finite and its exposure is above 0.
 * @param beginMs ascending; `amounts` and `exposures` parallel to it; exposures null: 1 each
 */
export function fillGrid(
  slots: Slots,
  beginMs: Float64Array,
  amounts: Float64Array,
  exposures: Float64Array | null,
  buffers: GridBuffers,
): DayGrid {
  const { clock, dayBeginMs, slotMs, perDay } = slots;
  if (beginMs.length === 0) return { firstDay: 0, days: 0, perDay, ...buffers.take(0, 0) };
  const dayAt = (ms: number): number => Math.floor((ms + clock.offsetMs[spanOf(clock, ms, 0)] - dayBeginMs) / DAY_MS);
  const firstDay = dayAt(beginMs[0]);
  const days = Math.max(1, dayAt(beginMs[beginMs.length - 1]) - firstDay + 1);
  const { amount, exposure, presence } = buffers.take(days * perDay, days);
  let span = 0;
  let offset = clock.offsetMs[0] - dayBeginMs - firstDay * DAY_MS;
  let until = clock.sinceMs.length > 1 ? clock.sinceMs[1] : Number.POSITIVE_INFINITY;
  for (let i = 0; i < beginMs.length; i++) {
    const begin = beginMs[i];
    if (begin >= until) {
      span = spanOf(clock, begin, span);
      offset = clock.offsetMs[span] - dayBeginMs - firstDay * DAY_MS;
      until = span + 1 < clock.sinceMs.length ? clock.sinceMs[span + 1] : Number.POSITIVE_INFINITY;
    }
    const value = amounts[i];
    const weight = exposures === null ? 1 : exposures[i];
    if (!(Number.isFinite(value) && weight > 0 && weight < Number.POSITIVE_INFINITY)) continue;
    const local = begin + offset;
    const day = Math.floor(local / DAY_MS);
    const place = day * perDay + Math.floor((local - day * DAY_MS) / slotMs);
    if (exposure[place] === 0) presence[day]++;
    amount[place] += value;
    exposure[place] += weight;
  }
  return { firstDay, days, perDay, amount, exposure, presence };
}
