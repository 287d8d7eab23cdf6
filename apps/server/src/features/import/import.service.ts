import type { Clock } from '../../platform/clock.ts';
import type { KpiStore } from '../../stores/kpi/kpi-store.ts';
import type { ImportProgressStore } from './import-progress.store.ts';
import type { ImportOptions, ImportReport, ImportRequest, ImportService } from './import-request.ts';
import { ImportRun } from './import-run.ts';
import type { SourceSettings } from './source-address.ts';

export interface ImportDependencies {
  readonly store: KpiStore;
  readonly progress: ImportProgressStore;
  readonly clock: Clock;
  readonly sources: SourceSettings;
}

/** Samples of existing raw-KPI databases. */
export function createImportService(dependencies: ImportDependencies): ImportService {
  return {
    async run(request: ImportRequest, options: ImportOptions = {}): Promise<ImportReport> {
      await using run = await ImportRun.open(dependencies, request, options);
      return await run.all();
    },
  };
}
