import { weekdayOf } from './day-grid.ts';
import type { DayEvidence } from './series-evidence.ts';

/**
 * N minus N-1 of each weekday, in the order of N, where each weekday occurs once in both periods; else null. Days matched so
 * mirror each other around their common profile, and their differences carry everything.
 */
export function pairedDays({ levels, dayNumbers, blocks }: DayEvidence): number[] | null {
  if (blocks === 1 || levels[0].length !== blocks || levels[1].length !== blocks) return null;
  const before = new Map(dayNumbers[0].map((day, i) => [weekdayOf(day), levels[0][i]]));
  return levels[1].map((level, i) => level - (before.get(weekdayOf(dayNumbers[1][i])) ?? 0));
}
