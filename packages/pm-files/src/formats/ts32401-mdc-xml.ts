import type { ManagedElement } from '../measurement.ts';
import { type PmFileError, refuse } from '../pm-file-error.ts';
import { checkPeriod, type Period, type ReadSession } from '../read-session.ts';
import { parseDurationS } from '../time/parse-duration.ts';
import { parseTime } from '../time/parse-time.ts';
import { ByteBuffer } from '../values/byte-buffer.ts';
import type { XmlAttributes } from '../xml/xml-attributes.ts';
import type { XmlHandler, XmlWindow } from '../xml/xml-handler.ts';
import type { XmlName } from '../xml/xml-names.ts';
import type { FileHead, FormatReader, PmFormat } from './format.ts';
import { MeasInfoValues } from './measurement-values.ts';
import { P } from './measurement-xml-vocabulary.ts';
import { quoted } from './quoted.ts';
import { readTimeMs } from './read-time.ts';
import { isSuspect } from './suspect-flag.ts';
import * as V from './ts32401-mdc-vocabulary.ts';
import { XmlSource } from './xml-source.ts';

/** TS 32.401, annex on XML: `mdc` with short tags, counters and values mostly by their order. */
export const ts32401MdcXml: PmFormat = {
  name: '3gpp-32.401-mdc-xml',
  detect: (head) => (head.xmlRoot === 'mdc' ? { isMatch: true } : { isMatch: false, reason: null }),
  open: (head, session) => new MdcReader(head, session),
};

class MdcReader implements XmlHandler, FormatReader {
  readonly #session: ReadSession;
  readonly #source: XmlSource;
  readonly #values: MeasInfoValues;
  readonly #text = new ByteBuffer();
  readonly #open: Uint8Array;
  readonly #position = () => this.#source.position();
  readonly #line = () => this.#source.position().line;
  #depth = 0;
  #ignoredDepth = 0;
  #isCollecting = false;
  #hasFooter = false;
  #fileBegin: { readonly text: string; readonly utcMs: number } | null = null;
  #neDn = '';
  #neUserName = '';
  #neSoftware = '';
  #managedElement: ManagedElement | null = null;
  #endTime: string | null = null;
  #duration: string | null = null;
  #period: Period | null = null;
  /** Counters of the `mi`, and values of the `mv`, so far. */
  #types = 0;
  #results = 0;
  #hasWrittenP = false;
  #ldn: string | null = null;
  #isSuspect = false;

  constructor(head: FileHead, session: ReadSession) {
    this.#session = session;
    this.#open = new Uint8Array(session.limits.maxDepth + 1);
    this.#source = new XmlSource(this, V.MDC_VOCABULARY, head, session);
    this.#values = new MeasInfoValues(session, this.#position);
  }

  write(chunk: Uint8Array): void {
    this.#source.write(chunk);
  }

  end(chunk: Uint8Array): void {
    this.#source.end(chunk);
    if (!this.#hasFooter) this.tolerated('footer_missing', 'the file has no file footer');
    if (this.#session.counts.blocks === 0) this.tolerated('no_measurements', 'the file holds no measurements');
  }

  tolerated(code: string, message: string): void {
    this.#session.warn(code, () => message, this.#line);
  }

  plainContent(_window: XmlWindow, start: number): number {
    return start;
  }

  openElement(name: XmlName, attributes: XmlAttributes): void {
    const { code } = name;
    const parent = this.#open[this.#depth];
    this.#depth += 1;
    this.#open[this.#depth] = code;
    if (this.#ignoredDepth > 0) return;
    if (this.#depth === 1) {
      if (code === V.MDC) return;
      const message = `the root element is <${name.text.slice(0, 100)}>, not <mdc>`;
      throw this.#refuse('root_unexpected', message, 'Check that it is a PM file.');
    }
    if (code === 0 || (V.PARENTS[code] & (1 << parent)) === 0) this.#ignore(name);
    else this.#openKnown(code, attributes);
  }

  text(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#isCollecting || this.#ignoredDepth > 0) return;
    this.#text.append(bytes, start, end);
    if (this.#text.length <= this.#session.limits.maxTextBytes) return;
    const message = `the text of an element is longer than ${this.#session.limits.maxTextBytes} bytes`;
    throw this.#refuse('text_too_long', message, 'No PM file needs that; check where the file comes from.');
  }

  closeElement(): void {
    const depth = this.#depth;
    const code = this.#open[depth];
    this.#depth = depth - 1;
    if (this.#ignoredDepth > 0) {
      if (depth === this.#ignoredDepth) this.#ignoredDepth = 0;
    } else if (code === V.MV) this.#closeMeasValue();
    else if (V.hasText(code)) this.#closeText(code);
  }

  #ignore(name: XmlName): void {
    this.#ignoredDepth = this.#depth;
    const message = `an element <${name.text.slice(0, 100)}> where it does not belong is left out`;
    this.#session.warn('element_ignored', () => message, this.#line);
  }

  #openKnown(code: number, attributes: XmlAttributes): void {
    if (V.hasText(code)) {
      this.#text.clear();
      this.#isCollecting = true;
    }
    if (code === V.R) this.#openResult(attributes);
    else if (code === V.MT) this.#openType(attributes);
    else if (code === V.MV) this.#openMeasValue();
    else if (code === V.MI) this.#openMeasInfo();
    else if (code === V.MD) {
      this.#neDn = this.#neUserName = this.#neSoftware = '';
      this.#managedElement = null;
    } else if (code === V.MFF) this.#hasFooter = true;
  }

  #openMeasInfo(): void {
    this.#endTime = this.#duration = this.#period = null;
    this.#types = 0;
    this.#hasWrittenP = false;
    this.#values.openMeasInfo();
  }

  #openType(attributes: XmlAttributes): void {
    this.#types += 1;
    if (attributes.indexOf(P) >= 0) this.#hasWrittenP = true;
    this.#values.openType(attributes);
  }

  #openResult(attributes: XmlAttributes): void {
    this.#results += 1;
    if (attributes.indexOf(P) >= 0) this.#hasWrittenP = true;
    this.#values.openResult(attributes);
  }

