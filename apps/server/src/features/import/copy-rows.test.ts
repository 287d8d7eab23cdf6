import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CopyRowReader, isSameBytes, textField } from './copy-rows.ts';

type Row = readonly [string | null, string | null];

/** Binary COPY as PostgreSQL's documentation gives it: signature, flags, extension, rows, trailer. */
function copyOf(rows: readonly Row[], extension = Buffer.alloc(0)): Buffer {
  const extensionLength = Buffer.alloc(4);
  extensionLength.writeInt32BE(extension.length);
  return Buffer.concat([
    Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'),
    Buffer.alloc(4),
    extensionLength,
    extension,
    ...rows.flatMap((row) => [Buffer.from([0, 2]), ...row.map(fieldOf)]),
    Buffer.from([0xff, 0xff]),
  ]);
}

function fieldOf(text: string | null): Buffer {
  const content = Buffer.from(text ?? '');
  const length = Buffer.alloc(4);
  length.writeInt32BE(text === null ? -1 : content.length);
  return Buffer.concat([length, content]);
}

function read(pieces: readonly Buffer[]): { rows: Row[]; isComplete: boolean } {
  const rows: Row[] = [];
  const reader = new CopyRowReader(2, (row, at) => {
    rows.push([textField(row, at[0]), textField(row, at[1])]);
  });
  for (const piece of pieces) {
    const bytes = Buffer.concat([Buffer.from('before'), piece, Buffer.from('after')]);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    reader.write({ bytes, view }, 6, piece.length);
    bytes.fill(0xaa);
  }
  return { rows, isComplete: reader.isComplete };
}

describe('CopyRowReader', () => {
  const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }));

  it('reads the rows that were written, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 20 }), fc.array(fc.nat(400)), (rows, cuts) => {
        const bytes = copyOf(rows);
        const at = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
        const pieces = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
        expect(read(pieces)).toEqual({ rows, isComplete: true });
      }),
      { numRuns: 500 },
    );
  });

  it('reads rows longer than any piece', () => {
    const rows: Row[] = [
      ['a'.repeat(1_000_000), 'b'],
      [null, 'c'.repeat(300_000)],
    ];
    const bytes = copyOf(rows);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, i) =>
      bytes.subarray(i * 65_536, (i + 1) * 65_536),
    );
    expect(read(pieces)).toEqual({ rows, isComplete: true });
  });

  it('knows when the end is missing', () => {
    const bytes = copyOf([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(read([bytes.subarray(0, -2)]).isComplete).toBe(false);
    expect(read([bytes.subarray(0, -5)])).toEqual({ rows: [['a', 'b']], isComplete: false });
  });

  it('passes over an extension of the header, cut in two as well', () => {
    const bytes = copyOf([['a', 'b']], Buffer.from('extension'));
    expect(read([bytes.subarray(0, 22), bytes.subarray(22)])).toEqual({ rows: [['a', 'b']], isComplete: true });
  });
});

describe('isSameBytes', () => {
  it('tells whether stretches of bytes are alike, whatever their length and place', () => {
    const bytes = fc.uint8Array({ maxLength: 12 });
    fc.assert(
      fc.property(bytes, bytes, fc.nat(5), fc.nat(5), (first, other, a, b) => {
        const viewAt = (content: Uint8Array, at: number) =>
          new DataView(Uint8Array.from([...Array(at).fill(7), ...content]).buffer);
        expect(isSameBytes(viewAt(first, a), a, viewAt(first, b), b, first.length)).toBe(true);
        const length = Math.min(first.length, other.length);
        const isSame = first.slice(0, length).join() === other.slice(0, length).join();
        expect(isSameBytes(viewAt(first, a), a, viewAt(other, b), b, length)).toBe(isSame);
      }),
    );
  });
});
