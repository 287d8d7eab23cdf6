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
  readonly dayNumbers: number[];
}

function usedDays(grid: DayGrid, days: readonly number[], levels: Float64Array): UsedDays {
  const used: UsedDays = { levels: [], dayNumbers: [] };
  days.forEach((day, place) => {
    if (Number.isNaN(levels[place])) return;
    used.levels.push(levels[place]);
    used.dayNumbers.push(grid.firstDay + day);
  });
  return used;
}

/** Means of runs of days; a rest shorter than half a run is left to the run before it. */
function brought({ levels, dayNumbers }: UsedDays, size: number): UsedDays {
  if (size === 1) return { levels, dayNumbers };
  const units: UsedDays = { levels: [], dayNumbers: [] };
  for (let from = 0; from < levels.length; ) {
    const isLast = levels.length - from < size * 1.5;
    const to = isLast ? levels.length : from + size;
    const run = levels.slice(from, to);
    units.levels.push(run.reduce((sum, level) => sum + level / run.length, 0));
    units.dayNumbers.push(dayNumbers[from]);
    from = to;
  }
  return units;
}
