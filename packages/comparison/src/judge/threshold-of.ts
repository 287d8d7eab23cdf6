import type { EffectScale } from './judge-input.ts';
import type { JudgeOptions } from './judge-options.ts';
import type { SeriesEvidence } from './series-evidence.ts';

/** The practical threshold: as it was set, and in the domain of the shift. */
export interface Threshold {
  readonly scale: EffectScale;
  /** Percent, percentage points or dB. */
  readonly value: number;
  /** In the domain: ln ratios, or the unit × `unitScale`. > 0. */
  readonly inDomain: number;
  /** What a standard threshold of the scale is in the domain: the measure of what is assumed of days. */
  readonly standard: number;
}

/** On log scales ±ln(1 + threshold): −4.8 % and +5 % are the same distance, so that swapping the periods mirrors. */
export function thresholdOf(evidence: SeriesEvidence, options: JudgeOptions): Threshold {
  const { scale } = evidence.traits;
  const isPercent = scale === 'relative' || scale === 'failure';
  const value = (isPercent ? options.thresholdPercent : null) ?? evidence.traits.threshold ?? options.thresholds[scale];
  const standard = inDomain(evidence, options.thresholds[scale]);
  return { scale, value, inDomain: Math.max(Number.MIN_VALUE, inDomain(evidence, value)), standard };
}

function inDomain(evidence: SeriesEvidence, value: number): number {
  const { domain, levels, unitScale } = evidence;
  const { scale } = evidence.traits;
  const isPercent = scale === 'relative' || scale === 'failure';
  if (domain === 'log') {
    if (isPercent) return Math.log1p(value / 100);
    // A difference of levels a and b is 2·√(ab)·sinh(ln(b/a) / 2).
    const middle = levels === null ? 0 : Math.sqrt(levels[0] * levels[1]);
    return middle > 0 ? 2 * Math.asinh(value / (2 * middle)) : Number.MAX_VALUE;
  }
  if (!isPercent) return value * unitScale;
  const size = levels === null ? 0 : (Math.abs(levels[0]) + Math.abs(levels[1])) / 2;
  return (value / 100) * size;
}
