import { crc32, deflateRawSync } from 'node:zlib';

/** An entry to write, with what a test wants wrong about it. */
export interface ZipPart {
  readonly name: string | Uint8Array;
  readonly content: string | Uint8Array;
  readonly isStored?: boolean;
  readonly flags?: number;
  /** What the directory says instead of the truth. */
  readonly size?: number;
  readonly crc32?: number;
  readonly offset?: number;
}

/** Writes a zip archive. */
export function zipFile(parts: readonly ZipPart[], comment = ''): Buffer {
  const locals: Buffer[] = [];
  const records: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const name = Buffer.from(part.name);
    const content = Buffer.from(part.content);
    const packed = part.isStored === true ? content : deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(part.flags ?? 0, 8);
    record.writeUInt16LE(part.isStored === true ? 0 : 8, 10);
    record.writeUInt32LE(part.crc32 ?? crc32(content), 16);
    record.writeUInt32LE(packed.length, 20);
    record.writeUInt32LE(part.size ?? content.length, 24);
    record.writeUInt16LE(name.length, 28);
    record.writeUInt32LE(part.offset ?? offset, 42);
    records.push(record, name);
    locals.push(local, name, packed);
    offset += local.length + name.length + packed.length;
  }
  const directory = Buffer.concat(records);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...locals, directory, end, Buffer.from(comment)]);
}
