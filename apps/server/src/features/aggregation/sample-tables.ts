import type { StoredBlock, TimeInterval } from '../../stores/kpi/kpi-store.ts';
import { GroupTable } from './group-table.ts';
import type { NumberPool } from './number-pool.ts';

/** Numbers that tables may hold together, and what is done beyond that: `shed` frees some, or says that it cannot. */
export interface Room {
  numbers: number;
  readonly limit: number;
  readonly shed: () => void;
}

/** Holds the samples of some objects in one interval until they are combined. */
export class SampleTables {
  readonly #interval: TimeInterval;
  readonly #room: Room;
  readonly #pool: NumberPool;
  readonly #byObject = new Map<number, GroupTable[]>();
  /** Objects whose samples are passed over. */
  readonly #shed = new Set<number>();

  constructor(interval: TimeInterval, room: Room, pool: NumberPool) {
    this.#interval = interval;
    this.#room = room;
    this.#pool = pool;
  }

  add(block: StoredBlock): void {
    const table = this.#table(block);
    if (table === null) return;
    const room = this.#room;
    const before = table.room;
    table.add(block);
    room.numbers += table.room - before;
    if (room.numbers > room.limit) room.shed();
  }

  /** In the order in which they came. */
  of(objectId: number): readonly GroupTable[] {
    return this.#byObject.get(objectId) ?? [];
  }

  /** Forgets an object and passes over what still comes of it. */
  shed(objectId: number): void {
    for (const table of this.of(objectId)) {
      this.#room.numbers -= table.room;
      table.release();
    }
    this.#byObject.delete(objectId);
    this.#shed.add(objectId);
  }

  /** Gives the memory back: what was read from the tables is no longer valid. */
  release(): void {
    for (const table of [...this.#byObject.values()].flat()) table.release();
    this.#byObject.clear();
  }

  /** To be called once, after the last block. */
  settle(): void {
    for (const tables of this.#byObject.values()) {
      for (const table of tables) table.settle();
      // The order must not depend on that of delivery. PEGs of one object are in one group each.
      tables.sort((a, b) => a.granularityS - b.granularityS || a.pegIds[0] - b.pegIds[0]);
    }
  }

  #table({ objectId, granularityS, pegIds }: StoredBlock): GroupTable | null {
    let tables = this.#byObject.get(objectId);
    if (tables) {
      for (const table of tables) if (table.pegIds === pegIds && table.granularityS === granularityS) return table;
    } else {
      if (this.#shed.has(objectId)) return null;
      tables = [];
      this.#byObject.set(objectId, tables);
    }
    const periods = Math.ceil((this.#interval.toMs - this.#interval.fromMs) / (granularityS * 1000));
    const table = new GroupTable({ granularityS, pegIds }, periods, this.#pool);
    tables.push(table);
    this.#room.numbers += table.room;
    return table;
  }
}
