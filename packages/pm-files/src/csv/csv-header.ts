/** What the columns of a long CSV (a row a value) can mean. */
export type CsvField = 'time' | 'ne' | 'cell' | 'object' | 'peg' | 'value' | 'family' | 'granularity' | 'suspect';

const SYNONYMS: Readonly<Record<CsvField, readonly string[]>> = {
  time: ['timestamp', 'datetime', 'date_time', 'time', 'date', 'ts', 'begin', 'begin_time', 'start', 'start_time'],
  ne: [
    'ne',
    'ne_name',
    'node',
    'node_name',
    'host',
    'enb',
    'gnb',
    'network_element',
    'managed_element',
    'managedelement',
  ],
  cell: ['cell', 'cellid', 'cell_id', 'cell_name', 'cellname'],
  object: ['object', 'object_name', 'ldn', 'mo', 'measured_object', 'meas_obj_ldn'],
  peg: [
    'peg',
    'peg_name',
    'pegname',
    'counter',
    'counter_name',
    'kpi',
    'kpi_name',
    'metric',
    'metric_name',
    'measurement',
  ],
  value: ['value', 'val', 'counter_value', 'peg_value'],
  family: ['family', 'family_name', 'familyname'],
  granularity: ['granularity', 'granularity_s', 'period', 'interval', 'duration'],
  suspect: ['suspect', 'suspect_flag'],
};

const FIELD_OF_NAME: ReadonlyMap<string, CsvField> = new Map(
  (Object.keys(SYNONYMS) as CsvField[]).flatMap((field) => SYNONYMS[field].map((name) => [name, field] as const)),
);

const CSV_DELIMITERS = [',', ';', '\t', '|'] as const;

/** A header that was understood: the delimiter, and the place of each column that has a meaning. */
export interface CsvHeader {
  readonly delimiter: string;
  readonly width: number;
  readonly places: ReadonlyMap<CsvField, number>;
  /** The names as written. */
  readonly names: readonly string[];
}

/** Reads a header line with the delimiter that makes most sense of it. */
export function parseCsvHeader(line: string): CsvHeader {
  const candidates = CSV_DELIMITERS.map((delimiter) => headerWith(line, delimiter));
  return candidates.reduce((best, candidate) => (rank(candidate) > rank(best) ? candidate : best));
}

function rank(header: CsvHeader): number {
  return header.places.size * 1000 + Math.min(header.width, 999);
}

function headerWith(line: string, delimiter: string): CsvHeader {
  const names = splitCsvRow(line, delimiter) ?? [line];
  const places = new Map<CsvField, number>();
  for (const [place, name] of names.entries()) {
    const field = FIELD_OF_NAME.get(normalised(name));
    if (field !== undefined && !places.has(field)) places.set(field, place);
  }
  return { delimiter, width: names.length, places, names };
}

function normalised(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/\s*\([^)]*\)$/, '')
    .replace(/[\s.-]+/g, '_');
}

/** The fields of a row, unquoted (RFC 4180); null where the quoting is broken. */
export function splitCsvRow(row: string, delimiter: string): string[] | null {
  if (!row.includes('"')) return row.split(delimiter);
  const fields: string[] = [];
  let i = 0;
  for (;;) {
    const start = i;
    if (row[i] === '"') {
      const end = closingQuote(row, i + 1);
      if (end < 0 || (end + 1 < row.length && row[end + 1] !== delimiter)) return null;
      fields.push(row.slice(start + 1, end).replaceAll('""', '"'));
      i = end + 1;
    } else {
      const end = row.indexOf(delimiter, i);
      i = end < 0 ? row.length : end;
      fields.push(row.slice(start, i));
    }
    if (i >= row.length) return fields;
    i += 1;
  }
}

function closingQuote(row: string, from: number): number {
  for (let i = row.indexOf('"', from); i >= 0; i = row.indexOf('"', i + 1)) {
    if (row[i + 1] !== '"') return i;
    i += 1;
  }
  return -1;
}
