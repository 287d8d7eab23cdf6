import { refuse } from './pm-file-error.ts';

/** Turns chunks of another encoding into UTF-8; characters cut between chunks are completed. */
export class Utf8Transcoder {
  readonly #decoder: InstanceType<typeof TextDecoder>;
  readonly #encoding: string;

  constructor(encoding: string) {
    this.#encoding = encoding;
    this.#decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  }

  transcode(chunk: Uint8Array, isLast: boolean): Uint8Array {
    try {
      return Buffer.from(this.#decoder.decode(chunk, { stream: !isLast }), 'utf8');
    } catch {
      const hint = 'The file is cut off, damaged, or in another encoding than it says.';
      throw refuse('encoding_invalid', `the file is not valid ${this.#encoding}`, hint, null);
    }
  }
}
