import type { DayGrid } from './day-grid.ts';
import { type DayMatch, keyBase } from './match-days.ts';

/** Rounds of the multiplicative fit; the fit is exact at once where exposures of the periods are in proportion. */
const FIT_ROUNDS = 12;

/** Events of both periods, by day, against what a common daily pattern expects. */
export interface EventLevels {
  /** Events and expected events of the used days of a period; the expectation of both is of the common pattern. */
  readonly observed: readonly [Float64Array, Float64Array];
  readonly expected: readonly [Float64Array, Float64Array];
  readonly totalObserved: readonly [number, number];
  readonly totalExpected: readonly [number, number];
  readonly totalExposure: readonly [number, number];
  /** Share of all events expected in N where nothing changed. */
  readonly share: number;
  /** Events per exposure, both periods. */
  readonly rate: number;
}

/**
 * Fits events(period, slot) ~ exposure(period, slot) × pattern(slot) × level(period) by alternating proportional fitting (the
 * maximum likelihood of a Poisson regression with slot and period effects), and sums up by day.
 */
export function eventLevels(grids: readonly [DayGrid, DayGrid], match: DayMatch): EventLevels {
  const events = [new Float64Array(match.keys), new Float64Array(match.keys)] as const;
  const exposures = [new Float64Array(match.keys), new Float64Array(match.keys)] as const;
  for (const period of [0, 1] as const)
    addSlots(grids[period], match, match.days[period], events[period], exposures[period]);
  const totalObserved = [sum(events[0]), sum(events[1])] as const;
  const totalExposure = [sum(exposures[0]), sum(exposures[1])] as const;
  const total = totalObserved[0] + totalObserved[1];
  const nullPattern = patternAt(1, events, exposures);
  const share = total === 0 ? 0.5 : dot(nullPattern, exposures[1]) / total;
  const level = fittedLevel(events, exposures, totalObserved);
  const pattern = level === 1 ? nullPattern : patternAt(level, events, exposures);
  const days = [0, 1].map((period) => byDay(grids[period], match, match.days[period], pattern));
  return {
    observed: [days[0].observed, days[1].observed],
    expected: [days[0].expected, days[1].expected],
    totalObserved,
    totalExpected: [sum(days[0].expected), sum(days[1].expected)],
    totalExposure,
    share,
    rate: total / (totalExposure[0] + totalExposure[1]),
  };
}

function addSlots(
  grid: DayGrid,
  match: DayMatch,
  days: readonly number[],
  events: Float64Array,
  exposures: Float64Array,
): void {
  const { perDay, amount, exposure } = grid;
  for (const day of days) {
    const base = keyBase(grid, day, match.byWeekday);
    for (let slot = 0; slot < perDay; slot++) {
      if (match.isCommon[base + slot] === 0) continue;
      events[base + slot] += amount[day * perDay + slot];
      exposures[base + slot] += exposure[day * perDay + slot];
    }
  }
}

function patternAt(
  level: number,
  events: readonly [Float64Array, Float64Array],
  exposures: readonly [Float64Array, Float64Array],
): Float64Array {
  return events[0].map((count, key) => {
    const weight = exposures[0][key] + level * exposures[1][key];
    return weight > 0 ? (count + events[1][key]) / weight : 0;
  });
}

/** Level of N over N-1; 1 where one of them has no events at all. */
function fittedLevel(
  events: readonly [Float64Array, Float64Array],
  exposures: readonly [Float64Array, Float64Array],
  [before, after]: readonly [number, number],
): number {
  if (before === 0 || after === 0) return 1;
  let level = 1;
  for (let round = 0; round < FIT_ROUNDS; round++) {
    const pattern = patternAt(level, events, exposures);
    const next = ((after / dot(pattern, exposures[1])) * dot(pattern, exposures[0])) / before;
    if (!(next > 0 && Number.isFinite(next))) return level;
    const isSettled = Math.abs(next - level) <= 1e-9 * level;
    level = next;
    if (isSettled) break;
  }
  return level;
}

function byDay(grid: DayGrid, match: DayMatch, days: readonly number[], pattern: Float64Array) {
  const observed = new Float64Array(days.length);
  const expected = new Float64Array(days.length);
  const { perDay, amount, exposure } = grid;
  days.forEach((day, place) => {
    const base = keyBase(grid, day, match.byWeekday);
    for (let slot = 0; slot < perDay; slot++) {
      if (match.isCommon[base + slot] === 0) continue;
      observed[place] += amount[day * perDay + slot];
      expected[place] += pattern[base + slot] * exposure[day * perDay + slot];
    }
  });
  return { observed, expected };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}
