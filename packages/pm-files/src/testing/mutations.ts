import fc from 'fast-check';

/** How a document is taken apart: at every byte, at words and marks, or at the units of its format. */
const FINE = /[A-Za-z0-9_.]+|\s+|./gs;

const SNIPPETS: readonly (string | Uint8Array)[] = [
  ...['', ' ', '\n', '\r', '\0', '"', "'", '<', '>', '&', '/', ',', ';', '{', '}', '[', ']', ':', '=', '-', '\\'],
  ...['NaN', 'NIL', '1e999', '-1', '0x1', '9'.repeat(400), '1,2,3', '__proto__', 'constructor', '\u00a0', '값', '😀'],
  ...['\ufeff', Uint8Array.of(0xff), Uint8Array.of(0xc3), Uint8Array.of(0x80), Uint8Array.of(0xbc, 0xad)],
];

/** Fields of 16 and 32 bits at their bounds, and marks of gzip and zip. */
const BINARY_SNIPPETS: readonly Uint8Array[] = [
  ...[[0], [1], [0xff], [0, 0], [0xff, 0xff], [0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f]],
  ...[
    [0x1f, 0x8b],
    [0x1f, 0x8b, 8, 0],
    [0x50, 0x4b, 1, 2],
    [0x50, 0x4b, 3, 4],
    [0x50, 0x4b, 5, 6],
    [0x50, 0x4b, 6, 6],
    [8, 0],
    [12, 0],
  ],
].map((bytes) => Uint8Array.from(bytes));

interface Edit {
  readonly kind: 'delete' | 'duplicate' | 'swap' | 'insert' | 'replace' | 'truncate';
  readonly grain: 'byte' | 'fine' | 'coarse';
  readonly at: number;
  readonly length: number;
  readonly other: number;
  readonly inserted: Uint8Array;
}

/**
 * Documents with up to six edits: parts deleted, doubled, swapped, put in or replaced, or the end cut off. A part is a
 * few bytes, a few words, or a few units of the format, which `coarse` finds in Latin-1 text; `snippets` are of the format.
 */
export function mutated(
  document: fc.Arbitrary<Buffer>,
  coarse: RegExp,
  snippets: readonly string[],
): fc.Arbitrary<Buffer> {
  return withEdits(document, editOf(['byte', 'fine', 'coarse'], [...snippets, ...SNIPPETS]), coarse);
}

/** The same of a binary file, byte by byte. */
export function mutatedBytes(file: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  return withEdits(file, editOf(['byte'], BINARY_SNIPPETS), FINE);
}

function withEdits(file: fc.Arbitrary<Buffer>, edit: fc.Arbitrary<Edit>, coarse: RegExp): fc.Arbitrary<Buffer> {
  return fc
    .tuple(file, fc.array(edit, { maxLength: 6 }))
    .map(([start, edits]) => shown(edits.reduce<Buffer>((bytes, each) => edited(bytes, each, coarse), start)));
}

function editOf(grains: readonly Edit['grain'][], snippets: readonly (string | Uint8Array)[]): fc.Arbitrary<Edit> {
  return fc.record({
    kind: fc.constantFrom('delete', 'duplicate', 'swap', 'insert', 'insert', 'replace', 'truncate'),
    grain: fc.constantFrom(...grains),
    at: fc.nat(),
    length: fc.integer({ min: 1, max: 4 }),
    other: fc.nat(),
    inserted: fc.oneof(
      fc.constantFrom(...snippets).map((snippet) => Buffer.from(snippet)),
      fc.uint8Array({ minLength: 1, maxLength: 4 }),
    ),
  });
}

/** Bytes that appear in a report as what they are. */
function shown(bytes: Buffer): Buffer {
  const report = () => `Buffer.from(${JSON.stringify(bytes.toString('latin1'))}, 'latin1')`;
  return Object.defineProperty(bytes, fc.toStringMethod, { value: report });
}

function edited(bytes: Buffer, edit: Edit, coarse: RegExp): Buffer {
  const bounds = boundsOf(bytes, edit.grain, coarse);
  const parts = bounds.length - 1;
  const first = edit.at % (parts + 1);
  const from = bounds[first];
  const to = bounds[Math.min(first + edit.length, parts)];
  const before = bytes.subarray(0, from);
  const part = bytes.subarray(from, to);
  const behind = bytes.subarray(to);
  switch (edit.kind) {
    case 'delete':
      return Buffer.concat([before, behind]);
    case 'duplicate':
      return Buffer.concat([before, part, part, behind]);
    case 'insert':
      return Buffer.concat([before, edit.inserted, part, behind]);
    case 'replace':
      return Buffer.concat([before, edit.inserted, behind]);
    case 'truncate':
      return Buffer.from(before);
    case 'swap': {
      const gap = bounds[Math.min(first + edit.length + (edit.other % 4), parts)];
      const end = bounds[Math.min(first + 2 * edit.length + (edit.other % 4), parts)];
      return Buffer.concat([before, bytes.subarray(gap, end), bytes.subarray(to, gap), part, bytes.subarray(end)]);
    }
  }
}

/** Where the parts begin, and the end of the last one. */
function boundsOf(bytes: Buffer, grain: Edit['grain'], coarse: RegExp): readonly number[] {
  if (grain === 'byte') return Array.from({ length: bytes.length + 1 }, (_, i) => i);
  const starts = [...bytes.toString('latin1').matchAll(grain === 'fine' ? FINE : coarse)].map(({ index }) => index);
  if (starts[0] !== 0) starts.unshift(0);
  return [...starts, bytes.length];
}
