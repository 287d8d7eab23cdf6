import { confounderOf } from './day-evidence.ts';
import type { EventLevels } from './event-levels.ts';
import type { DayMatch } from './match-days.ts';
import type { CountEvidence } from './series-evidence.ts';

/** Units of days are brought together until each expects so many events: Pearson's χ² is not to be had from less. */
const EVENTS_IN_UNIT = 3;

/**
 * Totals of rare events, with the dispersion between days: Pearson's χ² / df around the fitted pattern and shift.
 *
 * Source: McCullagh, Nelder, Generalized Linear Models (1989), 4.5: quasi-likelihood.
 */
export function countEvidence(levels: EventLevels, match: DayMatch, isProportion: boolean): CountEvidence {
  const complement = isProportion ? Math.max(0, 1 - levels.rate) : 1;
  const { dispersion, df } = dispersionOf(levels, match.blocks, complement);
  return {
    unit: 'counts',
    events: levels.totalObserved,
    expected: levels.totalExpected,
    share: levels.share,
    complement,
    dispersion,
    df,
    days: [Math.max(1, match.days[0].length), Math.max(1, match.days[1].length)],
    confounder: confounderOf(match),
  };
}

function dispersionOf(levels: EventLevels, blocks: number, complement: number): { dispersion: number; df: number } {
  let chiSquare = 0;
  let units = 0;
  let days = 0;
  for (const period of [0, 1] as const) {
    const { totalObserved, totalExpected } = levels;
    if (totalObserved[period] === 0 || totalExpected[period] === 0) continue;
    const level = totalObserved[period] / totalExpected[period];
    let observed = 0;
    let expected = 0;
    for (let day = 0; day < levels.observed[period].length; day++) {
      days++;
      observed += levels.observed[period][day];
      expected += levels.expected[period][day] * level;
      if (expected < EVENTS_IN_UNIT) continue;
      chiSquare += (observed - expected) ** 2 / expected;
      units++;
      observed = 0;
      expected = 0;
    }
  }
  // Each weekday that was matched, and the shift, take a degree of freedom, as far as they were units of their own.
  const taken = days === 0 ? 0 : 2 + ((blocks - 1) * units) / days;
  const df = Math.floor(units - taken);
  return df < 1 || complement === 0 ? { dispersion: 1, df: 0 } : { dispersion: chiSquare / df / complement, df };
}
