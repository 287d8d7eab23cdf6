import type { EmitMetric } from '../../platform/metrics.ts';
import type { KpiStore } from './kpi-store.ts';

export interface StoreObserver {
  readonly emit: EmitMetric;
  /** Makes of an error of the driver what callers can act on, e.g. STORE_UNAVAILABLE. */
  readonly explain: (error: unknown) => unknown;
}

/** The same store, with the calls counted and timed, and the errors of an unreachable server explained. */
export function observeKpiStore(store: KpiStore, { emit, explain }: StoreObserver): KpiStore {
  const observed =
    <Arguments extends unknown[], Result>(
      operation: string,
      call: (...args: Arguments) => Promise<Result>,
    ): ((...args: Arguments) => Promise<Result>) =>
    async (...args) => {
      const startedAt = performance.now();
      let outcome: 'ok' | 'error' = 'error';
      try {
        const result = await call.apply(store, args);
        outcome = 'ok';
        return result;
      } catch (error) {
        throw explain(error);
      } finally {
        const seconds = (performance.now() - startedAt) / 1000;
        emit({ type: 'store_call_finished', store: 'kpi', operation, outcome, seconds });
      }
    };

  const explained = (content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => ({
    async *[Symbol.asyncIterator]() {
      try {
        yield* content;
      } catch (error) {
        throw explain(error);
      }
    },
  });
  const { quarantine } = store;

  return {
    openWriter: () => {
      const writer = store.openWriter();
      return {
        beginFile: () => writer.beginFile(),
        add: (block) => writer.add(block),
        get pendingNumbers() {
          return writer.pendingNumbers;
        },
        spill: observed('spill', () => writer.spill()),
        endFile: (record) => writer.endFile(record),
        dropFile: observed('drop_file', () => writer.dropFile()),
        commit: observed('commit', () => writer.commit()),
        close: () => writer.close(),
      };
    },
    knownFiles: observed('known_files', store.knownFiles),
    quarantine: {
      record: observed('record_refusal', quarantine.record),
      refuseAgain: observed('record_refusal', quarantine.refuseAgain),
      list: observed('list_quarantine', quarantine.list),
      count: observed('count_quarantine', quarantine.count),
      find: observed('find_quarantined', quarantine.find),
      search: observed('find_quarantined', quarantine.search),
      content: (id) => explained(quarantine.content(id)),
      settle: observed('settle_quarantine', quarantine.settle),
      discard: observed('discard_quarantined', quarantine.discard),
    },
    listFiles: observed('list_files', store.listFiles),
    networkElements: observed('network_elements', store.networkElements),
    measuredObjects: observed('measured_objects', store.measuredObjects),
    pegs: observed('pegs', store.pegs),
    describePegs: observed('describe_pegs', store.describePegs),
    scan: observed('scan', store.scan),
    extent: observed('extent', store.extent),
    dropDaysBefore: observed('drop_days', store.dropDaysBefore),
    ping: observed('ping', store.ping),
  };
}
