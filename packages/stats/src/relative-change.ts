/**
 * Change in percent of the magnitude of where it started: (to − from) / |from| × 100. Both finite.
 *
 * 0 where both are 0; null where `from` alone is 0, and where a double cannot hold the result.
 */
export function relativeChange(from: number, to: number): number | null {
  if (from === to) return 0;
  if (from === 0) return null;
  const change = to - from;
  // Halving is exact for numbers large enough that their difference overflows.
  const ratio = Number.isFinite(change) ? change / Math.abs(from) : (to / 2 - from / 2) / Math.abs(from / 2);
  const percent = ratio * 100;
  return Number.isFinite(percent) ? percent : null;
}
