/** What the columns of a CSV can mean. `date` is a date beside a column with the time of day alone. */
export type CsvField =
  | 'time'
  | 'date'
  | 'ne'
  | 'cell'
  | 'object'
  | 'peg'
  | 'value'
  | 'family'
  | 'category'
  | 'granularity'
  | 'suspect';

const SYNONYMS: Readonly<Record<CsvField, readonly string[]>> = {
  time: [
    'timestamp',
    'datetime',
    'date_time',
    'time',
    'ts',
    'begin',
    'begin_time',
    'start',
    'start_time',
    '시간',
    '시각',
    '일시',
    '측정시간',
    '측정일시',
    '수집시간',
    '수집일시',
  ],
  date: ['date', '날짜', '일자', '측정일자', '수집일자'],
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
    '장비',
    '장비명',
    '국소',
    '국소명',
    '기지국',
    '기지국명',
  ],
  cell: ['cell', 'cellid', 'cell_id', 'cell_name', 'cellname', '셀', '셀id', '셀_id', '셀번호', '셀명'],
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
    '지표',
    '지표명',
    '카운터',
    '카운터명',
    '통계항목',
  ],
  value: ['value', 'val', 'counter_value', 'peg_value', '값', '측정값'],
  family: ['family', 'family_name', 'familyname', '패밀리'],
  category: ['category', '구분', '분류'],
  granularity: ['granularity', 'granularity_s', 'period', 'interval', 'duration'],
  suspect: ['suspect', 'suspect_flag'],
};

/** Columns whose values tell sub-counters apart, with the name of the dimension. */
const DIMENSIONS: ReadonlyMap<string, string> = new Map([
  ['unit', 'Unit'],
  ['단위', 'Unit'],
  ['qci', 'QCI'],
  ['5qi', '5QI'],
  ['plmn', 'PLMN'],
  ['plmn_id', 'PLMN'],
  ['plmnid', 'PLMN'],
  ['slice', 'SNSSAI'],
  ['snssai', 'SNSSAI'],
  ['s_nssai', 'SNSSAI'],
  ['cause', 'Cause'],
  ['beam', 'Beam'],
  ['beam_id', 'Beam'],
  ['path', 'Path'],
]);

const FIELD_OF_NAME: ReadonlyMap<string, CsvField> = new Map(
  (Object.keys(SYNONYMS) as CsvField[]).flatMap((field) => SYNONYMS[field].map((name) => [name, field] as const)),
);

/** What a column with this meaning may be called, in lower case. */
export function columnNames(field: CsvField): readonly string[] {
  return SYNONYMS[field];
}

const CSV_DELIMITERS = [',', ';', '\t', '|'] as const;

/** A header that was understood: the delimiter, and the place of each column that has a meaning. */
export interface CsvHeader {
  readonly delimiter: string;
  readonly width: number;
  readonly places: ReadonlyMap<CsvField, number>;
  /** Columns that tell sub-counters apart: place → name of the dimension. */
  readonly dimensions: ReadonlyMap<number, string>;
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

/** How many columns a table may have. */
export const MAX_COLUMNS = 20_000;

function headerWith(line: string, delimiter: string): CsvHeader {
  const names = splitCsvRow(line, delimiter) ?? [line];
  const places = new Map<CsvField, number>();
  const dimensions = new Map<number, string>();
  for (const [place, name] of names.entries()) {
    const field = FIELD_OF_NAME.get(normalised(name));
    const dimension = DIMENSIONS.get(normalised(name));
    if (field !== undefined && !places.has(field)) places.set(field, place);
    else if (dimension !== undefined) dimensions.set(place, dimension);
  }
  return { delimiter, width: names.length, places: withTime(places), dimensions, names };
}

/** A date without a time of day beside it is the time. */
function withTime(places: Map<CsvField, number>): ReadonlyMap<CsvField, number> {
  const date = places.get('date');
  if (date === undefined || places.has('time')) return places;
  places.delete('date');
  return places.set('time', date);
}

function normalised(name: string): string {
  return withoutNote(name.trim().toLowerCase()).replace(/[\s.-]+/g, '_');
}

/** A name without what is in parentheses at its end. No regular expression: that takes quadratic time over `((((…`. */
function withoutNote(name: string): string {
  if (!name.endsWith(')')) return name;
  const open = name.indexOf('(', name.lastIndexOf(')', name.length - 2) + 1);
  return open < 0 ? name : name.slice(0, open).trimEnd();
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
