import { binomialTwoSidedP } from './binomial-two-sided-p.ts';
import { requireCount } from './counts.ts';
import { requirePositive } from './distributions/arguments.ts';
import { betaLogitQuantile } from './distributions/beta-distribution.ts';
import { type InsufficientData, insufficientData, OUT_OF_RANGE, type OutOfRange } from './test-result.ts';

/** Events counted over an exposure: hours, attempts, cells. */
export interface EventCount {
  /** Whole, ≥ 0. */
  readonly events: number;
  /** > 0, in a unit that both sides share. */
  readonly exposure: number;
}

export interface RateRatio {
  readonly status: 'ok';
  /** Rate of `to` over that of `from`; null where `from` has no event. */
  readonly ratio: number | null;
  /** Two-sided p of a ratio of 1. */
  readonly p: number;
  /** Ends of the exact interval for the ratio; `high` is null (without bound) where `from` has no event. */
  readonly low: number;
  readonly high: number | null;
}

/**
 * The exact comparison of two Poisson rates: given all events, those of `to` are binomial.
 *
 * When: rare, independent events. Two-sided by minimum likelihood, as R's `poisson.test`; the interval is exact.
 * @returns `insufficient_data` where no side has an event.
 * Cost: O(√events) and some 20 tails.
 * Source: Przyborowski, Wilenski, "Homogeneity of results in testing samples from Poisson series", Biometrika 31 (1940).
 */
export function poissonRateRatio(
  from: EventCount,
  to: EventCount,
  confidence = 0.95,
): RateRatio | InsufficientData | OutOfRange {
  requireCount('events', from.events);
  requireCount('events', to.events);
  requirePositive('exposure', from.exposure);
  requirePositive('exposure', to.exposure);
  const events = from.events + to.events;
  if (events === 0) return insufficientData(0, 1);
  const unit = from.exposure / to.exposure;
  if (!(unit > 0 && unit < Infinity)) return OUT_OF_RANGE;
  const tail = (1 - confidence) / 2;
  const low = to.events === 0 ? 0 : Math.exp(betaLogitQuantile(tail, to.events, from.events + 1)) * unit;
  const high = from.events === 0 ? null : Math.exp(betaLogitQuantile(1 - tail, to.events + 1, from.events)) * unit;
  const ratio = from.events === 0 ? null : (to.events / from.events) * unit;
  if (![low, high ?? 0, ratio ?? 0].every(Number.isFinite)) return OUT_OF_RANGE;
  return { status: 'ok', ratio, p: binomialTwoSidedP(to.events, events, 1 / (1 + unit), unit / (1 + unit)), low, high };
}
