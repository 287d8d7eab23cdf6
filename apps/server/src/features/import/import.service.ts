import type { ImportOptions, ImportReport, ImportRequest, ImportService } from './import-request.ts';
import { type ImportDependencies, ImportRun } from './import-run.ts';

/** Samples of existing raw-KPI databases. */
export function createImportService(dependencies: ImportDependencies): ImportService {
  return {
    async run(request: ImportRequest, options: ImportOptions = {}): Promise<ImportReport> {
      await using run = await ImportRun.open(dependencies, request, options);
      return await run.all();
    },
  };
}
