import type { JudgeVerdict } from '@pegboard/contracts';
import type { SeriesJudgement } from './judgement.ts';

const CLASS: Readonly<Record<JudgeVerdict, number>> = {
  degraded: 0,
  improved: 1,
  changed: 2,
  inconclusive: 3,
  unchanged: 3,
  insufficient_data: 3,
  added: 3,
  removed: 3,
};

/** Most severe first: degraded, improved, changed, the rest; each by severity; ties by name. Does not change the input. */
export function orderBySeverity(judgements: readonly SeriesJudgement[]): SeriesJudgement[] {
  return judgements.toSorted(
    (a, b) => CLASS[a.verdict] - CLASS[b.verdict] || b.severity - a.severity || compareNames(a, b),
  );
}

function compareNames(a: SeriesJudgement, b: SeriesJudgement): number {
  const [first, second] = [a.evidence.about, b.evidence.about];
  return (
    compare(first.pegName, second.pegName) ||
    compare(first.family ?? '', second.family ?? '') ||
    compare(first.ne ?? '', second.ne ?? '') ||
    compare(first.object ?? '', second.object ?? '') ||
    compare(first.cellId ?? '', second.cellId ?? '') ||
    compare(first.kind, second.kind)
  );
}

/** By code units: the same everywhere, whatever the locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
