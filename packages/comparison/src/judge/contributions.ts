import type { JudgeContribution } from '@pegboard/contracts';
import type { SeriesJudgement } from './judgement.ts';
import { finiteOrNull, shiftAbsolute } from './shift-on-scale.ts';

const MOST_CELLS = 10;

/** Which objects make up the change of each PEG that changed anywhere: their part of the sum of all changes. */
export function contributionsOf(judgements: readonly SeriesJudgement[]): JudgeContribution[] {
  const groups = new Map<string, SeriesJudgement[]>();
  for (const judgement of judgements) {
    const { kind, family, pegName, object } = judgement.evidence.about;
    if (object === null || judgement.shift === null) continue;
    const key = JSON.stringify([pegName, family, kind]);
    const found = groups.get(key);
    if (found) found.push(judgement);
    else groups.set(key, [judgement]);
  }
  return [...groups.keys()].sort().flatMap((key) => contribution(groups.get(key) ?? []) ?? []);
}

function contribution(judgements: readonly SeriesJudgement[]): JudgeContribution | null {
  const hasChange = judgements.some(({ verdict }) => ['degraded', 'improved', 'changed'].includes(verdict));
  if (judgements.length < 2 || !hasChange) return null;
  const parts = judgements.map((judgement) => ({
    judgement,
    change: shiftAbsolute(judgement.evidence, judgement.shift ?? 0) ?? 0,
  }));
  const total = parts.reduce((sum, { change }) => sum + Math.abs(change), 0);
  if (!(total > 0 && Number.isFinite(total))) return null;
  parts.sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || nameOrder(a.judgement, b.judgement));
  const { pegName, family } = judgements[0].evidence.about;
  return {
    peg_name: pegName,
    family,
    cells: parts.slice(0, MOST_CELLS).map(({ judgement, change }) => ({
      ne: judgement.evidence.about.ne,
      object: judgement.evidence.about.object,
      cell_id: judgement.evidence.about.cellId,
      share: finiteOrNull(change / total) ?? 0,
      change_absolute: change,
      verdict: judgement.verdict,
    })),
  };
}

function nameOrder(a: SeriesJudgement, b: SeriesJudgement): number {
  const key = ({ evidence }: SeriesJudgement): string => JSON.stringify([evidence.about.ne, evidence.about.object]);
  return key(a) < key(b) ? -1 : 1;
}
