import type { ReadLimits } from './measurement.ts';

/** Bounds that no honest PM file comes near; each can be set by `ReadOptions.limits`. */
export const DEFAULT_READ_LIMITS: ReadLimits = {
  maxUnpackedBytes: 4 * 1024 ** 3,
  maxUnpackRatio: 200,
  maxDepth: 64,
  maxTagBytes: 1024 ** 2,
  maxTextBytes: 16 * 1024 ** 2,
  maxCounters: 100_000,
  maxObjects: 1_000_000,
  maxArchiveEntries: 100_000,
  maxArchiveBytes: 16 * 1024 ** 3,
};

/** Fills what the caller left out. */
export function resolveReadLimits(limits: Partial<ReadLimits> | undefined): ReadLimits {
  return { ...DEFAULT_READ_LIMITS, ...limits };
}
