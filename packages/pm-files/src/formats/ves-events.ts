import { field, isObject, type JsonObject, numberField, textField } from '../json/json-fields.ts';
import type { ManagedElement } from '../measurement.ts';
import { type FilePosition, type PmFileError, refuse } from '../pm-file-error.ts';
import { checkPeriod, isPlausibleTime, type Period, type ReadSession } from '../read-session.ts';
import { NamedCounters } from './named-counters.ts';
import { NamedValues } from './named-values.ts';
import { quoted } from './quoted.ts';
import { isSuspect } from './suspect-flag.ts';
import { epochHint, epochText } from './ves-epoch.ts';

/** `measInfo` with the same list of counters share a table; so many are remembered. */
const MAX_TABLES = 512;

/** Takes the measurements of perf3gpp events. Names and shapes as in VES event listener 7.x, perf3gppFields. */
export class VesEvents {
  readonly #session: ReadSession;
  readonly #values: NamedValues;
  readonly #tables = new Map<string, NamedCounters>();
  readonly #position = () => this.#at;
  readonly #line = () => this.#at?.line ?? null;
  #at: FilePosition | null = null;

  constructor(session: ReadSession) {
    this.#session = session;
    this.#values = new NamedValues(session, this.#position);
  }

  /** Takes one event; `path` names it in messages, `at` is where it stands, if that is known. */
  read(event: unknown, path: string, at: FilePosition | null): void {
    this.#at = at;
    const header = field(event, 'commonEventHeader');
    const fields = field(event, 'perf3gppFields');
    const domain = textField(header, 'domain');
    if (fields === undefined && domain !== 'perf3gpp') {
      this.#warn('event_ignored', () => `${path} is of the domain ${quoted(domain)}, not perf3gpp, and is left out`);
      return;
    }
    const data = field(fields, 'measDataCollection');
    if (!isObject(data)) throw this.#missing(`${path}.perf3gppFields.measDataCollection`, 'an object');
    const { header: fileHeader } = this.#session;
    fileHeader.sender ??= textField(header, 'sourceName');
    fileHeader.vendor ??= textField(header, 'nfVendorName');
    fileHeader.formatVersion ??= textField(fields, 'perf3gppFieldsVersion');
    const managedElement = this.#managedElement(data, header);
    const dataPath = `${path}.perf3gppFields.measDataCollection`;
    const infos = this.#list(data, 'measInfoList', dataPath);
    if (infos.length === 0) return;
    const period = this.#period(header, data, path);
    for (const [i, info] of infos.entries())
      this.#measInfo(info, managedElement, period, `${dataPath}.measInfoList[${i}]`);
  }

