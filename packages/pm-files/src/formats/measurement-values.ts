import type { CounterLayout } from '../measurement.ts';
import { type FilePosition, refuse } from '../pm-file-error.ts';
import type { ReadSession } from '../read-session.ts';
import type { ByteBuffer } from '../values/byte-buffer.ts';
import { type CounterColumn, CounterTable } from '../values/counter-table.ts';
import { parseDecimal } from '../values/parse-decimal.ts';
import { decodeUtf8, type XmlAttributes } from '../xml/xml-attributes.ts';
import { isXmlSpace } from '../xml/xml-chars.ts';
import { P } from './measurement-xml-vocabulary.ts';

/** `measInfo` with the same list of counters share a table; so many lists are remembered. */
const MAX_TABLES = 512;
const COMMA = 0x2c;
const MISSING_WORDS: ReadonlySet<string> = new Set(['', 'nil', 'nan', 'null']);

/** The counters and values of the current `measInfo` and `measValue`, in both list forms. */
export class MeasInfoValues {
  readonly #session: ReadSession;
  readonly #position: () => FilePosition;
  readonly #line = () => this.#position().line;
  readonly #addCounter = (name: string) => this.#session.addCounter(name, this.#position);
  readonly #tables = new Map<string, CounterTable>();
  #table: CounterTable;
  #hasValues = false;
  #hasWrittenP = false;
  #isInOrder = true;
  #p: number | string | null = null;
  #resultsSeen = 0;

  constructor(session: ReadSession, position: () => FilePosition) {
    this.#session = session;
    this.#position = position;
    this.#table = new CounterTable(this.#addCounter);
  }

  openMeasInfo(): void {
    this.#table = new CounterTable(this.#addCounter);
    this.#hasValues = false;
    this.#hasWrittenP = false;
    this.#isInOrder = true;
  }

  openType(attributes: XmlAttributes): void {
    this.#p = readP(attributes);
    if (this.#p !== null) this.#hasWrittenP = true;
  }

  closeType(text: ByteBuffer): void {
    const name = text.text();
    if (name === '') throw this.#refuse('counter_name_missing', 'a measType has no name', 'Export the file again.');
    this.#addType(this.#p ?? this.#table.columns.length + 1, name);
  }

  closeTypes(text: ByteBuffer): void {
    const names = text.text().split(/[ \t\r\n]+/);
    for (let i = 0; i < names.length; i += 1) if (names[i] !== '') this.#addType(i + 1, names[i]);
  }

  openMeasValue(): void {
    if (!this.#hasValues) this.#shareTable();
    this.#table.beginBlock();
    this.#resultsSeen = 0;
  }

  closeMeasValue(): { readonly layout: CounterLayout; readonly values: Float64Array } {
    return { layout: this.#table.layout(), values: this.#table.values };
  }

  openResult(attributes: XmlAttributes): void {
    this.#resultsSeen += 1;
    this.#p = readP(attributes) ?? (this.#hasWrittenP ? null : this.#resultsSeen);
  }

  closeResult(text: ByteBuffer): void {
    const column = this.#p === null ? undefined : this.#table.find(this.#p);
    if (column === undefined) {
      const p = this.#p === null ? 'without p' : `with p="${String(this.#p).slice(0, 100)}"`;
      const message = `a value ${p} belongs to no counter of its measInfo and is left out`;
      this.#session.counts.values += 1;
      this.#session.warn('value_without_counter', () => message, this.#line);
      return;
    }
    this.#take(column, text.bytes, 0, text.length);
  }

  closeResults(text: ByteBuffer): void {
    const { columns } = this.#table;
    if (!this.#isInOrder) {
      const message =
        'a measResults list goes with measType elements whose p are not 1, 2, 3 …; which value is whose is unclear';
      throw this.#refuse('value_order_unclear', message, 'Use <r p="…"> for the values.');
    }
    const { bytes, length } = text;
    let count = 0;
    for (let i = 0; i < length; i += 1) {
      if (isXmlSpace(bytes[i])) continue;
      const start = i;
      while (i < length && !isXmlSpace(bytes[i])) i += 1;
      if (count < columns.length) this.#take(columns[count], bytes, start, i);
      count += 1;
    }
    if (count === columns.length) return;
    if (count > 0) {
      const message = `a measResults list has ${count} values for ${columns.length} counters; which value is whose is unclear`;
      throw this.#refuse('value_count_mismatch', message, 'Write NIL for a missing value.');
    }
    this.#session.counts.values += columns.length;
    this.#session.counts.missing += columns.length;
    this.#session.warn('results_empty', () => 'a measResults list is empty; all its values are missing', this.#line);
  }

  #addType(p: number | string, name: string): void {
    const { columns } = this.#table;
    if (this.#hasValues) {
      const message = 'a measInfo names a further counter behind its first measValue';
      throw this.#refuse(
        'counter_misplaced',
        message,
        'Which values belong to which is unclear; export the file again.',
      );
    }
    if (!this.#table.add(p, name)) {
      const other = columns.find((column) => column.p === p)?.name.slice(0, 100);
      const message = `two counters of a measInfo have the same p="${p}": ${other} and ${name.slice(0, 100)}`;
      throw this.#refuse(
        'position_repeated',
        message,
        'Which values belong to which is unclear; export the file again.',
      );
    }
    if (columns.length > this.#session.limits.maxCounters) {
      const message = `a measInfo has more than ${this.#session.limits.maxCounters} counters`;
      throw this.#refuse('too_many_counters', message, 'Split the file, or raise the limit if it is meant.');
    }
    if (p !== columns.length) this.#isInOrder = false;
  }

