import { createKpiBook, type KpiBook } from '../aggregation/kpi-book.ts';
import type { CatalogueReader } from '../catalogue/catalogue-reader.ts';
import type { Catalogue } from '../selection/selection.ts';
import type { KpiDefinitionStore, StoredKpi } from './kpi.store.ts';

/** What the store holds, with the KPIs that it gives. */
export interface KnownKpis {
  readonly catalogue: Catalogue;
  readonly stored: readonly StoredKpi[];
  /** Made when it is first asked for: it takes a pass over all PEGs. */
  readonly book: () => KpiBook;
}

export interface KpiBookReader {
  /** No older than what the catalogue reader gives. */
  read(): Promise<KnownKpis>;
  /** Makes the next `read` ask the stores. Called after each change by this process. */
  forget(): void;
}

export function createKpiBookReader(
  catalogueReader: CatalogueReader,
  store: Pick<KpiDefinitionStore, 'list'>,
): KpiBookReader {
  let kept: { readonly catalogue: Catalogue; readonly known: Promise<KnownKpis> } | null = null;

  const load = async (catalogue: Catalogue): Promise<KnownKpis> => {
    const stored = await store.list();
    let book: KpiBook | null = null;
    return {
      catalogue,
      stored,
      book: () => {
        book ??= createKpiBook(catalogue, stored);
        return book;
      },
    };
  };

  return {
    async read() {
      const catalogue = await catalogueReader.read();
      if (kept?.catalogue === catalogue) return kept.known;
      const entry = { catalogue, known: load(catalogue) };
      kept = entry;
      entry.known.catch(() => {
        if (kept === entry) kept = null;
      });
      return entry.known;
    },
    forget() {
      catalogueReader.forget();
      kept = null;
    },
  };
}
