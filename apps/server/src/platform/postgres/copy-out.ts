import type pg from 'pg';

/**
 * Told of each CopyData message: its content is `bytes` from `at` on, `size` bytes long. Valid during the call only.
 * With COPY BINARY a message is a row; the first is preceded by the header, the last is the trailer.
 */
export type CopyVisitor = (bytes: Buffer, view: DataView, at: number, size: number) => void;

/** Messages of the protocol (PostgreSQL documentation, "Message Formats"). */
const COPY_DATA = 0x64;
const COPY_OUT_RESPONSE = 0x48;
/** Messages that may come at any time and are the driver's: NoticeResponse, ParameterStatus, NotificationResponse. */
const ASYNCHRONOUS = new Set([0x4e, 0x53, 0x41]);
const MESSAGE_HEAD_BYTES = 5;

/**
 * Runs `COPY … TO STDOUT` and visits its messages as they lie in what the socket delivers. A stream of rows would make
 * several objects for each: at hundreds of thousands of rows that costs more than all the rest of a read.
 *
 * Rejects with the server's error, the visitor's, or the reason of the signal. After the latter two the server may still
 * be sending: the caller has to close the connection.
 */
export function copyOut(
  client: pg.ClientBase,
  statement: string,
  visit: CopyVisitor,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    const settle = (error?: Error) => {
      signal?.removeEventListener('abort', abort);
      if (error) reject(error);
      else resolve();
    };
    client.query(new CopyOut(statement, visit, settle));
  });
}

/** A query of the driver's that reads the socket itself between the begin and the end of the copy. */
class CopyOut implements pg.Submittable {
  readonly #statement: string;
  readonly #visit: CopyVisitor;
  readonly #settle: (error?: Error) => void;
  #connection: pg.Connection | null = null;
  #driver: ((bytes: Buffer) => void) | null = null;
  #rest: Buffer | null = null;
  #failed = false;

  constructor(statement: string, visit: CopyVisitor, settle: (error?: Error) => void) {
    this.#statement = statement;
    this.#visit = visit;
    this.#settle = settle;
  }

  submit(connection: pg.Connection): void {
    this.#connection = connection;
    const [driver] = connection.stream.listeners('data');
    this.#driver = driver as (bytes: Buffer) => void;
    connection.stream.off('data', this.#driver);
    connection.stream.on('data', this.#onData);
    connection.query(this.#statement);
  }

  /** The driver's callbacks. An error may also be that of a lost connection. */
  handleError(error: Error): void {
    this.#detach();
    this.#settle(error);
  }

  handleReadyForQuery(): void {
    this.#settle();
  }

  handleCommandComplete(): void {}

  handleRowDescription(): void {}

  handleDataRow(): void {}

  handleEmptyQuery(): void {}

  readonly #onData = (chunk: Buffer): void => {
    if (this.#failed) return;
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    while (at + MESSAGE_HEAD_BYTES <= bytes.length) {
      const type = bytes[at];
      const end = at + 1 + view.getInt32(at + 1);
      if (type === COPY_DATA) {
        if (end > bytes.length) break;
        try {
          this.#visit(bytes, view, at + MESSAGE_HEAD_BYTES, end - at - MESSAGE_HEAD_BYTES);
        } catch (error) {
          this.#failed = true;
          this.#settle(error as Error);
          return;
        }
      } else if (type === COPY_OUT_RESPONSE || ASYNCHRONOUS.has(type)) {
        if (end > bytes.length) break;
        if (type !== COPY_OUT_RESPONSE) this.#driver?.(bytes.subarray(at, end));
      } else {
        const driver = this.#driver;
        this.#detach();
        driver?.(bytes.subarray(at));
        return;
      }
      at = end;
    }
    if (at < bytes.length) this.#rest = bytes.subarray(at);
  };

  #detach(): void {
    const { stream } = this.#connection ?? {};
    if (!stream || !this.#driver) return;
    stream.off('data', this.#onData);
    stream.on('data', this.#driver);
    this.#driver = null;
  }
}
