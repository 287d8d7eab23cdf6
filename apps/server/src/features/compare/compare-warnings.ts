import type { CompareAnswer, CompareQuality, Warning } from '@pegboard/contracts';

/** Remarks of rows, brought together. */
export function rowWarnings(rows: CompareAnswer['results']): Warning[] {
  const flagged = (flag: string): Rows => rows.filter((row) => flagsOf(row).includes(flag));
  return [
    mixedGranularity(flagged('mixed_granularity')),
    cellsDiffer(flagged('cells_differ')),
    cellsMissing(flagged('cells_missing')),
  ].filter((warning) => warning !== null);
}

type Rows = readonly {
  readonly peg_name: string;
  readonly ne: string | null;
  readonly cell_id: string | null;
  readonly object: string | null;
  readonly quality: CompareQuality;
}[];

function flagsOf(row: CompareAnswer['results'][number]): readonly string[] {
  return 'metadata' in row ? (row.metadata.flags ?? []) : row.quality.flags;
}

function mixedGranularity(rows: Rows): Warning | null {
  if (rows.length === 0) return null;
  const named = examples(rows, ({ quality }) => {
    const others = quality.left_out.map(
      ({ granularity_s, samples: [nMinus1, n] }) => `${nMinus1} samples of ${granularity_s} s in N-1 and ${n} in N`,
    );
    return `${quality.granularity_s} s taken, left out ${others.join(', ')}`;
  });
  const message = `${rows.length} series have samples of several granularities; of each the one counts that covers the most time in both periods: ${named}`;
  return { code: 'mixed_granularity', message };
}

function cellsDiffer(rows: Rows): Warning | null {
  if (rows.length === 0) return null;
  const named = examples(rows, ({ quality: { cells } }) =>
    cells ? `${cells.both} in both periods, ${cells.only_n_minus_1} in N-1 only, ${cells.only_n} in N only` : '',
  );
  const message = `${rows.length} rows are about cells that do not all have samples in both periods; amounts are compared over the cells that have, ratios and means over all: ${named}`;
  return { code: 'cells_differ', message };
}

function cellsMissing(rows: Rows): Warning | null {
  if (rows.length === 0) return null;
  const named = examples(rows, ({ quality: { completeness } }) => {
    const [nMinus1, n] = completeness.map((share) => `${Math.floor(share * 1000) / 10} %`);
    return `${nMinus1} of the samples in N-1, ${n} in N`;
  });
  const message = `${rows.length} rows have granularity periods in which some of their cells lack samples; there amounts are brought up to all cells by the share that the others usually have: ${named}`;
  return { code: 'cells_missing', message };
}

function examples(rows: Rows, describe: (row: Rows[number]) => string): string {
  const named = rows.slice(0, 3).map((row) => {
    const place = [row.ne ?? 'network', row.cell_id ?? row.object].filter((part) => part !== null).join('#');
    return `${row.peg_name} of ${place} (${describe(row)})`;
  });
  return `${named.join('; ')}${rows.length > named.length ? '; …' : ''}`;
}
