import type { CompareVerdict, PegComparisonRow } from '@pegboard/contracts';

const PASS_FROM_SCORE = 95;
const MARGINAL_FROM_SCORE = 75;

export interface V210Verdict {
  /** Share of the weight of the comparable rows that has not declined × 100; null without comparable rows. */
  readonly score: number | null;
  /** `PASS` from 95, `MARGINAL` from 75, else `FAIL`; `NO_VERDICT` where nothing was comparable. */
  readonly verdict: CompareVerdict;
  /** Why, in sentences. */
  readonly reasons: readonly string[];
}

/** The verdict of a `v2.1.0` comparison, for gates. Incomplete rows do not count; neutral and stable ones do. */
export function verdictV210(rows: Iterable<PegComparisonRow>): V210Verdict {
  let comparable = 0;
  let incomplete = 0;
  let weight = 0;
  let declined = 0;
  let declinedWeight = 0;
  for (const row of rows) {
    if (row.metadata.outcome === 'incomplete') {
      incomplete++;
      continue;
    }
    comparable++;
    weight += row.weight;
    if (row.metadata.outcome !== 'declined') continue;
    declined++;
    declinedWeight += row.weight;
  }
  if (comparable === 0) return { score: null, verdict: 'NO_VERDICT', reasons: [nothingComparable(incomplete)] };
  const score = ((weight - declinedWeight) / weight) * 100;
  const reasons = [
    `${declined} of ${comparable} comparable series declined; ${percent(score)} % of the weight did not`,
  ];
  if (incomplete > 0) reasons.push(`${incomplete} series have no samples that both periods share, and do not count`);
  return { score, verdict: verdictOf(score), reasons };
}

function verdictOf(score: number): CompareVerdict {
  if (score >= PASS_FROM_SCORE) return 'PASS';
  return score >= MARGINAL_FROM_SCORE ? 'MARGINAL' : 'FAIL';
}

function nothingComparable(incomplete: number): string {
  if (incomplete === 0) return 'nothing was compared: no series has samples in the two periods';
  return `nothing was comparable: ${incomplete} series have no samples that both periods share`;
}

/** Rounded down, so that 94.99 is not shown as 95. */
function percent(score: number): string {
  return String(Math.floor(score * 10) / 10);
}
