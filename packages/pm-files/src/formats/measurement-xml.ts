import type { ManagedElement } from '../measurement.ts';
import { refuse } from '../pm-file-error.ts';
import type { ReadSession } from '../read-session.ts';
import { parseTime } from '../time/parse-time.ts';
import { ByteBuffer } from '../values/byte-buffer.ts';
import type { XmlAttributes } from '../xml/xml-attributes.ts';
import type { XmlHandler } from '../xml/xml-handler.ts';
import type { XmlName } from '../xml/xml-names.ts';
import type { FileHead, FormatReader, PmFormat } from './format.ts';
import { MeasInfoPeriod } from './measurement-period.ts';
import { MeasInfoValues } from './measurement-values.ts';
import * as V from './measurement-xml-vocabulary.ts';
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

class MeasurementXmlReader implements XmlHandler, FormatReader {
  readonly #dialect: MeasurementXmlDialect;
  readonly #session: ReadSession;
  readonly #source: XmlSource;
  readonly #period: MeasInfoPeriod;
  readonly #values: MeasInfoValues;
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
  #headerBegin: { readonly text: string; readonly utcMs: number } | null = null;
  #managedElement: ManagedElement | null = null;
  #ldn = '';
  #isSuspect = false;

  constructor(dialect: MeasurementXmlDialect, head: FileHead, session: ReadSession) {
    this.#dialect = dialect;
    this.#session = session;
    this.#open = new Uint8Array(session.limits.maxDepth + 1);
    this.#source = new XmlSource(this, V.MEASUREMENT_VOCABULARY, head, session);
    this.#period = new MeasInfoPeriod(session, this.#position);
    this.#values = new MeasInfoValues(session, this.#position);
  }

  write(chunk: Uint8Array): void {
    this.#source.write(chunk);
  }

  end(chunk: Uint8Array): void {
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

  plainContent(bytes: Buffer, start: number, last: number): number {
    const parent = this.#open[this.#depth];
    if (this.#ignoredDepth > 0) return start;
    if (parent === V.MEAS_VALUE) return this.#values.readPlainResults(bytes, start, last);
    return parent === V.MEAS_INFO ? this.#values.readPlainTypes(bytes, start, last) : start;
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
        this.#openMeasValue(attributes);
        break;
      case V.MEAS_TYPE:
        this.#values.openType(attributes);
        break;
      case V.MEAS_INFO:
        this.#period.clear();
        this.#values.openMeasInfo();
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
    else if (code === V.MANAGED_ELEMENT) this.#openManagedElement(attributes);
    else if (parent === V.FILE_HEADER) this.#headerTime(attributes.get(V.BEGIN_TIME));
    else if (parent === V.FILE_FOOTER) this.#footerTime(attributes.get(V.END_TIME));
    else if (code === V.MEAS_DATA) {
      this.#hasStructure = true;
      this.#managedElement = null;
    }
  }

  #headerTime(text: string | null): void {
    const time = text === null ? null : parseTime(text, this.#session.timeZone);
    if (text !== null && time !== null) this.#headerBegin = { text, utcMs: time.utcMs };
    else this.tolerated('header_time_unreadable', `the begin time ${quoted(text)} of the file header is unreadable`);
  }

  #footerTime(text: string | null): void {
    const time = text === null ? null : parseTime(text, this.#session.timeZone);
    if (text === null || time === null) {
      this.tolerated('footer_time_unreadable', `the end time ${quoted(text)} of the file footer is unreadable`);
    } else if (this.#headerBegin !== null && this.#headerBegin.utcMs > time.utcMs) {
      const message = `the file begins at ${this.#headerBegin.text}, after its end at ${text.slice(0, 100)}`;
      throw refuse('period_invalid', message, 'Correct the times of the exporter.', this.#position());
    }
  }

  #openManagedElement(attributes: XmlAttributes): void {
    const userLabel = attributes.get(V.USER_LABEL) || null;
    const swVersion = attributes.get(V.SW_VERSION) || null;
    const { header } = this.#session;
    header.swVersion ??= swVersion;
    const name = attributes.get(V.LOCAL_DN) || userLabel || this.#nameWithoutManagedElement();
    this.#managedElement = { name, userLabel, swVersion, vendor: header.vendor };
  }

  #nameWithoutManagedElement(): string {
    const { header, options } = this.#session;
    const name = header.sender || options.defaults?.ne;
    if (!name) {
      const message = 'neither a managed element nor the file sender is named';
      throw refuse(
        'managed_element_unknown',
        message,
        'Say which network element it is (--ne NAME).',
        this.#position(),
      );
    }
    const source = header.sender ? 'the file sender' : 'the option given';
    this.tolerated(
      'managed_element_missing',
      `a measData names no managed element; ${source}, ${quoted(name)}, is taken`,
    );
    return name;
  }

  #openMeasValue(attributes: XmlAttributes): void {
    this.#period.resolve();
    this.#managedElement ??= {
      name: this.#nameWithoutManagedElement(),
      userLabel: null,
      swVersion: null,
      vendor: this.#session.header.vendor,
    };
    const ldn = attributes.get(V.MEAS_OBJ_LDN);
    if (ldn === null)
      this.tolerated('object_missing', 'a measValue names no measured object; the managed element is taken');
    this.#ldn = ldn ?? '';
    this.#isSuspect = false;
    this.#values.openMeasValue();
  }

  #closeMeasValue(): void {
    const { layout, values } = this.#values.closeMeasValue();
    const managedElement = this.#managedElement;
    if (managedElement === null) return;
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
