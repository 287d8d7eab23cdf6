import { refuse } from '../pm-file-error.ts';
import type { ReadSession } from '../read-session.ts';
import { ByteBuffer } from '../values/byte-buffer.ts';
import type { XmlAttributes } from '../xml/xml-attributes.ts';
import type { XmlHandler, XmlNesting, XmlWindow } from '../xml/xml-handler.ts';
import type { XmlName } from '../xml/xml-names.ts';
import type { FileHead, FormatReader, PmFormat } from './format.ts';
import { MeasFileTimes } from './measurement-file-times.ts';
import { MeasDataElement } from './measurement-managed-element.ts';
import { MeasInfoPeriod } from './measurement-period.ts';
import { MeasInfoValues } from './measurement-values.ts';
import * as V from './measurement-xml-vocabulary.ts';
import { allowsPlainElements } from './plain-bytes.ts';
import { PlainHead } from './plain-head.ts';
import { PlainTags } from './plain-tags.ts';
import { quoted } from './quoted.ts';
import { XmlSource } from './xml-source.ts';

/** What sets one of the two sister formats apart. */
export interface MeasurementXmlDialect {
  readonly name: string;
  /** Local name of the root element. */
  readonly root: string;
  /** Matches the namespaces that the specifications give it over the releases. */
  readonly namespace: RegExp;
}

/** A format of the family of TS 32.435 and TS 28.532. */
export function measurementXmlFormat(dialect: MeasurementXmlDialect): PmFormat {
  return {
    name: dialect.name,
    detect: (head) => (head.xmlRoot === dialect.root ? { isMatch: true } : { isMatch: false, reason: null }),
    open: (head, session) => new MeasurementXmlReader(dialect, head, session),
  };
}

const COLLECTED = (1 << V.MEAS_TYPE) | (1 << V.MEAS_TYPES) | (1 << V.R) | (1 << V.MEAS_RESULTS) | (1 << V.SUSPECT);
/** What may stand in the head of a `measInfo` that is to be known again. */
const OF_HEAD = (1 << V.JOB) | (1 << V.GRAN_PERIOD) | (1 << V.REP_PERIOD);

class MeasurementXmlReader implements XmlHandler, FormatReader {
  readonly #dialect: MeasurementXmlDialect;
  readonly #session: ReadSession;
  readonly #source: XmlSource;
  readonly #times: MeasFileTimes;
  readonly #managedElement: MeasDataElement;
  readonly #period: MeasInfoPeriod;
  readonly #values: MeasInfoValues;
  readonly #allowsPlain: boolean;
  readonly #head = new PlainHead();
  readonly #tags: PlainTags;
  /** Names without prefix that elements had, by their codes. */
  readonly #plainNames: (XmlName | undefined)[] = new Array(32).fill(undefined);
  readonly #text = new ByteBuffer();
  readonly #open: Uint8Array;
  #depth = 0;
  readonly #position = () => this.#source.position();
  readonly #line = () => this.#source.position().line;
  #ignoredDepth = 0;
  #isCollecting = false;
  #hasFooter = false;
  #hasStructure = false;
  #hasExpectedNamespace = true;
  #ldn = '';
  #isSuspect = false;

  constructor(dialect: MeasurementXmlDialect, head: FileHead, session: ReadSession) {
    this.#dialect = dialect;
    this.#session = session;
    this.#open = new Uint8Array(session.limits.maxDepth + 1);
    this.#source = new XmlSource(this, V.MEASUREMENT_VOCABULARY, head, session);
    this.#times = new MeasFileTimes(session, this.#position);
    this.#managedElement = new MeasDataElement(session, this.#position);
    this.#period = new MeasInfoPeriod(session, this.#position);
    this.#allowsPlain = allowsPlainElements(session.limits);
    this.#tags = new PlainTags(session.limits);
    this.#values = new MeasInfoValues(session, this.#position);
  }

  write(chunk: Uint8Array): void {
    this.#head.spoil();
    this.#source.write(chunk);
  }

