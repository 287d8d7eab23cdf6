import type { DayGrid } from './day-grid.ts';
import type { DayMatch } from './match-days.ts';
import type { Confounder, DayEvidence } from './series-evidence.ts';

/** More days than this are brought together to runs of days: days of a long period are not independent anyway. */
const MOST_UNITS = 31;

/**
 * Days as observations, out of the distance of each day from the common profile.
 *
 * The profile takes out what both periods share: one degree of freedom a weekday that was matched; the shift takes
 * one more. Null where fewer than one is left.
 */
export function dayEvidence(
  grids: readonly [DayGrid, DayGrid],
  match: DayMatch,
  dayLevels: readonly [Float64Array, Float64Array],
  countingVariance: number,
): DayEvidence | null {
  const used = [0, 1].map((period) => usedDays(grids[period], match.days[period], dayLevels[period]));
  const longest = Math.max(used[0].levels.length, used[1].levels.length);
  const daysPerUnit = Math.ceil(longest / MOST_UNITS);
  const units = used.map((days) => brought(days, daysPerUnit));
  const days = used[0].levels.length + used[1].levels.length;
  const df = Math.floor((days - match.blocks - 1) / daysPerUnit);
  if (units[0].levels.length === 0 || units[1].levels.length === 0 || df < 1) return null;
  return {
    unit: 'days',
    levels: [units[0].levels, units[1].levels],
    means: [units[0].means, units[1].means],
    dayNumbers: [units[0].dayNumbers, units[1].dayNumbers],
    daysPerUnit,
    blocks: match.blocks,
    df,
    countingVariance: countingVariance / daysPerUnit,
    confounder: confounderOf(match),
  };
}

export function confounderOf(match: DayMatch): Confounder | null {
  if (match.kind === 'unpaired') return 'time_of_day';
  return match.hasDifferentDayTypes ? 'day_type' : null;
}

interface UsedDays {
  readonly levels: number[];
  readonly means: number[];
  readonly dayNumbers: number[];
}

function usedDays(grid: DayGrid, days: readonly number[], levels: Float64Array): UsedDays {
  const used: UsedDays = { levels: [], means: [], dayNumbers: [] };
  days.forEach((day, place) => {
    if (Number.isNaN(levels[place])) return;
    used.levels.push(levels[place]);
    used.means.push(meanOfDay(grid, day));
    used.dayNumbers.push(grid.firstDay + day);
  });
  return used;
}

function meanOfDay({ perDay, amount, exposure }: DayGrid, day: number): number {
  let sum = 0;
  let weight = 0;
  for (let place = day * perDay; place < (day + 1) * perDay; place++) {
    sum += amount[place];
    weight += exposure[place];
  }
  return weight > 0 ? sum / weight : 0;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

/** Means of runs of days; a rest shorter than half a run is left to the run before it. */
function brought({ levels, means, dayNumbers }: UsedDays, size: number): UsedDays {
  if (size === 1) return { levels, means, dayNumbers };
  const units: UsedDays = { levels: [], means: [], dayNumbers: [] };
  for (let from = 0; from < levels.length; ) {
    const isLast = levels.length - from < size * 1.5;
    const to = isLast ? levels.length : from + size;
    units.levels.push(average(levels.slice(from, to)));
    units.means.push(average(means.slice(from, to)));
    units.dayNumbers.push(dayNumbers[from]);
    from = to;
  }
  return units;
}
