import { PegboardError } from '../../platform/errors.ts';
import { type FamilyTime, familiesOfOneTime, type Granularities, inferGranularities } from './granularity.ts';
import type { ImportRequest } from './import-request.ts';
import { type Interval, type SourceQuery, timesStatement } from './slice-query.ts';
import type { SourceConnection } from './source-connection.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Time, back from the newest row, that is looked at; longer where that is too little. */
const PROBES_MS = [3 * HOUR_MS, 2 * DAY_MS, 31 * DAY_MS, Number.POSITIVE_INFINITY];

export interface Probe {
  readonly granularities: Granularities;
  /** Families that were seen at one time only; those of which nothing was seen are not among them. */
  readonly unsure: readonly string[];
}

/** Infers the length of periods from the newest rows of an interval; null where there are rows of one time only. */
export async function probeGranularities(
  source: SourceConnection,
  query: SourceQuery,
  { fromMs, toMs }: Interval,
): Promise<Probe | null> {
  for (const probeMs of PROBES_MS) {
    const from = Math.max(fromMs, toMs - probeMs);
    const times = await source.query<FamilyTime & Record<string, unknown>>(
      timesStatement(query, { fromMs: from, toMs }),
    );
    const granularities = inferGranularities(times);
    const unsure = familiesOfOneTime(times);
    const isEnough = probeMs > PROBES_MS[0] || unsure.length === 0 || from === fromMs;
    if (granularities !== null && isEnough) return { granularities, unsure };
    if (from === fromMs) break;
  }
  return null;
}

/**
 * Lengths as they are given; else as an earlier run has found them, so that both write the same periods; else as the probe
 * says, null where that is null.
 */
export async function findGranularities(
  { granularityS, familyGranularityS }: Pick<ImportRequest, 'granularityS' | 'familyGranularityS'>,
  before: Granularities | null,
  probe: () => Promise<Probe | null>,
): Promise<Probe | null> {
  const known = granularityS === null ? before : { default: granularityS, byFamily: {} };
  const found = known === null ? await probe() : { granularities: known, unsure: [] };
  if (found === null) return null;
  const { granularities, unsure } = found;
  return {
    granularities: { ...granularities, byFamily: { ...granularities.byFamily, ...familyGranularityS } },
    unsure: unsure.filter((family) => !Object.hasOwn(familyGranularityS, family)),
  };
}

/** The error for a source whose rows do not tell it. */
export function lengthUnknown({ table }: SourceQuery): PegboardError {
  return new PegboardError(
    'UNPROCESSABLE',
    `${table.name} has rows of one time only, so the length of its periods cannot be inferred`,
    { hint: 'Give it, such as --granularity 15m.' },
  );
}
