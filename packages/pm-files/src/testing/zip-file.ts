import { crc32, deflateRawSync } from 'node:zlib';

/** An entry to write, with what a test wants wrong about it. */
export interface ZipPart {
  readonly name: string | Uint8Array;
  readonly content: string | Uint8Array;
  readonly isStored?: boolean;
  /** Sizes and offset in the zip64 extra field, and the directory found by a zip64 end record. */
  readonly isZip64?: boolean;
  /** Sizes and checksum behind the content rather than in the local header. */
  readonly hasDescriptor?: boolean;
  readonly flags?: number;
  /** What the directory says instead of the truth. */
  readonly size?: number;
  readonly crc32?: number;
  readonly offset?: number;
}

const FULL_32 = 0xffff_ffff;

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
    const descriptor = part.hasDescriptor === true ? descriptorOf(content, packed) : Buffer.alloc(0);
    records.push(recordOf(part, name, content, packed, offset));
    locals.push(local, name, packed, descriptor);
    offset += local.length + name.length + packed.length + descriptor.length;
  }
  const directory = Buffer.concat(records);
  const end64 = parts.some(({ isZip64 }) => isZip64)
    ? zip64End(parts.length, directory.length, offset)
    : Buffer.alloc(0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(end64.length > 0 ? FULL_32 : offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...locals, directory, end64, end, Buffer.from(comment)]);
}

/** The zip64 end record and the locator that leads to it. */
function zip64End(entries: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(56 + 20);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeBigUInt64LE(BigInt(entries), 24);
  end.writeBigUInt64LE(BigInt(entries), 32);
  end.writeBigUInt64LE(BigInt(size), 40);
  end.writeBigUInt64LE(BigInt(offset), 48);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(offset + size), 64);
  end.writeUInt32LE(1, 72);
  return end;
}

function recordOf(part: ZipPart, name: Buffer, content: Buffer, packed: Buffer, offset: number): Buffer {
  const record = Buffer.alloc(46);
  const isZip64 = part.isZip64 === true;
  const sizes = [part.size ?? content.length, packed.length, part.offset ?? offset] as const;
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE((part.flags ?? 0) | (part.hasDescriptor === true ? 8 : 0), 8);
  record.writeUInt16LE(part.isStored === true ? 0 : 8, 10);
  record.writeUInt32LE(part.crc32 ?? crc32(content), 16);
  for (const [i, at] of [24, 20, 42].entries()) record.writeUInt32LE(isZip64 ? FULL_32 : sizes[i], at);
  record.writeUInt16LE(name.length, 28);
  if (!isZip64) return Buffer.concat([record, name]);
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  for (const [i, size] of sizes.entries()) extra.writeBigUInt64LE(BigInt(size), 4 + 8 * i);
  record.writeUInt16LE(extra.length, 30);
  return Buffer.concat([record, name, extra]);
}

function descriptorOf(content: Buffer, packed: Buffer): Buffer {
  const descriptor = Buffer.alloc(16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(crc32(content), 4);
  descriptor.writeUInt32LE(packed.length, 8);
  descriptor.writeUInt32LE(content.length, 12);
  return descriptor;
}
