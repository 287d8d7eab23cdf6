import type { SampleSelection } from '../kpi-store.ts';
import type { ValuesFormat } from './block-decoder.ts';
import { COPY_COLUMNS } from './block-encoder.ts';

export interface ScanPlan {
  readonly statement: string;
  readonly groups: ReadonlyMap<number, GroupPlan>;
}

export interface GroupPlan {
  /** The PEGs asked for, ascending by place in the group. */
  readonly pegIds: Int32Array;
  /** Where their values stand in a row as it arrives; null: at the same index. */
  readonly places: Int32Array | null;
}

/** Below this share of a group's counters the server picks the values; above, sending all of the block is quicker. */
const PICK_BELOW_SHARE = 0.5;

const ORDERS = {
  none: '',
  object: ' ORDER BY object_id, group_id, "begin", granularity_s',
  time: ' ORDER BY "begin", object_id, group_id, granularity_s',
} as const;

/**
 * The COPY statement for a selection; null where nothing can match. All that is put into the text are numbers: COPY
 * takes no parameters.
 */
export function scanPlan(
  groups: ReadonlyMap<number, Int32Array>,
  selection: SampleSelection,
  format: ValuesFormat,
): ScanPlan | null {
  const wanted = selection.pegIds === null ? null : new Set(selection.pegIds);
  const plans = new Map<number, GroupPlan>();
  const picks: string[] = [];
  for (const [groupId, pegIds] of groups) {
    const places = wanted ? [...pegIds.keys()].filter((place) => wanted.has(pegIds[place] as number)) : null;
    if (!places || places.length === pegIds.length) {
      plans.set(groupId, { pegIds, places: null });
    } else if (places.length > 0) {
      const picked = places.length < pegIds.length * PICK_BELOW_SHARE;
      if (picked)
        picks.push(`WHEN ${integer(groupId)} THEN ARRAY[${places.map((place) => `"values"[${place + 1}]`).join(',')}]`);
      plans.set(groupId, {
        pegIds: Int32Array.from(places, (place) => pegIds[place] as number),
        places: picked ? null : Int32Array.from(places),
      });
    }
  }
  if (plans.size === 0 || selection.objectIds?.length === 0) return null;
  const { fromMs, toMs } = selection.interval;
  const conditions = [`"begin" >= '${instant(fromMs)}'`, `"begin" < '${instant(toMs)}'`];
  if (wanted) conditions.push(`group_id = ANY('{${[...plans.keys()].map(integer).join(',')}}')`);
  if (selection.objectIds) conditions.push(`object_id = ANY('{${selection.objectIds.map(integer).join(',')}}')`);
  const values = picks.length === 0 ? '"values"' : `CASE group_id ${picks.join(' ')} ELSE "values" END`;
  const columns = COPY_COLUMNS.replace('"values"', format === 'raw' ? `pegboard.block_bytes(${values})` : values);
  const query = `SELECT ${columns} FROM pegboard.pm_block WHERE ${conditions.join(' AND ')}${ORDERS[selection.order]}`;
  return { statement: `COPY (${query}) TO STDOUT BINARY`, groups: plans };
}

function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`not an integer: ${value}`);
  return String(value);
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
