import type { PegComparisonRow } from '@pegboard/contracts';

/** Declined first; incomplete rows have no change to rank and come last. */
const RANK = { declined: 0, improved: 1, stable: 1, neutral: 1, incomplete: 2 } as const;

/**
 * The order of results, for `sort`: by rank, then by falling weight × abs(change_percent), where a change without a
 * percentage counts as the largest, then by NE, object, PEG, cell and family in the order of their code units.
 */
export function compareRows(a: PegComparisonRow, b: PegComparisonRow): number {
  return (
    RANK[a.metadata.outcome] - RANK[b.metadata.outcome] ||
    ascending(severity(b), severity(a)) ||
    byText(a.metadata.ne, b.metadata.ne) ||
    byText(a.metadata.object, b.metadata.object) ||
    byText(a.peg_name, b.peg_name) ||
    byText(a.metadata.cell_id, b.metadata.cell_id) ||
    byText(a.metadata.family, b.metadata.family)
  );
}

/** Divided by 16, which changes no order and keeps the product with a weight of at most 10 inside the range of a double. */
function severity(row: PegComparisonRow): number {
  const percent = row.comparison?.change_percent ?? null;
  return percent === null ? Infinity : (row.weight / 16) * Math.abs(percent);
}

/** Not by subtraction: two infinities are equal. */
function ascending(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function byText(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
