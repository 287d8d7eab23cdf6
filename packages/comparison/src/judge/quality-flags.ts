import type { JudgeSeries } from './judge-input.ts';
import type { DayMatch } from './match-days.ts';
import type { Measured } from './measured-amounts.ts';
import type { PreparedSamples } from './prepare-samples.ts';
import type { PeriodFacts, ShiftEvidence } from './series-evidence.ts';

const COMPLETE_ENOUGH = 0.9;
const USUALLY_ZERO = 0.5;

interface Subject {
  readonly series: JudgeSeries;
  readonly prepared: readonly [PreparedSamples, PreparedSamples];
  readonly facts: readonly [PeriodFacts, PeriodFacts];
  readonly measured: Measured | null;
  readonly match: DayMatch | null;
  readonly shift: ShiftEvidence | null;
}

/** Remarks on data and match, as codes; each once, in a fixed order. */
export function qualityFlags({ series, prepared, facts, measured, match, shift }: Subject): string[] {
  const flags = new Set(series.flags);
  const add = (condition: boolean, flag: string): void => {
    if (condition) flags.add(flag);
  };
  const any = (test: (period: PreparedSamples) => boolean): boolean => prepared.some(test);
  add(isIncomplete(facts[0]), 'missing_samples_in_n_minus_1');
  add(isIncomplete(facts[1]), 'missing_samples_in_n');
  add(
    facts.some(({ suspect }) => suspect > 0),
    'suspect_samples',
  );
  add(
    any(({ hasDuplicates }) => hasDuplicates),
    'duplicate_times',
  );
  add(
    any(({ hasOutside }) => hasOutside),
    'samples_outside_period',
  );
  add(
    facts.every(({ min, max }) => min === 0 && max === 0),
    'all_zero',
  );
  add(
    facts.every(({ min, max }) => min !== null && min === max),
    'constant',
  );
  add(measured !== null && measured.zeroShare > USUALLY_ZERO, 'usually_zero');
  for (const flag of measured?.flags ?? []) flags.add(flag);
  if (match) {
    add(match.kind === 'unpaired', 'different_time_of_day');
    add(match.hasDifferentDayTypes, 'different_day_type');
    add(match.partialDays > 0, 'partial_days');
    add(match.days[0].length !== match.days[1].length, 'unequal_days');
    const days = Math.min(match.days[0].length, match.days[1].length);
    add(shift !== null && days === 1, 'single_day');
    add(shift !== null && days === 2, 'few_days');
  }
  return [...flags];
}

function isIncomplete({ count, expected }: PeriodFacts): boolean {
  return count > 0 && count < expected * COMPLETE_ENOUGH;
}
