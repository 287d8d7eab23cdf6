/**
 * What a sample of numbers is reduced to. Nothing in it is ever NaN or infinite: what does not exist, and what a double
 * cannot hold (the variance of ±1e308), is null.
 */
export interface Summary {
  /** Finite values seen. */
  readonly count: number;
  /** Arithmetic mean; null without values. Never outside [min, max]. */
  readonly mean: number | null;
  /** Sample variance (n−1), in squared units; null below two values. Exactly 0 for a constant sample. */
  readonly variance: number | null;
  /** Sample standard deviation (n−1); null below two values. Exactly 0 for a constant sample. */
  readonly std: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

export const EMPTY_SUMMARY: Summary = Object.freeze({
  count: 0,
  mean: null,
  variance: null,
  std: null,
  min: null,
  max: null,
});

/** What a scaled computation found, before its scale is taken out. */
export interface ScaledMoments {
  readonly count: number;
  readonly scale: number;
  readonly scaledMean: number;
  /** Sum of the squared scaled differences from the mean. */
  readonly scaledM2: number;
  readonly min: number;
  readonly max: number;
}

/** Takes the scale out; the last step of every way to a `Summary`. */
export function summaryOfScaled(moments: ScaledMoments): Summary {
  const { count, scale, scaledMean, scaledM2, min, max } = moments;
  if (count === 0) return EMPTY_SUMMARY;
  const mean = Math.min(max, Math.max(min, scaledMean / scale));
  if (count === 1) return { count, mean, variance: null, std: null, min, max };
  const scaledVariance = min === max ? 0 : scaledM2 / (count - 1);
  return {
    count,
    mean,
    variance: finiteOrNull(scaledVariance / scale / scale),
    std: finiteOrNull(Math.sqrt(scaledVariance) / scale),
    min,
    max,
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
