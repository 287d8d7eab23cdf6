import type { CounterLayout } from '../measurement.ts';
import { type FilePosition, refuse } from '../pm-file-error.ts';
import type { ReadSession } from '../read-session.ts';
import { BlockValues } from '../values/block-values.ts';
import type { ByteBuffer } from '../values/byte-buffer.ts';
import { CounterTable } from '../values/counter-table.ts';
import { type CounterColumn, type KnownList, knownList, listAtPlace, rememberPlace } from '../values/known-list.ts';
import { parseDecimal } from '../values/parse-decimal.ts';
import { decodeUtf8, type XmlAttributes } from '../xml/xml-attributes.ts';
import { isXmlSpace } from '../xml/xml-chars.ts';
import type { XmlWindow } from '../xml/xml-handler.ts';
import { CounterList } from './counter-list.ts';
import { P } from './measurement-xml-vocabulary.ts';
import { PlainResults } from './plain-results.ts';
import { plainTypesStart, readPlainTypes } from './plain-types.ts';

/** `measInfo` with the same list of counters share a table; so many lists are remembered. */
const MAX_TABLES = 512;
const HINT_LIST = 'Which values belong to which counter is unclear; export the file again.';
const HINT_LIMIT = 'Split the file, or raise the limit if it is meant.';
/** Integers of so many digits are exact in a double. */
const EXACT_DIGITS = 15;
const COMMA = 0x2c;
const MISSING_WORDS: ReadonlySet<string> = new Set(['', 'nil', 'nan', 'null']);

/** The counters and values of the current `measInfo` and `measValue`, in both list forms. */
export class MeasInfoValues {
  readonly #session: ReadSession;
  readonly #position: () => FilePosition;
  readonly #line = () => this.#position().line;
  readonly #tables = new Map<KnownList, CounterTable>();
  readonly #blockValues = new BlockValues();
  readonly #list = new CounterList();
  readonly #plainResults: PlainResults;
  #table: CounterTable | null = null;
  #p: number | string | null = null;
  #resultsSeen = 0;
  /** Which `measInfo` of the file this is. */
  #place = -1;
  /** The elements that announced the list as long as it was `#writtenLength`, where all were plain. */
  #written: Buffer | null = null;
  #writtenLength = 0;
  #slotsBefore = 0;
  #numbersBefore = 0;
  /** Counters that tables forgot since counters were last counted by name. */
  readonly #forgotten: (readonly string[])[] = [];
  /** Slots made since counters were last counted by name. */
  #slotsInTables = 0;

  constructor(session: ReadSession, position: () => FilePosition) {
    this.#session = session;
    this.#position = position;
    this.#plainResults = new PlainResults(session.limits);
  }

  openMeasInfo(): void {
    this.#list.clear();
    this.#table = null;
    this.#written = null;
    this.#place += 1;
  }

