/** Bytes that can be read at any place, such as a file. */
export interface RandomAccess {
  /** Bytes in all. */
  readonly size: number;
  /** The bytes from `position` on: `length` of them, fewer at the end. */
  read(position: number, length: number): Promise<Uint8Array>;
}

/** Bytes in memory. */
export function bufferAccess(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    read: async (position, length) => bytes.subarray(position, position + length),
  };
}
