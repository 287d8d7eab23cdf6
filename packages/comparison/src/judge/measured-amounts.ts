import type { JudgeSeries } from './judge-input.ts';
import type { PreparedSamples } from './prepare-samples.ts';
import type { EffectDomain } from './series-evidence.ts';

/** Counters with fewer events an hour than this are compared by their totals: logs of such counts mean little. */
const EVENTS_AN_HOUR = 10;
const SECONDS_AN_HOUR = 3600;
/** Between these, fourth powers of sums of millions of values stay within doubles. */
const HUGE = 1e60;
const TINY = 1e-60;
const MOST_EXPONENT = 1000;

/** What is compared: an amount, by what it is divided by. */
export interface Measured {
  /** `events`: counts over an exposure; `values`: numbers as they are. */
  readonly mode: 'events' | 'values';
  readonly domain: EffectDomain;
  readonly amounts: readonly [Float64Array, Float64Array];
  /** Null: every sample counts 1. */
  readonly exposures: readonly [Float64Array, Float64Array] | null;
  /** The exposure is the number of attempts, of which the events are a part. */
  readonly isProportion: boolean;
  /** Amounts are counts of events (else amounts like volumes, without counting noise). */
  readonly areCounts: boolean;
  /** amount / exposure × factor is in the unit of the effect. */
  readonly factor: number;
  /** Power of two that is in the amounts of a linear domain. */
  readonly unitScale: number;
  /** Share of the values that are 0. */
  readonly zeroShare: number;
  readonly flags: readonly string[];
}

type Pair = readonly [PreparedSamples, PreparedSamples];

/** Chooses what a series is compared by: counts where there are counts, else values. */
export function measuredAmounts(series: JudgeSeries, prepared: Pair): Measured {
  const { scale } = series.traits;
  const byRatio = ratioAmounts(prepared, scale === 'failure');
  if (byRatio) return byRatio;
  const least = Math.min(prepared[0].min ?? 0, prepared[1].min ?? 0);
  const most = Math.max(prepared[0].max ?? 0, prepared[1].max ?? 0);
  if (scale === 'failure') return failureValues(prepared, least < 0 || most > 100);
  if (scale === 'relative' && least >= 0) {
    return rareEvents(series, prepared) ?? plainValues(prepared, 'log', most, []);
  }
  const flags = scale === 'relative' ? ['negative_values'] : [];
  return plainValues(prepared, 'linear', Math.max(Math.abs(least), Math.abs(most)), flags);
}

/** Of a ratio KPI: what was divided, where it can be read as parts of a whole or as a rate. */
function ratioAmounts(prepared: Pair, ofFailures: boolean): Measured | null {
  const columns = prepared.map(({ numerator, denominator }) => ({ numerator, denominator }));
  let areCounts = true;
  let isProportion = true;
  let factor = 0;
  let samples = 0;
  let zeros = 0;
  let exceeds = false;
  for (const period of [0, 1] as const) {
    const { values } = prepared[period];
    const { numerator, denominator } = columns[period];
    if (!numerator || !denominator) {
      if (prepared[period].count > 0) return null;
      continue;
    }
    for (let i = 0; i < values.length; i++) {
      const part = numerator[i];
      const whole = denominator[i];
      if (!Number.isFinite(part) || !Number.isFinite(whole) || whole === 0) continue;
      if (part < 0 || whole < TINY || part > HUGE || whole > HUGE || (part > 0 && part < TINY)) return null;
      samples++;
      if (!Number.isInteger(part)) areCounts = false;
      if (!Number.isInteger(whole)) isProportion = false;
      if (part > whole) exceeds = true;
      if ((ofFailures ? whole - part : part) <= 0) zeros++;
      if (factor === 0 && part > 0 && values[i] > 0) factor = (values[i] * whole) / part;
    }
  }
  if (samples === 0 || !Number.isFinite(factor)) return null;
  isProportion &&= areCounts && !exceeds;
  if (ofFailures && !areCounts) return null;
  const amounts = columns.map(({ numerator, denominator }) => {
    if (!numerator || !denominator) return new Float64Array(0);
    return ofFailures ? numerator.map((part, i) => Math.max(0, denominator[i] - part)) : numerator;
  });
  return {
    mode: 'events',
    domain: 'log',
    amounts: [amounts[0], amounts[1]],
    exposures: [columns[0].denominator ?? new Float64Array(0), columns[1].denominator ?? new Float64Array(0)],
    isProportion: isProportion || ofFailures,
    areCounts,
    factor: factor === 0 || ofFailures ? 100 : factor,
    unitScale: 1,
    zeroShare: zeros / samples,
    flags: ofFailures && exceeds ? ['numerator_exceeds_denominator'] : [],
  };
}

