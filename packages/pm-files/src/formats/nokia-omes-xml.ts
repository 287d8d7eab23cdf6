import type { ManagedElement } from '../measurement.ts';
import { type PmFileError, refuse } from '../pm-file-error.ts';
import { checkPeriod, type Period, type ReadSession } from '../read-session.ts';
import { ByteBuffer } from '../values/byte-buffer.ts';
import type { XmlAttributes } from '../xml/xml-attributes.ts';
import type { XmlHandler, XmlWindow } from '../xml/xml-handler.ts';
import type { XmlName } from '../xml/xml-names.ts';
import type { FileHead, FormatReader, PmFormat } from './format.ts';
import { NamedCounters } from './named-counters.ts';
import { NamedValues } from './named-values.ts';
import { type NokiaObject, nokiaObject } from './nokia-dn.ts';
import { quoted } from './quoted.ts';
import { readTimeMs } from './read-time.ts';
import { XmlSource } from './xml-source.ts';

/** Nokia's OMeS: counters are tag names, times stand once for all results of a PMSetup. */
export const nokiaOmesXml: PmFormat = {
  name: 'nokia-omes-xml',
  detect: (head) => (head.xmlRoot === 'OMeS' ? { isMatch: true } : { isMatch: false, reason: null }),
  open: (head, session) => new OmesReader(head, session),
};

const VENDOR = 'Nokia';

const ROOT = 1;
const SETUP = 2;
const RESULT = 3;
const MO = 4;
const DN = 5;
const BASE_ID = 6;
const LOCAL_MO_ID = 7;
const START_TIME = 8;
const INTERVAL = 9;
const MEASUREMENT_TYPE = 10;
const VERSION = 11;
/** Not in the vocabulary: any element of a PMMOResult that is no MO holds values, whatever its name. */
const TARGET = 12;
const COUNTER = 13;

const OMES_VOCABULARY: ReadonlyMap<string, number> = new Map([
  ['OMeS', ROOT],
  ['PMSetup', SETUP],
  ['PMMOResult', RESULT],
  ['MO', MO],
  ['DN', DN],
  ['baseId', BASE_ID],
  ['localMoid', LOCAL_MO_ID],
  ['startTime', START_TIME],
  ['interval', INTERVAL],
  ['measurementType', MEASUREMENT_TYPE],
  ['version', VERSION],
]);

const MINUTES = /^\d+(?:\.\d+)?$/;
const MAX_FAMILIES = 4096;
const MAX_MANAGED_ELEMENTS = 10_000;

class OmesReader implements XmlHandler, FormatReader {
  readonly #session: ReadSession;
  readonly #source: XmlSource;
  readonly #values: NamedValues;
  readonly #text = new ByteBuffer();
  readonly #open: Uint8Array;
  readonly #families = new Map<string | null, NamedCounters>();
  readonly #managedElements = new Map<string, ManagedElement>();
  readonly #position = () => this.#source.position();
  readonly #line = () => this.#source.position().line;
  #depth = 0;
  #ignoredDepth = 0;
  #isCollecting = false;
  #startTime: string | null = null;
  #interval: string | null = null;
  #period: Period | null = null;
  #dns: string[] = [];
  #baseId = '';
  #object: NokiaObject | null = null;
  #counters = new NamedCounters(null);

  constructor(head: FileHead, session: ReadSession) {
    this.#session = session;
    this.#open = new Uint8Array(session.limits.maxDepth + 1);
    this.#source = new XmlSource(this, OMES_VOCABULARY, head, session);
    session.header.vendor = VENDOR;
    this.#values = new NamedValues(session, this.#position);
  }

  write(chunk: Uint8Array): void {
    this.#source.write(chunk);
  }

