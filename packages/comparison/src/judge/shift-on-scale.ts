import type { SeriesEvidence } from './series-evidence.ts';

/** Turns shifts from the domain of the evidence into numbers that people read; null where a double can't hold one. */

/** In percent of N-1 (on the failure scale: of its failures); null in dB and where N-1 is 0. */
export function shiftPercent(evidence: SeriesEvidence, shift: number): number | null {
  if (evidence.domain === 'log') return finiteOrNull(Math.expm1(shift) * 100);
  const before = evidence.levels?.[0] ?? 0;
  if (evidence.traits.scale === 'db' || before === 0) return null;
  return finiteOrNull((shift / Math.abs(before)) * 100);
}

/** In the unit of the series. On the failure scale more failures are less of the ratio. */
export function shiftAbsolute(evidence: SeriesEvidence, shift: number): number | null {
  if (evidence.domain === 'linear') return finiteOrNull(shift / evidence.unitScale);
  const before = evidence.levels?.[0] ?? 0;
  const sign = evidence.traits.scale === 'failure' ? -1 : 1;
  return finiteOrNull((sign * before * Math.expm1(shift)) / evidence.unitScale);
}

/** On the scale of the threshold: percent, points or dB; signed as the shift. */
export function shiftOnScale(evidence: SeriesEvidence, shift: number): number | null {
  const { scale } = evidence.traits;
  if (scale === 'relative' || scale === 'failure') return shiftPercent(evidence, shift);
  return shiftAbsolute(evidence, shift);
}

export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}
