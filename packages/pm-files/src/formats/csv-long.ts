import { type LayoutNode, layoutOf, nextNode, type PendingBlock, rootNode, smallestStepS } from '../csv/csv-blocks.ts';
import { type CsvField, type CsvHeader, parseCsvHeader, splitCsvRow } from '../csv/csv-header.ts';
import { CsvRows } from '../csv/csv-rows.ts';
import { MISSING, NO_NUMBER, parseCsvValue } from '../csv/csv-value.ts';
import type { ManagedElement, ReadOptions } from '../measurement.ts';
import { type PmFileError, refuse } from '../pm-file-error.ts';
import { checkPeriod, type ReadSession } from '../read-session.ts';
import { parseDurationS } from '../time/parse-duration.ts';
import { parseTime } from '../time/parse-time.ts';
import { Utf8Transcoder } from '../utf8-transcoder.ts';
import type { FileHead, FormatReader, PmFormat } from './format.ts';

/** Values held before blocks are handed on. */
const FLUSH_VALUES = 65_536;
/** Values looked at in the search for two times of one object, where the granularity is not written. */
const LOOK_AHEAD_VALUES = 1_000_000;
const MAX_LAYOUT_NODES = 200_000;
const MAX_REMEMBERED = 10_000;
const DEFAULT_GRANULARITY_S = 900;
const EPOCH_S = /^\d{9,10}(?:\.\d+)?$/;
const EPOCH_MS = /^\d{12,13}$/;

/** CSV with a row a value: `timestamp,ne,cell,peg,value` in any order. */
export const csvLong: PmFormat = {
  name: 'csv-long',
  detect(head, options) {
    const header = headerOf(head);
    if (header === null) return { isMatch: false, reason: null };
    const missing = requiredFields(options).filter((field) => !header.places.has(field));
    if (missing.length === 0) return { isMatch: true };
    const found = header.names.slice(0, 20).map((name) => name.trim().slice(0, 40));
    const reason = `as CSV it lacks a column for ${missing.join(', ')}; its columns are ${found.join(', ')}`;
    return { isMatch: false, reason };
  },
  open: (head, session) => new CsvLongReader(head, session),
};

function requiredFields(options: ReadOptions): CsvField[] {
  return options.defaults?.ne === undefined ? ['time', 'ne', 'peg', 'value'] : ['time', 'peg', 'value'];
}

