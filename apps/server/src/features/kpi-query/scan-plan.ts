import type { KpiStore, StoredBlock, TimeInterval } from '../../stores/kpi/kpi-store.ts';
import type { SamplePlan } from './sample-plan.ts';

export interface PlanVisitor {
  /** A present value of the plan; `column` is an index into its columns, `block` is valid only during the call. */
  sample(column: number, value: number, block: StoredBlock): void;
  /** After each block: the place to throw, which ends the scan, when there is too much. */
  blockEnd(): void;
}

/** Shows the samples of a plan within an interval, in no order. */
export function scanPlan(
  store: Pick<KpiStore, 'scan'>,
  plan: SamplePlan,
  interval: TimeInterval,
  visitor: PlanVisitor,
  signal: AbortSignal | undefined,
): Promise<void> {
  const pegIds = [...plan.columnsOfPeg.keys()];
  const visit = (block: StoredBlock): void => {
    if (!plan.objects.has(block.objectId)) return;
    for (let place = 0; place < block.length; place++) {
      const value = block.values[place];
      if (Number.isNaN(value)) continue;
      for (const column of plan.columnsOfPeg.get(block.pegIds[place]) ?? []) visitor.sample(column, value, block);
    }
    visitor.blockEnd();
  };
  return store.scan({ objectIds: plan.objectIds, pegIds, interval, order: 'none' }, visit, signal);
}
