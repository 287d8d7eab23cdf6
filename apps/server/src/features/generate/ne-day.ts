import type { Counter } from './counter-model.ts';
import { evaluateObjectDay } from './evaluate-cell.ts';
import { NODE_OBJECTS } from './network-plan.ts';
import type { NetworkPlan, PlannedNe } from './planned-network.ts';
import { hashText, RandomStream } from './random.ts';
import { slotFactors } from './slot-factors.ts';
import { cellLoad, SECONDS_PER_DAY } from './traffic.ts';

export type Presence = 'absent' | 'present' | 'suspect';

/** One measured object over one UTC day. */
export interface ObjectColumns {
  readonly ldn: string;
  readonly cellId: string | null;
  /** One column a counter of the class, one value a granularity period. */
  readonly columns: readonly Float64Array[];
  readonly presence: readonly Presence[];
}

/** The objects of one class: they report the same counters. */
export interface ClassColumns {
  readonly objectClass: string;
  readonly counters: readonly Counter[];
  readonly objects: readonly ObjectColumns[];
}

const PRESENCE_STREAM = hashText('presence');

/** All values of one NE in one UTC day, whatever part of it the data spans. */
export function neDay(plan: NetworkPlan, ne: PlannedNe, day: number): readonly ClassColumns[] {
  const { seed, granularityS } = plan.options;
  const loads = ne.cells.map((cell) => cellLoad(seed, cell.traffic, day, granularityS));
  const selection = plan.selections[ne.rat];
  const values = ne.cells.map((cell, index) =>
    evaluateObjectDay(selection, {
      seed,
      objectHash: cell.traffic.cellHash,
      day,
      granularityS,
      load: loads[index] ?? new Float64Array(SECONDS_PER_DAY / granularityS),
      factors: slotFactors(cell.effects, day, granularityS),
    }),
  );
  const families = [...new Set(selection.counters.map((counter) => counter.family))];
  const cellClasses = families.map((family): ClassColumns => {
    const indices = selection.counters.flatMap((counter, index) => (counter.family === family ? [index] : []));
    return {
      objectClass: family,
      counters: selection.counters.filter((counter) => counter.family === family),
      objects: ne.cells.map((cell, index) => ({
        ldn: cell.objects[family] ?? '',
        cellId: cell.cellId,
        columns: (values[index] ?? []).filter((_, column) => indices.includes(column)),
        presence: presence(plan, `${cell.ne}/${cell.objects[family]}`, day),
      })),
    };
  });
  return plan.options.nodeObjects ? [...cellClasses, nodeDay(plan, ne, day, loads)] : cellClasses;
}

function nodeDay(plan: NetworkPlan, ne: PlannedNe, day: number, loads: readonly Float64Array[]): ClassColumns {
  const { seed, granularityS } = plan.options;
  const ldn = NODE_OBJECTS[ne.rat];
  const selection = plan.nodeSelections[ne.rat];
  const load = Float64Array.from(
    { length: SECONDS_PER_DAY / granularityS },
    (_, slot) => loads.reduce((sum, column) => sum + (column[slot] ?? 0), 0) / Math.max(1, loads.length),
  );
  const objectHash = hashText(`${ne.name}/${ldn}`);
  const columns = evaluateObjectDay(selection, { seed, objectHash, day, granularityS, load, factors: () => null });
  return {
    objectClass: ldn.slice(0, ldn.indexOf('=')),
    counters: selection.counters,
    objects: [{ ldn, cellId: null, columns, presence: presence(plan, `${ne.name}/${ldn}`, day) }],
  };
}

function presence(plan: NetworkPlan, key: string, day: number): readonly Presence[] {
  const { seed, granularityS, missingFraction, suspectFraction } = plan.options;
  const stream = new RandomStream(seed, PRESENCE_STREAM, hashText(key), day);
  return Array.from({ length: SECONDS_PER_DAY / granularityS }, () => {
    const missing = stream.uniform() < missingFraction; // both are drawn always: one share does not move the other
    const suspect = stream.uniform() < suspectFraction;
    return missing ? 'absent' : suspect ? 'suspect' : 'present';
  });
}