  end(chunk: Uint8Array): void {
    this.#source.end(chunk);
    if (this.#session.counts.blocks === 0) this.tolerated('no_measurements', 'the file holds no measurements');
  }

  tolerated(code: string, message: string): void {
    this.#session.warn(code, () => message, this.#line);
  }

  plainContent(_window: XmlWindow, start: number): number {
    return start;
  }

  openElement(name: XmlName, attributes: XmlAttributes): void {
    const parent = this.#open[this.#depth];
    this.#depth += 1;
    if (this.#ignoredDepth > 0) return;
    if (this.#depth === 1) this.#openRoot(name, attributes);
    const code = this.#depth === 1 ? ROOT : codeWithin(parent, name.code);
    this.#open[this.#depth] = code;
    if (code === 0) this.#ignore(name, parent);
    else this.#openKnown(code, attributes);
  }

  text(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#isCollecting || this.#ignoredDepth > 0) return;
    this.#text.append(bytes, start, end);
    if (this.#text.length <= this.#session.limits.maxTextBytes) return;
    const message = `the text of an element is longer than ${this.#session.limits.maxTextBytes} bytes`;
    throw this.#refuse('text_too_long', message, 'No PM file needs that; check where the file comes from.');
  }

  closeElement(name: XmlName): void {
    const depth = this.#depth;
    const code = this.#open[depth];
    this.#depth = depth - 1;
    if (this.#ignoredDepth > 0) {
      if (depth === this.#ignoredDepth) this.#ignoredDepth = 0;
    } else if (code === TARGET) this.#closeTarget();
    else if (code === COUNTER || code === DN || code === BASE_ID || code === LOCAL_MO_ID) this.#closeText(code, name);
  }

  #openRoot(name: XmlName, attributes: XmlAttributes): void {
    if (name.code !== ROOT) {
      const message = `the root element is <${name.text.slice(0, 100)}>, not <OMeS>`;
      throw this.#refuse('root_unexpected', message, 'Check that it is a PM file.');
    }
    this.#session.header.formatVersion = attributes.get(VERSION);
  }

  #ignore(name: XmlName, parent: number): void {
    this.#ignoredDepth = this.#depth;
    // An MO may say more of the object than its name.
    if (parent === MO) return;
    const message = `an element <${name.text.slice(0, 100)}> where it does not belong is left out`;
    this.#session.warn('element_ignored', () => message, this.#line);
  }

  #openKnown(code: number, attributes: XmlAttributes): void {
    if (code === COUNTER || code === DN || code === BASE_ID || code === LOCAL_MO_ID) {
      this.#text.clear();
      this.#isCollecting = true;
    } else if (code === TARGET) this.#openTarget(attributes);
    else if (code === RESULT) {
      this.#dns = [];
      this.#baseId = '';
      this.#object = null;
    } else if (code === SETUP) {
      this.#startTime = attributes.get(START_TIME);
      this.#interval = attributes.get(INTERVAL);
      this.#period = null;
    }
  }

  #openTarget(attributes: XmlAttributes): void {
    this.#period ??= this.#readPeriod();
    this.#object ??= this.#readObject();
    this.#counters = this.#countersOf(attributes.get(MEASUREMENT_TYPE)?.trim() || null);
    this.#counters.beginBlock();
  }

  #closeTarget(): void {
    const { ne, ldn } = this.#object ?? this.#readObject();
    const period = this.#period ?? this.#readPeriod();
    const layout = this.#counters.endBlock();
    this.#session.emit(this.#managedElement(ne), ldn, layout, period, false, this.#counters.values, this.#position);
  }

  #closeText(code: number, name: XmlName): void {
    this.#isCollecting = false;
    if (code === COUNTER) {
      this.#values.takeBytes(this.#counters, name.local, this.#text);
      return;
    }
    const text = this.#text.text();
    if (code === DN) this.#dns.push(text);
    else if (code === BASE_ID) this.#baseId = text.replace(/^NE-/, '');
    else this.#dns.push(`${this.#baseId}/${text.replace(/^DN:/, '')}`);
  }

  #countersOf(family: string | null): NamedCounters {
    let counters = this.#families.get(family);
    if (counters === undefined) {
      if (this.#families.size >= MAX_FAMILIES) this.#families.clear();
      counters = new NamedCounters(family);
      this.#families.set(family, counters);
    }
    return counters;
  }

  #managedElement(name: string): ManagedElement {
    let managedElement = this.#managedElements.get(name);
    if (managedElement === undefined) {
      if (this.#managedElements.size >= MAX_MANAGED_ELEMENTS) this.#managedElements.clear();
      managedElement = { name, userLabel: null, swVersion: null, vendor: VENDOR };
      this.#managedElements.set(name, managedElement);
    }
    return managedElement;
  }

  #readObject(): NokiaObject {
    const object = nokiaObject(this.#dns);
    if (object !== null) return object;
    const ne = this.#session.options.defaults?.ne;
    if (!ne) {
      const message = 'a PMMOResult names no measured object (<MO><DN>…)';
      throw this.#refuse('managed_element_unknown', message, 'Say which network element it is (--ne NAME).');
    }
    const message = `a PMMOResult names no measured object; the network element given, ${quoted(ne)}, is taken`;
    this.tolerated('object_missing', message);
    return { ne, ldn: '' };
  }

  #readPeriod(): Period {
    if (this.#startTime === null) {
      const message = 'a PMSetup has values but no startTime';
      throw this.#refuse('period_missing', message, 'Without it the values have no time.');
    }
    const interval = this.#interval?.trim() ?? '';
    if (!MINUTES.test(interval)) {
      const message = `the interval ${quoted(this.#interval)} of a PMSetup is unreadable`;
      throw this.#refuse('duration_unreadable', message, 'Expected are minutes, e.g. 15.');
    }
    const beginMs = readTimeMs(this.#session, this.#startTime, 'startTime of a PMSetup', this.#position);
    const granularityS = Number(interval) * 60;
    const written = `of ${interval.slice(0, 100)} minutes from ${this.#startTime.slice(0, 100)}`;
    const endMs = beginMs + granularityS * 1000;
    return checkPeriod(endMs, granularityS, this.#session.options.nowMs, written, this.#position);
  }

  #refuse(code: string, message: string, hint: string): PmFileError {
    return refuse(code, message, hint, this.#position());
  }
}

/** What an element is, by the one that it stands in; 0: it does not belong there. */
function codeWithin(parent: number, code: number): number {
  switch (parent) {
    case ROOT:
      return code === SETUP ? SETUP : 0;
    case SETUP:
      return code === RESULT ? RESULT : 0;
    case RESULT:
      return code === MO ? MO : TARGET;
    case MO:
      return code === MO || code === DN || code === BASE_ID || code === LOCAL_MO_ID ? code : 0;
    default:
      return parent === TARGET ? COUNTER : 0;
  }
}
