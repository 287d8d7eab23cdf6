import { SECONDS_PER_DAY } from './traffic.ts';

/** What a change multiplies: a counter's own value, the failures behind it, or the cell's load. */
export type FactorTarget = 'value' | 'failures' | 'load';

/** One resolved effect on one cell, in the half-open interval [fromMs, toMs). */
export interface CellEffect {
  readonly target: FactorTarget;
  /** Counter name; the empty string for load. */
  readonly counter: string;
  readonly factor: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The factors of a UTC day by granularity period, or null where nothing is changed. */
export type FactorLookup = (target: FactorTarget, counter: string) => Float64Array | null;

/** Multiplies the effects of a cell into one factor a period, target and counter. A period belongs where it begins. */
export function slotFactors(effects: readonly CellEffect[], day: number, granularityS: number): FactorLookup {
  const dayStartMs = day * SECONDS_PER_DAY * 1000;
  const slots = SECONDS_PER_DAY / granularityS;
  const active = effects.filter(
    (effect) => effect.fromMs < dayStartMs + SECONDS_PER_DAY * 1000 && effect.toMs > dayStartMs,
  );
  if (active.length === 0) return () => null;
  const factors = new Map<string, Float64Array>();
  for (const effect of active) {
    const key = `${effect.target} ${effect.counter}`;
    const column = factors.get(key) ?? new Float64Array(slots).fill(1);
    factors.set(key, column);
    for (let slot = 0; slot < slots; slot++) {
      const beginMs = dayStartMs + slot * granularityS * 1000;
      if (beginMs >= effect.fromMs && beginMs < effect.toMs) column[slot] = (column[slot] ?? 1) * effect.factor;
    }
  }
  return (target, counter) => factors.get(`${target} ${counter}`) ?? null;
}
