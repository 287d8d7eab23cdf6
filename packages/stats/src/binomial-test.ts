import { binomialTwoSidedP } from './binomial-two-sided-p.ts';
import { requireCount } from './counts.ts';
import { requireProbability } from './distributions/arguments.ts';
import { betaQuantile } from './distributions/beta-distribution.ts';
import { type InsufficientData, insufficientData } from './test-result.ts';

export interface BinomialTest {
  readonly status: 'ok';
  /** Share of successes. */
  readonly estimate: number;
  /** Two-sided p. */
  readonly p: number;
  /** Ends of the exact interval for the share. */
  readonly low: number;
  readonly high: number;
}

/**
 * The exact binomial test of a share against a hypothesis, two-sided by minimum likelihood, with an exact interval.
 *
 * When: counts of independent attempts. Those of cells are seldom independent: see `overdispersedBinomial`.
 * @param successes, attempts whole numbers, successes ≤ attempts; otherwise a RangeError
 * @param hypothesis strictly between 0 and 1
 * @returns `insufficient_data` without attempts.
 * Cost: O(√attempts) and some 20 tails.
 * Source: Clopper, Pearson, "The use of confidence or fiducial limits", Biometrika 26 (1934).
 */
export function binomialTest(
  successes: number,
  attempts: number,
  hypothesis: number,
  confidence = 0.95,
): BinomialTest | InsufficientData {
  requireCount('successes', successes);
  requireCount('attempts', attempts);
  requireProbability('hypothesis', hypothesis);
  if (successes > attempts) throw new RangeError(`successes must not be above attempts: ${successes} of ${attempts}`);
  if (attempts === 0) return insufficientData(0, 1);
  const tail = (1 - confidence) / 2;
  const failures = attempts - successes;
  return {
    status: 'ok',
    estimate: successes / attempts,
    p: binomialTwoSidedP(successes, attempts, hypothesis, 1 - hypothesis),
    low: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    high: failures === 0 ? 1 : betaQuantile(1 - tail, successes + 1, failures),
  };
}
