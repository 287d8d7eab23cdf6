import { EQUAL_LIKELIHOOD, firstThat, requireCount } from './counts.ts';
import { binomialPmf } from './distributions/binomial-pmf.ts';
import { type InsufficientData, insufficientData } from './test-result.ts';

/** Successes among attempts, whole numbers. */
export interface Attempts {
  readonly successes: number;
  readonly attempts: number;
}

export interface FishersExactTest {
  readonly status: 'ok';
  /** Two-sided p. */
  readonly p: number;
  /** ln of the odds of success of `to` over those of `from`; null where a side has no success or no failure. */
  readonly logOddsRatio: number | null;
}

/** The hypergeometric distribution of the successes of `to`, given those of both. */
interface Draws {
  readonly successes: number;
  readonly failures: number;
  readonly drawn: number;
}

/**
 * Fisher's exact test: whether two shares of successes differ, two-sided by minimum likelihood.
 *
 * When: few successes or failures, of independent attempts.
 * @param from, to whole numbers, successes ≤ attempts; otherwise a RangeError
 * @returns `insufficient_data` where a side has no attempt.
 * Cost: terms over some standard deviations; some 50 µs for a million attempts each.
 * Source: Fisher, "Statistical methods for research workers", 5th ed. (1934); R's `fisher.test` and SciPy's `fisher_exact`.
 */
export function fishersExactTest(from: Attempts, to: Attempts): FishersExactTest | InsufficientData {
  for (const side of [from, to]) {
    requireCount('successes', side.successes);
    requireCount('attempts', side.attempts);
    if (side.successes > side.attempts) throw new RangeError('successes must not be above attempts');
  }
  const least = Math.min(from.attempts, to.attempts);
  if (least === 0) return insufficientData(0, 1);
  const fromFailures = from.attempts - from.successes;
  const toFailures = to.attempts - to.successes;
  const successes = from.successes + to.successes;
  const draws = { successes, failures: fromFailures + toFailures, drawn: to.attempts };
  const hasOdds = Math.min(from.successes, to.successes, fromFailures, toFailures) > 0;
  return {
    status: 'ok',
    p: twoSidedP(draws, to.successes),
    logOddsRatio: hasOdds ? Math.log((to.successes / toFailures) * (fromFailures / from.successes)) : null,
  };
}

function twoSidedP(draws: Draws, observed: number): number {
  const { successes, failures, drawn } = draws;
  const least = Math.max(0, drawn - failures);
  const most = Math.min(drawn, successes);
  const mode = Math.floor(((drawn + 1) * (successes + 1)) / (successes + failures + 2));
  const limit = pmf(draws, observed) * EQUAL_LIKELIHOOD;
  const isRare = (at: number): boolean => pmf(draws, at) <= limit;
  if (observed === mode || isRare(mode)) return 1;
  if (observed < mode) {
    const other = firstThat(mode + 1, most + 1, isRare);
    return Math.min(1, tail(draws, observed, -1, least) + tail(draws, other, 1, most));
  }
  const other = -firstThat(1 - mode, 1 - least, (at) => isRare(-at));
  return Math.min(1, tail(draws, observed, 1, most) + tail(draws, other, -1, least));
}

/** The chance of drawing `at` successes. */
function pmf({ successes, failures, drawn }: Draws, at: number): number {
  const total = successes + failures;
  const p = drawn / total;
  const q = (total - drawn) / total;
  const both = binomialPmf(at, successes, p, q) * binomialPmf(drawn - at, failures, p, q);
  return both / binomialPmf(drawn, total, p, q);
}

/** The chance of `at` and all beyond it in one direction, up to `end`. */
function tail(draws: Draws, at: number, direction: 1 | -1, end: number): number {
  if (direction * (end - at) < 0) return 0;
  let term = pmf(draws, at);
  let sum = term;
  for (let k = at; k !== end && term > sum * 1e-18; k += direction) {
    term *= direction === 1 ? ratioToNext(draws, k) : 1 / ratioToNext(draws, k - 1);
    sum += term;
  }
  return sum;
}

/** P(k + 1) / P(k). */
function ratioToNext({ successes, failures, drawn }: Draws, k: number): number {
  return ((successes - k) / (k + 1)) * ((drawn - k) / (failures - drawn + k + 1));
}
