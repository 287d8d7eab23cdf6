import { JUDGE_VERDICTS, type JudgeSummary, type JudgeVerdict } from '@pegboard/contracts';
import { DEFAULT_JUDGE_OPTIONS, type JudgeOptions } from './judge-options.ts';
import type { SeriesJudgement } from './judgement.ts';

/** Verdicts of series that were tested. */
const JUDGED: ReadonlySet<JudgeVerdict> = new Set(['degraded', 'improved', 'changed', 'unchanged', 'inconclusive']);
const FEWEST_JUDGED = 0.5;

/** Score, verdict and counts of a set of series: a cell, an NE, the selection. */
export function summarizeJudge(
  judgements: readonly SeriesJudgement[],
  options: Pick<JudgeOptions, 'passFrom' | 'marginalFrom'> = DEFAULT_JUDGE_OPTIONS,
): JudgeSummary {
  const counts = Object.fromEntries(JUDGE_VERDICTS.map((verdict) => [verdict, 0])) as Record<JudgeVerdict, number>;
  for (const { verdict } of judgements) counts[verdict]++;
  const judged = judgements.filter(({ verdict }) => JUDGED.has(verdict));
  const score = scoreOf(judged);
  return {
    series: judgements.length,
    ...counts,
    score,
    ...verdictOf(judgements, judged, score, options),
    findings: findingsOf(judgements),
  };
}

/** The same for every NE, or every measured object, in the order of names; series that are pooled over it have none. */
export function summarizeJudgeBy(
  level: 'ne' | 'object',
  judgements: readonly SeriesJudgement[],
  options: Pick<JudgeOptions, 'passFrom' | 'marginalFrom'> = DEFAULT_JUDGE_OPTIONS,
): Map<string, JudgeSummary> {
  const groups = new Map<string, SeriesJudgement[]>();
  for (const judgement of judgements) {
    const { ne, object } = judgement.evidence.about;
    if (level === 'object' ? object === null : ne === null) continue;
    const key = level === 'object' ? JSON.stringify([ne, object]) : (ne ?? '');
    const found = groups.get(key);
    if (found) found.push(judgement);
    else groups.set(key, [judgement]);
  }
  const keys = [...groups.keys()].sort();
  return new Map(keys.map((key) => [key, summarizeJudge(groups.get(key) ?? [], options)]));
}

/** Share of the series that did not degrade, by PEG first, so that a PEG of many cells does not outweigh the others. */
function scoreOf(judged: readonly SeriesJudgement[]): number | null {
  const byPeg = new Map<string, { weight: number; good: number; series: number }>();
  for (const { evidence, verdict } of judged) {
    const { kind, family, pegName } = evidence.about;
    const key = JSON.stringify([kind, family, pegName]);
    const peg = byPeg.get(key) ?? { weight: 0, good: 0, series: 0 };
    byPeg.set(key, peg);
    peg.weight = Math.max(peg.weight, evidence.traits.weight);
    peg.series++;
    if (verdict !== 'degraded') peg.good++;
  }
  let weights = 0;
  let good = 0;
  for (const key of [...byPeg.keys()].sort()) {
    const peg = byPeg.get(key);
    if (!peg) continue;
    weights += peg.weight;
    good += peg.weight * (peg.good / peg.series);
  }
  return weights > 0 ? Math.min(100, (100 * good) / weights) : null;
}

function verdictOf(
  all: readonly SeriesJudgement[],
  judged: readonly SeriesJudgement[],
  score: number | null,
  { passFrom, marginalFrom }: Pick<JudgeOptions, 'passFrom' | 'marginalFrom'>,
): Pick<JudgeSummary, 'verdict' | 'reasons'> {
  const critical = judged.filter(({ evidence, verdict }) => verdict === 'degraded' && evidence.traits.critical);
  if (critical.length > 0) {
    const names = [...new Set(critical.map(({ evidence }) => evidence.about.pegName))].sort();
    return { verdict: 'FAIL', reasons: [`degraded critical PEGs: ${listed(names)}`] };
  }
  if (score === null || judged.length < all.length * FEWEST_JUDGED) {
    return {
      verdict: 'NO_VERDICT',
      reasons: [`only ${judged.length} of ${all.length} series could be tested; at least half have to be`],
    };
  }
  const degraded = judged.filter(({ verdict }) => verdict === 'degraded').length;
  const share = `score ${text(score)}: ${degraded} of ${judged.length} tested series degraded`;
  if (score < marginalFrom) return { verdict: 'FAIL', reasons: [`${share}; MARGINAL begins at ${marginalFrom}`] };
  if (score < passFrom) return { verdict: 'MARGINAL', reasons: [`${share}; PASS begins at ${passFrom}`] };
  const open = judged.filter(({ verdict }) => verdict === 'inconclusive').length;
  if (open * 2 > judged.length && degraded === 0) {
    return {
      verdict: 'NO_VERDICT',
      reasons: [`${open} of ${judged.length} tested series are inconclusive: that nothing degraded is not shown`],
    };
  }
  return { verdict: 'PASS', reasons: [`${share}; PASS begins at ${passFrom}`] };
}

function findingsOf(judgements: readonly SeriesJudgement[]): JudgeSummary['findings'] {
  const findings: JudgeSummary['findings'] = [];
  const has = (test: (judgement: SeriesJudgement) => boolean): boolean => judgements.some(test);
  if (has(({ verdict }) => verdict === 'changed')) findings.push('load_changed');
  if (has(({ verdict }) => verdict === 'degraded' || verdict === 'improved')) findings.push('quality_changed');
  if (has(({ evidence }) => evidence.flags.includes('single_day'))) findings.push('single_day');
  if (has(({ evidence }) => evidence.flags.includes('few_days'))) findings.push('few_days');
  return findings;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function text(score: number): string {
  return String(Number(score.toFixed(1)));
}
