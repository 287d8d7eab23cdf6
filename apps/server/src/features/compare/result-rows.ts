import type { CompareResultRow, PegComparisonRow } from '@pegboard/contracts';
import type { MeasuredValue } from '../aggregation/measured-value.ts';
import type { ReducedSeries } from './series-pair.ts';

/** Rows of an algorithm, in its order, with all that is known of their series. */
export function resultRows(rows: readonly PegComparisonRow[], series: readonly ReducedSeries[]): CompareResultRow[] {
  const byKey = new Map(series.map((one) => [keyOf(one.pair.family, one.pair.pegName, one.pair), one]));
  return rows.map((row, index) => {
    const { ne, object, cell_id, family } = row.metadata;
    const found = byKey.get(keyOf(family, row.peg_name, { ne, object, cellId: cell_id }));
    if (!found) throw new Error(`no series belongs to the row of ${row.peg_name}`);
    const { subject, quality, totals } = found;
    const about = {
      id: `r${index + 1}`,
      kind: subject.kind,
      ne,
      object,
      cell_id,
      family,
      unit: unitOf(subject),
      quality,
    };
    if (totals === null) return { ...about, ...row };
    return { ...about, ...row, kpi: { n_minus_1: wireTotal(totals[0]), n: wireTotal(totals[1]) } };
  });
}

export function unitOf(subject: ReducedSeries['subject']): string | null {
  if (subject.kind === 'peg') return subject.peg.unit;
  return subject.planned.kpi?.unit ?? subject.measure.formula?.unit ?? null;
}

interface PlaceKey {
  readonly ne: string | null;
  readonly object: string | null;
  readonly cellId: string | null;
}

function keyOf(family: string | null, name: string, { ne, object, cellId }: PlaceKey): string {
  return JSON.stringify([family, name, ne, object, cellId]);
}

export function wireTotal({ flags, ...total }: MeasuredValue) {
  return { ...total, flags: [...flags] };
}