  #shareTable(): void {
    this.#hasValues = true;
    const key = this.#table.columns.map((column) => `${column.p} ${column.name}`).join('\n');
    const known = this.#tables.get(key);
    if (known !== undefined) {
      this.#table = known;
      return;
    }
    if (this.#tables.size >= MAX_TABLES) this.#tables.clear();
    this.#tables.set(key, this.#table);
  }

  #take(column: CounterColumn, bytes: Uint8Array, from: number, to: number): void {
    this.#session.counts.values += 1;
    let start = from;
    let end = to;
    while (start < end && isXmlSpace(bytes[start])) start += 1;
    while (end > start && isXmlSpace(bytes[end - 1])) end -= 1;
    const value = parseDecimal(bytes, start, end);
    if (!Number.isNaN(value)) this.#set(column, -1, value);
    else if (start < end && hasComma(bytes, start, end)) this.#takeVector(column, bytes, start, end);
    else this.#takeNoNumber(column, bytes, start, end);
  }

  #takeVector(column: CounterColumn, bytes: Uint8Array, from: number, to: number): void {
    let element = 0;
    let start = from;
    for (let i = from; i <= to; i += 1) {
      if (i < to && bytes[i] !== COMMA) continue;
      let end = i;
      while (start < end && isXmlSpace(bytes[start])) start += 1;
      while (end > start && isXmlSpace(bytes[end - 1])) end -= 1;
      const value = parseDecimal(bytes, start, end);
      if (Number.isNaN(value)) this.#takeNoNumber(column, bytes, start, end);
      else this.#set(column, element, value);
      element += 1;
      start = i + 1;
      if (element > this.#session.limits.maxCounters) {
        const message = `a vector has more than ${this.#session.limits.maxCounters} elements`;
        throw this.#refuse('too_many_counters', message, 'Split the file, or raise the limit if it is meant.');
      }
    }
  }

  #set(column: CounterColumn, element: number, value: number): void {
    this.#session.counts.numbers += 1;
    if (this.#table.set(column, element, value)) return;
    const message = `a measValue gives ${column.name.slice(0, 100)} two values; the later one is taken`;
    this.#session.warn('value_repeated', () => message, this.#line);
  }

  #takeNoNumber(column: CounterColumn, bytes: Uint8Array, start: number, end: number): void {
    const text = end - start > 100 ? `${decodeUtf8(bytes, start, start + 100)}…` : decodeUtf8(bytes, start, end);
    if (MISSING_WORDS.has(text.toLowerCase())) {
      this.#session.counts.missing += 1;
      return;
    }
    this.#session.counts.notNumbers += 1;
    const message = () =>
      `the value ${JSON.stringify(text)} of ${column.name.slice(0, 100)} is no number; it counts as missing`;
    this.#session.warn('value_not_number', message, this.#line);
  }

  #refuse(code: string, message: string, hint: string) {
    return refuse(code, message, hint, this.#position());
  }
}

function hasComma(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) if (bytes[i] === COMMA) return true;
  return false;
}

/** The `p` attribute: a number where it is one, else its text; null where there is none. */
function readP(attributes: XmlAttributes): number | string | null {
  const index = attributes.indexOf(P);
  if (index < 0) return null;
  const { bytes } = attributes;
  const end = attributes.ends[index];
  let p = 0;
  let i = attributes.starts[index];
  if (i < end && end - i < 10) {
    while (i < end && bytes[i] >= 0x30 && bytes[i] <= 0x39) p = p * 10 + bytes[i++] - 0x30;
    if (i === end) return p;
  }
  const text = attributes.valueAt(index).trim();
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}
