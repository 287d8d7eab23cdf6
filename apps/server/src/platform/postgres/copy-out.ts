import type pg from 'pg';
import { CutMessage, MESSAGE_HEAD_BYTES } from './cut-message.ts';

/**
 * Told of each CopyData message: its content is `bytes` from `at` on, `size` bytes long. Valid during the call only.
 * With COPY BINARY a message is a row; the first is preceded by the header, the last is the trailer.
 */
export type CopyVisitor = (bytes: Buffer, view: DataView, at: number, size: number) => void;

export interface CopyOutOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called when all messages of a piece of the socket's were visited. A promise holds the server back until it settles. */
  readonly afterPiece?: () => Promise<void> | undefined;
}

/** Messages of the protocol (PostgreSQL documentation, "Message Formats"). */
const COPY_DATA = 0x64;
const COPY_OUT_RESPONSE = 0x48;
/** Messages that may come at any time and are the driver's: NoticeResponse, ParameterStatus, NotificationResponse. */
const ASYNCHRONOUS = new Set([0x4e, 0x53, 0x41]);

/**
 * Runs `COPY … TO STDOUT` and visits its messages as they lie in what the socket delivers. A stream of rows would make
 * several objects for each: at hundreds of thousands of rows that costs more than all the rest of a read.
 *
 * Rejects with the server's error, that of the visitor or of `afterPiece`, or the reason of the signal. After all but the
 * first the server may still be sending: the caller has to close the connection.
 */
export function copyOut(
  client: pg.ClientBase,
  statement: string,
  visit: CopyVisitor,
  { signal, afterPiece }: CopyOutOptions = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const settle = (error: unknown) => {
      signal?.removeEventListener('abort', abort);
      if (error === null) resolve();
      else reject(error);
    };
    const copy = new CopyOut(statement, visit, afterPiece ?? null, settle);
    const abort = () => copy.fail(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    client.query(copy);
  });
}

/** A query of the driver's that reads the socket itself between the begin and the end of the copy. */
class CopyOut implements pg.Submittable {
  readonly #statement: string;
  readonly #visit: CopyVisitor;
  readonly #afterPiece: (() => Promise<void> | undefined) | null;
  readonly #settle: (error: unknown) => void;
  readonly #cut = new CutMessage();
  #connection: pg.Connection | null = null;
  #driver: ((bytes: Buffer) => void) | null = null;
  /** What `afterPiece` is doing; it is over before the copy is. */
  #waiting: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(
    statement: string,
    visit: CopyVisitor,
    afterPiece: (() => Promise<void> | undefined) | null,
    settle: (error: unknown) => void,
  ) {
    this.#statement = statement;
    this.#visit = visit;
    this.#afterPiece = afterPiece;
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

  /** Ends the copy: what still comes is not visited any more. */
  fail(error: unknown): void {
    this.#isOver = true;
    this.#end(error);
  }

  /** The driver's callbacks. An error may also be that of a lost connection. */
  handleError(error: Error): void {
    this.#restoreDriver();
    this.#end(error);
  }

  handleReadyForQuery(): void {
    this.#end(null);
  }

  handleCommandComplete(): void {}

  handleRowDescription(): void {}

  handleDataRow(): void {}

  handleEmptyQuery(): void {}

  readonly #onData = (piece: Buffer): void => {
    if (this.#isOver) return;
    try {
      this.#take(piece);
      const waiting = this.#isOver ? undefined : this.#afterPiece?.();
      if (waiting !== undefined) this.#holdBack(waiting);
    } catch (error) {
      this.fail(error);
    }
  };

  #take(piece: Buffer): void {
    let at = 0;
    if (!this.#cut.isEmpty) {
      at = this.#cut.add(piece, 0);
      if (!this.#cut.isWhole) return;
      const { bytes, view, length } = this.#cut;
      this.#takeMessages(bytes, view, length);
      this.#cut.clear();
    }
    if (at === piece.length) return;
    const rest = piece.subarray(at);
    if (this.#isOver) {
      this.#driver?.(rest);
      return;
    }
    const taken = this.#takeMessages(rest, new DataView(rest.buffer, rest.byteOffset, rest.length), rest.length);
    if (taken < rest.length) this.#cut.add(rest, taken);
  }

  /** Visits the whole messages among the first `length` bytes and tells where the rest, a part of one, begins. */
  #takeMessages(bytes: Buffer, view: DataView, length: number): number {
    let at = 0;
    while (at + MESSAGE_HEAD_BYTES <= length) {
      const type = bytes[at];
      const end = at + 1 + view.getInt32(at + 1);
      if (type === COPY_DATA) {
        if (end > length) break;
        this.#visit(bytes, view, at + MESSAGE_HEAD_BYTES, end - at - MESSAGE_HEAD_BYTES);
      } else if (type === COPY_OUT_RESPONSE || ASYNCHRONOUS.has(type)) {
        if (end > length) break;
        if (type !== COPY_OUT_RESPONSE) this.#driver?.(bytes.subarray(at, end));
      } else {
        this.#isOver = true;
        this.#restoreDriver();
        this.#driver?.(bytes.subarray(at, length));
        return length;
      }
      at = end;
    }
    return at;
  }

  /** Reads no further until the promise settles. */
  #holdBack(waiting: Promise<void>): void {
    const stream = this.#connection?.stream;
    stream?.pause();
    this.#waiting = waiting.catch((error: unknown) => this.fail(error)).finally(() => stream?.resume());
  }

  #end(error: unknown): void {
    // Not at once: `afterPiece` itself may be where it ends.
    queueMicrotask(() => this.#waiting.finally(() => this.#settle(error)));
  }

  #restoreDriver(): void {
    const { stream } = this.#connection ?? {};
    if (!stream || !this.#driver) return;
    stream.off('data', this.#onData);
    stream.off('data', this.#driver);
    stream.on('data', this.#driver);
  }
}