/** 100 − x of a ratio in percent that came without its counts. */
function failureValues(prepared: Pair, isOutside: boolean): Measured {
  const amounts = prepared.map(({ values }) => values.map((value) => Math.max(0, Math.min(100, 100 - value))));
  return {
    ...plainValues(prepared, 'log', 0, isOutside ? ['outside_0_to_100_percent'] : []),
    amounts: [amounts[0], amounts[1]],
    zeroShare: zeroShareOf([amounts[0], amounts[1]]),
  };
}

function plainValues(prepared: Pair, domain: EffectDomain, magnitude: number, flags: readonly string[]): Measured {
  const unitScale = scaleOf(magnitude);
  const plain = [prepared[0].values, prepared[1].values] as const;
  const amounts = unitScale === 1 ? plain : ([plain[0].map(scaled), plain[1].map(scaled)] as const);
  function scaled(value: number): number {
    return value * unitScale;
  }
  return {
    mode: 'values',
    domain,
    amounts,
    exposures: null,
    isProportion: false,
    areCounts: false,
    factor: 1,
    unitScale,
    zeroShare: zeroShareOf(plain),
    flags,
  };
}

/** A power of two, which changes no digit, that brings a magnitude near 1 where squares of it would be lost. */
function scaleOf(magnitude: number): number {
  if (magnitude === 0 || (magnitude <= HUGE && magnitude >= TINY)) return 1;
  return 2 ** Math.max(-MOST_EXPONENT, Math.min(MOST_EXPONENT, -Math.round(Math.log2(magnitude))));
}

function zeroShareOf(columns: readonly [Float64Array, Float64Array]): number {
  let zeros = 0;
  let count = 0;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      if (column[i] === 0) zeros++;
      if (Number.isFinite(column[i])) count++;
    }
  }
  return count === 0 ? 0 : zeros / count;
}

/**
 * A counter of few events. One event is its smallest value above 0, of which all others have to be multiples: then the
 * unit of the counter does not matter, and events that always come in twos count as one.
 */
function rareEvents(series: JudgeSeries, prepared: Pair): Measured | null {
  const { kind } = series.traits;
  if (kind !== 'cumulative' && kind !== 'total' && kind !== null) return null;
  const count = prepared[0].count + prepared[1].count;
  const total = prepared.reduce((sum, { mean, count: samples }) => sum + (mean ?? 0) * (samples / count), 0) * count;
  const one = smallestAboveZero(prepared);
  if (one === null || !Number.isFinite(total)) return null;
  const perHour = (total / one / count) * (SECONDS_AN_HOUR / series.granularityS);
  if (perHour >= EVENTS_AN_HOUR || !areMultiples(prepared, one)) return null;
  const amounts = prepared.map(({ values }) => values.map((value) => Math.round(value / one)));
  for (const period of [0, 1]) {
    const { values } = prepared[period];
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) amounts[period][i] = Number.NaN;
  }
  return {
    mode: 'events',
    domain: 'log',
    amounts: [amounts[0], amounts[1]],
    exposures: null,
    isProportion: false,
    areCounts: true,
    factor: one,
    unitScale: 1,
    zeroShare: zeroShareOf([amounts[0], amounts[1]]),
    flags: ['rare_events'],
  };
}

function smallestAboveZero(prepared: Pair): number | null {
  let least = Number.POSITIVE_INFINITY;
  for (const { values } of prepared) {
    for (let i = 0; i < values.length; i++) if (values[i] > 0 && values[i] < least) least = values[i];
  }
  return least < TINY || least > HUGE ? null : least;
}

function areMultiples(prepared: Pair, one: number): boolean {
  for (const { values } of prepared) {
    for (let i = 0; i < values.length; i++) {
      const multiple = values[i] / one;
      if (!Number.isNaN(multiple) && Math.abs(multiple - Math.round(multiple)) > 1e-9 * multiple) return false;
    }
  }
  return true;
}
