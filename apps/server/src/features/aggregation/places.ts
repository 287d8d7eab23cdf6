import type { CompareLevel } from '@pegboard/contracts';
import type { MeasuredObject } from '../../stores/kpi/kpi-store.ts';
import type { Measure } from './measure.ts';

/** What a series is about. */
export interface Place {
  /** Distinct within a level; ascending in the order of names. */
  readonly id: number;
  readonly ne: string | null;
  /** Null where several objects are pooled. */
  readonly object: string | null;
  readonly cellId: string | null;
  /** `<ne>#<cell id or object>`, `<ne>`, or `network`. */
  readonly entityId: string;
}

/** Objects that are one cell stay together. */
export type Entity = readonly MeasuredObject[];

/** Cells, and objects that are none, in the order of the objects. */
export function entitiesOf(objects: readonly MeasuredObject[]): Entity[] {
  const cells = new Map<string, MeasuredObject[]>();
  for (const object of objects) {
    const { id, neId, rat, cellId } = object;
    const key = cellId === null ? `${id}` : `${neId} ${rat} ${cellId}`;
    const cell = cells.get(key);
    if (cell) cell.push(object);
    else cells.set(key, [object]);
  }
  return [...cells.values()];
}

export function placeOf(level: CompareLevel, unit: Entity): Place {
  const [{ id, ne, neId, ldn, cellId }, ...others] = unit;
  if (level === 'network') return { id: 0, ne: null, object: null, cellId: null, entityId: 'network' };
  if (level === 'ne') return { id: neId, ne, object: null, cellId: null, entityId: ne };
  return { id, ne, object: others.length === 0 ? ldn : null, cellId, entityId: `${ne}#${cellId ?? ldn}` };
}

/** Whether the objects are of a class whose counters the measure stands on: they should have samples then. */
export function shouldHave({ inputs }: Measure, unit: Entity): boolean {
  return unit.some(({ objectClass }) =>
    inputs.some(({ sources }) => sources.some(({ family }) => family === objectClass)),
  );
}
