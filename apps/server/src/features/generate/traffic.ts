import { hashText, RandomStream } from './random.ts';

export const SECONDS_PER_DAY = 86_400;

const CELL_KINDS = ['business', 'residential', 'mixed'] as const;
export type CellKind = (typeof CELL_KINDS)[number];

/** Traffic by hour of day (UTC), 0 h first; scaled to a mean of 1 below. Night trough before dawn, one or two humps. */
const HOURLY: Readonly<Record<CellKind, readonly number[]>> = {
  business: [14, 10, 8, 7, 7, 10, 22, 48, 80, 98, 104, 106, 100, 104, 106, 103, 96, 84, 62, 44, 34, 28, 22, 17],
  residential: [42, 26, 17, 13, 12, 14, 24, 42, 52, 54, 56, 60, 64, 62, 62, 66, 74, 86, 98, 108, 114, 110, 94, 66],
  mixed: [28, 18, 13, 10, 10, 13, 26, 50, 70, 78, 82, 88, 90, 88, 88, 90, 94, 98, 96, 94, 90, 80, 62, 42],
};

/** Traffic by day of week, Sunday first. */
const WEEKLY: Readonly<Record<CellKind, readonly number[]>> = {
  business: [0.42, 1.08, 1.12, 1.13, 1.12, 1.07, 0.55],
  residential: [1.1, 0.95, 0.94, 0.95, 0.96, 1.02, 1.12],
  mixed: [0.86, 1.01, 1.02, 1.03, 1.03, 1.06, 0.96],
};

/** Log-scale spread of traffic levels between cells, and its bounds. */
const LEVEL_SIGMA = 0.35;
const LEVEL_MIN = 0.5;
const LEVEL_MAX = 2.2;

/** Log-scale day effects: the whole network, an NE, a cell. */
const DAY_SIGMA = { network: 0.015, ne: 0.015, cell: 0.02 } as const;

/** AR(1) noise of the load: log-scale spread and correlation over 15 minutes. */
const AR_SIGMA = 0.07;
const AR_CORRELATION_PER_900_S = 0.75;

const STREAM = {
  kind: hashText('cell kind'),
  level: hashText('traffic level'),
  networkDay: hashText('network day effect'),
  neDay: hashText('NE day effect'),
  cellDay: hashText('cell day effect'),
  noise: hashText('load noise'),
} as const;

/** What a cell's load depends on; hashes stand for names. */
export interface CellTraffic {
  readonly kind: CellKind;
  /** Mean load over a plain week; 1 is the typical cell. */
  readonly level: number;
  readonly neHash: number;
  readonly cellHash: number;
}

export function cellTraffic(seed: number, ne: string, cellKey: string): CellTraffic {
  const cellHash = hashText(cellKey);
  const kindDraw = new RandomStream(seed, STREAM.kind, cellHash).uniform();
  const kind = kindDraw < 0.3 ? 'business' : kindDraw < 0.65 ? 'residential' : 'mixed';
  const level = Math.exp(LEVEL_SIGMA * new RandomStream(seed, STREAM.level, cellHash).normal());
  return { kind, level: Math.min(LEVEL_MAX, Math.max(LEVEL_MIN, level)), neHash: hashText(ne), cellHash };
}

/**
 * Load of a cell in each granularity period of a UTC day (1: the mean of a typical cell).
 * Level × time of day × day of week × day effects × AR(1) noise that runs on over midnight.
 *
 * @param day days since 1970-01-01
 */
export function cellLoad(seed: number, traffic: CellTraffic, day: number, granularityS: number): Float64Array {
  const slots = SECONDS_PER_DAY / granularityS;
  const profile = dailyProfile(traffic.kind, granularityS);
  const noise = loadNoise(seed, traffic.cellHash, day, slots, granularityS);
  const weekday = (((day + 4) % 7) + 7) % 7; // 1970-01-01 was a Thursday
  const effect =
    DAY_SIGMA.network * new RandomStream(seed, STREAM.networkDay, day).normal() +
    DAY_SIGMA.ne * new RandomStream(seed, STREAM.neDay, traffic.neHash, day).normal() +
    DAY_SIGMA.cell * new RandomStream(seed, STREAM.cellDay, traffic.cellHash, day).normal();
  const dayLevel = traffic.level * (WEEKLY[traffic.kind][weekday] ?? 1) * Math.exp(effect);
  return noise.map((value, slot) => dayLevel * (profile[slot] ?? 0) * Math.exp(value));
}

/** The noise of a day starts from the innovations of the day before, so that days can be made in any order. */
function loadNoise(seed: number, cellHash: number, day: number, slots: number, granularityS: number): Float64Array {
  const correlation = AR_CORRELATION_PER_900_S ** (granularityS / 900);
  const innovation = AR_SIGMA * Math.sqrt(1 - correlation * correlation);
  const noise = new Float64Array(slots);
  let state = Number.NaN;
  for (const source of [day - 1, day]) {
    const stream = new RandomStream(seed, STREAM.noise, cellHash, source);
    const fresh = AR_SIGMA * stream.normal(); // drawn on both days, so that a day's innovations are always the same
    if (Number.isNaN(state)) state = fresh;
    for (let slot = 0; slot < slots; slot++) {
      state = correlation * state + innovation * stream.normal();
      noise[slot] = state;
    }
  }
  return noise;
}

/** Hourly anchors (at half past) joined by a smooth curve, at the middle of each granularity period; mean 1. */
function dailyProfile(kind: CellKind, granularityS: number): Float64Array {
  const anchors = HOURLY[kind];
  const mean = anchors.reduce((sum, value) => sum + value, 0) / anchors.length;
  return Float64Array.from({ length: SECONDS_PER_DAY / granularityS }, (_, slot) => {
    const hour = ((slot + 0.5) * granularityS) / 3600 - 0.5;
    const left = Math.floor(hour);
    const ease = (1 - Math.cos(Math.PI * (hour - left))) / 2;
    const from = anchors[(left + 24) % 24] ?? mean;
    const to = anchors[(left + 25) % 24] ?? mean;
    return (from + (to - from) * ease) / mean;
  });
}
