import { mannWhitney, type RankScratch, signedRank } from '@pegboard/stats';
import { pairedDays } from './paired-days.ts';
import type { DayEvidence, RankEvidence } from './series-evidence.ts';

/** Up to so many differences the exact distribution is worth its time. */
const MOST_EXACT = 24;

/** Signed ranks of matched differences, as if they did not depend on one another: a cross-check, not a verdict. */
export function rankOfDifferences(differences: Float64Array, scratch: RankScratch): RankEvidence | null {
  const method = differences.length <= MOST_EXACT ? 'auto' : 'asymptotic';
  const result = signedRank(differences, { method, scratch });
  return result.status === 'ok' ? { test: 'wilcoxon_signed_rank', p: result.p, pairs: result.n } : null;
}

/** Days matched one to one by signed ranks, else all days of N against all of N-1. */
export function rankOfDays(shift: DayEvidence, scratch: RankScratch): RankEvidence | null {
  const [before, after] = shift.levels;
  const differences = pairedDays(shift);
  if (differences) return rankOfDifferences(Float64Array.from(differences), scratch);
  const result = mannWhitney(Float64Array.from(before), Float64Array.from(after), { scratch });
  if (result.status !== 'ok') return null;
  return { test: 'mann_whitney', p: result.p, pairs: Math.min(before.length, after.length) };
}
