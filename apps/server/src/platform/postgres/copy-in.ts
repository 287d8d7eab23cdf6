import type pg from 'pg';

/** Bytes that a piece leaves free at its front, for the head of its CopyData message. */
export const COPY_HEAD_BYTES = 5;
/** Pieces on their way to the socket at once: one being sent, one ready. */
const PIECES_IN_FLIGHT = 2;

/** Messages of the protocol (PostgreSQL documentation, "Message Formats"). */
const COPY_DATA = 0x64;
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);

/** What COPY is to be given, in pieces. */
export interface CopySource {
  /** Each piece begins with COPY_HEAD_BYTES that are overwritten. Taken when there is room for it. */
  readonly pieces: Iterable<Buffer>;
  /** Told of a piece whose memory may be used again. */
  release?(piece: Buffer): void;
}

/**
 * Runs `COPY … FROM STDIN` and returns the number of rows. The pieces go to the socket as they are: a stream in between would
 * copy, or hold, all of them.
 *
 * Rejects with the server's error, or that of the source; the connection can be used again after either.
 */
export function copyIn(client: pg.ClientBase, statement: string, source: CopySource): Promise<number> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(statement, source, resolve, reject));
  });
}

class CopyIn implements pg.Submittable {
  readonly #statement: string;
  readonly #source: CopySource;
  readonly #resolve: (rows: number) => void;
  readonly #reject: (error: Error) => void;
  readonly #pieces: Iterator<Buffer>;
  #rows = 0;
  #inFlight = 0;
  /** Set when nothing more is to be sent: all is, or the copy has failed. */
  #ended = false;
  #sourceError: Error | null = null;

  constructor(statement: string, source: CopySource, resolve: (rows: number) => void, reject: (error: Error) => void) {
    this.#statement = statement;
    this.#source = source;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#pieces = source.pieces[Symbol.iterator]();
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#statement);
  }

  handleCopyInResponse(connection: pg.Connection): void {
    this.#send(connection);
  }

  /** The driver's callbacks. An error may also be that of a lost connection; ReadyForQuery does not follow it here. */
  handleError(error: Error): void {
    this.#ended = true;
    this.#reject(this.#sourceError ?? error);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#rows = Number(/^COPY (\d+)$/.exec(text)?.[1] ?? 0);
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#rows);
  }

  handleRowDescription(): void {}

  handleDataRow(): void {}

  handleEmptyQuery(): void {}

  #send(connection: pg.Connection): void {
    while (!this.#ended && this.#inFlight < PIECES_IN_FLIGHT) {
      const piece = this.#next();
      if (this.#sourceError !== null) {
        this.#ended = true;
        sendCopyFail(connection, this.#sourceError.message);
      } else if (piece === null) {
        this.#ended = true;
        connection.stream.write(COPY_DONE);
      } else {
        this.#sendPiece(connection, piece);
      }
    }
  }

  #sendPiece(connection: pg.Connection, piece: Buffer): void {
    piece[0] = COPY_DATA;
    piece.writeUInt32BE(piece.length - 1, 1);
    this.#inFlight++;
    connection.stream.write(piece, () => {
      this.#inFlight--;
      this.#source.release?.(piece);
      // Not at once: a socket that takes all at once would let nothing else run, not even the server's answer.
      setImmediate(() => this.#send(connection));
    });
  }

  #next(): Buffer | null {
    try {
      const next = this.#pieces.next();
      return next.done ? null : next.value;
    } catch (error) {
      this.#sourceError = error instanceof Error ? error : new Error(String(error));
      return null;
    }
  }
}

/** Makes the server undo the copy; it answers with an error. */
function sendCopyFail(connection: pg.Connection, reason: string): void {
  const text = Buffer.from(`f....${reason.replaceAll('\0', '')}\0`);
  text.writeUInt32BE(text.length - 1, 1);
  connection.stream.write(text);
}
