import { PegboardError } from '../../platform/errors.ts';
import { type FamilyTime, type Granularities, inferGranularities } from './granularity.ts';
import { type Interval, type SourceQuery, timesStatement } from './slice-query.ts';
import type { SourceConnection } from './source-connection.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Time, back from the newest row, that is looked at; longer where that is too little. */
const PROBES_MS = [3 * HOUR_MS, 2 * DAY_MS, 31 * DAY_MS, Number.POSITIVE_INFINITY];

/** Infers the length of periods from the newest rows of an interval; null where there are rows of one time only. */
export async function probeGranularities(
  source: SourceConnection,
  query: SourceQuery,
  { fromMs, toMs }: Interval,
): Promise<Granularities | null> {
  for (const probeMs of PROBES_MS) {
    const from = Math.max(fromMs, toMs - probeMs);
    const times = await source.query<FamilyTime & Record<string, unknown>>(
      timesStatement(query, { fromMs: from, toMs }),
    );
    const inferred = inferGranularities(times);
    const isEnough = probeMs > PROBES_MS[0] || everyFamilyHasTwo(times);
    if (inferred !== null && (isEnough || from === fromMs)) return inferred;
    if (from === fromMs) break;
  }
  return null;
}

/** The error for a source whose rows do not tell it. */
export function lengthUnknown({ table }: SourceQuery): PegboardError {
  return new PegboardError(
    'UNPROCESSABLE',
    `${table.name} has rows of one time only, so the length of its periods cannot be inferred`,
    { hint: 'Give it, such as --granularity 15m.' },
  );
}

function everyFamilyHasTwo(times: readonly FamilyTime[]): boolean {
  const counts = new Map<string, number>();
  for (const { family } of times) counts.set(family, (counts.get(family) ?? 0) + 1);
  return [...counts.values()].every((count) => count >= 2);
}
