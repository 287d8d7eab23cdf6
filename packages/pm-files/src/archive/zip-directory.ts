import { isUtf8 } from 'node:buffer';
import type { ReadLimits } from '../measurement.ts';
import { type PmFileError, refuse } from '../pm-file-error.ts';
import type { RandomAccess } from './random-access.ts';

/** A file of a zip archive, as the central directory describes it. */
export interface ZipRecord {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its local header is. */
  readonly offset: number;
}

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly entries: number;
}

const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const LOCATOR_BYTES = 20;
const END64_BYTES = 56;
const RECORD_BYTES = 46;
const LOCAL_HEADER_BYTES = 30;
const MAX_DIRECTORY_BYTES = 64 * 1024 ** 2;
const UTF8_NAME = 1 << 11;
const ZIP64_EXTRA = 1;
const FULL_16 = 0xffff;
const FULL_32 = 0xffff_ffff;

/**
 * The records of the central directory of a zip archive, in their order. Throws `PmFileError` (`truncated`,
 * `zip_damaged`, `zip_unsupported`, `zip_bomb`, `archive_too_large`).
 * Source: APPNOTE.TXT 6.3.10, .ZIP file format specification, 4.3 and 4.5.3.
 */
export async function zipDirectory(source: RandomAccess, limits: ReadLimits): Promise<readonly ZipRecord[]> {
  const directory = await findDirectory(source);
  if (directory.entries > limits.maxArchiveEntries) {
    throw tooLarge(`has ${directory.entries} entries, more than ${limits.maxArchiveEntries}`);
  }
  if (directory.size > MAX_DIRECTORY_BYTES) throw tooLarge(`has a directory of ${directory.size} bytes`);
  const bytes = await readExactly(source, directory.offset, directory.size);
  const records: ZipRecord[] = [];
  let at = 0;
  while (records.length < directory.entries) {
    if (at + RECORD_BYTES > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) throw damaged('its directory');
    const end =
      at + RECORD_BYTES + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if (end > bytes.length) throw damaged('its directory');
    records.push(readRecord(bytes, at));
    at = end;
  }
  checkPlaces(records, directory);
  const total = records.reduce((sum, { size }) => sum + size, 0);
  if (total > limits.maxArchiveBytes) throw tooLarge(`unpacks to ${total} bytes, more than ${limits.maxArchiveBytes}`);
  return records;
}

async function findDirectory(source: RandomAccess): Promise<Directory> {
  const tailStart = Math.max(0, source.size - END_BYTES - MAX_COMMENT_BYTES);
  const tail = await readExactly(source, tailStart, source.size - tailStart);
  let at = tail.length - END_BYTES;
  while (
    at >= 0 &&
    !(tail.readUInt32LE(at) === 0x06054b50 && at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length)
  ) {
    at -= 1;
  }
  if (at < 0) {
    const message = 'the zip archive has no directory at its end';
    throw refuse('truncated', message, 'The file seems to be cut off; transfer it again.', null);
  }
  const end = tail.subarray(at);
  const disks = [end.readUInt16LE(4), end.readUInt16LE(6)];
  const directory = { entries: end.readUInt16LE(10), size: end.readUInt32LE(12), offset: end.readUInt32LE(16) };
  const isZip64 = directory.entries === FULL_16 || directory.size === FULL_32 || directory.offset === FULL_32;
  const found = isZip64 ? await findDirectory64(source, tailStart + at, directory) : directory;
  const isWholeHere = disks.every((disk) => disk === 0 || disk === FULL_16);
  if (!isWholeHere) {
    throw refuse('zip_unsupported', 'the zip archive is split over several files', 'Join it to one file.', null);
  }
  if (found.offset + found.size > tailStart + at) throw damaged('the place of its directory');
  return found;
}

