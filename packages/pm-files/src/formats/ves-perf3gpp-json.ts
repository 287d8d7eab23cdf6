import { JsonDocuments } from '../json/json-documents.ts';
import { field, isObject } from '../json/json-fields.ts';
import { refuse } from '../pm-file-error.ts';
import type { ReadSession } from '../read-session.ts';
import { Utf8Transcoder } from '../utf8-transcoder.ts';
import type { FileHead, FormatReader, PmFormat } from './format.ts';
import { VesEvents } from './ves-events.ts';

/**
 * VES events of the domain perf3gpp (VES event listener 7.x, TS 28.532): an event, an event list, or several of them one
 * after another (NDJSON).
 */
export const vesPerf3gppJson: PmFormat = {
  name: 'ves-perf3gpp-json',
  detect(head) {
    if (!/^[\s\ufeff]*[{[]/.test(head.text)) return { isMatch: false, reason: null };
    const isMatch = /"(?:perf3gppFields|measDataCollection)"|"domain"\s*:\s*"perf3gpp"/.test(head.text);
    return isMatch ? { isMatch } : { isMatch, reason: 'it is JSON, but no VES event of the domain perf3gpp' };
  },
  open: (head, session) => new VesReader(head, session),
};

class VesReader implements FormatReader {
  readonly #session: ReadSession;
  readonly #documents: JsonDocuments;
  readonly #events: VesEvents;
  readonly #transcoder: Utf8Transcoder | null;
  #bomLeft: number;

  constructor(head: FileHead, session: ReadSession) {
    this.#session = session;
    this.#events = new VesEvents(session);
    this.#documents = new JsonDocuments((...document) => this.#document(...document), session.limits.maxDepth);
    this.#transcoder = head.bom === null || head.bom === 'utf-8' ? null : new Utf8Transcoder(head.bom);
    this.#bomLeft = head.bomLength;
    if (head.bom === null) return;
    const message = () => 'the file begins with a byte order mark';
    session.warn('byte_order_mark', message, () => 1);
  }

  write(chunk: Uint8Array): void {
    const skipped = Math.min(this.#bomLeft, chunk.length);
    this.#bomLeft -= skipped;
    const bytes = skipped === 0 ? chunk : chunk.subarray(skipped);
    this.#documents.write(this.#transcoder === null ? bytes : this.#transcoder.write(bytes));
  }

  end(chunk: Uint8Array): void {
    this.write(chunk);
    if (this.#transcoder !== null) this.#documents.write(this.#transcoder.end());
    this.#documents.end();
    if (this.#session.counts.blocks > 0) return;
    const message = () => 'the file holds no measurements';
    this.#session.warn('no_measurements', message, () => null);
  }

  #document(value: unknown, line: number, lastLine: number): void {
    // Inside a document of many lines the path says where something is; the line would be that of its beginning.
    const at = line === lastLine ? { line, column: 1 } : null;
    const list = field(value, 'eventList') ?? value;
    if (!Array.isArray(list)) this.#events.read(field(value, 'event') ?? value, 'event', at);
    else {
      const name = Array.isArray(value) ? '' : 'eventList';
      for (const [i, entry] of list.entries()) this.#entry(entry, `${name}[${i}]`, at);
    }
  }

  #entry(entry: unknown, path: string, at: { readonly line: number; readonly column: number } | null): void {
    if (isObject(entry)) this.#events.read(field(entry, 'event') ?? entry, path, at);
    else throw refuse('field_invalid', `${path} is no event`, 'Expected is an object with commonEventHeader.', at);
  }
}
