import type { ScenarioFigures } from './figures.ts';
import { percent } from './table.ts';

export interface Claim {
  readonly claim: string;
  readonly holds: boolean;
  readonly figure: string;
}

const LEAST_POWER_24_HOURS = 0.99;
const MOST = 0.05;
/** Two shares of some hundred series differ by as much by chance. */
const CHANCE = 0.02;

type Figure = (figures: ScenarioFigures) => number | null;

/** What the judge claims of the main scenarios, with the figures of this run. */
export function claimsOf(all: readonly ScenarioFigures[]): Claim[] {
  const main = all.filter(({ scenario }) => scenario.group === 'main');
  const of = (test: (figures: ScenarioFigures) => boolean): ScenarioFigures[] => main.filter(test);
  const atMost = (claim: string, figures: readonly ScenarioFigures[], figure: Figure, limit: number): Claim[] => {
    const worst = largest(figures, figure);
    if (!worst) return [];
    const holds = worst.value <= limit;
    return [{ claim, holds, figure: `${percent(worst.value)} % at worst (${worst.name})` }];
  };
  const isQuiet = ({ scenario }: ScenarioFigures): boolean =>
    scenario.days === 1 && scenario.dayEffect === 0 && scenario.kind === 'value';
  const isShort = ({ scenario }: ScenarioFigures): boolean => scenario.days <= 2 && scenario.dayEffect >= 0.1;
  const isLong = ({ scenario }: ScenarioFigures): boolean =>
    scenario.days >= 7 && scenario.kind === 'value' && (scenario.cycle > 0 || scenario.dayEffect > 0);
  return [
    ...atMost('false discoveries: at most 5 %', main, ({ rules }) => rules.judge.falseDiscoveries, MOST),
    ...atMost(
      'nothing changed: at most 5 % with any degraded',
      main,
      ({ rules }) => rules.judge.alarmedComparisons,
      MOST,
    ),
    ...atMost(
      'from 7 days: no less power than Kayenta’s rule at the same rate',
      of(isLong),
      ({ powerAtSameRate: at }) => at && at.kayenta - at.judge,
      CHANCE,
    ),
    ...atMost(
      '24 hours, cycle, no day effect, −20 % / +25 %: at least 99 % found',
      of(isQuiet),
      ({ rules }) => (rules.judge.power === null ? null : 1 - rules.judge.power),
      1 - LEAST_POWER_24_HOURS,
    ).map((claim) => ({ ...claim, figure: claim.figure.replace('at worst', 'missed at worst') })),
    ...atMost('1 or 2 days, day effects 10 %: at most 5 % wrong', of(isShort), wrong, MOST),
    ...atMost(
      'shift beyond the threshold called unchanged: at most 5 %',
      main,
      ({ wrongUnchanged }) => wrongUnchanged,
      MOST,
    ),
  ];
}

/** Called changed where nothing did, or unchanged where something did. */
function wrong({ rules, wrongUnchanged }: ScenarioFigures): number {
  return Math.max(rules.judge.falseAlarms ?? 0, wrongUnchanged ?? 0);
}

function largest(all: readonly ScenarioFigures[], figure: Figure): { name: string; value: number } | null {
  let found: { name: string; value: number } | null = null;
  for (const figures of all) {
    const value = figure(figures);
    if (value !== null && (!found || value > found.value)) found = { name: figures.scenario.name, value };
  }
  return found;
}