  #managedElement(data: JsonObject, header: unknown): ManagedElement {
    const userLabel = textField(data, 'measuredEntityUserName');
    const swVersion = textField(data, 'measuredEntitySoftwareVersion');
    this.#session.header.swVersion ??= swVersion;
    const name = textField(data, 'measuredEntityDn') ?? userLabel ?? this.#nameWithoutEntity(header);
    return { name, userLabel, swVersion, vendor: textField(header, 'nfVendorName') };
  }

  #nameWithoutEntity(header: unknown): string {
    const sender = textField(header, 'sourceName');
    const name = sender ?? this.#session.options.defaults?.ne;
    if (!name) {
      const message = 'an event has neither measuredEntityDn, measuredEntityUserName nor sourceName';
      throw refuse('managed_element_unknown', message, 'Say which network element it is (--ne NAME).', this.#at);
    }
    const source = sender === null ? 'the option given' : 'the source of the event';
    const message = () => `an event names no measured entity; ${source}, ${quoted(name)}, is taken`;
    this.#warn('managed_element_missing', message);
    return name;
  }

  #period(header: unknown, data: JsonObject, path: string): Period {
    const begin = numberField(header, 'startEpochMicrosec');
    const end = numberField(header, 'lastEpochMicrosec');
    if (begin === null) {
      const message = `${path}.commonEventHeader has no startEpochMicrosec that is a number`;
      throw refuse('period_missing', message, 'Without it the values have no time.', this.#at);
    }
    const { nowMs } = this.#session.options;
    if (!isPlausibleTime(begin / 1000, nowMs)) {
      const side = begin / 1000 > nowMs ? 'more than 48 h in the future' : 'before 1990';
      const message = `startEpochMicrosec ${epochText(begin)} lies ${side}`;
      throw refuse('period_out_of_range', message, epochHint(begin, nowMs), this.#at);
    }
    if (end !== null && end < begin) {
      const message = `the event begins at ${epochText(begin)}, after its end at ${epochText(end)}`;
      throw refuse('period_invalid', message, 'Correct startEpochMicrosec and lastEpochMicrosec.', this.#at);
    }
    const lastsS = end === null ? 0 : (end - begin) / 1_000_000;
    const granularityS = numberField(data, 'granularityPeriod') ?? Math.round(lastsS);
    if (lastsS > 0 && lastsS !== granularityS) {
      const message = () =>
        `an event lasts ${lastsS} s, which is not its granularity period; ${granularityS} s from its begin are taken`;
      this.#warn('period_mismatch', message);
    }
    const written = `of ${granularityS} s from ${epochText(begin)}`;
    return checkPeriod(begin / 1000 + granularityS * 1000, granularityS, nowMs, written, this.#position);
  }

  #measInfo(info: unknown, managedElement: ManagedElement, period: Period, path: string): void {
    const names = this.#names(info, path);
    const counters = this.#table(names);
    for (const [i, value] of this.#list(info, 'measValuesList', path).entries()) {
      const valuePath = `${path}.measValuesList[${i}]`;
      counters.beginBlock();
      this.#results(this.#list(value, 'measResults', valuePath), names, counters, valuePath);
      const ldn = textField(value, 'measObjInstId');
      if (ldn === null) {
        const message = () => `${valuePath} names no measured object; the managed element is taken`;
        this.#warn('object_missing', message);
      }
      const flag = field(value, 'suspectFlag');
      const isSuspectBlock = flag !== undefined && flag !== null && isSuspect(this.#session, String(flag), this.#line);
      const layout = counters.endBlock();
      this.#session.emit(managedElement, ldn ?? '', layout, period, isSuspectBlock, counters.values, this.#position);
    }
  }

  /** The counter names in their order: that of the first has p = 1. */
  #names(info: unknown, path: string): readonly string[] {
    const types = field(info, 'measTypes');
    const list = field(types, 'sMeasTypesList') ?? field(types, 'iMeasTypesList');
    const listPath = `${path}.measTypes.sMeasTypesList`;
    if (!Array.isArray(list)) throw this.#missing(listPath, 'an array of counter names');
    return list.map((name: unknown, i) => {
      const text = typeof name === 'number' ? String(name) : typeof name === 'string' ? name.trim() : '';
      if (text !== '') return text;
      throw refuse('counter_name_missing', `${listPath}[${i}] is no counter name`, 'Each counter needs one.', this.#at);
    });
  }

  #table(names: readonly string[]): NamedCounters {
    const key = JSON.stringify(names);
    let table = this.#tables.get(key);
    if (table === undefined) {
      if (this.#tables.size >= MAX_TABLES) this.#tables.clear();
      table = new NamedCounters(null);
      this.#tables.set(key, table);
    }
    return table;
  }

  #results(results: readonly unknown[], names: readonly string[], counters: NamedCounters, path: string): void {
    const isByOrder = results.every((result) => field(result, 'p') === undefined);
    if (isByOrder && results.length > 0 && results.length !== names.length) {
      const message = `${path} has ${results.length} values without p for ${names.length} counters; which value is whose is unclear`;
      throw refuse('value_count_mismatch', message, 'Give each value the p of its counter.', this.#at);
    }
    for (const [i, result] of results.entries()) {
      const p = isByOrder ? i + 1 : numberField(result, 'p');
      const name = p === null ? undefined : names[p - 1];
      if (name === undefined) this.#withoutCounter(result, path);
      else this.#take(counters, name, result);
    }
  }

  #withoutCounter(result: unknown, path: string): void {
    this.#session.counts.values += 1;
    const p = JSON.stringify(field(result, 'p') ?? null).slice(0, 100);
    const message = () => `a value of ${path} with p ${p} belongs to no counter of its measInfo and is left out`;
    this.#warn('value_without_counter', message);
  }

  #take(counters: NamedCounters, name: string, result: unknown): void {
    const value = field(result, 'sValue') ?? field(result, 'iValue') ?? field(result, 'rValue');
    const isNull = String(field(result, 'isNull') ?? false) === 'true';
    if (isNull || value === undefined || value === null) this.#values.takeMissing();
    else if (typeof value === 'number' && Number.isFinite(value)) this.#values.takeNumber(counters, name, value + 0);
    else this.#values.takeText(counters, name, typeof value === 'string' ? value : JSON.stringify(value));
  }

  /** A list that may be left out; what is there must be an array of objects. */
  #list(value: unknown, name: string, path: string): readonly unknown[] {
    const list = field(value, name);
    if (list === undefined || list === null) return [];
    if (!Array.isArray(list)) throw this.#missing(`${path}.${name}`, 'an array');
    const wrong = list.findIndex((entry) => !isObject(entry));
    if (wrong >= 0) throw this.#missing(`${path}.${name}[${wrong}]`, 'an object');
    return list;
  }

  #missing(path: string, expected: string): PmFileError {
    return refuse('field_invalid', `${path} is missing or wrong`, `Expected is ${expected}.`, this.#at);
  }

  #warn(code: string, message: () => string): void {
    this.#session.warn(code, message, this.#line);
  }
}
