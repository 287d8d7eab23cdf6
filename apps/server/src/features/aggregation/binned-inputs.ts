/** The inputs of a measure by bin: by granularity period, or by bucket. */
export interface BinnedInputs {
  /** Begins of the bins, ascending. */
  readonly begins: Float64Array;
  /** By input, its value in each bin; NaN where it is missing. */
  readonly values: readonly Float64Array[];
  /** By bin, for how long samples count that have what the value stands on, in seconds, added up over entities. */
  readonly seconds: Float64Array;
  /** Of all bins together; as `total` has it. */
  readonly totalSeconds: number;
  /** False: no bin is. */
  readonly hasSuspect: boolean;
  isSuspect(bin: number): boolean;
  /** Whether samples of a longer granularity were left out of a bin. */
  isMixed(bin: number): boolean;
  /** Whether a sample reaches beyond the end of a bin. */
  isOverlong(bin: number): boolean;
  /** Granularities of the samples that count, in seconds. */
  readonly used: ReadonlySet<number>;
  /** Samples left out, by their granularity in seconds. */
  readonly leftOut: ReadonlyMap<number, number>;
  /** Over all bins. */
  total(): TotalInputs;
}

/** What came together of the inputs over all bins. */
export interface TotalInputs {
  /** By input; NaN where it is missing. */
  readonly values: readonly number[];
  readonly seconds: number;
  /** Bins that count. */
  readonly bins: number;
}
