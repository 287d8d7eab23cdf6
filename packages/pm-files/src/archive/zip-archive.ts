import { Readable } from 'node:stream';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import type { ReadLimits, ReadRejection, ReadWarning } from '../measurement.ts';
import { PmFileError, refuse } from '../pm-file-error.ts';
import { resolveReadLimits } from '../read-limits.ts';
import type { RandomAccess } from './random-access.ts';
import { type ZipRecord, zipDirectory } from './zip-directory.ts';

/** A file inside an archive. */
export interface ArchiveEntry {
  /** With its folders, as the archive says, without control characters. Not to be used as a path. */
  readonly name: string;
  /** Bytes unpacked, as the archive says; more never come. */
  readonly size: number;
  /** Why it cannot be read. */
  readonly rejection: ReadRejection | null;
  readonly warnings: readonly ReadWarning[];
  /** The content at once. Throws `PmFileError` (`zip_damaged`, or the rejection). */
  bytes(): Promise<Uint8Array>;
  /** The content in parts; may be read again. Throws as `bytes` does, at the end for a wrong checksum. */
  stream(): AsyncGenerator<Uint8Array, void, undefined>;
}

const LOCAL_HEADER_BYTES = 30;
const CHUNK_BYTES = 256 * 1024;
/** Short files may legitimately pack very well; the ratio is looked at only beyond this. */
const RATIO_FREE_BYTES = 10_000_000;
const MAX_NAME_CHARACTERS = 500;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1 | (1 << 6) | (1 << 13);

/** Whether the bytes begin like a zip archive, perhaps an empty one. */
export function isZipArchive(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 4 &&
    bytes[0] === 0x50 &&
    bytes[1] === 0x4b &&
    ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6))
  );
}

/**
 * The files of a zip archive, in the order of its directory; folders and hidden files are left out. An entry that cannot
 * be read carries its rejection. Throws `PmFileError` where the archive as a whole is of no use (`truncated`,
 * `zip_damaged`, `zip_unsupported`, `zip_bomb`, `archive_too_large`); errors of the source pass through.
 */
export async function archiveEntries(
  source: RandomAccess,
  limits?: Partial<ReadLimits>,
): Promise<readonly ArchiveEntry[]> {
  const bounds = resolveReadLimits(limits);
  const records = await zipDirectory(source, bounds);
  return records.filter(({ name }) => isFile(name)).map((record) => new ZipEntry(source, record, bounds));
}

class ZipEntry implements ArchiveEntry {
  readonly name: string;
  readonly size: number;
  readonly rejection: ReadRejection | null;
  readonly warnings: readonly ReadWarning[];
  readonly #source: RandomAccess;
  readonly #record: ZipRecord;

  constructor(source: RandomAccess, record: ZipRecord, limits: ReadLimits) {
    this.name = printable(record.name);
    this.size = record.size;
    this.rejection = rejectionOf(record, limits);
    this.warnings = isUnsafe(record.name) ? [UNSAFE_NAME] : [];
    this.#source = source;
    this.#record = record;
  }

  async bytes(): Promise<Uint8Array> {
    const { packedSize, size, method } = this.#record;
    const packed = await this.#read(await this.#dataStart(), packedSize);
    const content = method === STORED ? packed : this.#inflated(packed, size);
    this.#check(content.length, crc32(content));
    return content;
  }

  async *stream(): AsyncGenerator<Uint8Array, void, undefined> {
    const packed = this.#packed(await this.#dataStart());
    let length = 0;
    let checksum = 0;
    for await (const chunk of this.#record.method === STORED ? packed : inflatedChunks(packed)) {
      length += chunk.length;
      if (length > this.size) throw this.#damaged('it is longer than the archive says');
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
    this.#check(length, checksum);
  }

  async *#packed(start: number): AsyncGenerator<Uint8Array, void, undefined> {
    const end = start + this.#record.packedSize;
    for (let at = start; at < end; at += CHUNK_BYTES) yield await this.#read(at, Math.min(CHUNK_BYTES, end - at));
  }

