import type { SkipReason } from './import-tally.ts';
import { type Interval, type SourceQuery, unplacedCountsStatement, unplacedExamplesStatement } from './slice-query.ts';
import type { SourceConnection } from './source-connection.ts';

/** Rows that no slice can hold. */
export interface UnplacedRows {
  readonly reason: SkipReason;
  readonly count: number;
  readonly examples: readonly string[];
}

type Counts = Readonly<Record<'time_missing' | 'time_unreadable' | 'time_out_of_range', number>>;

/** Counts the rows without a time, with a text that is none, and outside of the interval. */
export async function findUnplaced(
  source: SourceConnection,
  query: SourceQuery,
  interval: Interval,
  isIndexed: boolean,
): Promise<UnplacedRows[]> {
  const [counts] = await source.query<Counts>(unplacedCountsStatement(query, interval, isIndexed));
  const unplaced: UnplacedRows[] = [];
  for (const reason of ['time_missing', 'time_unreadable', 'time_out_of_range'] as const) {
    const count = counts?.[reason] ?? 0;
    if (count === 0) continue;
    const statement = unplacedExamplesStatement(query, interval, reason);
    const examples = await source.query<{ example: string | null }>(statement);
    unplaced.push({ reason, count, examples: examples.flatMap(({ example }) => example ?? []) });
  }
  return unplaced;
}
