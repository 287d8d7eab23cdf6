import type { KpiRecord } from '@pegboard/contracts';
import { csvLine } from '../../platform/csv.ts';

const FORMATS = ['application/json', 'application/x-ndjson', 'text/csv'] as const;
export type RecordFormat = (typeof FORMATS)[number];

/** The format that an Accept header likes best; JSON where it names none of ours. */
export function preferredFormat(accept: string | undefined): RecordFormat {
  const weights = (accept ?? '').split(',').map((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return { type, weight: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
  });
  let best: { format: RecordFormat; weight: number } | null = null;
  for (const format of FORMATS) {
    const weight = weights.find(({ type }) => type === format)?.weight ?? 0;
    if (weight > (best?.weight ?? 0)) best = { format, weight };
  }
  return best?.format ?? 'application/json';
}

const CSV_COLUMNS = [
  'timestamp',
  'entity_id',
  'ne',
  'object',
  'cell_id',
  'peg_name',
  'kpi_type',
  'value',
  'granularity_s',
  'suspect',
  'date',
  'hour',
  'numerator',
  'denominator',
  'completeness',
  'reason',
  'flags',
] as const satisfies readonly (keyof KpiRecord)[];

/** One JSON document a line. */
export async function* toNdjson(batches: AsyncIterable<readonly KpiRecord[]>): AsyncGenerator<string> {
  for await (const records of batches) yield records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** RFC 4180 with a header line; a missing value is an empty field. */
export async function* toCsv(batches: AsyncIterable<readonly KpiRecord[]>): AsyncGenerator<string> {
  yield csvLine(CSV_COLUMNS);
  for await (const records of batches) {
    yield records
      .map((record) =>
        csvLine(CSV_COLUMNS.map((column) => (column === 'flags' ? record.flags?.join(' ') : record[column]))),
      )
      .join('');
  }
}
