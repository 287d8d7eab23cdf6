import { isZipArchive } from './archive/zip-archive.ts';
import { fileHead, HEAD_BYTES } from './formats/file-head.ts';
import type { FileHead, FormatReader, PmFormat } from './formats/format.ts';
import { PM_FORMATS } from './formats/registry.ts';
import type { MeasurementSink, ReadOptions, ReadResult } from './measurement.ts';
import { PmFileError } from './pm-file-error.ts';
import { ReadSession } from './read-session.ts';
import { isGzip, unpackBuffer, unpackedBytes } from './unpack.ts';

const NOTHING = new Uint8Array(0);

/**
 * Reads a PM file of any known format, recognised by its content, packed by gzip or not. Blocks go to the sink as they
 * come; the caller must undo them where the result is not `ok`. Memory does not grow with the file. Bad content never
 * throws; errors of the source and of the sink pass through.
 */
export async function readPmFile(
  source: AsyncIterable<Uint8Array>,
  sink: MeasurementSink,
  options: ReadOptions,
): Promise<ReadResult> {
  const reading = new PmFileReading(sink, options);
  try {
    for await (const chunk of unpackedBytes(source, options.limits)) {
      reading.write(chunk);
      if (reading.skipped !== null) return reading.skipped;
    }
    return reading.finish(NOTHING);
  } catch (error) {
    return reading.rejected(error);
  }
}

/**
 * The same for a whole file in memory, without a turn of the event loop: the fast way for many small files. Unpacks
 * into memory, so packed files of more than a few MB belong to `readPmFile`.
 */
export function readPmBuffer(bytes: Uint8Array, sink: MeasurementSink, options: ReadOptions): ReadResult {
  const reading = new PmFileReading(sink, options);
  try {
    return reading.finish(unpackBuffer(bytes, options.limits));
  } catch (error) {
    return reading.rejected(error);
  }
}

/** One file on its way: gathers the head, chooses the format, passes the bytes on. */
class PmFileReading {
  skipped: ReadResult | null = null;
  readonly #session: ReadSession;
  #format: PmFormat | null = null;
  #reader: FormatReader | null = null;
  #head: Uint8Array = NOTHING;

  constructor(sink: MeasurementSink, options: ReadOptions) {
    this.#session = new ReadSession(sink, options);
  }

  write(chunk: Uint8Array): void {
    if (this.#reader !== null) {
      this.#reader.write(chunk);
      return;
    }
    this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    if (this.#head.length < HEAD_BYTES) return;
    this.#choose(this.#head)?.write(this.#head);
    this.#head = NOTHING;
  }

  finish(lastChunk: Uint8Array): ReadResult {
    if (this.#reader !== null) this.#reader.end(lastChunk);
    else {
      const whole = this.#head.length === 0 ? lastChunk : this.#head;
      if (whole.length === 0) return rejectedEmpty();
      this.#choose(whole)?.end(whole);
    }
    if (this.#format === null) return this.skipped ?? rejectedEmpty();
    return this.#session.finish(this.#format.name);
  }

  /** The result for a refusal; any other error is thrown on. */
  rejected(error: unknown): ReadResult {
    if (!(error instanceof PmFileError)) throw error;
    const header = this.#format === null ? null : { ...this.#session.header };
    return { status: 'rejected', format: this.#format?.name ?? null, header, rejection: error.rejection };
  }

  #choose(start: Uint8Array): FormatReader | null {
    const head = fileHead(start);
    const reasons: string[] = [];
    for (const format of PM_FORMATS) {
      const detection = format.detect(head, this.#session.options);
      if (!detection.isMatch) {
        if (detection.reason !== null) reasons.push(detection.reason);
        continue;
      }
      this.#format = format;
      this.#reader = format.open(head, this.#session);
      return this.#reader;
    }
    this.skipped = { status: 'skipped', reason: `no PM file format recognised; ${reasons[0] ?? describe(head)}` };
    return null;
  }
}

function rejectedEmpty(): ReadResult {
  const hint = 'The transfer may have failed; fetch the file again.';
  const rejection = { code: 'empty', message: 'the file is empty', hint, line: null, column: null };
  return { status: 'rejected', format: null, header: null, rejection };
}

function describe(head: FileHead): string {
  if (isZipArchive(head.bytes)) return 'it is a zip archive, whose entries are files of their own';
  if (isGzip(head.bytes)) return 'it is packed by gzip twice';
  if (head.xmlRoot === '') return 'it is XML without a root element in its beginning';
  if (head.xmlRoot !== null) return `it is XML with the root element <${head.xmlRoot.slice(0, 100)}>`;
  if (head.text.includes('\0')) return 'it is a binary file';
  if (/^\s*[[{]/.test(head.text)) return 'it looks like JSON';
  return 'it is neither XML nor a table whose columns are known';
}