function headerOf(head: FileHead): CsvHeader | null {
  if (head.xmlRoot !== null || /^\s*[<{[]/.test(head.text)) return null;
  const line = /^[^\r\n]+/.exec(head.text.replace(/^[\s\ufeff]+/, ''))?.[0] ?? '';
  const header = parseCsvHeader(line);
  return header.width < 2 || line.includes('\0') ? null : header;
}

class CsvLongReader implements FormatReader {
  readonly #session: ReadSession;
  readonly #rows: CsvRows;
  readonly #transcoder: Utf8Transcoder | null;
  readonly #managedElements = new Map<string, ManagedElement>();
  readonly #times = new Map<string, number>();
  readonly #pending = new Map<string, PendingBlock>();
  readonly #roots = new Map<string | null, LayoutNode>();
  #header: CsvHeader | null = null;
  #needed = 0;
  #bomLeft = 0;
  /** Places of the columns that say which block a row belongs to. */
  #keyPlaces: readonly number[] = [];
  #lastFields: readonly string[] = [];
  #lastBlock: PendingBlock | null = null;
  #granularityS: number | null = null;
  #heldValues = 0;
  #wanted = FLUSH_VALUES;
  #nodes = 0;
  #line = 1;

  constructor(head: FileHead, session: ReadSession) {
    this.#session = session;
    const [first, second] = head.bytes;
    const utf16 =
      first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : null;
    this.#transcoder = utf16 === null ? null : new Utf8Transcoder(utf16);
    if (utf16 !== null) this.#bomLeft = 2;
    else if (first === 0xef && second === 0xbb && head.bytes[2] === 0xbf) this.#bomLeft = 3;
    if (this.#bomLeft > 0) this.#warn('byte_order_mark', () => 'the file begins with a byte order mark');
    this.#rows = new CsvRows(
      (row, line) => this.#row(row, line),
      session.limits.maxTagBytes,
      (line) =>
        session.warn(
          'encoding_assumed',
          () => 'the file is not UTF-8; it is read as CP949 (Korean)',
          () => line,
        ),
    );
  }

  write(chunk: Uint8Array): void {
    const skipped = Math.min(this.#bomLeft, chunk.length);
    this.#bomLeft -= skipped;
    const bytes = skipped === 0 ? chunk : chunk.subarray(skipped);
    this.#rows.write(this.#transcoder === null ? bytes : this.#transcoder.transcode(bytes, false));
  }

  end(chunk: Uint8Array): void {
    this.write(chunk);
    if (this.#transcoder !== null) this.#rows.write(this.#transcoder.transcode(new Uint8Array(0), true));
    if (this.#rows.end()) {
      this.#warn('last_line_unterminated', () => 'the last line does not end with a newline; the file may be cut off');
    }
    this.#flush();
    if (this.#session.counts.values === 0) this.#warn('no_measurements', () => 'the file holds no measurements');
  }

  #row(row: string, line: number): void {
    this.#line = line;
    if (this.#header === null) {
      this.#openHeader(row);
      return;
    }
    const fields = splitCsvRow(row, this.#header.delimiter);
    if (fields === null)
      throw this.#refuse('row_malformed', 'the quoting of the row is broken', 'A quote inside a field is doubled.');
    if (fields.length !== this.#header.width) this.#checkWidth(fields, this.#header);
    this.#value(fields, this.#header);
  }

  #openHeader(row: string): void {
    const header = parseCsvHeader(row);
    this.#header = header;
    const required = requiredFields(this.#session.options).map((field) => header.places.get(field) ?? 0);
    this.#keyPlaces = [...header.places]
      .filter(([field]) => field !== 'peg' && field !== 'value')
      .map(([, place]) => place);
    this.#needed = Math.max(...required) + 1;
  }

  /** Empty fields too many, and optional ones absent at the end, do no harm. */
  #checkWidth(fields: readonly string[], header: CsvHeader): void {
    const isHarmless =
      fields.length < header.width
        ? fields.length >= this.#needed
        : fields.slice(header.width).every((field) => field.trim() === '');
    if (isHarmless) return;
    const message = `the row has ${fields.length} fields, the header ${header.width}`;
    throw this.#refuse('row_width', message, 'A delimiter may be missing, or a field with a delimiter is not quoted.');
  }

  #value(fields: readonly string[], header: CsvHeader): void {
    const { counts } = this.#session;
    const peg = this.#field(fields, 'peg');
    if (peg === '') throw this.#refuse('counter_name_missing', 'the row names no PEG', 'Each row needs one.');
    const block = this.#isLikeLastRow(fields) && this.#lastBlock !== null ? this.#lastBlock : this.#blockOf(fields);
    this.#lastBlock = block;
    this.#lastFields = fields;
    counts.values += 1;
    const value = parseCsvValue(this.#field(fields, 'value'), header.delimiter === ';');
    if (value === MISSING) counts.missing += 1;
    else if (value === NO_NUMBER) {
      counts.notNumbers += 1;
      const text = JSON.stringify(this.#field(fields, 'value').slice(0, 100));
      this.#warn(
        'value_not_number',
        () => `the value ${text} of ${peg.slice(0, 100)} is no number; it counts as missing`,
      );
    } else this.#add(block, peg, value, this.#field(fields, 'family'));
    this.#heldValues += 1;
    if (this.#heldValues >= this.#wanted || this.#nodes > MAX_LAYOUT_NODES) this.#flushIfReady();
  }

  #add(block: PendingBlock, peg: string, value: number, family: string): void {
    this.#session.counts.numbers += 1;
    const next = nextNode(block.node, peg);
    if (typeof next === 'number') {
      if (block.values[next] !== value) {
        this.#warn(
          'value_repeated',
          () => `${peg.slice(0, 100)} has two values for one object and time; the later one is taken`,
        );
      }
      block.values[next] = value;
      return;
    }
    if (next.layout === null && next.children.size === 0) {
      this.#nodes += 1;
      this.#session.addCounter(`${family}/${peg}`, () => this.#position());
    }
    block.node = next;
    block.values.push(value);
  }

  #blockOf(fields: readonly string[]): PendingBlock {
    const timeText = this.#field(fields, 'time');
    const ne = this.#field(fields, 'ne') || (this.#session.options.defaults?.ne ?? '');
    const ldn = this.#ldn(fields);
    const family = this.#field(fields, 'family');
    const granularity = this.#field(fields, 'granularity');
    const key = `${timeText}\n${ne}\n${ldn}\n${family}\n${granularity}`;
    let block = this.#pending.get(key);
    if (block === undefined) {
      if (ne === '')
        throw this.#refuse(
          'managed_element_unknown',
          'the row names no network element',
          'Say which one it is (--ne NAME).',
        );
      block = {
        managedElement: this.#managedElement(ne),
        family: family || null,
        ldn,
        beginMs: this.#time(timeText),
        timeText,
        granularityS: granularity === '' ? null : this.#granularity(granularity),
        line: this.#line,
        suspect: false,
        node: this.#root(family || null),
        values: [],
      };
      this.#pending.set(key, block);
    }
    if (this.#isSuspect(fields)) block.suspect = true;
    return block;
  }

  /** Rows mostly differ from the one before in PEG and value alone, and then belong to the same block. */
  #isLikeLastRow(fields: readonly string[]): boolean {
    for (const place of this.#keyPlaces) if (fields[place] !== this.#lastFields[place]) return false;
    return true;
  }

  #isSuspect(fields: readonly string[]): boolean {
    return /^(?:true|1|yes|y)$/i.test(this.#field(fields, 'suspect'));
  }

  #field(fields: readonly string[], field: CsvField): string {
    const place = this.#header?.places.get(field);
    return place === undefined ? '' : (fields[place] ?? '').trim();
  }

  #ldn(fields: readonly string[]): string {
    const object = this.#field(fields, 'object');
    if (object !== '') return object;
    const cell = this.#field(fields, 'cell') || (this.#session.options.defaults?.cell ?? '');
    return cell === '' || cell.includes('=') ? cell : `Cell=${cell}`;
  }

  #managedElement(name: string): ManagedElement {
    const known = this.#managedElements.get(name);
    if (known !== undefined) return known;
    if (this.#managedElements.size >= MAX_REMEMBERED) this.#managedElements.clear();
    const managedElement = { name, userLabel: null, swVersion: null, vendor: null };
    this.#managedElements.set(name, managedElement);
    return managedElement;
  }

  #root(family: string | null): LayoutNode {
    let root = this.#roots.get(family);
    if (root === undefined) {
      root = rootNode();
      this.#roots.set(family, root);
    }
    return root;
  }

  #time(text: string): number {
    const known = this.#times.get(text);
    if (known !== undefined) return known;
    if (this.#times.size >= MAX_REMEMBERED) this.#times.clear();
    const utcMs = EPOCH_S.test(text)
      ? Number(text) * 1000
      : EPOCH_MS.test(text)
        ? Number(text)
        : this.#writtenTime(text);
    this.#times.set(text, utcMs);
    return utcMs;
  }

  #writtenTime(text: string): number {
    const time = parseTime(text, this.#session.timeZone);
    if (time === null) {
      const hint = 'Expected is ISO 8601 (2026-11-22T00:15:00Z) or seconds or milliseconds since 1970.';
      throw this.#refuse('time_unreadable', `the time ${JSON.stringify(text.slice(0, 100))} is unreadable`, hint);
    }
    if (time.isAmbiguous) {
      const message = `the time ${text} is ambiguous in ${this.#session.timeZone} (clocks change); the earlier time is taken`;
      this.#warn('time_ambiguous', () => message);
    }
    return time.utcMs;
  }

  #granularity(text: string): number {
    const seconds = parseDurationS(text);
    if (seconds !== null) return seconds;
    const message = `the granularity ${JSON.stringify(text.slice(0, 100))} is unreadable`;
    throw this.#refuse('duration_unreadable', message, 'Expected are seconds (900) or ISO 8601 (PT900S).');
  }

  /** Hands on the blocks, unless more rows are wanted to find the granularity. */
  #flushIfReady(): void {
    const isUnknown = this.#granularityS === null && this.#header?.places.has('granularity') === false;
    if (isUnknown && this.#heldValues < LOOK_AHEAD_VALUES && smallestStepS(this.#pending.values()) === null) {
      this.#wanted = Math.min(this.#heldValues * 2, LOOK_AHEAD_VALUES);
      return;
    }
    this.#flush();
  }

  #flush(): void {
    const session = this.#session;
    for (const block of this.#pending.values()) {
      const at = () => ({ line: block.line, column: 1 });
      const granularityS = block.granularityS ?? this.#inferredGranularity();
      const written = `of ${granularityS} s from ${block.timeText.slice(0, 100)}`;
      const endMs = block.beginMs + granularityS * 1000;
      const period = checkPeriod(endMs, granularityS, session.options.nowMs, written, at);
      const layout = layoutOf(block.node, block.family);
      session.emit(block.managedElement, block.ldn, layout, period, block.suspect, Float64Array.from(block.values), at);
    }
    this.#pending.clear();
    this.#lastBlock = null;
    this.#heldValues = 0;
    this.#wanted = FLUSH_VALUES;
    if (this.#nodes <= MAX_LAYOUT_NODES) return;
    this.#roots.clear();
    this.#nodes = 0;
  }

  #inferredGranularity(): number {
    if (this.#granularityS !== null) return this.#granularityS;
    const step = smallestStepS(this.#pending.values());
    if (step === null) {
      const message = `no object has two times, so a granularity of ${DEFAULT_GRANULARITY_S} s is assumed`;
      this.#warn('granularity_assumed', () => message);
    }
    this.#granularityS = step ?? DEFAULT_GRANULARITY_S;
    return this.#granularityS;
  }

  #warn(code: string, message: () => string): void {
    this.#session.warn(code, message, () => this.#line);
  }

  #position() {
    return { line: this.#line, column: 1 };
  }

  #refuse(code: string, message: string, hint: string): PmFileError {
    return refuse(code, message, hint, this.#position());
  }
}