/** The directory by the zip64 end record; as given where there is none, since the full values may be meant. */
async function findDirectory64(source: RandomAccess, endAt: number, given: Directory): Promise<Directory> {
  if (endAt < LOCATOR_BYTES) return given;
  const locator = await readExactly(source, endAt - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator.readUInt32LE(0) !== 0x07064b50) return given;
  const at = readSize(locator, 8);
  if (at + END64_BYTES > endAt) throw damaged('its zip64 directory');
  const end64 = await readExactly(source, at, END64_BYTES);
  if (end64.readUInt32LE(0) !== 0x06064b50) throw damaged('its zip64 directory');
  return { entries: readSize(end64, 32), size: readSize(end64, 40), offset: readSize(end64, 48) };
}

function readRecord(bytes: Buffer, at: number): ZipRecord {
  const nameEnd = at + RECORD_BYTES + bytes.readUInt16LE(at + 28);
  const extra = bytes.subarray(nameEnd, nameEnd + bytes.readUInt16LE(at + 30));
  const flags = bytes.readUInt16LE(at + 8);
  const sizes = withZip64(
    { size: bytes.readUInt32LE(at + 24), packedSize: bytes.readUInt32LE(at + 20), offset: bytes.readUInt32LE(at + 42) },
    extra,
  );
  return {
    name: nameOf(bytes.subarray(at + RECORD_BYTES, nameEnd), (flags & UTF8_NAME) !== 0),
    flags,
    method: bytes.readUInt16LE(at + 10),
    crc32: bytes.readUInt32LE(at + 16),
    ...sizes,
  };
}

/** Fills what does not fit into 32 bits from the zip64 extra field, which holds it in this order. */
function withZip64(sizes: { size: number; packedSize: number; offset: number }, extra: Buffer): typeof sizes {
  const wanted = (['size', 'packedSize', 'offset'] as const).filter((key) => sizes[key] === FULL_32);
  for (let at = 0; wanted.length > 0 && at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === ZIP64_EXTRA) {
      if (length < wanted.length * 8 || at + 4 + length > extra.length) throw damaged('its zip64 sizes');
      return Object.assign(sizes, ...wanted.map((key, i) => ({ [key]: readSize(extra, at + 4 + i * 8) })));
    }
    at += 4 + length;
  }
  return sizes;
}

/** Entries must not share bytes: else a small archive could unpack to anything. */
function checkPlaces(records: readonly ZipRecord[], directory: Directory): void {
  const byPlace = [...records].sort((a, b) => a.offset - b.offset);
  for (const [i, { offset, packedSize }] of byPlace.entries()) {
    const end = offset + LOCAL_HEADER_BYTES + packedSize;
    const next = byPlace[i + 1];
    if (next !== undefined && end > next.offset) {
      const message = 'entries of the zip archive share their bytes';
      throw refuse('zip_bomb', message, 'No honest writer does that; check where the file comes from.', null);
    }
    if (end > directory.offset) throw damaged('the place of an entry');
  }
}

/** UTF-8, also where the archive does not say so; else CP949, which archives of Korean systems use. */
function nameOf(bytes: Buffer, isMarkedUtf8: boolean): string {
  const text = isMarkedUtf8 || isUtf8(bytes) ? bytes.toString('utf8') : new TextDecoder('euc-kr').decode(bytes);
  return text.toWellFormed();
}

function readSize(bytes: Buffer, at: number): number {
  const size = bytes.readBigUInt64LE(at);
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged('its zip64 sizes');
  return Number(size);
}

async function readExactly(source: RandomAccess, position: number, length: number): Promise<Buffer> {
  const bytes = await source.read(position, length);
  if (bytes.length < length) throw damaged('its size');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function damaged(what: string): PmFileError {
  return refuse(
    'zip_damaged',
    `the zip archive is damaged (${what})`,
    'Transfer the file again, in binary mode.',
    null,
  );
}

function tooLarge(what: string): PmFileError {
  return refuse('archive_too_large', `the zip archive ${what}`, 'Split it, or raise the limit if it is meant.', null);
}