  #openMeasValue(): void {
    this.#period ??= this.#readPeriod();
    this.#managedElement ??= this.#readManagedElement();
    this.#results = 0;
    this.#ldn = null;
    this.#isSuspect = false;
    this.#values.openMeasValue();
  }

  #closeMeasValue(): void {
    if (!this.#hasWrittenP && this.#results > 0 && this.#results !== this.#types) {
      const message = `a measured object has ${this.#results} values for ${this.#types} counters; which value is whose is unclear`;
      throw this.#refuse('value_count_mismatch', message, 'Write an empty <r> for a missing value.');
    }
    const { layout, values } = this.#values.closeMeasValue();
    if (this.#ldn === null) {
      this.tolerated('object_missing', 'an <mv> names no measured object; the managed element is taken');
    }
    if (this.#period === null || this.#managedElement === null) return;
    const ldn = this.#ldn ?? '';
    this.#session.emit(this.#managedElement, ldn, layout, this.#period, this.#isSuspect, values, this.#position);
  }

  #closeText(code: number): void {
    this.#isCollecting = false;
    if (code === V.R) this.#values.closeResult(this.#text);
    else if (code === V.MT) this.#values.closeType(this.#text);
    else this.#takeText(code, this.#text.text());
  }

  #takeText(code: number, text: string): void {
    const { header } = this.#session;
    switch (code) {
      case V.MOID:
        this.#ldn = text;
        break;
      case V.SF:
        this.#isSuspect = isSuspect(this.#session, text, this.#line);
        break;
      case V.MTS:
        this.#endTime = text;
        break;
      case V.GP:
        this.#duration = text;
        break;
      case V.NEDN:
        this.#neDn = text;
        break;
      case V.NEUN:
        this.#neUserName = text;
        break;
      case V.NESW:
        this.#neSoftware = text;
        header.swVersion ??= text || null;
        break;
      case V.SN:
        header.sender = text || null;
        break;
      case V.VN:
        header.vendor = text || null;
        break;
      case V.FFV:
        header.formatVersion = text || null;
        break;
      default:
        this.#takeFileTime(code, text);
    }
  }

  #takeFileTime(code: number, text: string): void {
    const time = parseTime(text, this.#session.timeZone);
    if (time === null) {
      const [where, what] = code === V.CBT ? ['header', 'begin'] : ['footer', 'end'];
      this.tolerated(`${where}_time_unreadable`, `the ${what} time ${quoted(text)} of the file ${where} is unreadable`);
    } else if (code === V.CBT) this.#fileBegin = { text, utcMs: time.utcMs };
    else if (this.#fileBegin !== null && this.#fileBegin.utcMs > time.utcMs) {
      const message = `the file begins at ${this.#fileBegin.text.slice(0, 100)}, after its end at ${text.slice(0, 100)}`;
      throw this.#refuse('period_invalid', message, 'Correct the times of the exporter.');
    }
  }

  #readManagedElement(): ManagedElement {
    const { header } = this.#session;
    return {
      name: this.#neDn || this.#neUserName || this.#nameWithoutManagedElement(),
      userLabel: this.#neUserName || null,
      swVersion: this.#neSoftware || null,
      vendor: header.vendor,
    };
  }

  #nameWithoutManagedElement(): string {
    const { header, options } = this.#session;
    const name = header.sender || options.defaults?.ne;
    if (!name) {
      const message = 'neither a managed element nor the file sender is named';
      throw this.#refuse('managed_element_unknown', message, 'Say which network element it is (--ne NAME).');
    }
    const source = header.sender ? 'the file sender' : 'the option given';
    this.tolerated('managed_element_missing', `an <md> names no managed element; ${source}, ${quoted(name)}, is taken`);
    return name;
  }

  #readPeriod(): Period {
    const endTime = this.#endTime;
    if (endTime === null) {
      const message = 'an <mi> has values but no time stamp <mts>';
      throw this.#refuse('period_missing', message, 'Without it the values have no time.');
    }
    const granularityS = this.#duration === null ? null : parseDurationS(this.#duration);
    if (granularityS === null) {
      const message = `the granularity period <gp> ${quoted(this.#duration)} of an <mi> is unreadable`;
      throw this.#refuse('duration_unreadable', message, 'Expected are seconds, e.g. 900.');
    }
    const endMs = readTimeMs(this.#session, endTime, 'time stamp <mts>', this.#position);
    const written = `of ${(this.#duration ?? '').slice(0, 100)} s to ${endTime.slice(0, 100)}`;
    return checkPeriod(endMs, granularityS, this.#session.options.nowMs, written, this.#position);
  }

  #refuse(code: string, message: string, hint: string): PmFileError {
    return refuse(code, message, hint, this.#position());
  }
}
