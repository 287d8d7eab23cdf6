import type { Clock } from '../../platform/clock.ts';
import type { KpiStore } from '../../stores/kpi/kpi-store.ts';
import type { Catalogue } from '../selection/selection.ts';

/** What other processes ingest or change is seen after this time at the latest. */
const MAX_AGE_MS = 3000;

export interface CatalogueReader {
  /** What the store knows, no older than a few seconds. Concurrent calls read once. */
  read(): Promise<Catalogue>;
  /** Makes the next `read` ask the store. Called after each change by this process. */
  forget(): void;
}

export function createCatalogueReader(
  store: Pick<KpiStore, 'networkElements' | 'measuredObjects' | 'pegs'>,
  clock: Clock,
): CatalogueReader {
  let kept: { readonly readAtMs: number; readonly catalogue: Promise<Catalogue> } | null = null;

  const load = async (): Promise<Catalogue> => {
    const [networkElements, objects, pegs] = await Promise.all([
      store.networkElements(),
      store.measuredObjects(),
      store.pegs(),
    ]);
    return { networkElements, objects, pegs };
  };

  return {
    read() {
      const nowMs = clock.nowMs();
      if (kept && nowMs - kept.readAtMs < MAX_AGE_MS) return kept.catalogue;
      const entry = { readAtMs: nowMs, catalogue: load() };
      kept = entry;
      entry.catalogue.catch(() => {
        if (kept === entry) kept = null;
      });
      return entry.catalogue;
    },
    forget() {
      kept = null;
    },
  };
}
