import { type Outcome, RULES, type Rule, type ScenarioRun } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';

/** Kayenta's rule gives hardly any alarm in some scenarios; then both rules are cut at this rate. */
const LEAST_RATE = 0.01;

/** Shares, 0…1; null where nothing was counted. */
export interface RuleFigures {
  /** Series called better or worse where nothing changed. */
  readonly falseAlarms: number | null;
  /** Comparisons with any series called worse where nothing changed. */
  readonly alarmedComparisons: number | null;
  /** Changed series that were found, with the right sign. */
  readonly power: number | null;
  /** Mean over the comparisons with changes of: wrong calls / calls. */
  readonly falseDiscoveries: number | null;
}

export interface ScenarioFigures {
  readonly scenario: Scenario;
  readonly rules: Readonly<Record<Rule, RuleFigures>>;
  /** Power of both where their cuts are set to the same rate of false alarms: Kayenta's own, at least 1 %. */
  readonly powerAtSameRate: { readonly judge: number; readonly kayenta: number } | null;
  /** Changed series beyond the threshold that the judge called `unchanged`. */
  readonly wrongUnchanged: number | null;
  readonly unchanged: number | null;
  readonly inconclusive: number | null;
  readonly msPerSeries: number;
}

export function figuresOf(scenario: Scenario, { outcomes, msPerSeries }: ScenarioRun): ScenarioFigures {
  const nulls = outcomes.filter(({ change }) => change === 1);
  const hits = outcomes.filter(({ isHit }) => isHit);
  const figures = (rule: Rule): RuleFigures => ruleFigures(rule, outcomes, nulls, hits, scenario);
  const alarms = nulls.filter(({ calls }) => calls.kayenta !== 0).length;
  const allowed = Math.max(alarms, Math.floor(LEAST_RATE * nulls.length));
  const powerAt = (rule: 'judge' | 'kayenta'): number => {
    const cut = nulls.map(({ scores }) => scores[rule]).sort((a, b) => b - a)[allowed] ?? 0;
    return share(hits, (one) => one.scores[rule] > cut && one.signs[rule] === wanted(one, scenario)) ?? 0;
  };
  return {
    scenario,
    rules: Object.fromEntries(RULES.map((rule) => [rule, figures(rule)])) as Record<Rule, RuleFigures>,
    powerAtSameRate: hits.length === 0 ? null : { judge: powerAt('judge'), kayenta: powerAt('kayenta') },
    wrongUnchanged: share(hits, ({ verdict }) => verdict === 'unchanged'),
    unchanged: share(nulls, ({ verdict }) => verdict === 'unchanged'),
    inconclusive: share(nulls, ({ verdict }) => verdict === 'inconclusive'),
    msPerSeries,
  };
}

/** More failures are a fall of the ratio. */
function wanted({ change }: Outcome, { kind }: Scenario): -1 | 1 {
  return change > 1 === (kind !== 'ratio') ? 1 : -1;
}

function ruleFigures(
  rule: Rule,
  outcomes: readonly Outcome[],
  nulls: readonly Outcome[],
  hits: readonly Outcome[],
  scenario: Scenario,
): RuleFigures {
  const isRight = (one: Outcome): boolean => one.isHit && one.calls[rule] === wanted(one, scenario);
  const changed = outcomes.filter(({ change }) => change !== 1);
  const comparisons = Map.groupBy(changed, ({ change, comparison }) => `${change} ${comparison}`);
  const wrongShares = [...comparisons.values()].map((series) => {
    const called = series.filter(({ calls }) => calls[rule] !== 0);
    return share(called, (one) => !isRight(one)) ?? 0;
  });
  const ofNulls = Map.groupBy(nulls, ({ comparison }) => comparison);
  return {
    falseAlarms: share(nulls, ({ calls }) => calls[rule] !== 0),
    alarmedComparisons: share([...ofNulls.values()], (series) => series.some(({ calls }) => calls[rule] < 0)),
    power: share(hits, isRight),
    falseDiscoveries: wrongShares.length === 0 ? null : wrongShares.reduce((a, b) => a + b, 0) / wrongShares.length,
  };
}

function share<Item>(items: readonly Item[], test: (item: Item) => boolean): number | null {
  return items.length === 0 ? null : items.filter(test).length / items.length;
}