  end(chunk: Uint8Array): void {
    this.#head.spoil();
    this.#source.end(chunk);
    if (!this.#hasStructure && !this.#hasExpectedNamespace) {
      const message = `<${this.#dialect.root}> is of another namespace and holds neither a file header nor measurements`;
      throw refuse('namespace_unexpected', message, 'Check that it is a PM file.', { line: 1, column: 1 });
    }
    if (!this.#hasFooter) this.tolerated('footer_missing', 'the file has no file footer');
    if (this.#session.counts.blocks === 0) this.tolerated('no_measurements', 'the file holds no measurements');
  }

  tolerated(code: string, message: string): void {
    this.#session.warn(code, () => message, this.#line);
  }

  openElement(name: XmlName, attributes: XmlAttributes): void {
    const code = name.code < 32 ? name.code : 0;
    const parent = this.#open[this.#depth];
    this.#depth += 1;
    this.#open[this.#depth] = code;
    if (this.#ignoredDepth > 0) return;
    if (name.text === name.local) this.#plainNames[code] = name;
    if ((OF_HEAD & (1 << code)) === 0) this.#head.spoil();
    if (this.#depth === 1) this.#openRoot(name, attributes);
    else if (code === 0 || (V.PARENTS[code] & (1 << parent)) === 0) this.#ignore(name, code, parent);
    else this.#openKnown(code, parent, attributes);
  }

  text(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#isCollecting || this.#ignoredDepth > 0) return;
    this.#text.append(bytes, start, end);
    if (this.#text.length <= this.#session.limits.maxTextBytes) return;
    const message = `the text of an element is longer than ${this.#session.limits.maxTextBytes} bytes`;
    throw refuse('text_too_long', message, 'No PM file needs that; check where the file comes from.', this.#position());
  }

  closeElement(): void {
    const depth = this.#depth;
    const code = this.#open[depth];
    this.#depth = depth - 1;
    if (this.#ignoredDepth > 0) {
      if (depth === this.#ignoredDepth) this.#ignoredDepth = 0;
      return;
    }
    if (code === V.MEAS_VALUE) this.#closeMeasValue();
    else if ((COLLECTED & (1 << code)) !== 0) this.#closeCollected(code);
  }

  plainContent(window: XmlWindow, start: number, nesting: XmlNesting): number {
    if (this.#ignoredDepth > 0 || !this.#allowsPlain) return start;
    switch (this.#open[this.#depth]) {
      case V.MEAS_VALUE:
        return this.#plainValueContent(window, start, nesting);
      case V.MEAS_INFO:
        return this.#plainInfoContent(window, start, nesting);
      case V.MEAS_DATA: {
        const behind = this.#tags.readInfoStart(window, start);
        return behind >= 0 && this.#enter(V.MEAS_INFO, nesting) ? behind : start;
      }
      default:
        return start;
    }
  }

  #plainInfoContent(window: XmlWindow, start: number, nesting: XmlNesting): number {
    const job = this.#head.isNext ? this.#tags.readJob(window, start) : -1;
    if (job >= 0) return job;
    const head = this.#head.read(window, start);
    if (head > start && this.#head.written !== null) {
      this.#period.written = this.#head.written;
      return head;
    }
    const types = this.#values.readPlainTypes(window, start);
    if (types > start) {
      this.#head.end(window, start, this.#period.written);
      return types;
    }
    const value = this.#tags.readValueStart(window, start);
    if (value >= 0) return this.#enter(V.MEAS_VALUE, nesting) ? this.#plainValueContent(window, value, nesting) : start;
    const end = this.#tags.readInfoEnd(window, start);
    return end >= 0 && this.#leave(V.MEAS_INFO, nesting) ? end : start;
  }

  #plainValueContent(window: XmlWindow, start: number, nesting: XmlNesting): number {
    const results = this.#values.readPlainResults(window, start);
    const end = this.#tags.readValueEnd(window, results);
    return end >= 0 && this.#leave(V.MEAS_VALUE, nesting) ? end : results;
  }

  /** Opens the element whose tag was read last; false where it must be left to the XML reader. */
  #enter(code: typeof V.MEAS_INFO | typeof V.MEAS_VALUE, nesting: XmlNesting): boolean {
    const name = this.#plainNames[code];
    if (name === undefined || !nesting.enter(name, this.#tags.start)) return false;
    this.#depth += 1;
    this.#open[this.#depth] = code;
    if (code === V.MEAS_INFO) this.#openMeasInfo();
    else this.#openMeasValue(this.#tags.ldn);
    return true;
  }

  #leave(code: number, nesting: XmlNesting): boolean {
    const name = this.#plainNames[code];
    if (name === undefined || !nesting.leave(name, this.#tags.start)) return false;
    this.closeElement();
    return true;
  }

  #openRoot(name: XmlName, attributes: XmlAttributes): void {
    if (name.local !== this.#dialect.root) {
      const message = `the root element is <${name.text}>, not <${this.#dialect.root}>`;
      throw refuse('root_unexpected', message, 'Check that it is a PM file.', this.#position());
    }
    const prefix = name.text.slice(0, -name.local.length);
    const declaration = prefix === '' ? 'xmlns' : `xmlns:${prefix.slice(0, -1)}`;
    const index = attributes.names.slice(0, attributes.count).findIndex(({ text }) => text === declaration);
    const namespace = index < 0 ? null : attributes.valueAt(index);
    this.#hasExpectedNamespace = namespace !== null && this.#dialect.namespace.test(namespace);
    if (this.#hasExpectedNamespace) return;
    const seen = namespace === null ? 'no namespace' : `the namespace ${namespace.slice(0, 200)}`;
    this.tolerated('namespace_unexpected', `<${name.text}> has ${seen}; it is read by its element names`);
  }

  #ignore(name: XmlName, code: number, parent: number): void {
    this.#ignoredDepth = this.#depth;
    this.#head.spoil();
    if (code === 0 && parent !== V.MEAS_VALUE && parent !== V.MEAS_INFO) return;
    const message = `an element <${name.text.slice(0, 100)}> where it does not belong is left out`;
    this.#session.warn('element_ignored', () => message, this.#line);
  }

  #openKnown(code: number, parent: number, attributes: XmlAttributes): void {
    switch (code) {
      case V.R:
        this.#values.openResult(attributes);
        break;
      case V.MEAS_VALUE:
        this.#openMeasValue(attributes.get(V.MEAS_OBJ_LDN));
        break;
      case V.MEAS_TYPE:
        this.#values.openType(attributes);
        break;
      case V.MEAS_INFO:
        this.#openMeasInfo();
        break;
      case V.GRAN_PERIOD:
        this.#period.written = {
          ...this.#period.written,
          endTime: attributes.get(V.END_TIME),
          duration: attributes.get(V.DURATION),
        };
        break;
      case V.REP_PERIOD:
        this.#period.written = { ...this.#period.written, reportingDuration: attributes.get(V.DURATION) };
        break;
      default:
        this.#openOuter(code, parent, attributes);
    }
    if ((COLLECTED & (1 << code)) !== 0) {
      this.#text.clear();
      this.#isCollecting = true;
    }
  }

  #openOuter(code: number, parent: number, attributes: XmlAttributes): void {
    const { header } = this.#session;
    if (code === V.FILE_HEADER) {
      this.#hasStructure = true;
      header.formatVersion = attributes.get(V.FILE_FORMAT_VERSION);
      header.vendor = attributes.get(V.VENDOR_NAME);
      header.sender = attributes.get(V.DN_PREFIX) || null;
    } else if (code === V.FILE_SENDER) {
      header.sender = attributes.get(V.LOCAL_DN) || attributes.get(V.SENDER_NAME) || header.sender;
    } else if (code === V.FILE_FOOTER) this.#hasFooter = true;
    else if (code === V.MANAGED_ELEMENT) this.#managedElement.open(attributes);
    else if (parent === V.FILE_HEADER) this.#times.begin(attributes.get(V.BEGIN_TIME));
    else if (parent === V.FILE_FOOTER) this.#times.end(attributes.get(V.END_TIME));
    else if (code === V.MEAS_DATA) {
      this.#hasStructure = true;
      this.#managedElement.clear();
    }
  }

  #openMeasInfo(): void {
    this.#head.begin();
    this.#period.clear();
    this.#values.openMeasInfo();
  }

  #openMeasValue(ldn: string | null): void {
    this.#period.resolve();
    this.#managedElement.resolve();
    if (ldn === null)
      this.tolerated('object_missing', 'a measValue names no measured object; the managed element is taken');
    this.#ldn = ldn ?? '';
    this.#isSuspect = false;
    this.#values.openMeasValue();
  }

  #closeMeasValue(): void {
    const { layout, values } = this.#values.closeMeasValue();
    const managedElement = this.#managedElement.resolve();
    const period = this.#period.resolve();
    this.#session.emit(managedElement, this.#ldn, layout, period, this.#isSuspect, values, this.#position);
  }

  #closeCollected(code: number): void {
    this.#isCollecting = false;
    if (code === V.R) this.#values.closeResult(this.#text);
    else if (code === V.MEAS_TYPE) this.#values.closeType(this.#text);
    else if (code === V.MEAS_TYPES) this.#values.closeTypes(this.#text);
    else if (code === V.MEAS_RESULTS) this.#values.closeResults(this.#text);
    else this.#closeSuspect();
  }

  #closeSuspect(): void {
    const text = this.#text.text().toLowerCase();
    this.#isSuspect = !(text === 'false' || text === '0' || text === '');
    if (!this.#isSuspect || text === 'true' || text === '1') return;
    this.tolerated('suspect_unreadable', `the suspect flag ${quoted(text)} is neither true nor false; true is taken`);
  }
}
