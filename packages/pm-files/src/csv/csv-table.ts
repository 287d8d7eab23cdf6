import type { ManagedElement } from '../measurement.ts';
import { type FilePosition, type PmFileError, refuse } from '../pm-file-error.ts';
import type { ReadSession } from '../read-session.ts';
import { parseDurationS } from '../time/parse-duration.ts';
import { parseTime } from '../time/parse-time.ts';
import type { DecimalMark } from '../values/separated-number.ts';
import { type CsvField, type CsvHeader, splitCsvRow } from './csv-header.ts';
import { decimalMarkOf } from './csv-value.ts';

const MAX_REMEMBERED = 10_000;
const EPOCH_S = /^\d{9,10}(?:\.\d+)?$/;
/** Of 12 digits that begin like a year, `202611220015` say, a date is meant: as ms they would be of 1976. */
const EPOCH_MS = /^(?!(?:19|20)\d{10}$)\d{12,13}$/;
const EPOCH_US = /^\d{15,16}$/;
const CLOCK = /^\d{1,2}(?::\d{2}){1,2}$/;

/** The columns of a table by their meaning, and what is common to the ways of reading its rows. */
export class CsvTable {
  readonly session: ReadSession;
  readonly header: CsvHeader;
  readonly decimalMark: DecimalMark;
  /** Of the row at hand. */
  line = 1;
  /** Rows must have so many fields; further ones may be absent. */
  needed = 1;
  readonly position: () => FilePosition = () => ({ line: this.line, column: 1 });
  readonly #managedElements = new Map<string, ManagedElement>();
  readonly #times = new Map<string, number>();

  /** `sample` is what is known of the first rows. */
  constructor(session: ReadSession, header: CsvHeader, sample: readonly (readonly string[])[]) {
    this.session = session;
    this.header = header;
    const known = new Set([...header.places].filter(([field]) => field !== 'value').map(([, place]) => place));
    this.decimalMark = decimalMarkOf(
      sample.flatMap((row) => row.filter((_, place) => !known.has(place))),
      header.delimiter,
    );
  }

  /** The fields of a row. Empty ones too many, and ones absent at the end, do no harm. */
  split(row: string, isOpen: boolean): readonly string[] {
    const { width, delimiter } = this.header;
    const fields = splitCsvRow(row, delimiter);
    if (fields === null) {
      throw this.refuse('row_malformed', 'the quoting of the row is broken', 'A quote inside a field is doubled.');
    }
    if (fields.length === width) return fields;
    if (isOpen && fields.length < width) {
      const message = `the last line has no line end, and ${fields.length} of ${width} fields`;
      throw this.refuse('truncated', message, 'The file seems to be cut off; transfer it again.');
    }
    const isHarmless =
      fields.length < width ? fields.length >= this.needed : fields.slice(width).every((field) => field.trim() === '');
    if (isHarmless) return fields;
    const message = `the row has ${fields.length} fields, the header ${width}`;
    throw this.refuse('row_width', message, 'A delimiter may be missing, or a field with a delimiter is not quoted.');
  }

  has(field: CsvField): boolean {
    return this.header.places.has(field);
  }

  /** The text of a field; empty where there is none. */
  field(fields: readonly string[], field: CsvField): string {
    const place = this.header.places.get(field);
    return place === undefined ? '' : (fields[place] ?? '').trim();
  }

  /** The written time; a date in a column of its own and the time of day are joined. */
  timeText(fields: readonly string[]): string {
    const time = this.field(fields, 'time');
    const date = this.field(fields, 'date');
    return date !== '' && isClock(time) ? dateAndClock(date, time) : time;
  }

  ldn(fields: readonly string[]): string {
    const object = this.field(fields, 'object');
    if (object !== '') return object;
    const cell = this.field(fields, 'cell') || (this.session.options.defaults?.cell ?? '');
    return cell === '' || cell.includes('=') ? cell : `Cell=${cell}`;
  }

