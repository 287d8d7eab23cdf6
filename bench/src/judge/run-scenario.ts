import { createEvidenceCollector, type JudgeSeries, judgeTogether } from '@pegboard/comparison';
import { generateComparison } from './generate-comparison.ts';
import { kayentaRule } from './kayenta-rule.ts';
import type { Scenario } from './scenario.ts';

export const RULES = ['judge', 'fivePercent', 'kayenta'] as const;
export type Rule = (typeof RULES)[number];

/** Shares, 0…1; null where nothing was counted. */
export interface RuleFigures {
  /** Series without a change that were called better or worse. */
  readonly falseAlarms: number | null;
  /** Comparisons in which nothing changed with any series called better or worse. */
  readonly alarmedComparisons: number | null;
  /** Changed series found, with the right sign. */
  readonly power: number | null;
  /** Of the series called better or worse, those that had not changed so. */
  readonly falseDiscoveries: number | null;
}

export interface ScenarioFigures {
  readonly scenario: Scenario;
  readonly rules: Readonly<Record<Rule, RuleFigures>>;
  /** Power of the judge's p where its cut is set to Kayenta's false alarms. */
  readonly powerAtKayentasAlarms: number | null;
  /** Changed series called `unchanged`. */
  readonly wrongUnchanged: number | null;
  /** Shares of the judge's verdicts where nothing changed. */
  readonly unchangedOfNull: number;
  readonly inconclusiveOfNull: number;
  readonly msPerSeries: number;
}

/** What was found out about one series. */
interface Outcome {
  readonly comparison: number;
  readonly isNull: boolean;
  readonly isHit: boolean;
  readonly change: number;
  readonly verdict: string;
  readonly p: number;
  readonly calls: Readonly<Record<Rule, -1 | 0 | 1>>;
}

/** Runs a scenario: comparisons without a change, and with each change. */
export function runScenario(scenario: Scenario, comparisons: number, changes: readonly number[]): ScenarioFigures {
  const outcomes: Outcome[] = [];
  let judgeMs = 0;
  let judged = 0;
  [1, ...changes].forEach((change, kind) => {
    for (let comparison = 0; comparison < comparisons; comparison++) {
      const generated = generateComparison(scenario, change, 1_000_003 * (kind + 1) + comparison);
      const startedAt = performance.now();
      const collect = createEvidenceCollector(generated.context);
      const judgements = judgeTogether(generated.series.map(collect));
      judgeMs += performance.now() - startedAt;
      judged += judgements.length;
      judgements.forEach((judgement, i) => {
        const series = generated.series[i];
        outcomes.push({
          comparison,
          isNull: change === 1,
          isHit: generated.isHit[i],
          change,
          verdict: judgement.verdict,
          p: judgement.p ?? 1,
          calls: {
            judge: judgement.verdict === 'degraded' ? -1 : judgement.verdict === 'improved' ? 1 : 0,
            fivePercent: fivePercentCall(series),
            kayenta: kayentaCall(series),
          },
        });
      });
    }
  });
  return figuresOf(scenario, outcomes, judgeMs / judged);
}

/** +1: a rise of what is better by the rule of `v2.1.0`. */
function fivePercentCall({ nMinus1, n }: JudgeSeries): -1 | 0 | 1 {
  const [before, after] = [meanOf(present(nMinus1?.values)), meanOf(present(n?.values))];
  if (before === after) return 0;
  const percent = before === 0 ? Number.POSITIVE_INFINITY : ((after - before) / Math.abs(before)) * 100;
  if (Math.abs(percent) < 5) return 0;
  return after > before ? 1 : -1;
}

function kayentaCall({ nMinus1, n }: JudgeSeries): -1 | 0 | 1 {
  const label = kayentaRule(thinned(present(n?.values)), thinned(present(nMinus1?.values)));
  return label === 'Pass' ? 0 : label === 'High' ? 1 : -1;
}

const MOST_SAMPLES = 400;

/** Means of successive samples, where there are many: the rule costs the product of the sizes. */
function thinned(values: readonly number[]): number[] {
  const size = Math.ceil(values.length / MOST_SAMPLES);
  if (size === 1) return [...values];
  const means: number[] = [];
  for (let i = 0; i < values.length; i += size) means.push(meanOf(values.slice(i, i + size)));
  return means;
}

function present(values: Float64Array | undefined): number[] {
  return [...(values ?? [])].filter(Number.isFinite);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function figuresOf(scenario: Scenario, outcomes: readonly Outcome[], msPerSeries: number): ScenarioFigures {
  const nulls = outcomes.filter(({ isNull }) => isNull);
  const hits = outcomes.filter(({ isHit }) => isHit);
  const rules = Object.fromEntries(RULES.map((rule) => [rule, ruleFigures(rule, outcomes, nulls, hits, scenario)]));
  const alarms = nulls.filter(({ calls }) => calls.kayenta !== 0).length;
  // The judge's cut that gives no more alarms than Kayenta's rule.
  const sorted = nulls.map(({ p }) => p).sort((a, b) => a - b);
  const cut = sorted[Math.min(alarms, sorted.length - 1)];
  const found = hits.filter(({ p }) => p < cut).length;
  return {
    scenario,
    rules: rules as Record<Rule, RuleFigures>,
    powerAtKayentasAlarms: hits.length === 0 ? null : found / hits.length,
    wrongUnchanged: hits.length === 0 ? null : share(hits, ({ verdict }) => verdict === 'unchanged'),
    unchangedOfNull: share(nulls, ({ verdict }) => verdict === 'unchanged') ?? 0,
    inconclusiveOfNull: share(nulls, ({ verdict }) => verdict === 'inconclusive') ?? 0,
    msPerSeries,
  };
}

/** On the failure scale more failures are a fall of what is measured. */
function wantedCall(change: number, { kind }: Scenario): -1 | 1 {
  return change > 1 === (kind !== 'ratio') ? 1 : -1;
}

function ruleFigures(
  rule: Rule,
  outcomes: readonly Outcome[],
  nulls: readonly Outcome[],
  hits: readonly Outcome[],
  scenario: Scenario,
): RuleFigures {
  const called = outcomes.filter(({ calls }) => calls[rule] !== 0);
  const isRight = (one: Outcome): boolean => one.isHit && one.calls[rule] === wantedCall(one.change, scenario);
  const withChange = called.filter(({ isNull }) => !isNull);
  const comparisons = new Map<number, boolean>();
  for (const { comparison, calls } of nulls) {
    comparisons.set(comparison, (comparisons.get(comparison) ?? false) || calls[rule] !== 0);
  }
  return {
    falseAlarms: share(nulls, ({ calls }) => calls[rule] !== 0),
    alarmedComparisons: share([...comparisons.values()], (alarmed) => alarmed),
    power: share(hits, isRight),
    falseDiscoveries: share(withChange, (one) => !isRight(one)),
  };
}

function share<Item>(items: readonly Item[], test: (item: Item) => boolean): number | null {
  return items.length === 0 ? null : items.filter(test).length / items.length;
}
