import type { EffectScale } from './judge-input.ts';

export interface JudgeOptions {
  /** Largest q (false discovery rate) of a verdict, in (0, 0.5]. */
  readonly alpha: number;
  /** Smallest change that matters, by scale; for series that name none. */
  readonly thresholds: Readonly<Record<EffectScale, number>>;
  /** Threshold in percent for all series on the scales in percent, before what they name; null: none. */
  readonly thresholdPercent: number | null;
  /** Scores of PASS and MARGINAL, 0–100. */
  readonly passFrom: number;
  readonly marginalFrom: number;
}

const DEFAULT_THRESHOLDS: Readonly<Record<EffectScale, number>> = Object.freeze({
  relative: 5,
  failure: 20,
  points: 1,
  db: 1,
});

export const DEFAULT_JUDGE_OPTIONS: JudgeOptions = Object.freeze({
  alpha: 0.01,
  thresholds: DEFAULT_THRESHOLDS,
  thresholdPercent: null,
  passFrom: 95,
  marginalFrom: 75,
});
