import { type KpiRecord, kpiQueryRequest } from '@pegboard/contracts';
import { openServices } from '../../compose.ts';
import { toCsv } from '../../features/kpi-query/record-format.ts';
import { resolveSelection } from '../../features/selection/selection.ts';
import type { Command } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { parseInput } from '../input.ts';
import { open } from '../open.ts';
import { shortNumber } from '../output/number.ts';
import { textTable } from '../output/table.ts';

export const QUERY_FORMATS = ['table', 'json', 'csv'] as const;

export interface QueryCommandOptions {
  readonly kpi: string;
  readonly from: string;
  readonly to: string;
  readonly ne?: string;
  readonly cell?: string;
  readonly interval?: string;
  readonly format: (typeof QUERY_FORMATS)[number];
}

export const query: Command<QueryCommandOptions> = async (context, options) => {
  const request = parseInput(kpiQueryRequest, {
    start_date: options.from,
    end_date: options.to,
    kpi_types: options.kpi,
    ne: options.ne,
    cellid: options.cell,
    interval_minutes: options.interval === undefined ? undefined : minutesOf(options.interval),
    timezone: context.config.timeZone,
  });
  await using services = await open(openServices(context.config, { logger: context.logger }));
  // A person who mistypes a name wants to be told, not to get less.
  resolveSelection(await services.catalogue.read(), { pegs: request.kpi_types });
  const { records } = await services.queries.stream(request, context.signal);
  if (options.format === 'csv') for await (const text of toCsv(records)) await context.print(text);
  else if (options.format === 'json') await printJson(records, context.print);
  else await printTable(records, context.print);
  return EXIT_CODES.ok;
};

/** One JSON document `{records:[…]}`, written as it comes. */
async function printJson(
  batches: AsyncIterable<readonly KpiRecord[]>,
  print: (text: string) => Promise<void>,
): Promise<void> {
  let separator = '{"records":[\n';
  for await (const records of batches) {
    for (const record of records) {
      await print(`${separator}${JSON.stringify(record)}`);
      separator = ',\n';
    }
  }
  await print(separator === ',\n' ? '\n]}\n' : `${separator}]}\n`);
}

async function printTable(
  batches: AsyncIterable<readonly KpiRecord[]>,
  print: (text: string) => Promise<void>,
): Promise<void> {
  const columns = [
    { title: 'begin (UTC)' },
    { title: 'NE', maxWidth: 32 },
    { title: 'cell', maxWidth: 16 },
    { title: 'KPI', maxWidth: 44 },
    { title: 'value', align: 'right' as const },
    { title: 'seconds', align: 'right' as const },
    { title: 'remarks' },
  ];
  const rows: string[][] = [];
  for await (const records of batches) {
    for (const { timestamp, ne, cell_id, object, kpi_type, value, granularity_s, suspect } of records) {
      rows.push([
        timestamp,
        ne ?? '',
        cell_id ?? object ?? '',
        kpi_type,
        shortNumber(value),
        `${granularity_s}`,
        suspect ? 'suspect' : '',
      ]);
    }
  }
  await print(`${textTable(columns, rows)}${rows.length} rows\n`);
}

/** `60m`, `1h`, `1d` or a number of minutes. Anything else goes on as it is, for the schema to refuse. */
function minutesOf(text: string): unknown {
  const match = /^(\d{1,6})\s*(m|min|h|d)?$/.exec(text.trim());
  if (!match) return text;
  return Number(match[1]) * ({ h: 60, d: 1440 }[match[2] ?? ''] ?? 1);
}