  /** The network element's name, perhaps from the options; empty where neither says. */
  ne(fields: readonly string[]): string {
    return this.field(fields, 'ne') || (this.session.options.defaults?.ne ?? '');
  }

  managedElement(name: string): ManagedElement {
    if (name === '') {
      const message = this.has('ne') ? 'the row names no network element' : 'the file names no network element';
      throw this.refuse('managed_element_unknown', message, 'Say which one it is (--ne NAME).');
    }
    const known = this.#managedElements.get(name);
    if (known !== undefined) return known;
    if (this.#managedElements.size >= MAX_REMEMBERED) this.#managedElements.clear();
    const managedElement = { name, userLabel: null, swVersion: null, vendor: null };
    this.#managedElements.set(name, managedElement);
    return managedElement;
  }

  isSuspect(fields: readonly string[]): boolean {
    return /^(?:true|1|yes|y)$/i.test(this.field(fields, 'suspect'));
  }

  /** The instant of a written time, ms since the epoch. */
  timeMs(text: string): number {
    const known = this.#times.get(text);
    if (known !== undefined) return known;
    if (this.#times.size >= MAX_REMEMBERED) this.#times.clear();
    const utcMs = epochMs(text) ?? this.#writtenTimeMs(text);
    this.#times.set(text, utcMs);
    return utcMs;
  }

  /** The granularity that a row says, in seconds; null where it says none. */
  granularityS(fields: readonly string[]): number | null {
    const text = this.field(fields, 'granularity');
    if (text === '') return null;
    const seconds = parseDurationS(text);
    if (seconds !== null) return seconds;
    const message = `the granularity ${JSON.stringify(text.slice(0, 100))} is unreadable`;
    throw this.refuse('duration_unreadable', message, 'Expected are seconds (900) or ISO 8601 (PT900S).');
  }

  /** Whether the options say which network element it is where the file does not. */
  get hasDefaultNe(): boolean {
    return this.session.options.defaults?.ne !== undefined;
  }

  /** Counts a cell that should be a number and is not. */
  warnNoNumber(cell: string, peg: string): void {
    this.session.counts.notNumbers += 1;
    const message = () =>
      `the value ${JSON.stringify(cell.slice(0, 100))} of ${peg.slice(0, 100)} is no number; it counts as missing`;
    this.warn('value_not_number', message);
  }

  warnRepeated(peg: string): void {
    const message = () => `${peg.slice(0, 100)} has two values for one object and time; the later one is taken`;
    this.warn('value_repeated', message);
  }

  warn(code: string, message: () => string): void {
    this.session.warn(code, message, () => this.line);
  }

  refuse(code: string, message: string, hint: string): PmFileError {
    return refuse(code, message, hint, this.position());
  }

  #writtenTimeMs(text: string): number {
    const time = parseTime(text, this.session.timeZone);
    if (time === null) {
      const hint = 'Expected is ISO 8601 (2026-11-22T00:15:00Z) or seconds or milliseconds since 1970.';
      throw this.refuse('time_unreadable', `the time ${JSON.stringify(text.slice(0, 100))} is unreadable`, hint);
    }
    if (time.isAmbiguous) {
      const message = `the time ${text} is ambiguous in ${this.session.timeZone} (clocks change); the earlier time is taken`;
      this.warn('time_ambiguous', () => message);
    }
    return time.utcMs;
  }
}

/** Whether a text is a time of day without a date. */
export function isClock(text: string): boolean {
  return CLOCK.test(text);
}

/** A date and a time of day in one text; the hour gets its second digit. */
export function dateAndClock(date: string, clock: string): string {
  return `${date} ${clock.indexOf(':') === 1 ? '0' : ''}${clock}`;
}

/** In whole milliseconds. */
function epochMs(text: string): number | null {
  if (EPOCH_S.test(text)) return Math.round(Number(text) * 1000);
  if (EPOCH_MS.test(text)) return Number(text);
  return EPOCH_US.test(text) ? Math.round(Number(text) / 1000) : null;
}