  /** Reads the counters that begin at `start`, as far as they are plain; as `XmlHandler.plainContent`. */
  readPlainTypes({ bytes, view, last }: XmlWindow, start: number): number {
    if (this.#table !== null) return start;
    const from = plainTypesStart(bytes, start);
    if (from < 0) return start;
    const list = this.#list;
    const isFirst = list.length === 0;
    const { maxTextBytes } = this.#session.limits;
    if (isFirst) {
      const known = listAtPlace(this.#place);
      if (known?.isWrittenAt(view, from, last) === true && known.key.length <= maxTextBytes) {
        list.adopt(known);
        return from + known.writtenLength;
      }
    }
    const behind = readPlainTypes(list, bytes, from, last, maxTextBytes);
    if (behind === from) return start;
    if (isFirst) {
      this.#written = Buffer.from(bytes.subarray(from, behind));
      this.#writtenLength = list.length;
    }
    return behind;
  }

  /** Reads the results that begin at `start`, as far as they are plain; as `XmlHandler.plainContent`. */
  readPlainResults(window: XmlWindow, start: number): number {
    const plain = this.#plainResults;
    const behind = plain.read(this.#openTable(), window, start);
    this.#resultsSeen += plain.results;
    const { counts } = this.#session;
    counts.values += plain.results;
    counts.numbers += plain.numbers;
    counts.missing += plain.missing;
    return behind;
  }

  openType(attributes: XmlAttributes): void {
    this.#p = readP(attributes);
  }

  closeType(text: ByteBuffer): void {
    this.#checkListIsOpen();
    this.#list.add(this.#p, text);
  }

  closeTypes(text: ByteBuffer): void {
    this.#checkListIsOpen();
    this.#list.addNames(text);
  }

  openMeasValue(): void {
    this.#table ??= this.#tableOfList();
    this.#table.beginBlock();
    this.#slotsBefore = this.#table.count;
    this.#numbersBefore = this.#session.counts.numbers;
    this.#resultsSeen = 0;
  }

  closeMeasValue(): { readonly layout: CounterLayout; readonly values: Float64Array } {
    const table = this.#openTable();
    if (table.count !== this.#slotsBefore) this.#countCounters(table.count - this.#slotsBefore);
    if (table.isSparse(this.#session.counts.numbers - this.#numbersBefore)) this.#compact(table);
    return { layout: table.layout(), values: table.values };
  }

  openResult(attributes: XmlAttributes): void {
    this.#resultsSeen += 1;
    this.#p = readP(attributes) ?? (this.#list.hasWrittenP ? null : this.#resultsSeen);
  }

  closeResult(text: ByteBuffer): void {
    const column = this.#p === null ? undefined : this.#openTable().find(this.#p);
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
    const { columns } = this.#openTable().list;
    if (this.#list.hasWrittenP && columns.some(({ p }, index) => p !== index + 1)) {
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

  #checkListIsOpen(): void {
    if (this.#table !== null) {
      const message = 'a measInfo names a further counter behind its first measValue';
      throw this.#refuse('counter_misplaced', message, HINT_LIST);
    }
    if (this.#list.length <= this.#session.limits.maxTextBytes) return;
    const message = `the counters of a measInfo take more than ${this.#session.limits.maxTextBytes} bytes`;
    throw this.#refuse('too_many_counters', message, HINT_LIMIT);
  }

  #tableOfList(): CounterTable {
    const list = this.#list.known ?? this.#readList();
    if (list.columns.length > this.#session.limits.maxCounters) throw this.#tooManyColumns();
    rememberPlace(this.#place, list);
    const known = this.#tables.get(list);
    if (known !== undefined) return known;
    if (this.#tables.size >= MAX_TABLES) this.#forgetTables();
    const table = new CounterTable(list, this.#blockValues);
    this.#tables.set(list, table);
    return table;
  }

  #readList(): KnownList {
    const list = knownList(this.#list.key(), () => this.#columns());
    if (this.#written !== null && this.#writtenLength === this.#list.length) list.setWritten(this.#written);
    return list;
  }

  #columns(): readonly CounterColumn[] {
    const columns = this.#list.columns();
    if ('code' in columns) throw this.#refuse(columns.code, columns.message, HINT_LIST);
    return columns;
  }

  #tooManyColumns() {
    const message = `a measInfo has more than ${this.#session.limits.maxCounters} counters`;
    return this.#refuse('too_many_counters', message, HINT_LIMIT);
  }

  /** Values come only inside a measValue, which opens the table. */
  #openTable(): CounterTable {
    this.#table ??= this.#tableOfList();
    return this.#table;
  }

  #forgetTables(): void {
    this.#countAllByName();
    this.#tables.clear();
  }

  /** Counts the counters: roughly, by slots, as long as that is within the limit; then by name. */
  #countCounters(newSlots: number): void {
    this.#slotsInTables += newSlots;
    const known = this.#session.counterCount;
    if (known + this.#slotsInTables > this.#session.limits.maxCounters) this.#countAllByName();
  }

  #countAllByName(): void {
    for (const names of this.#forgotten) {
      for (const name of names) this.#session.addCounter(name, this.#position);
    }
    this.#forgotten.length = 0;
    for (const table of this.#tables.values()) this.#countByName(table);
    this.#slotsInTables = 0;
  }

  #countByName(table: CounterTable): void {
    const { names } = table.layout();
    for (let slot = table.counted; slot < table.count; slot += 1) this.#session.addCounter(names[slot], this.#position);
    table.counted = table.count;
  }

  #compact(table: CounterTable): void {
    this.#forgotten.push(table.layout().names);
    table.compact();
    table.counted = table.count;
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
    for (let i = from; i <= to; i += 1) {
      const start = i;
      let value = 0;
      while (i < to && bytes[i] >= 0x30 && bytes[i] <= 0x39) {
        value = value * 10 + (bytes[i] - 0x30);
        i += 1;
      }
      const isInteger = i > start && i - start <= EXACT_DIGITS && (i === to || bytes[i] === COMMA);
      if (isInteger) this.#set(column, element, value);
      else {
        while (i < to && bytes[i] !== COMMA) i += 1;
        this.#takeElement(column, element, bytes, start, i);
      }
      element += 1;
      if (element <= this.#session.limits.maxCounters) continue;
      const message = `a vector has more than ${this.#session.limits.maxCounters} elements`;
      throw this.#refuse('too_many_counters', message, HINT_LIMIT);
    }
  }

  #takeElement(column: CounterColumn, element: number, bytes: Uint8Array, from: number, to: number): void {
    let start = from;
    let end = to;
    while (start < end && isXmlSpace(bytes[start])) start += 1;
    while (end > start && isXmlSpace(bytes[end - 1])) end -= 1;
    const value = parseDecimal(bytes, start, end);
    if (Number.isNaN(value)) this.#takeNoNumber(column, bytes, start, end);
    else this.#set(column, element, value);
  }

  #set(column: CounterColumn, element: number, value: number): void {
    this.#session.counts.numbers += 1;
    if (this.#openTable().set(column, element, value)) return;
    const message = `a measValue gives ${column.name.slice(0, 100)} two values; the later one is taken`;
    this.#session.warn('value_repeated', () => message, this.#line);
  }

  #takeNoNumber(column: CounterColumn, bytes: Uint8Array, start: number, end: number): void {
    if (start === end) {
      this.#session.counts.missing += 1;
      return;
    }
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
