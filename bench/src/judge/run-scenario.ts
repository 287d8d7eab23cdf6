import { createEvidenceCollector, type JudgeSeries, judgeTogether } from '@pegboard/comparison';
import { generateComparison } from './generate-comparison.ts';
import { kayentaRule } from './kayenta-rule.ts';
import type { Scenario } from './scenario.ts';

export const RULES = ['judge', 'fivePercent', 'kayenta'] as const;
export type Rule = (typeof RULES)[number];

/** What was found out about one series. `score` orders the series by how sure a rule is of a change. */
export interface Outcome {
  readonly comparison: number;
  readonly change: number;
  readonly isHit: boolean;
  readonly verdict: string;
  readonly calls: Readonly<Record<Rule, -1 | 0 | 1>>;
  readonly scores: Readonly<Record<'judge' | 'kayenta', number>>;
  /** The call a score stands for. */
  readonly signs: Readonly<Record<'judge' | 'kayenta', -1 | 0 | 1>>;
}

export interface ScenarioRun {
  readonly outcomes: readonly Outcome[];
  readonly msPerSeries: number;
}

const MOST_SAMPLES = 336;

/** Runs a scenario: comparisons in which nothing changed, and as many with each change. */
export function runScenario(scenario: Scenario, comparisons: number): ScenarioRun {
  const outcomes: Outcome[] = [];
  let judgeMs = 0;
  [1, ...scenario.changes].forEach((change, kind) => {
    for (let comparison = 0; comparison < comparisons; comparison++) {
      const generated = generateComparison(scenario, change, 1_000_003 * (kind + 1) + comparison);
      const startedAt = performance.now();
      const judgements = judgeTogether(generated.series.map(createEvidenceCollector(generated.context)));
      judgeMs += performance.now() - startedAt;
      judgements.forEach((judgement, i) => {
        const series = generated.series[i];
        const kayenta = kayentaRule(samplesOf(series.n?.values), samplesOf(series.nMinus1?.values));
        // Failures are counted by the judge, successes compared by the others.
        const sign = Math.sign(judgement.shift ?? 0) * (scenario.kind === 'ratio' ? -1 : 1);
        const isCalled = judgement.verdict === 'degraded' || judgement.verdict === 'improved';
        outcomes.push({
          comparison,
          change,
          isHit: generated.isHit[i],
          verdict: judgement.verdict,
          calls: {
            judge: isCalled ? signOf(sign) : 0,
            fivePercent: fivePercentCall(series),
            kayenta: kayenta.label === 'Pass' ? 0 : kayenta.sign,
          },
          scores: { judge: 1 - (judgement.p ?? 1), kayenta: kayenta.score },
          signs: { judge: signOf(sign), kayenta: kayenta.sign },
        });
      });
    }
  });
  return { outcomes, msPerSeries: judgeMs / outcomes.length };
}

function signOf(value: number): -1 | 0 | 1 {
  return value > 0 ? 1 : value < 0 ? -1 : 0;
}

/** The rule of `v2.1.0`: means that differ by 5 % or more. */
function fivePercentCall({ nMinus1, n }: JudgeSeries): -1 | 0 | 1 {
  const [before, after] = [meanOf(present(nMinus1?.values)), meanOf(present(n?.values))];
  if (before === after) return 0;
  const percent = before === 0 ? Number.POSITIVE_INFINITY : ((after - before) / Math.abs(before)) * 100;
  return Math.abs(percent) < 5 ? 0 : signOf(after - before);
}

/** Means of successive samples, where there are many: that rule costs more than all the rest. */
function samplesOf(column: Float64Array | undefined): readonly number[] {
  const values = present(column);
  const size = Math.ceil(values.length / MOST_SAMPLES);
  if (size === 1) return values;
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
