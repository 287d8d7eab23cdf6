import type { Period } from './time/time-problem.ts';

const HOUR_MS = 3_600_000;

export interface PeriodWarning {
  readonly code: 'periods_identical' | 'periods_overlap' | 'periods_reversed' | 'periods_unequal_length';
  readonly message: string;
}

/** How two periods lie to each other. */
export interface PeriodRelation {
  readonly identical: boolean;
  /** Common time in ms; 0 without. */
  readonly overlapMs: number;
  /** N ends before N-1 begins. */
  readonly reversed: boolean;
  /** Length of N / length of N-1. */
  readonly lengthRatio: number;
  /** What a reader of the result should know. */
  readonly warnings: readonly PeriodWarning[];
}

/** Looks at how N-1 and N lie to each other. Nothing here forbids a comparison; the warnings belong to its result. */
export function relatePeriods(nMinus1: Period, n: Period): PeriodRelation {
  const lengthMs = [nMinus1.toMs - nMinus1.fromMs, n.toMs - n.fromMs];
  const identical = nMinus1.fromMs === n.fromMs && nMinus1.toMs === n.toMs;
  const overlapMs = Math.max(0, Math.min(nMinus1.toMs, n.toMs) - Math.max(nMinus1.fromMs, n.fromMs));
  const reversed = n.toMs <= nMinus1.fromMs;
  const warnings: PeriodWarning[] = [];
  if (identical) {
    warnings.push({ code: 'periods_identical', message: 'N-1 and N are the same period: nothing can have changed' });
  } else if (overlapMs > 0) {
    const message = `N-1 and N overlap by ${hours(overlapMs)}: the common samples count in both`;
    warnings.push({ code: 'periods_overlap', message });
  }
  if (reversed) warnings.push({ code: 'periods_reversed', message: 'N lies before N-1: the change is read backwards' });
  if (lengthMs[0] !== lengthMs[1]) {
    const message = `N-1 is ${hours(lengthMs[0])} long and N ${hours(lengthMs[1])}`;
    warnings.push({ code: 'periods_unequal_length', message });
  }
  return { identical, overlapMs, reversed, lengthRatio: lengthMs[1] / lengthMs[0], warnings };
}

function hours(ms: number): string {
  return `${Number((ms / HOUR_MS).toFixed(2))} h`;
}