  /** Where the packed bytes begin: behind the local header, whose name and extra field may differ from the directory's. */
  async #dataStart(): Promise<number> {
    if (this.rejection !== null) throw new PmFileError(this.rejection);
    const { offset, packedSize } = this.#record;
    const header = Buffer.from(await this.#read(offset, LOCAL_HEADER_BYTES));
    if (header.readUInt32LE(0) !== 0x04034b50) throw this.#damaged('its header is not where it should be');
    const start = offset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
    if (start + packedSize > this.#source.size) throw this.#damaged('it goes on beyond the archive');
    return start;
  }

  #inflated(packed: Uint8Array, size: number): Uint8Array {
    try {
      return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
    } catch (error) {
      throw this.#damaged(error instanceof Error ? error.message : String(error));
    }
  }

  #check(length: number, checksum: number): void {
    if (length !== this.size) throw this.#damaged(`it has ${length} bytes instead of ${this.size}`);
    if (checksum !== this.#record.crc32) throw this.#damaged('its checksum is wrong');
  }

  async #read(position: number, length: number): Promise<Uint8Array> {
    const bytes = await this.#source.read(position, length);
    if (bytes.length < length) throw this.#damaged('it goes on beyond the archive');
    return bytes;
  }

  #damaged(why: string): PmFileError {
    const message = `the entry of the zip archive is damaged (${why})`;
    return refuse('zip_damaged', message, 'Transfer the archive again, in binary mode.', null);
  }
}

async function* inflatedChunks(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const inflate = createInflateRaw({ chunkSize: CHUNK_BYTES });
  const input = Readable.from(packed, { objectMode: false });
  let sourceError: unknown = null;
  input.on('error', (error) => {
    sourceError = error;
    inflate.destroy();
  });
  input.pipe(inflate);
  try {
    for await (const chunk of inflate) yield chunk;
  } catch (error) {
    if (sourceError !== null) throw sourceError;
    const detail = error instanceof Error ? error.message : String(error);
    const message = `the entry of the zip archive is damaged (${detail})`;
    throw refuse('zip_damaged', message, 'Transfer the archive again, in binary mode.', null);
  } finally {
    input.destroy();
    inflate.destroy();
  }
}

const UNSAFE_NAME: ReadWarning = {
  code: 'archive_name_unsafe',
  message: 'the name of the entry leads out of the archive; nothing is written there',
  line: null,
  count: 1,
};

function isFile(name: string): boolean {
  const parts = name.split('/');
  if (parts.at(-1) === '') return false;
  return !parts.some((part) => part === '__MACOSX' || (part.startsWith('.') && part !== '.' && part !== '..'));
}

function isUnsafe(name: string): boolean {
  return /^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(name);
}

function printable(name: string): string {
  return name.replaceAll(/\p{C}/gu, '').slice(0, MAX_NAME_CHARACTERS).toWellFormed();
}

function rejectionOf({ flags, method, size, packedSize }: ZipRecord, limits: ReadLimits): ReadRejection | null {
  if ((flags & ENCRYPTED) !== 0 || method === 99) {
    return rejection('entry_encrypted', 'the entry of the zip archive is encrypted', 'Pack it without a password.');
  }
  if (method !== STORED && method !== DEFLATED) {
    const message = `the entry of the zip archive is packed by method ${method}`;
    return rejection('zip_unsupported', message, 'Pack it by the usual method (deflate).');
  }
  if (size > RATIO_FREE_BYTES && size > packedSize * limits.maxUnpackRatio) {
    const message = `the entry of the zip archive unpacks to more than ${limits.maxUnpackRatio} times its size`;
    return rejection('zip_bomb', message, 'No PM file packs so well; check where the file comes from.');
  }
  if (size <= limits.maxUnpackedBytes) return null;
  const message = `the file is larger than ${limits.maxUnpackedBytes} bytes`;
  return rejection('too_large', message, 'Split the file, or raise the limit if it is meant.');
}

function rejection(code: string, message: string, hint: string): ReadRejection {
  return { code, message, hint, line: null, column: null };
}
