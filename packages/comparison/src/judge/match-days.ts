import { type DayGrid, isWeekend, weekdayOf } from './day-grid.ts';
import type { MatchKind } from './series-evidence.ts';

/** A day counts where it has at least this share of the slots of the fullest day of its period. */
const USABLE_DAY_SHARE = 0.5;
const WHOLE_DAY_SHARE = 0.9;
const DAYS_IN_WEEK = 7;

/** Which days and slots of the two periods stand beside each other. */
export interface DayMatch {
  readonly kind: MatchKind;
  /** Slots are those of the week (else those of the day); key = weekday × perDay + slot (else slot). */
  readonly byWeekday: boolean;
  readonly keys: number;
  /** Places of the used days in their grids, ascending. */
  readonly days: readonly [readonly number[], readonly number[]];
  /** Not 0 for keys that both periods have. */
  readonly isCommon: Uint8Array;
  readonly commonKeys: number;
  /** Weekdays that both periods have, where slots are those of the week; else 1. */
  readonly blocks: number;
  /** Working days stand beside days of a weekend. */
  readonly hasDifferentDayTypes: boolean;
  /** Days with too few samples to be used. */
  readonly partialDays: number;
}

/**
 * Chooses the slots: the time of the week where that leaves enough days, since weekends differ from working days;
 * else the time of the day; `unpaired` where no clock hour is common.
 */
export function matchDays(nMinus1: DayGrid, n: DayGrid): DayMatch {
  const usable = [nMinus1, n].map(usableDays) as [number[], number[]];
  const partialDays = occupied(nMinus1) + occupied(n) - usable[0].length - usable[1].length;
  const weekdays = [weekdayCounts(nMinus1, usable[0]), weekdayCounts(n, usable[1])];
  const byWeekday = isBestByWeekday(usable, weekdays);
  const days = byWeekday ? onCommonWeekdays([nMinus1, n], usable, weekdays) : usable;
  const perDay = nMinus1.perDay;
  const keys = byWeekday ? DAYS_IN_WEEK * perDay : perDay;
  const isCommon = commonKeys([nMinus1, n], days, byWeekday, keys);
  let common = 0;
  for (const mark of isCommon) common += mark;
  const blocks = byWeekday ? weekdays[0].filter((count, weekday) => count > 0 && weekdays[1][weekday] > 0).length : 1;
  const kind: MatchKind = common === 0 ? 'unpaired' : byWeekday ? 'time_of_week' : dayKind(common, perDay);
  return {
    kind,
    byWeekday,
    keys,
    days,
    isCommon,
    commonKeys: common,
    blocks,
    hasDifferentDayTypes: !byWeekday && weekendShare(nMinus1, days[0]) !== weekendShare(n, days[1]),
    partialDays,
  };
}

/** Key of a place of the grid. */
export function keyBase(grid: DayGrid, day: number, byWeekday: boolean): number {
  return byWeekday ? weekdayOf(grid.firstDay + day) * grid.perDay : 0;
}

function dayKind(common: number, perDay: number): MatchKind {
  return common >= perDay * WHOLE_DAY_SHARE ? 'time_of_day' : 'common_hours';
}

function largest(values: Uint32Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

function occupied({ presence }: DayGrid): number {
  let days = 0;
  for (const slots of presence) if (slots > 0) days++;
  return days;
}

function usableDays({ days, presence }: DayGrid): number[] {
  const least = largest(presence) * USABLE_DAY_SHARE;
  const found: number[] = [];
  for (let day = 0; day < days; day++) if (presence[day] > 0 && presence[day] >= least) found.push(day);
  return found;
}

function weekdayCounts(grid: DayGrid, days: readonly number[]): number[] {
  const counts = new Array<number>(DAYS_IN_WEEK).fill(0);
  for (const day of days) counts[weekdayOf(grid.firstDay + day)]++;
  return counts;
}

/** By weekday: from whole weeks; and from fewer days where weekends would be mixed with working days otherwise. */
function isBestByWeekday(days: readonly (readonly number[])[], counts: readonly (readonly number[])[]): boolean {
  let shared = 0;
  let pairs = 0;
  for (let weekday = 0; weekday < DAYS_IN_WEEK; weekday++) {
    const both = Math.min(counts[0][weekday], counts[1][weekday]);
    if (both > 0) shared++;
    pairs += both;
  }
  if (shared === DAYS_IN_WEEK) return true;
  const shorter = Math.min(days[0].length, days[1].length);
  if (pairs < shorter || shorter === 0) return false;
  const weekend = counts[0][0] + counts[0][6] + counts[1][0] + counts[1][6];
  return weekend > 0 && weekend < days[0].length + days[1].length;
}

function onCommonWeekdays(
  grids: readonly [DayGrid, DayGrid],
  days: readonly [number[], number[]],
  counts: readonly (readonly number[])[],
): [number[], number[]] {
  const isShared = (grid: DayGrid, day: number): boolean => {
    const weekday = weekdayOf(grid.firstDay + day);
    return counts[0][weekday] > 0 && counts[1][weekday] > 0;
  };
  return [days[0].filter((day) => isShared(grids[0], day)), days[1].filter((day) => isShared(grids[1], day))];
}

function commonKeys(
  grids: readonly [DayGrid, DayGrid],
  days: readonly (readonly number[])[],
  byWeekday: boolean,
  keys: number,
): Uint8Array {
  const seen = new Uint8Array(keys);
  const common = new Uint8Array(keys);
  for (const period of [0, 1] as const) {
    const grid = grids[period];
    for (const day of days[period]) {
      const base = keyBase(grid, day, byWeekday);
      const from = day * grid.perDay;
      for (let slot = 0; slot < grid.perDay; slot++) {
        if (grid.exposure[from + slot] === 0) continue;
        if (period === 0) seen[base + slot] = 1;
        else if (seen[base + slot] === 1) common[base + slot] = 1;
      }
    }
  }
  return common;
}

function weekendShare(grid: DayGrid, days: readonly number[]): number {
  if (days.length === 0) return 0;
  return days.filter((day) => isWeekend(grid.firstDay + day)).length / days.length;
}
