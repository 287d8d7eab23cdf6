/** `to − from`; null where a double cannot hold it, as between ±1e308. Both finite. */
export function difference(from: number, to: number): number | null {
  const value = to - from;
  return Number.isFinite(value) ? value : null;
}
