import type { KpiCoverageResponse, MasterKpi } from '@pegboard/contracts';
import { openServices } from '../../compose.ts';
import type { Command } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { open } from '../open.ts';
import { type Column, textTable } from '../output/table.ts';

export interface KpiCommandOptions {
  readonly json: boolean;
}

/** Which KPIs the counters at hand give, by which formula, and which counters are missing. */
export const kpiCoverage: Command<KpiCommandOptions> = async (context, { json }) => {
  await using services = await open(openServices(context.config, { logger: context.logger }));
  const report = await services.kpiMaster.coverage();
  await context.print(json ? toJson(report) : coverageTable(report, context.terminalColumns));
  return EXIT_CODES.ok;
};

/** Every KPI, with what it means. */
export const kpiList: Command<KpiCommandOptions> = async (context, { json }) => {
  await using services = await open(openServices(context.config, { logger: context.logger }));
  const { kpis } = await services.kpiMaster.coverage();
  await context.print(json ? toJson({ kpis }) : listTable(kpis, context.terminalColumns));
  return EXIT_CODES.ok;
};

function toJson(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

const NAME: Column = { title: 'KPI', maxWidth: 24 };
const TITLE: Column = { title: 'name', maxWidth: 36, minWidth: 12 };

function coverageTable({ kpis, computable, not_computable }: KpiCoverageResponse, columns: number | null): string {
  const header = [NAME, TITLE, { title: 'computable' }, { title: 'formula, or what is missing', minWidth: 24 }];
  const rows = kpis.map((kpi) => [
    kpi.name,
    kpi.name_en ?? '',
    kpi.computable ? 'yes' : 'no',
    kpi.computed_by ?? missingText(kpi),
  ]);
  const summary = `${computable} of ${computable + not_computable} KPIs can be computed from the counters at hand.`;
  return `${textTable(header, rows, columns)}${summary}\n`;
}

function missingText({ missing, reason }: MasterKpi): string {
  if (missing.length === 0) return reason ?? '';
  return missing
    .map(({ counter, would_do }) => {
      const others = would_do.map(({ vendor, formula }) => `${vendor}: ${formula}`).join('; ');
      return others === '' ? `${counter} is missing` : `${counter} is missing (or ${others})`;
    })
    .join(', ');
}

function listTable(kpis: readonly MasterKpi[], columns: number | null): string {
  const header: Column[] = [
    NAME,
    TITLE,
    { title: 'unit' },
    { title: 'category', optional: true },
    { title: 'better' },
    { title: 'weight', align: 'right' },
    { title: 'formula', minWidth: 24 },
  ];
  const directions = { higher_better: 'higher', lower_better: 'lower', neutral: '–' } as const;
  const rows = kpis.map((kpi) => [
    kpi.name,
    kpi.name_en ?? '',
    kpi.unit ?? '',
    kpi.category ?? '',
    kpi.polarity === null ? '' : directions[kpi.polarity],
    `${kpi.weight ?? ''}`,
    kpi.formula ?? '',
  ]);
  return textTable(header, rows, columns);
}
