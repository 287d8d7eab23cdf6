import { resolve } from 'node:path';
import type { ReadRejection } from '@pegboard/pm-files';
import type { ContentToKeep, QuarantineLog, RefusedOptions, RefusedSource } from '../../stores/kpi/quarantine-log.ts';
import { unpackedContent } from './file-content.ts';
import type { IngestInput } from './find-files.ts';
import type { IngestSource } from './ingest-source.ts';
import { originOfPath, originOfUpload } from './origin.ts';

/** What is known of a file that is refused. */
export interface RefusedFile {
  /** Null where it could not be read. */
  readonly sha256: string | null;
  readonly format: string | null;
  readonly rejection: ReadRejection;
  /** Its content where that is in memory; only of uploads. */
  readonly content: Uint8Array | null;
}

/** Where the refusals of one ingest go. */
export class Refusals {
  readonly #quarantine: QuarantineLog;
  readonly #options: RefusedOptions;
  readonly #leave: ((input: IngestInput, rejection: ReadRejection) => boolean) | undefined;

  constructor(
    quarantine: QuarantineLog,
    options: RefusedOptions,
    leave: ((input: IngestInput, rejection: ReadRejection) => boolean) | undefined,
  ) {
    this.#quarantine = quarantine;
    this.#options = options;
    this.#leave = leave;
  }

  /** Whether the caller wants it to be left alone for now. An entry of an archive is as complete as it will ever be. */
  isLeft(source: IngestSource, rejection: ReadRejection): boolean {
    return source.entry === null && this.#leave?.(source.input, rejection) === true;
  }

  async record(source: IngestSource, refused: RefusedFile): Promise<void> {
    const { sha256, format, rejection } = refused;
    const { retryOf, displayName: name } = source;
    if (retryOf !== null) {
      const isOther = retryOf.mendedBy !== null || source.input.isUpload === true;
      const message = retryOf.mendedBy === null ? rejection.message : `${retryOf.mendedBy}: ${rejection.message}`;
      const error = { ...rejection, message };
      await this.#quarantine.refuseAgain(retryOf.id, { format, error, ...(!isOther && { sha256 }) });
      return;
    }
    const isUpload = source.input.isUpload === true;
    const origin = isUpload ? originOfUpload(sha256, name) : originOfPath(source.input.path, source.entry);
    await this.#quarantine.record(
      { origin, sha256, name, format, error: rejection, source: placeOf(source), options: this.#options },
      isUpload ? contentToKeep(source, refused) : null,
    );
  }

  /** What was at these places is in the store. */
  async settle(sources: readonly IngestSource[]): Promise<void> {
    const origins = sources.flatMap(({ settles }) => settles);
    if (origins.length > 0) await this.#quarantine.settle(origins);
  }
}

function placeOf({ input, entry }: IngestSource): RefusedSource {
  return input.isUpload === true ? { kind: 'upload', entry } : { kind: 'path', path: resolve(input.path), entry };
}

function contentToKeep(source: IngestSource, { content, sha256 }: RefusedFile): ContentToKeep {
  if (content !== null) return { read: () => once(content) };
  if (sha256 === null) return { note: 'it could not be read' };
  // What an entry unpacks to is kept, since the archive is not; a file of its own is kept as it was sent.
  return { read: () => (source.entry === null ? source.again() : unpackedContent(source.again())) };
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield content;
}
