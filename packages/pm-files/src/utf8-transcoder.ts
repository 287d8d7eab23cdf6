import { type PmFileError, refuse } from './pm-file-error.ts';

/**
 * Bytes are decoded in parts of so many, counted from the beginning of the file: so what is decoded before something is
 * found to be wrong does not depend on how the bytes come.
 */
const PART_BYTES = 64 * 1024;

/** Turns chunks of another encoding into UTF-8; characters cut between chunks are completed. */
export class Utf8Transcoder {
  readonly #decoder: InstanceType<typeof TextDecoder>;
  readonly #encoding: string;
  readonly #part = Buffer.alloc(PART_BYTES);
  #length = 0;
  #failure: PmFileError | null = null;

  constructor(encoding: string) {
    this.#encoding = encoding;
    this.#decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  }

  /** What can be decoded by now. What is wrong is thrown by the next call, after what is right before it. */
  write(chunk: Uint8Array): Uint8Array {
    if (this.#failure !== null) throw this.#failure;
    const decoded: Uint8Array[] = [];
    for (let at = 0; at < chunk.length && this.#failure === null; ) {
      const end = Math.min(chunk.length, at + PART_BYTES - this.#length);
      this.#part.set(chunk.subarray(at, end), this.#length);
      this.#length += end - at;
      at = end;
      if (this.#length === PART_BYTES) decoded.push(this.#decode(true));
    }
    return decoded.length === 1 ? decoded[0] : Buffer.concat(decoded);
  }

  /** The rest. */
  end(): Uint8Array {
    const rest = this.#failure === null ? this.#decode(false) : null;
    if (this.#failure !== null) throw this.#failure;
    return rest ?? Buffer.alloc(0);
  }

  #decode(isMoreToCome: boolean): Uint8Array {
    const part = this.#part.subarray(0, this.#length);
    this.#length = 0;
    try {
      return Buffer.from(this.#decoder.decode(part, { stream: isMoreToCome }), 'utf8');
    } catch {
      const hint = 'The file is cut off, damaged, or in another encoding than it says.';
      this.#failure = refuse('encoding_invalid', `the file is not valid ${this.#encoding}`, hint, null);
      return Buffer.alloc(0);
    }
  }
}
